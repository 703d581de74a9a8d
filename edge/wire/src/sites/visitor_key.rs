use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What the owner's server vouches for visitors with: SECRET. `visitor_proof` is HMAC-SHA256 of the visitor's id, with the key
/// as it stands here, in hexadecimal digits.
///
/// ```
/// let keys: heard_wire::VisitorKeys = serde_json::from_str(r#"{"key":"00ff"}"#).unwrap();
/// assert!(!format!("{keys:?}").contains("00ff"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct VisitorKeys {
    /// The one to use; `null` before the first was made, when nobody is vouched for.
    pub key: Option<String>,
    /// The one before, while it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_until: Option<Timestamp>,
}

impl std::fmt::Debug for VisitorKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VisitorKeys").field("previous_until", &self.previous_until).finish_non_exhaustive()
    }
}
