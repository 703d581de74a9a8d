use crate::fields::Fields;
use crate::id::ResponseId;
use crate::problem::Problem;
use crate::responses::standing::Standing;
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

/// The body of `PATCH /v1/sites/{site}/responses/{response}`: somebody has looked at it.
///
/// ```
/// let p = heard_wire::ResponsePatch::from_json(br#"{"standing":"counted"}"#).unwrap();
/// assert_eq!(p.standing, heard_wire::Standing::Counted);
/// assert!(heard_wire::ResponsePatch::from_json(br#"{"score":10}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponsePatch {
    /// Whether it counts from now on.
    pub standing: Standing,
}

impl ResponsePatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let standing = fields.required_as("standing");
        fields.finish(|| Some(Self { standing: standing? }))
    }
}
