use serde::{Deserialize, Serialize};

/// How much strangers may send.
///
/// ```
/// let limits: heard_wire::Limits = serde_json::from_str("{}").unwrap();
/// assert_eq!(limits.answers_per_address, 60);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Answers an hour from one address that count, 1 to 10,000; what comes beyond is put aside as suspect. A school or an
    /// office where many answer at once may need more.
    pub answers_per_address: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answers_per_address: 60 }
    }
}
