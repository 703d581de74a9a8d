use crate::cases::case::{CaseStatus, Outcome, Priority};
use crate::fields::Fields;
use crate::id::{ResponseId, TeammateId};
use crate::problem::Problem;
use crate::text::is_hidden;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Characters of what staff write for themselves.
const MAX_NOTE_CHARACTERS: usize = 5_000;

/// The body of `PATCH /v1/sites/{site}/cases/{case}`. What is absent stays as it is; `assignee` and `root_cause` may be `null`.
///
/// ```
/// let patch = heard_wire::CasePatch::from_json(br#"{"status":"resolved","resolution":"A second till opens on Monday.","assignee":null}"#).unwrap();
/// assert_eq!((patch.status, patch.assignee), (Some(heard_wire::CaseStatus::Resolved), Some(None)));
/// assert!(heard_wire::CasePatch::from_json(br#"{"status":"new"}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CasePatch {
    /// Where it is to stand; `new` is no one's to set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<CaseStatus>,
    /// With `snoozed`: until when, at most a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Timestamp>,
    /// Who sees to it, or `null` for nobody.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::nullable")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<TeammateId>"))]
    pub assignee: Option<Option<TeammateId>>,
    /// How urgent it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What lay behind it, at most 200 bytes on one line, or `null`. Customers never see it.
    #[serde(skip_serializing_if = "Option::is_none", with = "crate::nullable")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub root_cause: Option<Option<String>>,
    /// With `resolved`: what was changed, as the customer reads it; plain text of 1 to 2,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<String>,
    /// What became of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

impl CasePatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let nullable = fields.take_members(&["assignee", "root_cause"]);
        let status = fields.optional("status");
        if status == Some(CaseStatus::New) {
            fields.invalid("status", "must be open, waiting, snoozed, resolved or closed");
        }
        let snoozed_until = fields.optional("snoozed_until");
        if (status == Some(CaseStatus::Snoozed)) != snoozed_until.is_some() {
            fields.invalid("snoozed_until", "must come with the status snoozed, and only with it");
        }
        let priority = fields.optional("priority");
        let resolution = fields.optional_text("resolution", usize::MAX).map(|text| text.trim().to_owned());
        if resolution.as_ref().is_some_and(|text| !is_text(text, 2_000)) {
            fields.invalid("resolution", "must be 1 to 2,000 characters of plain text");
        }
        if resolution.is_some() && status.is_some_and(|status| status != CaseStatus::Resolved) {
            fields.invalid("resolution", "must come with the status resolved, or with none");
        }
        let outcome = fields.optional("outcome");
        let text_or_null = |value: &Value| match value {
            Value::Null => Some(None),
            Value::String(text) => Some(Some(text.trim().to_owned())),
            _ => None,
        };
        let assignee = nullable.get("assignee").map(|value| {
            let read = text_or_null(value).map(|text| text.map(|text| text.parse::<TeammateId>()).transpose());
            read.and_then(Result::ok).ok_or(())
        });
        let root_cause = nullable.get("root_cause").map(|value| {
            let is_line = |text: &String| !text.is_empty() && text.len() <= 200 && !text.contains(is_hidden);
            text_or_null(value).filter(|text| text.as_ref().is_none_or(is_line)).ok_or(())
        });
        if assignee == Some(Err(())) {
            fields.invalid("assignee", "must be the id of one of the site's people, or null");
        }
        if root_cause == Some(Err(())) {
            fields.invalid("root_cause", "must be 1 to 200 bytes on one line, or null");
        }
        let (assignee, root_cause) = (assignee.and_then(Result::ok), root_cause.and_then(Result::ok));
        fields.finish(|| Some(Self { status, snoozed_until, assignee, priority, root_cause, resolution, outcome }))
    }
}

/// Whether it is plain text of up to so many characters.
pub(super) fn is_text(text: &str, most: usize) -> bool {
    let odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    let characters = text.chars().count();
    (1..=most).contains(&characters) && !text.contains(odd)
}

/// The body of `POST /v1/sites/{site}/cases`: opens a case by hand.
///
/// ```
/// let new = heard_wire::NewCase::from_json(br#"{"response":"0190a5c4-7a1c-7def-8123-456789abcdef","priority":"high"}"#).unwrap();
/// assert_eq!(new.priority, heard_wire::Priority::High);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCase {
    /// For which response.
    pub response: ResponseId,
    /// How urgent it is; `normal` unless told.
    #[serde(default)]
    pub priority: Priority,
    /// Who sees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<TeammateId>,
}

impl NewCase {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let response = fields.required_checked("response");
        let priority = fields.optional("priority").unwrap_or_default();
        let assignee = fields.optional_checked("assignee");
        fields.finish(|| Some(Self { response: response?, priority, assignee }))
    }
}

/// The body of `POST /v1/sites/{site}/cases/{case}/notes`: what staff write for themselves.
///
/// ```
/// assert!(heard_wire::NewNote::from_json(br#"{"text":"Spoke to the kitchen."}"#).is_ok());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewNote {
    /// Plain text of 1 to 5,000 characters.
    pub text: String,
}

impl NewNote {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let text = fields.required_text("text", usize::MAX).map(|text| text.trim().to_owned());
        if text.as_ref().is_some_and(|text| !is_text(text, MAX_NOTE_CHARACTERS)) {
            fields.invalid("text", "must be 1 to 5,000 characters of plain text");
        }
        fields.finish(|| Some(Self { text: text? }))
    }
}
