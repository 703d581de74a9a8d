use crate::cases::Teammate;
use crate::id::{SessionId, SiteId};
use crate::page::{Listed, NoCursor};
use crate::sites::key::Scope;
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
