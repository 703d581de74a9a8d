use crate::cases::Signature;
use crate::conversations::message::{Author, message_text};
use crate::fields::Fields;
use crate::id::{MailboxId, MessageId, ResponseId, VisitorId};
use crate::language::LanguageTag;
use crate::problem::Problem;
use crate::responses::{Response, StoredResponse};
use crate::survey::{BrowserSecret, Contact, ContactKind, VisitorProof, checked_comment};
use crate::text::{InvalidText, as_text};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What opens a customer's conversation: the id of their answer and the secret that their browser began it with, as
/// `Authorization: Bearer <id>.<secret>`. It stands in no address and in no log.
///
/// ```
/// let key: heard_wire::ThreadKey = "0190a5c4-7a1c-7def-8123-456789abcdef.00112233445566778899aabbccddeeff".parse().unwrap();
/// assert!(!format!("{key:?}").contains("0011"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThreadKey {
    /// Of the answer.
    pub response: ResponseId,
    /// Of the browser.
    pub secret: BrowserSecret,
}

impl FromStr for ThreadKey {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("must be the id of an answer, a full stop, and its secret");
        let (response, secret) = text.split_once('.').ok_or(invalid)?;
        Ok(Self { response: response.parse()?, secret: secret.parse()? })
    }
}

as_text!(ThreadKey);

impl fmt::Display for ThreadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.response, self.secret)
    }
}

impl fmt::Debug for ThreadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ThreadKey({})", self.response)
    }
}

/// What a customer shows to be let into their conversation: that of this browser, or, on any other device of theirs, that the
/// owner's server vouches for them, as `Authorization: Bearer visitor.<proof>.<the visitor's id in hexadecimal digits>`.
///
/// ```
/// use heard_wire::CustomerKey;
/// let key: CustomerKey = format!("visitor.{}.6a6f", "ab".repeat(32)).parse().unwrap();
/// assert!(matches!(&key, CustomerKey::Visitor { visitor, .. } if visitor.as_str() == "jo"));
/// assert!(!format!("{key:?}").contains("abab"));
/// assert_eq!(key.to_string().parse::<CustomerKey>().unwrap(), key);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum CustomerKey {
    /// By what this browser made with the answer.
    Thread(ThreadKey),
    /// By the owner's word.
    Visitor {
        /// Who it is.
        visitor: VisitorId,
        /// That the owner's server says so.
        proof: VisitorProof,
    },
}

const VISITOR: &str = "visitor.";

impl FromStr for CustomerKey {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let Some(vouched) = text.strip_prefix(VISITOR) else { return text.parse().map(Self::Thread) };
        let invalid = InvalidText(
            "must be visitor, a proof, and the visitor's id in hexadecimal digits, with full stops between",
        );
        let (proof, visitor) = vouched.split_once('.').ok_or(invalid)?;
        let visitor = const_hex::decode(visitor).ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or(invalid)?;
        Ok(Self::Visitor { visitor: visitor.parse()?, proof: VisitorProof::read(proof)? })
    }
}

as_text!(CustomerKey);

impl fmt::Display for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread(key) => key.fmt(f),
            Self::Visitor { visitor, proof } => {
                write!(f, "{VISITOR}{proof}.{}", const_hex::encode(visitor.as_str()))
            }
        }
    }
}

impl fmt::Debug for CustomerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Thread(key) => fmt::Debug::fmt(key, f),
            Self::Visitor { .. } => f.write_str("CustomerKey::Visitor"),
        }
    }
}

