use crate::cases::{Case, CaseEntry, Teammate};
use crate::conversations::{Message, NewMessage};
use crate::id::{AnnouncementId, MessageId, ResponseId, SiteId};
use crate::improving::{Announcement, Improvement};
use crate::language::LanguageTag;
use crate::page_url::PageUrl;
use crate::responses::StoredResponse;
use crate::sites::key::ApiKey;
use crate::sites::settings::SiteSettings;
use crate::sites::settings_patch::SettingsPatch;
use crate::survey::checked_comment;
use crate::text::InvalidText;
use crate::timestamp::Timestamp;
use crate::webhooks::Endpoint;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// A line of a whole site's export, and of its import: `GET` and `POST /v1/sites/{site}/backup`.
///
/// ```
/// let line = r#"{"kind":"erased","id":"0190a5c4-7a1c-7def-8123-456789abcdef"}"#;
/// let record: heard_wire::BackupRecord = serde_json::from_str(line).unwrap();
/// assert_eq!(serde_json::to_string(&record).unwrap(), line);
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant, reason = "most are responses")]
pub enum BackupRecord {
    /// The first line.
    Site {
        /// Of the form that lines have: 1.
        version: u8,
        /// The site it was.
        site: SiteId,
        /// When it was exported.
        exported_at: Timestamp,
        /// What the owner set.
        settings: SiteSettings,
    },
    /// An API key, which goes on working where it is imported.
    Key {
        /// As it is listed.
        #[serde(flatten)]
        listed: ApiKey,
        /// SHA-256 of the whole key, in hexadecimal digits.
        hash: String,
    },
    /// A webhook endpoint.
    Endpoint {
        /// As it is listed.
        #[serde(flatten)]
        listed: Endpoint,
        /// SECRET: what its deliveries are signed with; only for the owner key. Without it an endpoint is not imported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret: Option<String>,
    },
    /// SECRET: what the owner's server vouches for visitors with; only for the owner key.
    VisitorKey {
        /// The key itself.
        key: String,
        /// Made then.
        created_at: Timestamp,
        /// Good until then, where another took its place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// A response, with what its customer was shown.
    Response {
        /// Both.
        #[serde(flatten)]
        stored: StoredResponse,
        /// SHA-256 of what the customer's browser keeps to itself, in hexadecimal digits.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_hash: Option<String>,
    },
    /// A message to a customer, or of one.
    Message(Message),
    /// One of the owner's people.
    #[serde(rename = "person")]
    Teammate(Teammate),
    /// An improvement, without what stands behind it.
    Improvement {
        /// As it is listed.
        improvement: Box<Improvement>,
    },
    /// A case, with what happened to it.
    Case {
        /// As it is listed.
        case: Box<Case>,
        /// Oldest first.
        history: Vec<CaseEntry>,
    },
    /// An announcement; where it comes in, it tells nobody anew.
    Announcement {
        /// As it is listed.
        announcement: Box<Announcement>,
    },
    /// Who was told an announcement, and what they said to it.
    Told {
        /// Which.
        announcement: AnnouncementId,
        /// In the conversation about this answer.
        told: ResponseId,
        /// For having said it in this one.
        response: ResponseId,
        /// By this message.
        message: MessageId,
        /// Whether it asks something.
        #[serde(default)]
        asks: bool,
        /// What they said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        better: Option<bool>,
        /// When.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        judged_at: Option<Timestamp>,
    },
    /// A response that was erased, so that it does not come back.
    Erased {
        /// Its id.
        id: ResponseId,
    },
    /// How often the question was shown in an hour.
    Shown {
        /// The hour's beginning.
        hour: Timestamp,
        /// Where; absent for pages that were counted together.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<PageUrl>,
        /// In which language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        lang: Option<LanguageTag>,
        /// So often.
        times: u64,
    },
    /// The last line: without it something is missing.
    End {
        /// How many lines came before.
        records: u64,
    },
}

/// Of the form that lines of a backup have.
const VERSION: u8 = 1;

impl BackupRecord {
    /// The first record of a backup.
    #[must_use]
    pub fn begin(site: SiteId, exported_at: Timestamp, settings: SiteSettings) -> Self {
        Self::Site { version: VERSION, site, exported_at, settings }
    }

