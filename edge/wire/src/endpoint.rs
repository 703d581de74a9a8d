use crate::{EndpointId, Problem, Timestamp, fields::Fields};
use serde::{Deserialize, Serialize};

/// A webhook endpoint of a site.
///
/// ```
/// let e: heard_wire::Endpoint = serde_json::from_str(r#"{"id":"ep_00000000000000000000000000000000",
///   "url":"https://crm.example/hooks","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert_eq!(format!("{e:?}").matches("MfKQ").count(), 0);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `ep_...`
    pub id: EndpointId,
    /// Where events are sent.
    pub url: String,
    /// The signing secret, `whsec_` and base64 of 32 random bytes (Standard Webhooks).
    pub secret: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it answered 410 and was left alone from then on.
    #[serde(default)]
    pub disabled_at: Option<Timestamp>,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint")
            .field("id", &self.id)
            .field("url", &self.url)
            .field("secret", &"[redacted]")
            .field("created_at", &self.created_at)
            .field("disabled_at", &self.disabled_at)
            .finish()
    }
}

/// The body of `POST /v1/sites/{site}/endpoints`.
///
/// ```
/// let e = heard_wire::NewEndpoint::from_json(br#"{"url":"https://crm.example/hooks"}"#).unwrap();
/// assert_eq!(e.url, "https://crm.example/hooks");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEndpoint {
    /// An absolute http or https URL, at most 2,048 bytes.
    pub url: String,
}

impl NewEndpoint {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let url = fields.required_text("url", 2_048);
        if let Some(url) = &url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            fields.invalid("url", "must be an absolute URL beginning with https://");
        }
        fields.finish()?;
        Ok(Self { url: url.unwrap_or_default() })
    }
}
