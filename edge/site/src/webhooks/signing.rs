//! Signing deliveries, per Standard Webhooks: `v1` with a shared secret, `v1a` with Ed25519.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_compact::{KeyPair, Seed};
use heard_wire::{EndpointSecret, SignatureScheme, Timestamp};

/// What deliveries of one endpoint are signed with.
pub struct Signer {
    /// As it is stored: `whsec_` or `whsk_` and base64.
    secret: String,
    kind: Kind,
}

enum Kind {
    V1(Vec<u8>),
    V1a(KeyPair),
}

const SHARED: &str = "whsec_";
const PRIVATE: &str = "whsk_";
const PUBLIC: &str = "whpk_";

impl Signer {
    /// A new one, from 32 fresh random bytes.
    pub(crate) fn new(scheme: SignatureScheme, random: &mut dyn FnMut() -> [u8; 16]) -> Self {
        let mut bytes = [0; 32];
        for half in bytes.chunks_exact_mut(16) {
            half.copy_from_slice(&random());
        }
        match scheme {
            SignatureScheme::V1 => {
                Self { secret: format!("{SHARED}{}", STANDARD.encode(bytes)), kind: Kind::V1(bytes.to_vec()) }
            }
            SignatureScheme::V1a => {
                let pair = KeyPair::from_seed(Seed::new(bytes));
                Self { secret: format!("{PRIVATE}{}", STANDARD.encode(&pair.sk[..])), kind: Kind::V1a(pair) }
            }
        }
    }

    /// Reads one as it is stored; `None` when it is neither kind.
    #[must_use]
    pub fn read(secret: &str) -> Option<Self> {
        let bytes = |encoded| STANDARD.decode(encoded).ok();
        let kind = match secret.strip_prefix(SHARED) {
            Some(encoded) => Kind::V1(bytes(encoded)?),
            None => Kind::V1a(KeyPair::from_slice(&bytes(secret.strip_prefix(PRIVATE)?)?).ok()?),
        };
        Some(Self { secret: secret.to_owned(), kind })
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// What the owner is shown to verify with.
    pub(crate) fn shown(&self, previous_until: Option<Timestamp>) -> EndpointSecret {
        let (secret, public_key) = match &self.kind {
            Kind::V1(_) => (Some(self.secret.clone()), None),
            Kind::V1a(pair) => (None, Some(format!("{PUBLIC}{}", STANDARD.encode(&pair.pk[..])))),
        };
        EndpointSecret { secret, public_key, previous_until }
    }

    /// The signature of a delivery made at this second, as it stands in `webhook-signature`.
    #[must_use]
    pub fn sign(&self, event: &str, seconds: i64, body: &str) -> String {
        let signed = format!("{event}.{seconds}.{body}");
        match &self.kind {
            Kind::V1(secret) => format!("v1,{}", STANDARD.encode(hmac_sha256::HMAC::mac(signed, secret))),
            Kind::V1a(pair) => format!("v1a,{}", STANDARD.encode(&pair.sk.sign(signed, None)[..])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specifications_example_of_v1_is_signed_alike() {
        let signer = Signer::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_key_pair_is_that_of_rfc_8032() {
        let seed = [
            0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44, 0x49,
            0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
        ];
        let mut halves = seed.chunks_exact(16).map(|half| <[u8; 16]>::try_from(half).unwrap());
        let signer = Signer::new(SignatureScheme::V1a, &mut || halves.next().unwrap());
        let shown = signer.shown(None);
        assert_eq!(shown.public_key.as_deref(), Some("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
        assert_eq!(shown.secret, None, "the private key stays");
        let again = Signer::read(signer.secret()).unwrap();
        assert_eq!(again.sign("evt_1", 1, "{}"), signer.sign("evt_1", 1, "{}"));
        let signature = signer.sign("evt_1", 1, "{}");
        let bytes = STANDARD.decode(signature.strip_prefix("v1a,").unwrap()).unwrap();
        let pair = KeyPair::from_seed(Seed::new(seed));
        pair.pk.verify("evt_1.1.{}", &ed25519_compact::Signature::from_slice(&bytes).unwrap()).unwrap();
    }
}