    /// Checks what comes in as strictly as if it came by the API.
    ///
    /// # Errors
    /// What is wrong, in words; never what stands there.
    pub fn checked(self, now: Timestamp) -> Result<Self, String> {
        match self {
            Self::Site { version, .. } if version != VERSION => {
                Err(format!("is of the form {version}, and this release reads {VERSION}"))
            }
            Self::Site { version, site, exported_at, settings } => {
                let settings = SettingsPatch::default().applied_to(&settings).map_err(|problem| problem.detail)?;
                Ok(Self::Site { version, site, exported_at, settings })
            }
            Self::Response { mut stored, secret_hash } => {
                let response = &mut stored.response;
                if response.created_at > now + CLOCKS_DIFFER {
                    return Err("/created_at lies ahead".to_owned());
                }
                let comment = response.comment.take().map(checked_comment).transpose();
                response.comment = comment.map_err(|InvalidText(must_be)| format!("/comment {must_be}"))?;
                Ok(Self::Response { stored, secret_hash })
            }
            Self::Endpoint { mut listed, secret } => {
                listed.settings = listed.settings.checked().map_err(|problem| problem.detail)?;
                Ok(Self::Endpoint { listed, secret })
            }
            Self::Improvement { mut improvement } => {
                improvement.settings = improvement.settings.checked().map_err(|problem| problem.detail)?;
                Ok(Self::Improvement { improvement })
            }
            Self::Message(message) => {
                let text =
                    NewMessage::new(&message.text).ok_or("/text must be 1 to 2,000 characters of plain text")?.text;
                Ok(Self::Message(Message { text, ..message }))
            }
            record => Ok(record),
        }
    }
}

/// Of two places that keep the time.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

impl std::fmt::Debug for BackupRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Secrets, and what customers wrote.
        f.write_str(match self {
            Self::Site { .. } => "Site",
            Self::Key { .. } => "Key",
            Self::VisitorKey { .. } => "VisitorKey",
            Self::Endpoint { .. } => "Endpoint",
            Self::Response { .. } => "Response",
            Self::Message(_) => "Message",
            Self::Teammate(_) => "Teammate",
            Self::Improvement { .. } => "Improvement",
            Self::Announcement { .. } => "Announcement",
            Self::Told { .. } => "Told",
            Self::Case { .. } => "Case",
            Self::Erased { .. } => "Erased",
            Self::Shown { .. } => "Shown",
            Self::End { .. } => "End",
        })
    }
}

/// What an import did, or would do.
///
/// ```
/// let r: heard_wire::ImportReport = serde_json::from_str(r#"{"dry_run":true,"added":3,"changed":0,"known":1,"faults":[]}"#).unwrap();
/// assert_eq!(r.added, 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportReport {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Records that are new here.
    pub added: u64,
    /// Records that take the place of an older state.
    pub changed: u64,
    /// Records that were here already, or whose response was erased here.
    pub known: u64,
    /// Whether the file came to its end; without, send the rest, or all of it again.
    #[serde(default)]
    pub complete: bool,
    /// Lines that were left out, at most 20 of them.
    pub faults: Vec<LineFault>,
    /// Which column was taken for what, by the names of the parameters that map them; in a dry run of a table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, String>,
    /// The first rows as they are understood; in a dry run of a table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preview: Vec<ImportedRow>,
}

/// A line of an import that was left out.
///
/// ```
/// let f: heard_wire::LineFault = serde_json::from_str(r#"{"line":17,"detail":"score must be from 0 to 10"}"#).unwrap();
/// assert_eq!(f.line, 17);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFault {
    /// From 1.
    pub line: u64,
    /// What is wrong. Never what stands there.
    pub detail: String,
}

/// A row of another tool's table, as it is understood.
///
/// ```
/// let r: heard_wire::ImportedRow = serde_json::from_str(r#"{"line":2,"score":9,"comment":"Lovely","created_at":"2024-01-31T13:45:00.000Z"}"#).unwrap();
/// assert_eq!(r.score, 9);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedRow {
    /// From 1.
    pub line: u64,
    /// 0 to 10.
    pub score: u8,
    /// What was said.
    #[serde(default)]
    pub comment: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// In which language; the site's where the table tells none, or nothing that is one.
    #[serde(default)]
    pub lang: String,
    /// Where; `app://import` where the table tells no address.
    #[serde(default)]
    pub page: String,
}

impl ImportReport {
    /// With what another part of the file came to.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.added += other.added;
        self.changed += other.changed;
        self.known += other.known;
        self.complete |= other.complete;
        self.faults.extend(other.faults);
        self.faults.truncate(MAX_FAULTS);
        self.columns.extend(other.columns);
        self.preview.extend(other.preview);
        self.preview.truncate(MAX_FAULTS);
        self
    }
}

const MAX_FAULTS: usize = 20;
