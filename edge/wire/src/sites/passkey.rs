use crate::fields::Fields;
use crate::id::PasskeyId;
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::sites::session::SessionHolder;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A passkey (WebAuthn) with which somebody signs in at the desk. It opens what the key opens that they were signed in with when
/// they added it, for as long as that key does.
///
/// ```
/// let p: heard_wire::Passkey = serde_json::from_str(r#"{"id":"pas_00000000000000000000000000000000","name":"My phone",
///   "holder":{"kind":"owner"},"created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(p.last_used_at.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// `pas_...`; it opens nothing.
    pub id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// Whose it is: with what they were signed in.
    pub holder: SessionHolder,
    /// When it was added.
    pub created_at: Timestamp,
    /// When somebody signed in with it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

impl Listed for Passkey {
    const MEMBER: &'static str = "passkeys";
    const PAGE: &'static str = "Passkeys";
    type Cursor = NoCursor;
}

/// What an authenticator is to sign, to add a passkey or to sign in with one. It is good once.
///
/// ```
/// let c: heard_wire::PasskeyChallenge =
///     serde_json::from_str(r#"{"challenge":"AAAA","rp_id":"feedback.example","expires_in":300}"#).unwrap();
/// assert_eq!(c.rp_id, "feedback.example");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyChallenge {
    /// For `publicKey.challenge`, in base64url.
    pub challenge: String,
    /// For `publicKey.rp.id` and `publicKey.rpId`: the host of the desk.
    pub rp_id: String,
    /// Seconds for which it is good.
    pub expires_in: u32,
}

/// The body of `POST /v1/passkeys`: what an authenticator made, as browsers write it down (`RegistrationResponseJSON`; members
/// that are not named here are passed over).
///
/// ```
/// let new = heard_wire::NewPasskey::from_json(br#"{"name":" My phone ","credential":{"id":"AAAA","response":{
///   "clientDataJSON":"AAAA","authenticatorData":"AAAA","publicKey":"AAAA","publicKeyAlgorithm":-7}}}"#).unwrap();
/// assert_eq!(new.name, "My phone");
/// assert!(heard_wire::NewPasskey::from_json(br#"{"name":"My phone"}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPasskey {
    /// What its owner calls it; at most 60 bytes.
    pub name: String,
    /// What was made.
    pub credential: MadeCredential,
}

/// What an authenticator made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeCredential {
    /// In base64url.
    pub id: String,
    /// All of it in base64url.
    pub response: MadeResponse,
}

/// What an authenticator says of what it made.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeResponse {
    /// What the browser was asked for, and by whom.
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    /// Which authenticator for which host, and whether somebody was there.
    #[serde(rename = "authenticatorData")]
    pub authenticator_data: String,
    /// `SubjectPublicKeyInfo`, in DER.
    #[serde(rename = "publicKey")]
    pub public_key: String,
    /// Its number in COSE: -7 (ES256) or -257 (RS256).
    #[serde(rename = "publicKeyAlgorithm")]
    pub algorithm: i32,
}

/// What an authenticator signed, as browsers write it down (`AuthenticationResponseJSON`; members that are not named here are
/// passed over).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCredential {
    /// In base64url.
    pub id: String,
    /// All of it in base64url.
    pub response: ShownResponse,
}

/// What an authenticator says, and its signature.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownResponse {
    /// What the browser was asked for, and by whom.
    #[serde(rename = "clientDataJSON")]
    pub client_data: String,
    /// For which host, and whether somebody was there.
    #[serde(rename = "authenticatorData")]
    pub authenticator_data: String,
    /// Of both.
    pub signature: String,
}

impl NewPasskey {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let name = fields.required_text("name", 60).map(|name| name.trim().to_owned());
        let credential = fields.required_of_browsers("credential");
        fields.finish(|| Some(Self { name: name?, credential: credential? }))
    }
}
