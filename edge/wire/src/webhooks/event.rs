use crate::cases::Case;
use crate::conversations::Message;
use crate::id::{EventId, SiteId, TeammateId};
use crate::improving::{Announcement, AnnouncementVerdict, Huddle, Improvement, Watch};
use crate::page::{Listed, number_cursor};
use crate::page_url::PageUrl;
use crate::responses::{ErasedResponse, Response};
use crate::survey::Contact;
use crate::timestamp::Timestamp;
use crate::webhooks::endpoint::Endpoint;
use crate::webhooks::event_type::EventType;
use serde::{Deserialize, Serialize};

/// What happened, with all that it is about.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// See [`EventType::ResponseScored`].
    ResponseScored(Response),
    /// See [`EventType::ResponseCompleted`].
    ResponseCompleted(Response),
    /// See [`EventType::ResponseUpdated`].
    ResponseUpdated(Response),
    /// See [`EventType::ResponseErased`].
    ResponseErased(ErasedResponse),
    /// See [`EventType::MessageCreated`].
    MessageCreated(Response, Message),
    /// See [`EventType::MessageReceived`].
    MessageReceived(Response, Message),
    /// See [`EventType::MessageNotify`].
    MessageNotify(Response, Message, Notify),
    /// What happened to a case, with the response it was opened for.
    Case(CaseEvent, Response, Box<Case>),
    /// See [`EventType::PraiseReceived`].
    PraiseReceived(Response, Praise),
    /// See [`EventType::ImprovementChanged`].
    ImprovementChanged(Box<Improvement>),
    /// See [`EventType::AnnouncementPublished`].
    AnnouncementPublished(Box<Announcement>),
    /// See [`EventType::AnnouncementJudged`].
    AnnouncementJudged(Response, Box<Announcement>, AnnouncementVerdict),
    /// See [`EventType::HuddleReady`].
    HuddleReady(Box<Huddle>),
    /// See [`EventType::WatchRaised`].
    WatchRaised(Watch),
    /// See [`EventType::EndpointDisabled`]. Its secrets are masked: others are told.
    EndpointDisabled(Endpoint),
}

impl EventKind {
    /// Its name.
    #[must_use]
    pub fn event_type(&self) -> EventType {
        match self {
            Self::ResponseScored(_) => EventType::ResponseScored,
            Self::ResponseCompleted(_) => EventType::ResponseCompleted,
            Self::ResponseUpdated(_) => EventType::ResponseUpdated,
            Self::ResponseErased(_) => EventType::ResponseErased,
            Self::MessageCreated(..) => EventType::MessageCreated,
            Self::MessageReceived(..) => EventType::MessageReceived,
            Self::MessageNotify(..) => EventType::MessageNotify,
            Self::Case(event, ..) => event.0,
            Self::PraiseReceived(..) => EventType::PraiseReceived,
            Self::ImprovementChanged(_) => EventType::ImprovementChanged,
            Self::AnnouncementPublished(_) => EventType::AnnouncementPublished,
            Self::AnnouncementJudged(..) => EventType::AnnouncementJudged,
            Self::HuddleReady(_) => EventType::HuddleReady,
            Self::WatchRaised(_) => EventType::WatchRaised,
            Self::EndpointDisabled(_) => EventType::EndpointDisabled,
        }
    }

    /// The response it is about, if it is about one.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        match self {
            Self::ResponseScored(response)
            | Self::ResponseCompleted(response)
            | Self::ResponseUpdated(response)
            | Self::MessageCreated(response, _)
            | Self::MessageReceived(response, _)
            | Self::MessageNotify(response, ..)
            | Self::PraiseReceived(response, _)
            | Self::AnnouncementJudged(response, ..)
            | Self::Case(_, response, _) => Some(response),
            Self::ResponseErased(_)
            | Self::ImprovementChanged(_)
            | Self::AnnouncementPublished(_)
            | Self::HuddleReady(_)
            | Self::WatchRaised(_)
            | Self::EndpointDisabled(_) => None,
        }
    }

    /// Whether it is a part of what is said in a conversation: to answer such a one could go on for ever.
    #[must_use]
    pub fn is_message(&self) -> bool {
        matches!(self, Self::MessageCreated(..) | Self::MessageReceived(..) | Self::MessageNotify(..))
            || self.event_type() == EventType::CaseReplied
    }

    /// The same, to be changed.
    pub fn response_mut(&mut self) -> Option<&mut Response> {
        match self {
            Self::ResponseScored(response)
            | Self::ResponseCompleted(response)
            | Self::ResponseUpdated(response)
            | Self::MessageCreated(response, _)
            | Self::MessageReceived(response, _)
            | Self::MessageNotify(response, ..)
            | Self::PraiseReceived(response, _)
            | Self::AnnouncementJudged(response, ..)
            | Self::Case(_, response, _) => Some(response),
            Self::ResponseErased(_)
            | Self::ImprovementChanged(_)
            | Self::AnnouncementPublished(_)
            | Self::HuddleReady(_)
            | Self::WatchRaised(_)
            | Self::EndpointDisabled(_) => None,
        }
    }
}

