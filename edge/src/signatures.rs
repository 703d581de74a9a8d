//! Signatures of passkeys and of Cloudflare Access, which the runtime checks (Web Crypto).

use crate::runtime::logged;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use heard_site::sites::raw_signature;
use heard_wire::Problem;
use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto, WorkerGlobalScope};

/// With what an authenticator signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Es256,
    Rs256,
}

impl Algorithm {
    /// By its number in COSE.
    pub(crate) fn numbered(number: i32) -> Option<Self> {
        match number {
            -7 => Some(Self::Es256),
            -257 => Some(Self::Rs256),
            _ => None,
        }
    }

    /// As Web Crypto calls it, for importing and for verifying.
    fn named(self) -> Result<Object, JsValue> {
        let members = match self {
            Self::Es256 => [("name", "ECDSA"), ("namedCurve", "P-256"), ("hash", "SHA-256")].as_slice(),
            Self::Rs256 => [("name", "RSASSA-PKCS1-v1_5"), ("hash", "SHA-256")].as_slice(),
        };
        let object = Object::new();
        for (name, value) in members {
            Reflect::set(&object, &(*name).into(), &(*value).into())?;
        }
        Ok(object)
    }
}

/// Whether this is a key of this algorithm.
pub(crate) async fn reads(public_key: &str, algorithm: i32) -> Result<bool, Problem> {
    let Some(algorithm) = Algorithm::numbered(algorithm) else { return Ok(false) };
    Ok(import(public_key, algorithm).await?.is_some())
}

/// Whether a signature, in base64url, is of this text by this key.
pub(crate) async fn verifies(
    public_key: &str,
    algorithm: i32,
    signature: &str,
    signed: &[u8],
) -> Result<bool, Problem> {
    let Some(algorithm) = Algorithm::numbered(algorithm) else { return Ok(false) };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Ok(false) };
    let signature = match algorithm {
        Algorithm::Es256 => raw_signature(&signature).map(Vec::from),
        Algorithm::Rs256 => Some(signature),
    };
    let (Some(signature), Some(key)) = (signature, import(public_key, algorithm).await?) else { return Ok(false) };
    verify(algorithm, &key, &signature, signed).await.map_err(|error| failed(&error))
}

/// Whether a signature of RS256, in base64url, is of this text by the key that this JWK holds.
pub(crate) async fn verifies_rs256(jwk: &Value, signature: &str, signed: &[u8]) -> Result<bool, Problem> {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Ok(false) };
    let verified = async {
        let named = Algorithm::Rs256.named()?;
        let jwk: Object = JSON::parse(&jwk.to_string())?.unchecked_into();
        let uses = Array::of1(&"verify".into());
        let key = subtle()?.import_key_with_object("jwk", &jwk, &named, false, &uses)?;
        verify(Algorithm::Rs256, &JsFuture::from(key).await?.unchecked_into(), &signature, signed).await
    };
    verified.await.map_err(|error| failed(&error))
}

async fn verify(algorithm: Algorithm, key: &CryptoKey, signature: &[u8], signed: &[u8]) -> Result<bool, JsValue> {
    let (signature, signed) = (Uint8Array::from(signature), Uint8Array::from(signed));
    let promise = subtle()?.verify_with_object_and_buffer_source_and_buffer_source(
        &algorithm.named()?,
        key,
        &signature,
        &signed,
    )?;
    Ok(JsFuture::from(promise).await?.is_truthy())
}

/// The key, where it is one.
async fn import(public_key: &str, algorithm: Algorithm) -> Result<Option<CryptoKey>, Problem> {
    let Ok(public_key) = URL_SAFE_NO_PAD.decode(public_key) else { return Ok(None) };
    let subtle = subtle().map_err(|error| failed(&error))?;
    let named = algorithm.named().map_err(|error| failed(&error))?;
    let uses = Array::of1(&"verify".into());
    let promise = subtle.import_key_with_object("spki", &Uint8Array::from(&public_key[..]), &named, false, &uses);
    let Ok(promise) = promise else { return Ok(None) };
    // What is no key is refused by the promise.
    Ok(JsFuture::from(promise).await.ok().map(|key| key.unchecked_into()))
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    Ok(scope.crypto()?.subtle())
}

fn failed(error: &JsValue) -> Problem {
    logged("check a signature", &format!("{error:?}"))
}
