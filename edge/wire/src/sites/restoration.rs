use crate::fields::Fields;
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/sites/{site}/restore`: a moment of the last 30 days, or the bookmark that an earlier restoration gave
/// to undo it.
///
/// ```
/// let r = heard_wire::Restoration::from_json(br#"{"to":"2026-11-22T09:00:00Z"}"#).unwrap();
/// assert!(r.to.is_some() && r.bookmark.is_none());
/// assert!(heard_wire::Restoration::from_json(b"{}").is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// The moment.
    #[serde(default)]
    pub to: Option<Timestamp>,
    /// The bookmark, at most 200 bytes.
    #[serde(default)]
    pub bookmark: Option<String>,
}

impl Restoration {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let to: Option<Timestamp> = fields.optional("to");
        let bookmark = fields.optional_text("bookmark", 200);
        if bookmark.as_deref().is_some_and(|bookmark| !is_bookmark(bookmark)) {
            fields.invalid("bookmark", "must be the undo of an earlier restoration");
        }
        if to.is_some() == bookmark.is_some() {
            fields.invalid("to", "must be told, or bookmark, and not both");
        }
        fields.finish(|| Some(Self { to, bookmark }))
    }
}

/// As Cloudflare writes them, in hexadecimal digits and dashes: `0000007b-0000b26e-00001538-0c3e87bb37b3db5cc52eedb93cd3b96b`.
fn is_bookmark(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// The site is being set back.
///
/// ```
/// let r: heard_wire::Restored = serde_json::from_str(r#"{"undo":"00000085-00000007-00004e1b"}"#).unwrap();
/// assert!(!r.undo.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The bookmark of the moment before: restoring it undoes this.
    pub undo: String,
}
