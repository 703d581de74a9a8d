use crate::id::{ImprovementId, ResponseId};
use crate::survey::Score;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Ideas of customers, those that mean the same together: the answer to `GET /v1/sites/{site}/ideas`. That they mean the same is
/// a suggestion; an improvement of kind `idea` with these `responses` makes it so.
///
/// ```
/// assert!(serde_json::from_str::<heard_wire::Ideas>(r#"{"ideas":[]}"#).unwrap().ideas.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ideas {
    /// Those asked for most first; of the newest 500 ideas.
    pub ideas: Vec<IdeaGroup>,
}

/// Ideas that seem to mean the same.
///
/// ```
/// let g: heard_wire::IdeaGroup = serde_json::from_str(r#"{"said":[],"customers":2,"nps":-50.0,"improvement":null}"#).unwrap();
/// assert_eq!(g.customers, 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdeaGroup {
    /// Each, the newest first.
    pub said: Vec<IdeaSaid>,
    /// By how many.
    pub customers: u64,
    /// Their Net Promoter Score.
    pub nps: Option<f64>,
    /// The improvement that they are a part of, if any is.
    pub improvement: Option<ImprovementId>,
}

/// An idea in a customer's words.
///
/// ```
/// let i: heard_wire::IdeaSaid = serde_json::from_str(r#"{"response":"0190a5c4-7a1c-7def-8123-456789abcdef","score":8,
///   "quote":"open on Sundays","created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert_eq!(i.quote, "open on Sundays");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdeaSaid {
    /// In this answer.
    pub response: ResponseId,
    /// With this score.
    pub score: Score,
    /// In these words.
    pub quote: String,
    /// When.
    pub created_at: Timestamp,
    /// The improvement that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub improvement: Option<ImprovementId>,
}
