use crate::survey::ask::AskPrompts;
use crate::survey::score::Band;
use serde::{Deserialize, Serialize};

/// Every text the widget shows, in one language.
///
/// ```
/// let copy = r#"{"label":"Feedback","question":"?","low":"","high":"","why":{"promoter":"","passive":"","detractor":""},
///   "send":"","sending":"","retry":"","close":"Close","reference":"","add":"","failed":"","too_long":"","ask":{"what_happened":"","what_would_help":"","what_stood_out":"","contact":"","check_score":""},"promise":""}"#;
/// assert_eq!(serde_json::from_str::<heard_wire::SurveyCopy>(copy).unwrap().close, "Close");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyCopy {
    /// The name of the panel, for screen readers.
    pub label: String,
    /// The NPS question.
    pub question: String,
    /// What 0 means.
    pub low: String,
    /// What 10 means.
    pub high: String,
    /// The prompt for the comment.
    pub why: WhyPrompts,
    /// The button.
    pub send: String,
    /// The button while sending.
    pub sending: String,
    /// The button after a failure.
    pub retry: String,
    /// The button that closes the panel.
    pub close: String,
    /// Before the reference on the receipt.
    pub reference: String,
    /// The button that sends a follow-up.
    pub add: String,
    /// When sending failed.
    pub failed: String,
    /// When the comment is too long.
    pub too_long: String,
    /// When the answer waits for the network.
    #[serde(default)]
    pub waiting: String,
    /// When the owner has closed the survey meanwhile.
    #[serde(default)]
    pub over: String,
    /// When what was given to reach the customer is neither an email address nor a phone number.
    #[serde(default)]
    pub bad_contact: String,
    /// The link to the owner's privacy policy.
    #[serde(default)]
    pub privacy: String,
    /// The button that closes the panel when all is said.
    #[serde(default)]
    pub done: String,
    /// The link to where the owner would like to be praised in public.
    #[serde(default)]
    pub review: String,
    /// The follow-up question, if there is one.
    pub ask: AskPrompts,
    /// Before a moment by which somebody answers; `{when}` is filled in.
    #[serde(default)]
    pub by: String,
    /// The owner's promise; `{who}` and `{when}` are filled in.
    pub promise: String,
}

/// The prompt for the comment, by group.
///
/// ```
/// let why: heard_wire::WhyPrompts = serde_json::from_str(r#"{"promoter":"a","passive":"b","detractor":"c"}"#).unwrap();
/// assert_eq!(why.of(heard_wire::Band::Detractor), "c");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhyPrompts {
    /// For 9 and 10.
    pub promoter: String,
    /// For 7 and 8.
    pub passive: String,
    /// For 0 to 6.
    pub detractor: String,
}

impl WhyPrompts {
    /// The prompt for this group.
    #[must_use]
    pub fn of(&self, band: Band) -> &str {
        match band {
            Band::Promoter => &self.promoter,
            Band::Passive => &self.passive,
            Band::Detractor => &self.detractor,
        }
    }
}
