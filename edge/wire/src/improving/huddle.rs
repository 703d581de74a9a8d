use crate::cases::TalkedTo;
use crate::id::ThemeId;
use crate::improving::evidence::Quote;
use crate::improving::improvement::Improvement;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A page for the weekly huddle: seven days, against the seven before. The answer to `GET /v1/sites/{site}/huddle`, and what
/// `huddle.ready` brings on Mondays.
///
/// ```
/// let h: heard_wire::Huddle = serde_json::from_str(r#"{"since":"2026-11-15T00:00:00.000Z","until":"2026-11-22T00:00:00.000Z",
///   "nps":{"now":30.0,"before":22.0},"shown":{"now":400.0,"before":380.0},"responses":{"now":60.0,"before":55.0},
///   "response_rate":{"now":15.0,"before":14.5},"comment_rate":{"now":70.0,"before":66.0}}"#).unwrap();
/// assert_eq!(h.nps.now, Some(30.0));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Huddle {
    /// From this moment on.
    pub since: Timestamp,
    /// Up to this one.
    pub until: Timestamp,
    /// The Net Promoter Score.
    pub nps: DigestNumber,
    /// How often the question was shown; `null` where that is not known.
    pub shown: DigestNumber,
    /// Answers.
    pub responses: DigestNumber,
    /// Answers in percent of showings.
    pub response_rate: DigestNumber,
    /// Answers with a comment, in percent.
    pub comment_rate: DigestNumber,
    /// What lay behind cases that were opened in the last four weeks, most often first; at most 5.
    #[serde(default)]
    pub root_causes: Vec<HuddleCause>,
    /// What was criticised and praised most; at most 5 themes.
    #[serde(default)]
    pub themes: Vec<HuddleTheme>,
    /// Three quotes that say it best.
    #[serde(default)]
    pub quotes: Vec<Quote>,
    /// Improvements that were decided on or changed in the last two weeks, and whether they moved anything; at most 5.
    #[serde(default)]
    pub improvements: Vec<Improvement>,
    /// Whom customers praised by name; at most 10.
    #[serde(default)]
    pub praised: Vec<Praised>,
    /// Who talked to how many customers.
    #[serde(default)]
    pub talked_to: Vec<TalkedTo>,
    /// Cases that wait for an answer now.
    #[serde(default)]
    pub unsettled_cases: u64,
}

/// A number of this week, and of the one before.
///
/// ```
/// let n: heard_wire::DigestNumber = serde_json::from_str(r#"{"now":30.0,"before":null}"#).unwrap();
/// assert!(n.before.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct DigestNumber {
    /// `null` where there is none.
    pub now: Option<f64>,
    /// Of the week before.
    pub before: Option<f64>,
}

/// What lay behind cases, in the last four weeks and in the four before.
///
/// ```
/// let c: heard_wire::HuddleCause = serde_json::from_str(r#"{"root_cause":"one till at noon","cases":4,"before":1}"#).unwrap();
/// assert_eq!(c.before, 1);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HuddleCause {
    /// As it was written down.
    pub root_cause: String,
    /// Behind so many cases.
    pub cases: u64,
    /// In the four weeks before.
    pub before: u64,
}

/// How often a theme was praised and criticised, this week and the one before.
///
/// ```
/// let t: heard_wire::HuddleTheme = serde_json::from_str(r#"{"theme":"waiting","praised":1,"criticised":6,"criticised_before":2}"#).unwrap();
/// assert_eq!(t.criticised, 6);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HuddleTheme {
    /// Its id.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub theme: ThemeId,
    /// Answers that praise it.
    pub praised: u64,
    /// Answers that criticise it.
    pub criticised: u64,
    /// The same of the week before.
    pub criticised_before: u64,
}

/// Somebody whom customers praised by name.
///
/// ```
/// let p: heard_wire::Praised = serde_json::from_str(r#"{"name":"Anna","times":3,"quotes":[]}"#).unwrap();
/// assert_eq!(p.times, 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Praised {
    /// As customers wrote it.
    pub name: String,
    /// In so many answers.
    pub times: u64,
    /// What was said; at most 3.
    pub quotes: Vec<Quote>,
}
