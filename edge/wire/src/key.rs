use crate::{Problem, Timestamp, fields::Fields};
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
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// What a key allows; each includes the ones before.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
        let scope = fields.required("scope").and_then(|value| fields.parsed("scope", value));
        fields.finish()?;
        Ok(Self { name: name.unwrap_or_default(), scope: scope.unwrap_or(Scope::Read) })
    }
}