/// A type of event that is about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseEvent(EventType);

impl CaseEvent {
    /// Of this type, if it is about cases.
    #[must_use]
    pub fn of(event_type: EventType) -> Option<Self> {
        event_type.as_str().starts_with("case.").then_some(Self(event_type))
    }
}

/// Praise of one of the owner's people.
///
/// ```
/// let p: heard_wire::Praise = serde_json::from_str(r#"{"person":"per_00000000000000000000000000000000","quote":"Anna was so kind!"}"#).unwrap();
/// assert_eq!(p.quote, "Anna was so kind!");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Praise {
    /// Who was praised.
    pub person: TeammateId,
    /// The sentence that does.
    pub quote: String,
}

/// Whom to tell by email that there is news.
///
/// ```
/// let n: heard_wire::Notify = serde_json::from_str(r#"{"email":"jo@shop.example","page":"https://shop.example/",
///   "subject":"Corner Shop has answered you","text":"You can read it where you wrote.","unsubscribe":"/v1/sites/shop/news/mbx_00000000000000000000000000000000/unsubscribe"}"#).unwrap();
/// assert_eq!(n.email.as_str(), "jo@shop.example");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    /// Where.
    pub email: Contact,
    /// The page on which the customer wrote, and reads the answer.
    pub page: PageUrl,
    /// What may stand above the mail, in the customer's language.
    pub subject: String,
    /// What may stand in it, in the customer's language. The message itself is in `message`.
    pub text: String,
    /// Where the customer is told no more by a `POST` (RFC 8058): a path, to be put behind the Worker's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
}

/// The body of a webhook (Standard Webhooks: `type`, `timestamp`, `data`), under 20 kB.
///
/// ```
/// let e: heard_wire::Event = serde_json::from_str(r#"{"type":"response.scored","timestamp":"2026-11-22T09:00:00.000Z",
///   "data":{"id":"evt_00000000000000000000000000000000","sequence":1,"site":"demo","response":{
///   "id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":1,"score":3,"band":"detractor","comment":null,
///   "page":"https://shop.example/","lang":"en","reference":"CY4T-QKFF","created_at":"2026-11-22T09:00:00.000Z",
///   "updated_at":"2026-11-22T09:00:00.000Z","completed_at":null}}}"#).unwrap();
/// assert_eq!((e.sequence, e.kind.event_type()), (1, heard_wire::EventType::ResponseScored));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "EventBody", try_from = "EventBody")]
pub struct Event {
    /// Also sent as `webhook-id`.
    pub id: EventId,
    /// Counts up with every event of a site, so that receivers can order. A number that never comes is no loss: it was of an
    /// event that is for others, or of an answer that was erased before it was sent. 0 for a test.
    pub sequence: i64,
    /// The site.
    pub site: SiteId,
    /// When it happened (not when it was sent).
    pub timestamp: Timestamp,
    /// Set when the comment was cut to keep the body under 20 kB; the API has the whole.
    pub comment_truncated: bool,
    /// Set on events that an owner sent to try an endpoint; nothing happened.
    pub test: bool,
    /// What happened.
    pub kind: EventKind,
}

/// The body of a webhook (Standard Webhooks: `type`, `timestamp`, `data`), under 20 kB: an [`Event`] as it stands in JSON.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Event"))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventBody {
    /// Of the form that events have: 1. Members may be added within a version; what a member means changes only with it.
    #[serde(default = "first_version")]
    version: u8,
    /// What happened.
    #[serde(rename = "type")]
    event_type: EventType,
    /// When it happened (not when it was sent).
    timestamp: Timestamp,
    /// To what.
    data: EventData,
}

const fn first_version() -> u8 {
    1
}

impl Listed for EventBody {
    const MEMBER: &'static str = "events";
    const PAGE: &'static str = "EventPage";
    type Cursor = EventCursor;
}

number_cursor! {
    /// Where a page of events ends: the last one's place in the site's order.
    ///
    /// ```
    /// assert_eq!("17".parse::<heard_wire::EventCursor>().unwrap().to_string(), "17");
    /// ```
    EventCursor
}

/// The whole object an event is about.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct EventData {
    /// Also sent as `webhook-id`.
    id: EventId,
    /// Counts up with every event of a site, so that receivers can order. A number that never comes is no loss: it was of an
    /// event that is for others, or of an answer that was erased before it was sent. 0 for a test.
    sequence: i64,
    /// The site.
    site: SiteId,
    /// Set when the comment was cut to keep the body under 20 kB; the API has the whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    comment_truncated: bool,
    /// Set on events that an owner sent to try an endpoint; nothing happened.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    test: bool,
    /// The response as it stands after the event; on all events about a response or a message to its customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Response>,
    /// What was erased, on `response.erased`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased: Option<ErasedResponse>,
    /// The message, on events about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    /// Whom to tell, on `message.notify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notify: Option<Notify>,
    /// The case, on events about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case: Option<Box<Case>>,
    /// Who was praised, on `praise.received`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    praise: Option<Praise>,
    /// The improvement, on `improvement.changed`; with at most 20 of the `responses` of its audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    improvement: Option<Box<Improvement>>,
    /// The announcement, on events about one; with at most 20 of the `responses` of its audience.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announcement: Option<Box<Announcement>>,
    /// What the customer said to it, on `announcement.judged`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verdict: Option<AnnouncementVerdict>,
    /// The week, on `huddle.ready`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    huddle: Option<Box<Huddle>>,
    /// What changed, on `watch.raised`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    watch: Option<Watch>,
    /// The endpoint, on `endpoint.disabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<Endpoint>,
}

