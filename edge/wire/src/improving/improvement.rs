use crate::fields::Fields;
use crate::fields::object;
use crate::id::{ImprovementId, TeammateId};
use crate::improving::audience::Audience;
use crate::improving::evidence::Evidence;
use crate::page::{Listed, NoCursor};
use crate::problem::{Code, Problem};
use crate::sites::merge;
use crate::text::is_line;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Where an improvement stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ImprovementStatus {
    /// Written down.
    #[default]
    Open,
    /// Somebody looks at it.
    UnderReview,
    /// It will be done.
    Planned,
    /// It is being done.
    Started,
    /// It is done: those who said it can be told.
    Completed,
    /// It will not be done.
    Declined,
}

/// Whether something is put right, or made anew.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ImprovementKind {
    /// Something that goes wrong for many.
    #[default]
    Fix,
    /// Something that customers thought of.
    Idea,
}

/// The body of `POST /v1/sites/{site}/improvements`.
///
/// ```
/// let body = br#"{"title":"Shorter queues at noon","audience":{"theme":"waiting","polarity":"negative"}}"#;
/// let new = heard_wire::NewImprovement::from_json(body).unwrap();
/// assert_eq!(new.status, heard_wire::ImprovementStatus::Open);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewImprovement {
    /// What it is called, 1 to 200 bytes on one line.
    pub title: String,
    /// Whether something is put right, or made anew.
    #[serde(default)]
    pub kind: ImprovementKind,
    /// Where it stands.
    #[serde(default)]
    pub status: ImprovementStatus,
    /// Those who said it: the evidence.
    pub audience: Audience,
    /// Who sees to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<TeammateId>,
    /// What was decided, or done; at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_we_did: Option<String>,
}

impl NewImprovement {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        Self::from_members(object(body)?)
    }

    fn from_members(members: Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::of(members);
        let title = fields.required_text("title", usize::MAX).map(|title| title.trim().to_owned());
        if title.as_ref().is_some_and(|title| !is_line(title, 200)) {
            fields.invalid("title", "must be 1 to 200 bytes on one line");
        }
        let kind = fields.optional("kind").unwrap_or_default();
        let status = fields.optional("status").unwrap_or_default();
        let audience = Audience::read(&mut fields);
        let owner = fields.optional_checked("owner");
        let what_we_did = fields.optional_text("what_we_did", usize::MAX).filter(|text| !text.trim().is_empty());
        if what_we_did.as_ref().is_some_and(|text| text.chars().count() > 2_000) {
            fields.invalid("what_we_did", "must be at most 2,000 characters");
        }
        fields.finish(|| Some(Self { title: title?, kind, status, audience: audience?, owner, what_we_did }))
    }
}

/// The body of `PATCH /v1/sites/{site}/improvements/{improvement}`: a merge patch (RFC 7396) of [`NewImprovement`], which reaches
/// into the `audience`.
///
/// ```
/// let new = heard_wire::NewImprovement::from_json(br#"{"title":"Queues","audience":{"theme":"waiting"}}"#).unwrap();
/// let patch = heard_wire::ImprovementPatch::from_json(br#"{"status":"completed","what_we_did":"Two tills."}"#).unwrap();
/// assert_eq!(patch.applied_to(&new).unwrap().what_we_did.as_deref(), Some("Two tills."));
/// assert!(heard_wire::ImprovementPatch::from_json(br#"{"status":"perhaps"}"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImprovementPatch(Map<String, Value>);

impl NewImprovement {
    /// The same, checked as if it came by the API.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn checked(&self) -> Result<Self, Problem> {
        ImprovementPatch(Map::new()).applied_to(self)
    }
}

impl ImprovementPatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let patch = Self(object(body)?);
        let any = NewImprovement {
            title: "a".to_owned(),
            kind: ImprovementKind::default(),
            status: ImprovementStatus::default(),
            audience: Audience { words: Some("a".to_owned()), ..Audience::default() },
            owner: None,
            what_we_did: None,
        };
        patch.clone().applied_to(&any).map(|_| patch)
    }

    /// The improvement with the changes made.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn applied_to(self, before: &NewImprovement) -> Result<NewImprovement, Problem> {
        let Ok(Value::Object(mut members)) = serde_json::to_value(before) else {
            return Err(Problem::new(Code::Internal, "The improvement cannot be written."));
        };
        let mut all = Value::Object(std::mem::take(&mut members));
        merge(&mut all, Value::Object(self.0));
        match all {
            Value::Object(members) => NewImprovement::from_members(members),
            _ => Err(Problem::new(Code::Internal, "The improvement cannot be written.")),
        }
    }
}

/// An item of the outer loop: something that many said, who sees to it, and what was done.
///
/// ```
/// let i: heard_wire::Improvement = serde_json::from_str(r#"{"id":"imp_00000000000000000000000000000000","title":"Queues",
///   "status":"open","audience":{"theme":"waiting"},"created_at":"2026-11-22T09:00:00.000Z",
///   "updated_at":"2026-11-22T09:00:00.000Z","completed_at":null,"evidence":{"responses":4,"customers":3,"promoters":0,
///   "passives":1,"detractors":3,"nps":-75.0,"cases":2,"unsettled_cases":1,"root_causes":[],"quotes":[]}}"#).unwrap();
/// assert_eq!(i.evidence.unwrap().cases, 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Improvement {
    /// `imp_...`
    pub id: ImprovementId,
    /// As it was written.
    #[serde(flatten)]
    pub settings: NewImprovement,
    /// First written.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
    /// When it was done.
    pub completed_at: Option<Timestamp>,
    /// What stands behind it, as it is now; absent in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

impl Improvement {
    /// By which a change is told from the one before: its entity tag.
    #[must_use]
    pub const fn revision(&self) -> i64 {
        self.updated_at.as_millis()
    }
}

impl Listed for Improvement {
    const MEMBER: &'static str = "improvements";
    const PAGE: &'static str = "ImprovementList";
    type Cursor = NoCursor;
}
