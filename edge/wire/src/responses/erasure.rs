use crate::id::ResponseId;
use serde::{Deserialize, Serialize};

/// How many responses were erased.
///
/// ```
/// let e: heard_wire::Erasure = serde_json::from_str(r#"{"erased":3}"#).unwrap();
/// assert_eq!((e.erased, e.more), (3, false));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// So many.
    pub erased: u64,
    /// Whether there may be more: ask again.
    #[serde(default)]
    pub more: bool,
}

/// A response that was erased: its id, and nothing else.
///
/// ```
/// let e: heard_wire::ErasedResponse = serde_json::from_str(r#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef"}"#).unwrap();
/// assert_eq!(serde_json::to_string(&e).unwrap(), r#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef"}"#);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedResponse {
    /// As it was.
    pub id: ResponseId,
}
