use crate::cases::Signature;
use crate::fields::Fields;
use crate::id::{AnnouncementId, EndpointId, MessageId, ResponseId, TeammateId};
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::text::is_hidden;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that the owner's people or systems and a customer say to each other about one response.
///
/// ```
/// let m: heard_wire::Message = serde_json::from_str(r#"{"id":"msg_00000000000000000000000000000000",
///   "response":"0190a5c4-7a1c-7def-8123-456789abcdef","text":"Your refund is on its way.","from":null,
///   "created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert_eq!((m.from, m.author), (None, heard_wire::Author::Team));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `msg_...`
    pub id: MessageId,
    /// The response it is about.
    pub response: ResponseId,
    /// Plain text, 1 to 2,000 characters.
    pub text: String,
    /// Who wrote it.
    #[serde(default)]
    pub author: Author,
    /// The endpoint whose answer it was; `null` when it came by the API.
    pub from: Option<EndpointId>,
    /// Which of the owner's people wrote it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<TeammateId>,
    /// How they signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signature>,
    /// The announcement that it tells, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement: Option<AnnouncementId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the customer was shown it, on messages to them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
}

/// Which side a message comes from.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Author {
    /// The owner's people or systems.
    #[default]
    Team,
    /// The customer.
    Customer,
}

impl Listed for Message {
    const MEMBER: &'static str = "messages";
    const PAGE: &'static str = "Messages";
    type Cursor = NoCursor;
}

/// Messages one response can have: a conversation that is longer belongs elsewhere.
pub const MAX_MESSAGES: usize = 200;
/// Characters of a message.
pub const MAX_MESSAGE_CHARACTERS: usize = 2_000;

/// The body of `POST /v1/sites/{site}/responses/{response}/messages`.
///
/// ```
/// let m = heard_wire::NewMessage::from_json(br#"{"text":" We are sorry. ","then":"waiting"}"#).unwrap();
/// assert_eq!((m.text.as_str(), m.then), ("We are sorry.", Some(heard_wire::Then::Waiting)));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// Plain text, 1 to 2,000 characters.
    pub text: String,
    /// Who of the site's people says it, where the key does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<TeammateId>,
    /// Where the case stands afterwards. Absent: where it stood, or open where nobody had answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
}

/// Where a case stands after a reply.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// It is open: there is more to do.
    Open,
    /// It waits for the customer.
    Waiting,
    /// It is put right, by what the message says.
    Resolved,
}

impl NewMessage {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let given = fields.required_text("text", 4 * MAX_MESSAGE_CHARACTERS);
        let text = given.as_deref().and_then(message_text);
        if given.is_some() && text.is_none() {
            fields.invalid("text", "must be 1 to 2,000 characters of plain text");
        }
        let person = fields.optional_checked("person");
        let then = fields.optional("then");
        fields.finish(|| Some(Self { text: text?, person, then }))
    }

    /// The message in an endpoint's answer `{"reply": {"text": ..., "person": ..., "then": ...}}`, if there is one; or why it is none.
    #[must_use]
    pub fn from_answer(body: &str) -> Option<Result<Self, &'static str>> {
        #[derive(Deserialize)]
        struct Answered {
            reply: Value,
        }
        let Answered { reply } = serde_json::from_str(body).ok()?;
        let Ok(reply) = serde_json::from_value::<Self>(reply) else {
            return Some(Err("reply must hold a text, and may hold person and then"));
        };
        let text = message_text(&reply.text);
        Some(text.map(|text| Self { text, ..reply }).ok_or("text must be 1 to 2,000 characters of plain text"))
    }

    /// A message with this text, where it may be one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        Some(Self { text: message_text(text)?, person: None, then: None })
    }
}

/// What somebody writes to somebody, where it may be that.
pub(crate) fn message_text(text: &str) -> Option<String> {
    let text = text.trim();
    let characters = text.chars().count();
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let is_seen = text.contains(|letter: char| !is_hidden(letter) && !letter.is_whitespace());
    ((1..=MAX_MESSAGE_CHARACTERS).contains(&characters) && is_seen && !text.contains(odd)).then(|| text.to_owned())
}
