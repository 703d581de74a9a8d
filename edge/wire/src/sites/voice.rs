use serde::{Deserialize, Serialize};

/// How the owner speaks to customers.
///
/// ```
/// let v: heard_wire::Voice = serde_json::from_str(r#"{"tone":"formal","reader":"Maria"}"#).unwrap();
/// assert!(v.tone == heard_wire::Tone::Formal && v.disclosure);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Voice {
    /// Which of the written replies are used.
    pub tone: Tone,
    /// Who reads the comments, by the name customers know: "Maria reads this herself" is said only when this is set.
    pub reader: Option<String>,
    /// Whether the customer is told below the reply that it was put together automatically, and who reads it.
    pub disclosure: bool,
}

impl Default for Voice {
    fn default() -> Self {
        Self { tone: Tone::default(), reader: None, disclosure: true }
    }
}

/// Three ways to say the same thing.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As a good host speaks.
    #[default]
    Warm,
    /// Few words.
    Plain,
    /// As a bank or a surgery speaks.
    Formal,
}
