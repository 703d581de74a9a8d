use crate::{Band, EndpointId, EventType, Problem, Response, SignatureScheme, Timestamp, fields::Fields};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A webhook endpoint of a site. Its secret is not part of it: `GET .../endpoints/{id}/secret` shows that.
///
/// ```
/// let e: heard_wire::Endpoint = serde_json::from_str(r#"{"id":"ep_00000000000000000000000000000000",
///   "url":"https://crm.example/hooks","event_types":["response.*"],"filter":{"bands":["detractor"]},
///   "created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(e.settings.wants_type(heard_wire::EventType::ResponseScored));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `ep_...`
    pub id: EndpointId,
    /// What the owner set.
    #[serde(flatten)]
    pub settings: EndpointSettings,
    /// When it was added.
    pub created_at: Timestamp,
    /// Since when every attempt has failed.
    #[serde(default)]
    pub failing_since: Option<Timestamp>,
    /// Since when nothing is sent to it. `PATCH` with `{"enabled": true}` starts it again.
    #[serde(default)]
    pub disabled_at: Option<Timestamp>,
    /// Why.
    #[serde(default)]
    pub disabled_reason: Option<DisabledReason>,
}

/// Why an endpoint gets nothing.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// The owner switched it off.
    ByOwner,
    /// It answered 410 Gone.
    Gone,
    /// It failed for five days.
    Failing,
}

/// What the owner sets for an endpoint: the body of `POST /v1/sites/{site}/endpoints`.
///
/// ```
/// let e = heard_wire::EndpointSettings::from_json(br#"{"url":"https://crm.example/hooks","may_reply":true}"#).unwrap();
/// assert_eq!(e.event_types, ["*"]);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSettings {
    /// An absolute https URL, at most 2,048 bytes.
    pub url: String,
    /// For people, at most 200 bytes.
    #[serde(default)]
    pub description: String,
    /// Names, prefixes such as `response.*`, or `*`.
    #[serde(default = "every_type")]
    pub event_types: Vec<String>,
    /// Which of these events are sent.
    #[serde(default)]
    pub filter: EventFilter,
    /// Sent with every delivery.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Whether an answer `{"reply": {"text": ...}}` becomes a message to the customer.
    #[serde(default)]
    pub may_reply: bool,
    /// How deliveries are signed. It stays as it was when the endpoint was added.
    #[serde(default)]
    pub signature: SignatureScheme,
}

/// Which events about responses an endpoint wants; what is empty or absent lets everything through.
///
/// ```
/// let f: heard_wire::EventFilter = serde_json::from_str(r#"{"bands":["detractor"],"themes":["speed"],"has_suggestion":true}"#).unwrap();
/// assert!(!f.is_open());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventFilter {
    /// Any of these score bands.
    pub bands: Vec<Band>,
    /// Any of these themes, criticised or praised or mentioned.
    pub themes: Vec<String>,
    /// Only with an idea, or only without.
    pub has_suggestion: Option<bool>,
}

impl EventFilter {
    /// Whether it lets everything through.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an event about this response is wanted.
    #[must_use]
    pub fn lets_through(&self, response: &Response) -> bool {
        let heard = response.heard.as_ref();
        let themes = || heard.into_iter().flat_map(|heard| &heard.themes);
        let suggests = heard.is_some_and(|heard| !heard.suggestions.is_empty());
        (self.bands.is_empty() || self.bands.contains(&response.band))
            && (self.themes.is_empty() || themes().any(|found| self.themes.contains(&found.id)))
            && self.has_suggestion.is_none_or(|wanted| wanted == suggests)
    }
}

/// The body of `PATCH /v1/sites/{site}/endpoints/{id}`: what is absent stays as it is.
///
/// ```
/// let change = heard_wire::EndpointChange::from_json(br#"{"enabled":false}"#).unwrap();
/// assert_eq!((change.enabled, change.url), (Some(false), None));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EndpointChange {
    /// See [`EndpointSettings::url`].
    pub url: Option<String>,
    /// See [`EndpointSettings::description`].
    pub description: Option<String>,
    /// See [`EndpointSettings::event_types`].
    pub event_types: Option<Vec<String>>,
    /// See [`EndpointSettings::filter`].
    pub filter: Option<EventFilter>,
    /// See [`EndpointSettings::headers`].
    pub headers: Option<BTreeMap<String, String>>,
    /// See [`EndpointSettings::may_reply`].
    pub may_reply: Option<bool>,
    /// Whether anything is sent.
    pub enabled: Option<bool>,
}

impl std::fmt::Debug for EndpointSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values of headers are often tokens, and URLs often hold one.
        let headers: Vec<&String> = self.headers.keys().collect();
        f.debug_struct("EndpointSettings")
            .field("event_types", &self.event_types)
            .field("filter", &self.filter)
            .field("headers", &headers)
            .field("may_reply", &self.may_reply)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

fn every_type() -> Vec<String> {
    vec!["*".to_owned()]
}