/// All that is kept about a customer's answer, as the customer reads it: the answer to `GET /v1/sites/{site}/thread`.
///
/// ```
/// let json = r#"{"response":{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":1,"score":3,
///   "band":"detractor","comment":"Cold soup.","page":"https://shop.example/","lang":"en","reference":"CY4T-QKFF",
///   "created_at":"2026-11-22T09:00:00.000Z","updated_at":"2026-11-22T09:00:00.000Z","completed_at":null},
///   "messages":[],"name":"Corner Shop","case":null,"asks_again_at":null,"lang":"en"}"#;
/// assert!(serde_json::from_str::<heard_wire::Thread>(json).unwrap().case.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Thread {
    /// What they said, and what was heard in it.
    pub response: Response,
    /// What both sides wrote, oldest first.
    pub messages: Vec<ThreadMessage>,
    /// Where a page learns whether there is news; none where nobody but the owner's server has the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailbox: Option<MailboxId>,
    /// What the customer calls the site.
    pub name: String,
    /// How it stands; `null` where nobody sees to it as a case.
    pub case: Option<ThreadCase>,
    /// From when on the customer may be asked for a score again; `null` while somebody sees to the answer.
    #[serde(default)]
    pub asks_again_at: Option<Timestamp>,
    /// Whether news can be told by email: a receiver of the owner's asks for just that.
    #[serde(default)]
    pub may_notify: bool,
    /// Where news is told by email.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<Contact>,
    /// The language of `copy`: BCP 47.
    pub lang: LanguageTag,
    /// Every text that the widget shows around the conversation, by name.
    #[serde(default)]
    pub copy: BTreeMap<String, String>,
}

/// A message as the customer reads it.
///
/// ```
/// let m: heard_wire::ThreadMessage = serde_json::from_str(r#"{"id":"msg_00000000000000000000000000000000","author":"team",
///   "text":"A second till opens on Monday.","signed":{"name":"Maria"},"created_at":"2026-11-22T09:00:00.000Z","is_new":true}"#).unwrap();
/// assert!(m.is_new);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadMessage {
    /// `msg_...`
    pub id: MessageId,
    /// Which side it comes from.
    pub author: Author,
    /// Plain text.
    pub text: String,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signature>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Whether it was not shown before.
    #[serde(default)]
    pub is_new: bool,
}

/// A case as its customer sees it.
///
/// ```
/// let c: heard_wire::ThreadCase = serde_json::from_str(r#"{"is_open":false,"resolution":"A second till opens on Monday.","asks":true}"#).unwrap();
/// assert!(c.asks);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ThreadCase {
    /// Whether somebody still sees to it.
    pub is_open: bool,
    /// What was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// Who answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<Signature>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Whether they are asked if it is better: it was resolved, and they have not said.
    #[serde(default)]
    pub asks: bool,
    /// What they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<bool>,
}

/// The body of `POST /v1/sites/{site}/thread/messages`. The same id again changes nothing, so that what waited for a network
/// arrives once.
///
/// ```
/// let m = heard_wire::NewThreadMessage::from_json(br#"{"id":"msg_00112233445566778899aabbccddeeff","text":"Thank you!"}"#).unwrap();
/// assert_eq!(m.text, "Thank you!");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewThreadMessage {
    /// Made by the browser, at random.
    pub id: MessageId,
    /// Plain text, 1 to 2,000 characters.
    pub text: String,
}

impl NewThreadMessage {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let id = fields.required_checked("id");
        let given = fields.required_text("text", usize::MAX);
        let text = given.as_deref().and_then(message_text);
        if given.is_some() && text.is_none() {
            fields.invalid("text", "must be 1 to 2,000 characters of plain text");
        }
        fields.finish(|| Some(Self { id: id?, text: text? }))
    }
}

/// The body of `POST /v1/sites/{site}/thread/verdict`: whether it is better.
///
/// ```
/// let v = heard_wire::NewVerdict::from_json(br#"{"better":false,"why":"The queue is as long as ever."}"#).unwrap();
/// assert!(!v.better);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewVerdict {
    /// Yes, or not yet.
    pub better: bool,
    /// Plain text, at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl NewVerdict {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let better = fields.required_as("better");
        let given = fields.optional_text("why", usize::MAX).filter(|why| !why.trim().is_empty());
        let why = given.as_deref().and_then(message_text);
        if given.is_some() && why.is_none() {
            fields.invalid("why", "must be at most 2,000 characters of plain text");
        }
        fields.finish(|| Some(Self { better: better?, why }))
    }
}

