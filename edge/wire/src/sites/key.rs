use crate::fields::Fields;
use crate::id::TeammateId;
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// An API key of a site. The key itself is shown once, when it is made; only its hash is kept.
///
/// ```
/// let k: heard_wire::ApiKey = serde_json::from_str(r#"{"prefix":"hk_0123456789ab","name":"dashboard","scope":"read",
///   "created_at":"2026-11-22T09:00:00.000Z","last_used_at":null}"#).unwrap();
/// assert!(k.scope < heard_wire::Scope::Write);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// How the key begins: `hk_` and 12 hexadecimal digits. Enough to recognise and revoke it.
    pub prefix: String,
    /// What it is for, in the owner's words.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// Whose it is: what is done with it, they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<TeammateId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Listed for ApiKey {
    const MEMBER: &'static str = "keys";
    const PAGE: &'static str = "ApiKeys";
    type Cursor = NoCursor;
}

impl Scope {
    /// The name as it stands in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What a key allows; each includes the ones before.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Scope {
    /// Reading responses, messages, metrics, settings, endpoints and their log.
    Read,
    /// Writing to customers; sending events again.
    Write,
    /// Settings, endpoints and their secrets, keys.
    Admin,
}

/// The body of `POST /v1/sites/{site}/keys`.
///
/// ```
/// let k = heard_wire::NewApiKey::from_json(br#"{"name":"dashboard","scope":"read"}"#).unwrap();
/// assert_eq!(k.scope, heard_wire::Scope::Read);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewApiKey {
    /// What it is for, 1 to 100 bytes.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// Whose it is, of the site's people; nobody's unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<TeammateId>,
}

impl NewApiKey {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let name = fields.required_text("name", 100).map(|name| name.trim().to_owned());
        if name.as_deref().is_some_and(str::is_empty) {
            fields.invalid("name", "must not be empty");
        }
        let scope = fields.required_as("scope");
        let person = fields.optional_checked("person");
        fields.finish(|| Some(Self { name: name?, scope: scope?, person }))
    }
}

/// A key as it was made, and the whole of it for the only time.
///
/// ```
/// let k: heard_wire::AddedApiKey = serde_json::from_str(r#"{"prefix":"hk_0123456789ab","name":"dashboard","scope":"read",
///   "created_at":"2026-11-22T09:00:00.000Z","last_used_at":null,"key":"hk_0123456789ab_ffff"}"#).unwrap();
/// assert!(!format!("{k:?}").contains("ffff"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedApiKey {
    /// The key as it is listed.
    #[serde(flatten)]
    pub listed: ApiKey,
    /// The whole key.
    pub key: String,
}

impl std::fmt::Debug for AddedApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddedApiKey").field("listed", &self.listed).finish_non_exhaustive()
    }
}
