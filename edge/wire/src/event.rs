use crate::{Endpoint, EventId, InvalidId, Message, Response, SiteId, Timestamp};
use serde::{Deserialize, Serialize};

macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What an event says happened.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum EventType {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl EventType {
            /// Every type, for the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name as it stands in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl std::str::FromStr for EventType {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                match text {
                    $($name => Ok(Self::$variant),)*
                    _ => Err(InvalidId("there is no such event type")),
                }
            }
        }
    };
}

event_types! {
    /// The first score of a response was saved.
    ResponseScored = "response.scored";
    /// The customer pressed Send, or left the answer alone for 30 minutes.
    ResponseCompleted = "response.completed";
    /// A completed response was changed: a follow-up was answered, or the words or score corrected.
    ResponseUpdated = "response.updated";
    /// The customer was sent a message.
    MessageCreated = "message.created";
    /// An endpoint of the site was switched off because it failed for days or said it is gone. Other endpoints are told.
    EndpointDisabled = "endpoint.disabled";
}

/// The body of a webhook (Standard Webhooks: `type`, `timestamp`, `data`), under 20 kB.
///
/// ```
/// let e: heard_wire::Event = serde_json::from_str(r#"{"type":"response.scored","timestamp":"2026-11-22T09:00:00.000Z",
///   "data":{"id":"evt_00000000000000000000000000000000","sequence":1,"site":"demo","response":{
///   "id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":1,"score":3,"band":"detractor","comment":null,
///   "page":"https://shop.example/","lang":"en","reference":"CY4T-QKFF","created_at":"2026-11-22T09:00:00.000Z",
///   "updated_at":"2026-11-22T09:00:00.000Z","completed_at":null}}}"#).unwrap();
/// assert_eq!(e.data.sequence, 1);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What happened.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it happened (not when it was sent).
    pub timestamp: Timestamp,
    /// To what.
    pub data: EventData,
}

/// The whole object an event is about.
///
/// ```
/// let json = r#"{"id":"evt_00000000000000000000000000000000","sequence":7,"site":"demo","comment_truncated":true,"response":{
///   "id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":1,"score":3,"band":"detractor","comment":"…",
///   "page":"https://shop.example/","lang":"en","reference":"CY4T-QKFF","created_at":"2026-11-22T09:00:00.000Z",
///   "updated_at":"2026-11-22T09:00:00.000Z","completed_at":null}}"#;
/// assert!(serde_json::from_str::<heard_wire::EventData>(json).unwrap().comment_truncated);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventData {
    /// Also sent as `webhook-id`.
    pub id: EventId,
    /// Counts up by one per event of a site, so that receivers can order; an endpoint that takes every event can notice
    /// gaps. 0 for a test.
    pub sequence: i64,
    /// The site.
    pub site: SiteId,
    /// Set when the comment was cut to keep the body under 20 kB; the API has the whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub comment_truncated: bool,
    /// Set on events that an owner sent to try an endpoint; nothing happened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// The response as it stands after the event; on all events about a response or a message to its customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// The message, on `message.created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// The endpoint, on `endpoint.disabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
}