/// The body of `PATCH /v1/sites/{site}/thread`: what the customer corrects or takes back. What is absent stays.
///
/// ```
/// let patch = heard_wire::ThreadPatch::from_json(br#"{"contact":null,"notify":"jo@shop.example"}"#).unwrap();
/// assert_eq!((patch.contact, patch.comment), (Some(None), None));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(default))]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThreadPatch {
    /// What they said, corrected; `null` takes it back, and the score stays.
    pub comment: Option<Option<String>>,
    /// `null`: they are not to be reached there any more.
    pub contact: Option<Option<Contact>>,
    /// An email address at which news is told; `null`: nowhere.
    pub notify: Option<Option<Contact>>,
}

impl ThreadPatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let given = fields.take_members(&["comment", "contact", "notify"]);
        let text = |name: &str| match given.get(name) {
            None => Ok(None),
            Some(Value::Null) => Ok(Some(None)),
            Some(Value::String(text)) => Ok(Some(Some(text.clone()))),
            Some(_) => Err(()),
        };
        let comment = text("comment").map(|text| text.map(|text| text.map(checked_comment).transpose()));
        let comment = match comment {
            Ok(Some(Ok(comment))) => Some(comment),
            Ok(None) => None,
            Ok(Some(Err(InvalidText(must_be)))) => {
                fields.invalid("comment", must_be);
                None
            }
            Err(()) => {
                fields.invalid("comment", "must be a string or null");
                None
            }
        };
        let mut contact = |name: &'static str, only_email: bool| -> Option<Option<Contact>> {
            let read =
                text(name).ok().map(|text| text.map(|text| text.map(|text| text.parse::<Contact>()).transpose()));
            match read {
                Some(None) => None,
                Some(Some(Ok(contact)))
                    if contact.as_ref().is_none_or(|contact| !only_email || contact.kind() == ContactKind::Email) =>
                {
                    Some(contact)
                }
                _ => {
                    fields.invalid(
                        name,
                        if only_email {
                            "must be an email address or null"
                        } else {
                            "must be an email address, a phone number or null"
                        },
                    );
                    None
                }
            }
        };
        let (contact, notify) = (contact("contact", false), contact("notify", true));
        fields.finish(|| Some(Self { comment, contact, notify }))
    }
}

/// How many messages a customer has not seen: the answer to `GET /v1/sites/{site}/news/{mailbox}`, and all that it tells.
///
/// ```
/// assert_eq!(serde_json::from_str::<heard_wire::News>(r#"{"news":2}"#).unwrap().news, 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// Messages and a resolution that were not shown yet.
    pub news: u32,
}

/// What a submission is answered with.
///
/// ```
/// let json = r#"{"response":{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":1,"score":9,
///   "band":"promoter","comment":null,"page":"https://shop.example/","lang":"en","reference":"CY4T-QKFF",
///   "created_at":"2026-11-22T09:00:00.000Z","updated_at":"2026-11-22T09:00:00.000Z","completed_at":null},
///   "acknowledgement":{"text":"Thank you.","claims":[],"ask":null,"receipt":{"reference":"CY4T-QKFF"}}}"#;
/// assert!(serde_json::from_str::<heard_wire::SubmittedResponse>(json).unwrap().thread.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmittedResponse {
    /// The response as it now stands, and what the customer reads.
    #[serde(flatten)]
    pub stored: StoredResponse,
    /// Where the conversation about it is, where a browser has the secret to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadStub>,
}

/// Where a customer's conversation is, told to the browser that began the answer.
///
/// ```
/// let stub: heard_wire::ThreadStub = serde_json::from_str(r#"{"mailbox":"mbx_00000000000000000000000000000000","is_open":true}"#).unwrap();
/// assert!(stub.is_open);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadStub {
    /// Where to look for news.
    pub mailbox: MailboxId,
    /// Whether somebody sees to the answer: the customer is asked no score meanwhile.
    pub is_open: bool,
}
