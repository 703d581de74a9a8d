use crate::fields::Fields;
use crate::id::{EndpointId, MessageId, ResponseId};
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Something a person or a system of the owner's says to a customer about one response.
///
/// ```
/// let m: heard_wire::Message = serde_json::from_str(r#"{"id":"msg_00000000000000000000000000000000",
///   "response":"0190a5c4-7a1c-7def-8123-456789abcdef","text":"Your refund is on its way.","from":null,
///   "created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(m.from.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `msg_...`
    pub id: MessageId,
    /// The response it answers.
    pub response: ResponseId,
    /// Plain text, 1 to 2,000 characters.
    pub text: String,
    /// The endpoint whose answer it was; `null` when it came by the API.
    pub from: Option<EndpointId>,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Listed for Message {
    const MEMBER: &'static str = "messages";
    const PAGE: &'static str = "Messages";
    type Cursor = NoCursor;
}

/// Messages one response can have: a conversation that is longer belongs elsewhere.
pub const MAX_MESSAGES: usize = 100;
/// Characters of a message.
pub const MAX_MESSAGE_CHARACTERS: usize = 2_000;

/// The body of `POST /v1/sites/{site}/responses/{id}/messages`.
///
/// ```
/// let m = heard_wire::NewMessage::from_json(br#"{"text":" We are sorry. "}"#).unwrap();
/// assert_eq!(m.text, "We are sorry.");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMessage {
    /// Plain text.
    pub text: String,
}

impl NewMessage {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let text = fields.required_text("text", 4 * MAX_MESSAGE_CHARACTERS);
        let new = text.as_deref().and_then(Self::new);
        if text.is_some() && new.is_none() {
            fields.invalid("text", "must be 1 to 2,000 characters of plain text");
        }
        fields.finish(|| new)
    }

    /// The message in an endpoint's answer `{"reply": {"text": ...}}`, if there is one.
    #[must_use]
    pub fn from_answer(body: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Answered {
            reply: NewMessage,
        }
        let Answered { reply } = serde_json::from_str(body).ok()?;
        Self::new(&reply.text)
    }

    /// A message with this text, where it may be one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let characters = text.chars().count();
        let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        ((1..=MAX_MESSAGE_CHARACTERS).contains(&characters) && !text.contains(odd))
            .then(|| Self { text: text.to_owned() })
    }
}
