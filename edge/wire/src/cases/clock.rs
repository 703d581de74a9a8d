use crate::id::TeammateId;
use crate::sites::Within;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// How soon somebody is to answer: stamped on a case when its rule matched, and never changed by a change of the rules.
///
/// ```
/// let sla: heard_wire::SlaPolicy = serde_json::from_str(r#"{"first_response":{"number":4,"unit":"business_hours"}}"#).unwrap();
/// assert!(sla.next_response.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SlaPolicy {
    /// From the opening of the case to the first words of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_response: Option<Within>,
    /// From a message of the customer's to the words of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_response: Option<Within>,
    /// From the opening to the resolution. It does not run while the case waits for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Within>,
    /// Who takes over, once, when one of these was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub escalate_to: Option<TeammateId>,
}

/// One clock of a case.
///
/// ```
/// let clock: heard_wire::Clock = serde_json::from_str(r#"{"within":{"number":1,"unit":"days"},
///   "started_at":"2026-11-22T09:00:00.000Z","due_at":"2026-11-23T09:00:00.000Z","warn_at":"2026-11-23T03:00:00.000Z"}"#).unwrap();
/// assert!(clock.is_running());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// How long it may take.
    pub within: Within,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// When it is missed; moved by what it was paused for.
    pub due_at: Timestamp,
    /// When somebody is warned: three quarters of the time are over.
    pub warn_at: Timestamp,
    /// Since when it is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_at: Option<Timestamp>,
    /// For how long it was paused, in seconds of any hour.
    #[serde(default)]
    pub paused_seconds: u64,
    /// When somebody was warned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned_at: Option<Timestamp>,
    /// When it was found to be missed. It stays missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed_at: Option<Timestamp>,
    /// When it was stopped: by an answer, or by the resolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

impl Clock {
    /// Whether it goes on.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.ended_at.is_none() && self.paused_at.is_none()
    }

    /// Whether it was missed.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.missed_at.is_some() || self.ended_at.is_some_and(|ended| ended > self.due_at)
    }
}

/// Which clock.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockName {
    /// Until a person has answered for the first time.
    FirstResponse,
    /// Until a person has answered what the customer wrote last.
    NextResponse,
    /// Until the case is resolved.
    Resolution,
}

/// How the clocks of a case stand together.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlaStatus {
    /// Some go on, and none was missed.
    Active,
    /// All ended in time.
    Hit,
    /// All ended, and one was missed at least.
    Missed,
    /// Some go on, and one was missed at least.
    ActiveWithMisses,
}

/// How long something took.
///
/// ```
/// let took: heard_wire::Elapsed = serde_json::from_str(r#"{"seconds":90000,"business_seconds":14400}"#).unwrap();
/// assert!(took.business_seconds < took.seconds);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elapsed {
    /// By the customer's clock, which never stands still.
    pub seconds: u64,
    /// By the business's: in its hours. The same where the site tells none.
    pub business_seconds: u64,
}
