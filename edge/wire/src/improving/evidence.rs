use crate::id::{ResponseId, ThemeId};
use crate::responses::Interval;
use crate::survey::{Polarity, Score};
use serde::{Deserialize, Serialize};

/// What stands behind an improvement.
///
/// ```
/// assert_eq!(heard_wire::Evidence::default().responses, 0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Evidence {
    /// Answers that say it.
    pub responses: u64,
    /// Customers who can be told where they wrote.
    pub customers: u64,
    /// Scores 9 and 10.
    pub promoters: u64,
    /// Scores 7 and 8.
    pub passives: u64,
    /// Scores 0 to 6.
    pub detractors: u64,
    /// The Net Promoter Score of those who say it.
    pub nps: Option<f64>,
    /// Cases of theirs.
    pub cases: u64,
    /// Of these, which are not settled.
    pub unsettled_cases: u64,
    /// What lay behind those, most often first; at most 5.
    pub root_causes: Vec<RootCause>,
    /// What says it best; at most 3.
    pub quotes: Vec<Quote>,
    /// Before and after it was done, where it is about a theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// What lay behind cases.
///
/// ```
/// let c: heard_wire::RootCause = serde_json::from_str(r#"{"root_cause":"one till at noon","cases":4}"#).unwrap();
/// assert_eq!(c.cases, 4);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootCause {
    /// As it was written down.
    pub root_cause: String,
    /// Behind so many cases.
    pub cases: u64,
}

/// A customer's words.
///
/// ```
/// let q: heard_wire::Quote = serde_json::from_str(r#"{"response":"0190a5c4-7a1c-7def-8123-456789abcdef","score":3,
///   "quote":"we waited 40 minutes at the till","polarity":"negative"}"#).unwrap();
/// assert_eq!(q.score.get(), 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// In this answer.
    pub response: ResponseId,
    /// With this score.
    pub score: Score,
    /// Byte for byte.
    pub quote: String,
    /// How they felt.
    pub polarity: Polarity,
    /// About what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub theme: Option<ThemeId>,
}

/// How often a theme is criticised before and after something was done: in percent of the answers with a comment.
///
/// ```
/// let c: heard_wire::Change = serde_json::from_str(r#"{"before":{"percent":30.0,"low":22.0,"high":39.0},"before_of":110,
///   "after":{"percent":12.0,"low":7.0,"high":20.0},"after_of":96,"difference":{"percent":-18.0,"low":-29.0,"high":-7.0}}"#).unwrap();
/// assert!(c.difference.unwrap().high < 0.0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// In the 90 days before.
    pub before: Option<Interval>,
    /// Of so many answers.
    pub before_of: u64,
    /// Since then, at most 90 days.
    pub after: Option<Interval>,
    /// Of so many answers.
    pub after_of: u64,
    /// After less before; where its interval holds 0, nothing is shown yet.
    pub difference: Option<Interval>,
}

impl Change {
    /// By how many of how many criticised it, before and after.
    ///
    /// ```
    /// let change = heard_wire::Change::of((30, 100), (10, 100));
    /// assert!(change.difference.unwrap().high < 0.0);
    /// ```
    #[must_use]
    pub fn of((criticised, all): (u64, u64), (criticised_after, all_after): (u64, u64)) -> Self {
        let (before, after) = (Interval::share(criticised, all), Interval::share(criticised_after, all_after));
        let difference = before.zip(after).map(|(before, after)| Interval::between(before, after));
        Self { before, before_of: all, after, after_of: all_after, difference }
    }
}
