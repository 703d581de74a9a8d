use crate::asking::{AskRules, SurveyExperiment};
use crate::id::SiteId;
use crate::language::LanguageTag;
use crate::sites::SurveyLook;
use crate::survey::acknowledgement::Ask;
use crate::survey::contact::ContactNotice;
use crate::survey::question::SurveyQuestion;
use crate::survey::review_link::ReviewLink;
use crate::survey::score::Band;
use crate::survey::token::SurveyToken;
use serde::{Deserialize, Serialize};

/// All that the widget needs, in one language: the answer to `GET /v1/sites/{site}/survey?lang=`.
///
/// ```
/// let survey: heard_wire::Survey = serde_json::from_str(r#"{"site":"demo","lang":"en","ask":{"delay_seconds":0,"again_after_days":90},
///   "copy":{"label":"Feedback","question":"How likely are you to recommend us?","low":"Not likely","high":"Very likely",
///   "why":{"promoter":"What did we do well?","passive":"What would make it a 10?","detractor":"What went wrong?"},
///   "send":"Send","sending":"Sending…","retry":"Try again","close":"Close","reference":"Reference","add":"Add to your answer",
///   "failed":"That did not go through. Your words are safe here.","too_long":"Please keep it under 5,000 characters.",
///   "ask":{"what_happened":"What happened?","what_would_help":"What would help?","what_stood_out":"What stood out?","contact":"Email or phone","check_score":"Did you mean that score?"},"promise":"{who} will answer {when}."}}"#).unwrap();
/// assert_eq!(survey.copy.why.of(heard_wire::Band::Passive), "What would make it a 10?");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The site.
    pub site: SiteId,
    /// The language of `copy`: BCP 47.
    pub lang: LanguageTag,
    /// When to ask, and whom.
    pub ask: AskRules,
    /// Whether more than the delay decides, and another module of the widget is wanted for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub aimed: bool,
    /// Whether the page asks the Worker each time before it shows the question.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub admission: bool,
    /// Every text the widget shows.
    pub copy: SurveyCopy,
    /// The owner's own questions; the acknowledgement says which of them follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<SurveyQuestion>,
    /// What some visitors are asked instead, where the owner tries that out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<SurveyExperiment>,
    /// How it looks, where the owner set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<SurveyLook>,
    /// What stands on the tab at the edge of the page, where the owner wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tab: Option<String>,
    /// Where customers may say it in public, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewLink>,
    /// What stands below the field for an email address or a phone number.
    #[serde(default)]
    pub contact: ContactNotice,
    /// To be sent with the answer, which is otherwise put aside as suspect. It fits pages of this origin, for a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SurveyToken>,
}

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
