use crate::fields::Fields;
use crate::id::EventId;
use crate::moment::Moment;
use crate::page::{Listed, number_cursor};
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use crate::webhooks::event_type::EventType;
use serde::{Deserialize, Serialize};

/// One attempt to deliver an event, as the log keeps it for 30 days.
///
/// ```
/// let a: heard_wire::Attempt = serde_json::from_str(r#"{"event":"evt_00000000000000000000000000000000","sequence":7,
///   "type":"response.scored","at":"2026-11-22T09:00:00.000Z","duration_ms":15000,"error":"no answer within 15 s"}"#).unwrap();
/// assert_eq!(a.status, None);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The event, as in `webhook-id`.
    pub event: EventId,
    /// Its place in the site's order; 0 for a test.
    pub sequence: i64,
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it was sent.
    pub at: Timestamp,
    /// Milliseconds until the answer, or until it was given up.
    pub duration_ms: i64,
    /// HTTP status of the answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// The first 2 kB of the answer.
    #[serde(default)]
    pub answer: Option<String>,
    /// What went wrong, in words.
    #[serde(default)]
    pub error: Option<String>,
}

impl Listed for Attempt {
    const MEMBER: &'static str = "attempts";
    const PAGE: &'static str = "AttemptPage";
    type Cursor = AttemptCursor;
}

number_cursor! {
    /// Where a page of attempts ends.
    ///
    /// ```
    /// assert_eq!("17".parse::<heard_wire::AttemptCursor>().unwrap().to_string(), "17");
    /// assert!("x".parse::<heard_wire::AttemptCursor>().is_err());
    /// ```
    AttemptCursor
}

/// The body of `POST .../endpoints/{id}/replay`: which events to send again.
///
/// ```
/// let r = heard_wire::Replay::from_json(br#"{"since":"2026-11-22T09:00:00Z","only_failed":true}"#).unwrap();
/// assert!(r.only_failed && r.until.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// Events that happened at this moment or later, or on this day.
    pub since: Moment,
    /// And before this one; absent: until now.
    pub until: Option<Moment>,
    /// Only those that were never delivered there.
    pub only_failed: bool,
}

impl Replay {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let since = fields.required_checked("since");
        let until = fields.optional_checked("until");
        let only_failed = fields.optional("only_failed").unwrap_or_default();
        fields.finish(|| Some(Self { since: since?, until, only_failed }))
    }
}

/// The body of `POST .../endpoints/{id}/test`.
///
/// ```
/// let t = heard_wire::TestEvent::from_json(br#"{"type":"response.completed"}"#).unwrap();
/// assert_eq!(t.event_type, heard_wire::EventType::ResponseCompleted);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestEvent {
    /// Which type to send an example of.
    #[serde(rename = "type")]
    pub event_type: EventType,
}

impl TestEvent {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let event_type = fields.required_as("type");
        fields.finish(|| Some(Self { event_type: event_type? }))
    }
}

/// Deliveries that were queued: the answer to a replay and to a resend.
///
/// ```
/// let q: heard_wire::Queued = serde_json::from_str(r#"{"queued":5000,"next_since":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert_eq!(q.queued, 5_000);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// How many.
    pub queued: usize,
    /// There are more events from this moment on; `null` when there are not.
    pub next_since: Option<Timestamp>,
}

/// The event that was queued to try an endpoint.
///
/// ```
/// let q: heard_wire::TestQueued = serde_json::from_str(r#"{"event":"evt_00000000000000000000000000000000"}"#).unwrap();
/// assert!(q.event.as_str().starts_with("evt_"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestQueued {
    /// Sent as `webhook-id`.
    pub event: EventId,
}
