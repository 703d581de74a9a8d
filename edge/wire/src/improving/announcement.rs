use crate::cases::Signature;
use crate::conversations::message_text;
use crate::fields::Fields;
use crate::id::{AnnouncementId, ImprovementId};
use crate::improving::audience::Audience;
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::survey::LocalText;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Bytes of an announcement in all its languages: an event holds it whole.
const MAX_TEXTS: usize = 10_000;

/// What an announcement is for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AnnouncementKind {
    /// Tells what was done, and asks whether it is better.
    #[default]
    Done,
    /// Tells of an idea before it is built, and asks whether it would help.
    Idea,
}

/// The body of `POST /v1/sites/{site}/announcements`.
///
/// ```
/// let body = br#"{"text":{"en":"We added two tills."},"audience":{"theme":"waiting","polarity":"negative"}}"#;
/// let new = heard_wire::NewAnnouncement::from_json(body).unwrap();
/// assert_eq!(new.kind, heard_wire::AnnouncementKind::Done);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAnnouncement {
    /// What it is for.
    #[serde(default)]
    pub kind: AnnouncementKind,
    /// By language, each of 1 to 2,000 characters of plain text, 10,000 bytes in all; who wrote in another reads it in the site's language, or in any.
    pub text: LocalText,
    /// Who is told. Who has been told the same text already is not told again.
    pub audience: Audience,
    /// The improvement that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub improvement: Option<ImprovementId>,
}

impl NewAnnouncement {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let kind = fields.optional("kind").unwrap_or_default();
        let text: Option<LocalText> = fields.required_as("text");
        if let Some(text) = &text {
            if text.is_empty() {
                fields.invalid("text", "must be in one language at least");
            }
            if text.iter().map(|(_, text)| text.len()).sum::<usize>() > MAX_TEXTS {
                fields.invalid("text", "must be at most 10,000 bytes in all languages together");
            }
            for (tag, _) in text.iter().filter(|(_, text)| message_text(text).is_none()) {
                let fault = crate::Fault::at(format!("/{tag}"), "must be 1 to 2,000 characters of plain text");
                fields.invalid_within("text", &fault);
            }
        }
        let audience = Audience::read(&mut fields);
        let improvement = fields.optional_checked("improvement");
        fields.finish(|| Some(Self { kind, text: text?, audience: audience?, improvement }))
    }
}

/// Something that was told to those who said it.
///
/// ```
/// let a: heard_wire::Announcement = serde_json::from_str(r#"{"id":"ann_00000000000000000000000000000000","kind":"done",
///   "text":{"en":"We added two tills."},"audience":{"theme":"waiting"},"created_at":"2026-11-22T09:00:00.000Z",
///   "finished_at":null,"reach":{"told":2,"seen":1,"better":1,"not_yet":0}}"#).unwrap();
/// assert_eq!(a.reach.seen, 1);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// `ann_...`
    pub id: AnnouncementId,
    /// What was told, and to whom.
    #[serde(flatten)]
    pub new: NewAnnouncement,
    /// Who signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signature>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When everybody was told; `null` while that goes on.
    pub finished_at: Option<Timestamp>,
    /// How far it came.
    #[serde(default)]
    pub reach: Reach,
}

impl Listed for Announcement {
    const MEMBER: &'static str = "announcements";
    const PAGE: &'static str = "AnnouncementList";
    type Cursor = NoCursor;
}

/// How far an announcement came.
///
/// ```
/// assert_eq!(heard_wire::Reach::default().told, 0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reach {
    /// Customers for whom it lies where they wrote.
    pub told: u64,
    /// Of these, who has seen it.
    pub seen: u64,
    /// Who said that it is better, or would help.
    pub better: u64,
    /// Who said that it is not, yet.
    pub not_yet: u64,
}

/// What a customer said to an announcement.
///
/// ```
/// let v: heard_wire::AnnouncementVerdict = serde_json::from_str(r#"{"better":false,"why":"Not on Mondays."}"#).unwrap();
/// assert!(!v.better);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementVerdict {
    /// Yes, or not yet.
    pub better: bool,
    /// In their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}
