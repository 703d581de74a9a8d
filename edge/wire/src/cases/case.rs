use crate::cases::clock::{Clock, Elapsed, SlaPolicy, SlaStatus};
use crate::id::{CaseId, ResponseId, TeammateId, VisitorId};
use crate::page::Listed;
use crate::survey::Score;
use crate::text::{InvalidText, as_text};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A customer's answer that somebody sees to, until it is put right.
///
/// ```
/// let c: heard_wire::Case = serde_json::from_str(r#"{"id":"case_00000000000000000000000000000000","revision":1,
///   "response":"0190a5c4-7a1c-7def-8123-456789abcdef","responses":["0190a5c4-7a1c-7def-8123-456789abcdef"],
///   "status":"new","priority":"normal","source_rule":"default","outcome":"unknown",
///   "opened_at":"2026-11-22T09:00:00.000Z","updated_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(c.status.is_unsettled());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// `case_...`
    pub id: CaseId,
    /// Counts up with every change: its entity tag, for `If-Match`.
    pub revision: i64,
    /// The response it was opened for.
    pub response: ResponseId,
    /// All answers of the customer that belong to it, oldest first.
    pub responses: Vec<ResponseId>,
    /// The owner's own id for the customer, if the page gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<VisitorId>,
    /// Whether the owner's server has vouched for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub visitor_verified: bool,
    /// How it stands.
    pub status: CaseStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// Who sees to it.
    #[serde(default)]
    pub assignee: Option<TeammateId>,
    /// The name of the rule that opened it; `default`, `by hand`, or `wrote back` and `not better yet` where the customer did so without a case.
    pub source_rule: String,
    /// How soon somebody was to answer, as the rule said then.
    #[serde(default)]
    pub sla: SlaPolicy,
    /// How its clocks stand; absent where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_status: Option<SlaStatus>,
    /// Until a person has answered for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Clock>,
    /// Until a person has answered what the customer wrote last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_response: Option<Clock>,
    /// Until it is resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution_clock: Option<Clock>,
    /// Since when the customer waits for an answer to what they wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_waits_since: Option<Timestamp>,
    /// Until when it sleeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    /// What lay behind it, in the owner's words; customers never see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<String>,
    /// What was changed, as the customer reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// What became of the customer.
    pub outcome: Outcome,
    /// What the customer said when asked whether it is better.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// The score that the customer gave after it was resolved, beside the one before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// How often it was resolved and had to be opened again.
    #[serde(default)]
    pub reopen_count: u32,
    /// When somebody else took over, because a clock was missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalated_at: Option<Timestamp>,
    /// Its beginning.
    pub opened_at: Timestamp,
    /// Its last change.
    pub updated_at: Timestamp,
    /// When a person answered for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response_at: Option<Timestamp>,
    /// When it was resolved, for the last time; absent while it is open again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// When it was closed for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// From the opening to the first answer of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_response_time: Option<Elapsed>,
    /// From each message of the customer's to the answer of a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub next_response_times: Vec<Elapsed>,
    /// Of the clocks of further messages that ended, how many were missed.
    #[serde(default)]
    pub next_responses_missed: u32,
    /// From the opening to the first resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to_first_close: Option<Elapsed>,
    /// From the opening to the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_to_last_close: Option<Elapsed>,
    /// In lists alone: what the customer said in the response that it was opened for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Said>,
}

impl Listed for Case {
    const MEMBER: &'static str = "cases";
    const PAGE: &'static str = "CasePage";
    type Cursor = CaseCursor;
}

/// Where a case stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CaseStatus {
    /// No person has answered.
    New,
    /// A person has answered or taken it up, and it is not solved.
    Open,
    /// The customer has to say something first.
    Waiting,
    /// It comes back at a time.
    Snoozed,
    /// It is put right, as far as the owner can tell. The customer may say otherwise.
    Resolved,
    /// For good.
    Closed,
}

impl CaseStatus {
    /// Whether somebody still has to do something about it, sooner or later.
    #[must_use]
    pub fn is_unsettled(self) -> bool {
        !matches!(self, Self::Resolved | Self::Closed)
    }
}

/// How urgent a case is.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// As it comes.
    #[default]
    Normal,
    /// Before others.
    High,
    /// Before all others.
    Urgent,
}

/// What a customer said, as far as a list shows it.
///
/// ```
/// let said: heard_wire::Said = serde_json::from_str(r#"{"score":3,"comment":"Cold soup."}"#).unwrap();
/// assert!(said.themes.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// 0 to 10.
    pub score: Score,
    /// The first 300 characters of the comment; `null` without one.
    pub comment: Option<String>,
    /// The ids of the owner's themes that were found.
    #[serde(default)]
    pub themes: Vec<String>,
}

/// What became of a customer.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// They said that it is better, or gave a better score.
    Recovered,
    /// They gave no better score.
    Unchanged,
    /// They are gone.
    Lost,
    /// Nobody knows: silence is no consent.
    Unknown,
}

/// What a customer said when asked whether it is better.
///
/// ```
/// let v: heard_wire::Verdict = serde_json::from_str(r#"{"better":false,"why":"Still cold.","at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(!v.better);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Yes, or not yet.
    pub better: bool,
    /// In their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A customer's scores before and after.
///
/// ```
/// let r: heard_wire::Recovery = serde_json::from_str(r#"{"before":3,"after":9,
///   "response":"0190a5c4-7a1c-7def-8123-456789abcdef","at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(r.after > r.before);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// The score that opened the case.
    pub before: Score,
    /// The first score after it was resolved.
    pub after: Score,
    /// Of the later answer.
    pub response: ResponseId,
    /// When.
    pub at: Timestamp,
}

/// Where a page of cases ends: the last one's opening, and its id.
///
/// ```
/// let text = "1795338000000_case_00000000000000000000000000000000";
/// assert_eq!(text.parse::<heard_wire::CaseCursor>().unwrap().to_string(), text);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseCursor {
    /// Of the last case of the page.
    pub opened_at: Timestamp,
    /// Of the last case of the page.
    pub id: CaseId,
}

impl std::str::FromStr for CaseCursor {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("must be the next_cursor of an earlier page");
        let (opened_at, id) = text.split_once('_').ok_or(invalid)?;
        let opened_at = opened_at.parse().map_err(|_| invalid)?;
        Ok(Self { opened_at: Timestamp::from_millis(opened_at), id: id.parse().map_err(|_| invalid)? })
    }
}

as_text!(CaseCursor);

impl std::fmt::Display for CaseCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.opened_at.as_millis(), self.id)
    }
}
