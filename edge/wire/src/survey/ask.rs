use serde::{Deserialize, Serialize};

/// The one thing worth asking after a comment; at most one, and never what was already told.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ask {
    /// For an unhappy customer who gave no reason.
    WhatHappened,
    /// For a customer with a complaint and no idea of a remedy given.
    WhatWouldHelp,
    /// For a happy customer who gave no reason.
    WhatStoodOut,
    /// For service recovery when we cannot reach the customer.
    Contact,
    /// Where the score says one thing and every word the other: did they mean that score?
    CheckScore,
}

/// The follow-up question, by what is missing.
///
/// ```
/// let ask: heard_wire::AskPrompts = serde_json::from_str(
///   r#"{"what_happened":"a","what_would_help":"b","what_stood_out":"c","contact":"d","check_score":"e"}"#).unwrap();
/// assert_eq!(ask.of(heard_wire::Ask::Contact), "d");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskPrompts {
    /// For an unhappy customer who gave no reason.
    pub what_happened: String,
    /// For a complaint without an idea of a remedy.
    pub what_would_help: String,
    /// For a happy customer who gave no reason.
    pub what_stood_out: String,
    /// For service recovery.
    pub contact: String,
    /// Where score and words contradict each other.
    #[serde(default)]
    pub check_score: String,
}

impl AskPrompts {
    /// The prompt for this question.
    #[must_use]
    pub fn of(&self, ask: Ask) -> &str {
        match ask {
            Ask::WhatHappened => &self.what_happened,
            Ask::WhatWouldHelp => &self.what_would_help,
            Ask::WhatStoodOut => &self.what_stood_out,
            Ask::Contact => &self.contact,
            Ask::CheckScore => &self.check_score,
        }
    }
}