impl From<Event> for EventBody {
    fn from(event: Event) -> Self {
        let event_type = event.kind.event_type();
        let Event { id, sequence, site, timestamp, comment_truncated, test, kind } = event;
        let (response, erased, message, notify, case, endpoint) = (None, None, None, None, None, None);
        let (praise, improvement, announcement, verdict, huddle, watch) = (None, None, None, None, None, None);
        let mut data = EventData {
            id,
            sequence,
            site,
            comment_truncated,
            test,
            response,
            erased,
            message,
            notify,
            case,
            praise,
            improvement,
            announcement,
            verdict,
            huddle,
            watch,
            endpoint,
        };
        match kind {
            EventKind::ResponseScored(response)
            | EventKind::ResponseCompleted(response)
            | EventKind::ResponseUpdated(response) => data.response = Some(response),
            EventKind::ResponseErased(erased) => data.erased = Some(erased),
            EventKind::MessageCreated(response, message) | EventKind::MessageReceived(response, message) => {
                (data.response, data.message) = (Some(response), Some(message));
            }
            EventKind::MessageNotify(response, message, notify) => {
                (data.response, data.message, data.notify) = (Some(response), Some(message), Some(notify));
            }
            EventKind::Case(_, response, case) => (data.response, data.case) = (Some(response), Some(case)),
            EventKind::PraiseReceived(response, praise) => {
                (data.response, data.praise) = (Some(response), Some(praise));
            }
            EventKind::ImprovementChanged(improvement) => data.improvement = Some(improvement),
            EventKind::AnnouncementPublished(announcement) => data.announcement = Some(announcement),
            EventKind::AnnouncementJudged(response, announcement, verdict) => {
                (data.response, data.announcement, data.verdict) = (Some(response), Some(announcement), Some(verdict));
            }
            EventKind::HuddleReady(huddle) => data.huddle = Some(huddle),
            EventKind::WatchRaised(watch) => data.watch = Some(watch),
            EventKind::EndpointDisabled(endpoint) => data.endpoint = Some(endpoint),
        }
        Self { version: first_version(), event_type, timestamp, data }
    }
}

impl TryFrom<EventBody> for Event {
    type Error = &'static str;

    fn try_from(body: EventBody) -> Result<Self, Self::Error> {
        let EventBody { event_type, timestamp, data, .. } = body;
        let EventData {
            id,
            sequence,
            site,
            comment_truncated,
            test,
            response,
            erased,
            message,
            notify,
            case,
            praise,
            improvement,
            announcement,
            verdict,
            huddle,
            watch,
            endpoint,
        } = data;
        let message = message.ok_or("an event about a message without one");
        let response = response.ok_or("an event about a response without one");
        let announcement = announcement.ok_or("an event about an announcement without one");
        let kind = match event_type {
            EventType::ResponseScored => EventKind::ResponseScored(response?),
            EventType::ResponseCompleted => EventKind::ResponseCompleted(response?),
            EventType::ResponseUpdated => EventKind::ResponseUpdated(response?),
            EventType::ResponseErased => {
                EventKind::ResponseErased(erased.ok_or("an event about an erased response without one")?)
            }
            EventType::MessageCreated => EventKind::MessageCreated(response?, message?),
            EventType::MessageReceived => EventKind::MessageReceived(response?, message?),
            EventType::MessageNotify => {
                EventKind::MessageNotify(response?, message?, notify.ok_or("an event to notify without whom")?)
            }
            EventType::PraiseReceived => {
                EventKind::PraiseReceived(response?, praise.ok_or("an event about praise without it")?)
            }
            EventType::ImprovementChanged => {
                EventKind::ImprovementChanged(improvement.ok_or("an event about an improvement without one")?)
            }
            EventType::AnnouncementPublished => EventKind::AnnouncementPublished(announcement?),
            EventType::AnnouncementJudged => {
                let verdict = verdict.ok_or("an event about a verdict without one")?;
                EventKind::AnnouncementJudged(response?, announcement?, verdict)
            }
            EventType::HuddleReady => EventKind::HuddleReady(huddle.ok_or("an event about a week without one")?),
            EventType::WatchRaised => EventKind::WatchRaised(watch.ok_or("an event about a change without one")?),
            EventType::EndpointDisabled => {
                EventKind::EndpointDisabled(endpoint.ok_or("an event about an endpoint without one")?)
            }
            case_type => {
                let event = CaseEvent::of(case_type).ok_or("an event of a type that is not known here")?;
                EventKind::Case(event, response?, case.ok_or("an event about a case without one")?)
            }
        };
        Ok(Self { id, sequence, site, timestamp, comment_truncated, test, kind })
    }
}
