use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// A signature scheme of Standard Webhooks.
///
/// ```
/// assert_eq!(serde_json::to_string(&heard_wire::SignatureScheme::V1a).unwrap(), r#""v1a""#);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureScheme {
    /// HMAC-SHA256 with a secret that both sides know.
    #[default]
    V1,
    /// Ed25519: the receiver holds a public key only, so what it stores cannot sign.
    V1a,
}

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
