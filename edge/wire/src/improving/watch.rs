use crate::page::{Listed, NoCursor};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What changed that nobody asked about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WatchKind {
    /// The score fell, beyond its interval.
    ScoreRegression,
    /// Far fewer answers than usual.
    VolumeDrop,
    /// Fewer answer of those who are asked, beyond the interval.
    Abandonment,
    /// The question is shown on other pages than before.
    TargetingDrift,
    /// A theme is criticised far more often than before.
    NewTopic,
}

/// Something that changed in the last seven days against the four weeks before. The same cause is told of once in seven days.
///
/// ```
/// let w: heard_wire::Watch = serde_json::from_str(r#"{"kind":"new_topic","subject":"parking","now":9.0,"before":1.5,
///   "query":"theme=parking&since=2026-11-15","raised_at":"2026-11-22T06:00:00.000Z"}"#).unwrap();
/// assert_eq!(w.kind, heard_wire::WatchKind::NewTopic);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// What changed.
    pub kind: WatchKind,
    /// Of what: a theme, or a page; absent where it is about all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// In the last seven days: the score, answers, the rate in percent, the share of showings in percent, or answers that
    /// criticise the theme.
    pub now: f64,
    /// In the four weeks before, for seven days.
    pub before: f64,
    /// The rows behind it: the query of `GET /v1/sites/{site}/responses`.
    pub query: String,
    /// When it was seen.
    pub raised_at: Timestamp,
}

impl Listed for Watch {
    const MEMBER: &'static str = "watches";
    const PAGE: &'static str = "WatchList";
    type Cursor = NoCursor;
}
