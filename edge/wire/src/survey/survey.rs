use crate::asking::{AskRules, SurveyExperiment};
use crate::id::SiteId;
use crate::language::LanguageTag;
use crate::sites::SurveyLook;
use crate::survey::contact::ContactNotice;
use crate::survey::copy::SurveyCopy;
use crate::survey::question::SurveyQuestion;
use crate::survey::review_link::ReviewLink;
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