impl EndpointSettings {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let url = fields.required_text("url", MAX_URL_BYTES);
        let change = EndpointChange::read(&mut fields, url);
        let signature = fields.optional("signature").unwrap_or_default();
        fields.finish()?;
        Ok(Self {
            signature,
            url: change.url.unwrap_or_default(),
            description: change.description.unwrap_or_default(),
            event_types: change.event_types.unwrap_or_else(every_type),
            filter: change.filter.unwrap_or_default(),
            headers: change.headers.unwrap_or_default(),
            may_reply: change.may_reply.unwrap_or_default(),
        })
    }

    /// Whether events of this type are wanted.
    #[must_use]
    pub fn wants_type(&self, event_type: EventType) -> bool {
        self.event_types.iter().any(|pattern| fits(pattern, event_type))
    }

    /// With the changes made.
    #[must_use]
    pub fn changed(self, change: EndpointChange) -> Self {
        Self {
            url: change.url.unwrap_or(self.url),
            description: change.description.unwrap_or(self.description),
            event_types: change.event_types.unwrap_or(self.event_types),
            filter: change.filter.unwrap_or(self.filter),
            headers: change.headers.unwrap_or(self.headers),
            may_reply: change.may_reply.unwrap_or(self.may_reply),
            signature: self.signature,
        }
    }
}

fn fits(pattern: &str, event_type: EventType) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => prefix.ends_with('.') && event_type.as_str().starts_with(prefix),
        None => pattern == event_type.as_str(),
    }
}

const MAX_URL_BYTES: usize = 2_048;
const MAX_HEADERS: usize = 10;

impl EndpointChange {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let url = fields.optional_text("url", MAX_URL_BYTES);
        let mut change = Self::read(&mut fields, url);
        change.enabled = fields.optional("enabled");
        fields.finish()?;
        Ok(change)
    }

    fn read(fields: &mut Fields, url: Option<String>) -> Self {
        if url.as_ref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            fields.invalid("url", "must be an absolute URL beginning with https://");
        }
        let description = fields.optional_text("description", 200);
        let event_types: Option<Vec<String>> = fields.optional("event_types");
        let unknown = |pattern: &&String| !EventType::ALL.iter().any(|known| fits(pattern, *known));
        if let Some(types) = &event_types
            && (types.is_empty() || types.len() > 20 || types.iter().any(|pattern| unknown(&pattern)))
        {
            let known: Vec<&str> = EventType::ALL.iter().map(|known| known.as_str()).collect();
            let detail = format!("must be at least one of *, a prefix such as response.*, and {}", known.join(", "));
            fields.invalid("event_types", &detail);
        }
        let headers: Option<BTreeMap<String, String>> = fields.optional("headers");
        if let Some(detail) = headers.as_ref().and_then(fault_in_headers) {
            fields.invalid("headers", detail);
        }
        let filter: Option<EventFilter> = fields.optional("filter");
        if filter.as_ref().is_some_and(|filter| filter.themes.len() > 60 || filter.bands.len() > 3) {
            fields.invalid("filter", "must have at most 60 themes and 3 bands");
        }
        let may_reply = fields.optional("may_reply");
        Self { url, description, event_types, filter, headers, may_reply, enabled: None }
    }
}

fn fault_in_headers(headers: &BTreeMap<String, String>) -> Option<&'static str> {
    let is_token = |name: &String| {
        (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let ours = |name: &String| {
        let name = name.to_ascii_lowercase();
        name.starts_with("webhook-")
            || matches!(name.as_str(), "host" | "content-type" | "content-length" | "transfer-encoding" | "connection")
    };
    if headers.len() > MAX_HEADERS || !headers.keys().all(is_token) {
        return Some("must be at most 10 headers with names of letters, digits, -, _ and .");
    }
    if headers.keys().any(ours) {
        return Some("must not set host, connection, content-*, transfer-encoding or webhook-* headers");
    }
    let printable = |value: &String| value.len() <= 1_000 && value.bytes().all(|b| (0x20..0x7f).contains(&b));
    (!headers.values().all(printable)).then_some("must have values of at most 1,000 printable ASCII characters")
}

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
    pub event: crate::EventId,
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

/// A page of attempts, newest first.
///
/// ```
/// let page: heard_wire::AttemptPage = serde_json::from_str(r#"{"attempts":[],"next_cursor":null}"#).unwrap();
/// assert!(page.attempts.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptPage {
    /// At most `limit`.
    pub attempts: Vec<Attempt>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
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
    /// Events that happened at this moment or later.
    pub since: Timestamp,
    /// And before this one; absent: until now.
    pub until: Option<Timestamp>,
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
        let since = fields.required("since").and_then(|value| fields.parsed("since", value));
        let until = fields.optional("until");
        let only_failed = fields.optional("only_failed").unwrap_or_default();
        fields.finish()?;
        Ok(Self { since: since.unwrap_or(Timestamp::from_millis(0)), until, only_failed })
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
        let event_type = fields.required("type").and_then(|value| fields.parsed("type", value));
        fields.finish()?;
        Ok(Self { event_type: event_type.unwrap_or(EventType::ResponseScored) })
    }
}
