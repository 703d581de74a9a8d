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
