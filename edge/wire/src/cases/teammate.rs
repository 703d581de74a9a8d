use crate::fields::{Fields, object};
use crate::id::TeammateId;
use crate::page::{Listed, NoCursor};
use crate::problem::{Code, Problem};
use crate::survey::{Contact, ContactKind};
use crate::text::is_hidden;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One of the owner's people, who answers customers.
///
/// ```
/// let maria: heard_wire::Teammate = serde_json::from_str(r#"{"id":"per_00000000000000000000000000000000","name":"Maria Lopez",
///   "role":"Shop manager","created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(maria.is_there(heard_wire::Timestamp::from_millis(1_795_338_000_000)));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teammate {
    /// `per_...`
    pub id: TeammateId,
    /// As the owner set them.
    #[serde(flatten)]
    pub settings: NewTeammate,
    /// When they were added.
    pub created_at: Timestamp,
}

impl Teammate {
    /// Whether they are not away.
    #[must_use]
    pub fn is_there(&self, now: Timestamp) -> bool {
        self.settings.absent_until.is_none_or(|until| until <= now)
    }

    /// How they sign.
    #[must_use]
    pub fn signature(&self) -> Signature {
        Signature { name: self.settings.name.clone(), role: self.settings.role.clone() }
    }
}

impl Listed for Teammate {
    const MEMBER: &'static str = "people";
    const PAGE: &'static str = "People";
    type Cursor = NoCursor;
}

/// Who somebody is, as a customer reads it below their words.
///
/// ```
/// let by: heard_wire::Signature = serde_json::from_str(r#"{"name":"Maria Lopez","role":"Shop manager"}"#).unwrap();
/// assert_eq!(by.name, "Maria Lopez");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Their name.
    pub name: String,
    /// What they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// The body of `POST /v1/sites/{site}/people`.
///
/// ```
/// let new = heard_wire::NewTeammate::from_json(br#"{"name":"Maria Lopez","role":"Shop manager","email":"maria@shop.example"}"#).unwrap();
/// assert_eq!(new.role.as_deref(), Some("Shop manager"));
/// assert!(heard_wire::NewTeammate::from_json(br#"{"name":"Maria","email":"030 123456"}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTeammate {
    /// As customers read it, 1 to 80 bytes on one line.
    pub name: String,
    /// What they do, as customers read it, at most 80 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Where they are reached; told in events and never to customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Contact>,
    /// Until then no case is assigned to them by a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_until: Option<Timestamp>,
}

impl NewTeammate {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        Self::from_members(object(body)?)
    }

    fn from_members(members: Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::of(members);
        let name = fields.required_text("name", usize::MAX).map(|name| name.trim().to_owned());
        let role = fields.optional_text("role", usize::MAX).map(|role| role.trim().to_owned());
        for (field, text) in [("name", &name), ("role", &role)] {
            if text.as_ref().is_some_and(|text| text.is_empty() || text.len() > 80 || text.contains(is_hidden)) {
                fields.invalid(field, "must be 1 to 80 bytes on one line");
            }
        }
        let email: Option<Contact> = fields.optional_checked("email");
        if email.as_ref().is_some_and(|email| email.kind() != ContactKind::Email) {
            fields.invalid("email", "must be an email address");
        }
        let absent_until = fields.optional("absent_until");
        fields.finish(|| Some(Self { name: name?, role, email, absent_until }))
    }
}

/// The body of `PATCH /v1/sites/{site}/people/{person}`: a merge patch (RFC 7396) of [`NewTeammate`].
///
/// ```
/// let maria = heard_wire::NewTeammate::from_json(br#"{"name":"Maria","role":"Manager"}"#).unwrap();
/// let patch = heard_wire::TeammatePatch::from_json(br#"{"role":null,"absent_until":"2026-12-01T00:00:00Z"}"#).unwrap();
/// let away = patch.applied_to(&maria).unwrap();
/// assert!(away.role.is_none() && away.absent_until.is_some() && away.name == "Maria");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeammatePatch(Map<String, Value>);

impl TeammatePatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let patch = Self(object(body)?);
        let any = NewTeammate { name: "a".to_owned(), role: None, email: None, absent_until: None };
        patch.clone().applied_to(&any).map(|_| patch)
    }

    /// The person with the changes made.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn applied_to(self, before: &NewTeammate) -> Result<NewTeammate, Problem> {
        let Ok(Value::Object(mut members)) = serde_json::to_value(before) else {
            return Err(Problem::new(Code::Internal, "The person cannot be written."));
        };
        members.extend(self.0);
        NewTeammate::from_members(members)
    }
}
