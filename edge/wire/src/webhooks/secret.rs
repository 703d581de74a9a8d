use crate::fields::Fields;
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use crate::webhooks::endpoint::Endpoint;
use serde::{Deserialize, Serialize};

/// What a receiver verifies deliveries with (Standard Webhooks): for `v1` the secret, `whsec_` and the base64 of 32 random
/// bytes; for `v1a` the public key, `whpk_` and the base64 of its 32 bytes.
///
/// ```
/// let s: heard_wire::EndpointSecret = serde_json::from_str(r#"{"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"#).unwrap();
/// assert!(!format!("{s:?}").contains("MfKQ"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSecret {
    /// For `v1`: what deliveries are signed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// For `v1a`: the other half of what deliveries are signed with, which never leaves the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// Until when they also carry the signature of the secret before.
    #[serde(default)]
    pub previous_until: Option<Timestamp>,
}

impl std::fmt::Debug for EndpointSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndpointSecret").field("previous_until", &self.previous_until).finish_non_exhaustive()
    }
}

/// An endpoint as it was added, with what its deliveries are verified with: the only answer that holds both.
///
/// ```
/// let added: heard_wire::AddedEndpoint = serde_json::from_str(r#"{"id":"ep_00000000000000000000000000000000",
///   "url":"https://crm.example/hooks","created_at":"2026-11-22T09:00:00.000Z","secret":"whsec_MfKQ9r8G"}"#).unwrap();
/// assert!(!format!("{added:?}").contains("MfKQ"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedEndpoint {
    /// The endpoint.
    #[serde(flatten)]
    pub endpoint: Endpoint,
    /// For `v1`: what deliveries are signed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// For `v1a`: the other half of what deliveries are signed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

impl std::fmt::Debug for AddedEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddedEndpoint").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// The body of `POST .../endpoints/{id}/secret`, which may be empty.
///
/// ```
/// assert_eq!(heard_wire::Rotation::from_json(b"").unwrap().overlap_hours, 24);
/// assert_eq!(heard_wire::Rotation::from_json(br#"{"overlap_hours":0}"#).unwrap().overlap_hours, 0);
/// assert!(heard_wire::Rotation::from_json(br#"{"overlap_hours":169}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rotation {
    /// Hours in which deliveries carry the signature of the secret before, too: 0 to 168, 24 unless told. With 0 a secret that
    /// leaked is void at once.
    pub overlap_hours: u8,
}

impl Default for Rotation {
    fn default() -> Self {
        Self { overlap_hours: 24 }
    }
}

impl Rotation {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        let mut fields = Fields::read(body)?;
        let overlap_hours = fields.optional("overlap_hours").unwrap_or(Self::default().overlap_hours);
        if overlap_hours > 168 {
            fields.invalid("overlap_hours", "must be from 0 to 168");
        }
        fields.finish(|| Some(Self { overlap_hours }))
    }
}
