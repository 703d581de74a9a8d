use crate::fields::Fields;
use crate::id::SiteId;
use crate::problem::Problem;
use crate::sites::passkey::ShownCredential;
use serde::{Deserialize, Serialize};

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
