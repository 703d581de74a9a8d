use crate::cases::Teammate;
use crate::fields::Fields;
use crate::id::{SessionId, SiteId};
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::sites::key::Scope;
use crate::sites::passkey::ShownCredential;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// Somebody who is signed in at the desk, until they sign out or have not been there for 12 hours. The secret is in their
/// browser's cookie; only its hash is kept.
///
/// ```
/// let s: heard_wire::Session = serde_json::from_str(r#"{"id":"ses_00000000000000000000000000000000",
///   "holder":{"kind":"key","site":"shop","prefix":"hk_0123456789ab"},"browser":"Firefox on Android",
///   "created_at":"2026-11-22T09:00:00.000Z","last_used_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(matches!(s.holder, heard_wire::SessionHolder::Key { .. }));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// `ses_...`; it opens nothing.
    pub id: SessionId,
    /// With what they signed in.
    pub holder: SessionHolder,
    /// What their browser calls itself, in a few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they were last there, to the minute.
    pub last_used_at: Timestamp,
}

impl Listed for Session {
    const MEMBER: &'static str = "sessions";
    const PAGE: &'static str = "Sessions";
    type Cursor = NoCursor;
}

/// With what somebody signed in: they may what it allows.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SessionHolder {
    /// The owner key.
    Owner,
    /// A key of a site. The session ends when it is revoked.
    Key {
        /// Of which site.
        site: SiteId,
        /// How it begins.
        prefix: String,
    },
}

/// Who is signed in: the answer to signing in, and to `GET /v1/session`.
///
/// ```
/// let s: heard_wire::SignedIn = serde_json::from_str(r#"{"session":{"id":"ses_00000000000000000000000000000000",
///   "holder":{"kind":"owner"},"created_at":"2026-11-22T09:00:00.000Z","last_used_at":"2026-11-22T09:00:00.000Z"},
///   "allows":"admin","person":null}"#).unwrap();
/// assert_eq!(s.allows, heard_wire::Scope::Admin);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// As it is listed.
    pub session: Session,
    /// What they may.
    pub allows: Scope,
    /// Who they are, where their key is one of the site's people's.
    pub person: Option<Teammate>,
}

/// What a key of a site allows, and whose it is.
///
/// ```
/// let h: heard_wire::KeyHolder = serde_json::from_str(r#"{"allows":"write","person":null}"#).unwrap();
/// assert_eq!(h.allows, heard_wire::Scope::Write);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyHolder {
    /// What it allows.
    pub allows: Scope,
    /// Whose it is, of the site's people.
    pub person: Option<Teammate>,
}

/// The body of `POST /v1/session`: a key or a passkey, exchanged for a cookie.
///
/// ```
/// let new = heard_wire::NewSession::from_json(br#"{"key":" hk_0123456789ab_ffff ","site":"shop"}"#).unwrap();
/// assert!(!format!("{new:?}").contains("ffff"));
/// assert!(heard_wire::NewSession::from_json(br#"{"key":"hk_0123456789ab_ffff"}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSession {
    /// The owner key, or a key of a site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// With a key of a site: of which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
    /// In place of a key: what `navigator.credentials.get()` gave, as `toJSON()` writes it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<ShownCredential>,
    /// In place of both: what Cloudflare Access sends along with the request, where the owner has put it before the desk.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub access: bool,
}

impl NewSession {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let access = fields.optional("access").unwrap_or(false);
        let shows_passkey = fields.has("passkey");
        let passkey = if shows_passkey { fields.required_of_browsers("passkey") } else { None };
        // Who shows none of them is asked for a key.
        let key = if shows_passkey || access { None } else { fields.required_text("key", 500) };
        let key = key.map(|key| key.trim().to_owned());
        let site = fields.optional_checked("site");
        if site.is_none() && key.as_deref().is_some_and(|key| key.starts_with("hk_")) {
            fields.invalid("site", "must name the site that this key is of");
        }
        fields.finish(|| Some(Self { key, site, passkey, access }))
    }
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewSession").field("site", &self.site).finish_non_exhaustive()
    }
}
