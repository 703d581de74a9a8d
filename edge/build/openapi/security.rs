//! Who may call what, and what they bring.

use heard_wire::api::Access;
use serde_json::{Value, json};

/// What requests are signed with.
pub(super) fn schemes() -> Value {
    json!({
        "key": { "type": "http", "scheme": "bearer", "description": "The owner key, or an API key (hk_...)." },
        "desk": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-heard-desk",
            "description": "Of somebody who signed in at the desk; only pages of this origin may send it. On a developer's own machine it is called heard-desk.",
        },
        "customer": {
            "type": "http",
            "scheme": "bearer",
            "description": "Of a customer's browser: the id of an answer, a full stop, and its secret.",
        },
    })
}

/// What an operation needs, and the same in words; nothing where anybody may.
pub(super) fn needed(access: Access) -> Option<(Value, String)> {
    let by_key = json!([{ "key": [] }, { "desk": [] }]);
    Some(match access {
        Access::Public => return None,
        Access::PublicOrKey(scope) => {
            let trusts =
                "Anybody may. What comes with the owner key, or a key with the scope `{}`, is trusted as it is.";
            (json!([{}, { "key": [] }]), trusts.replace("{}", scope.as_str()))
        }
        Access::Customer => {
            let needs = "Needs the id of an answer and the secret that its browser began it with, as ID.SECRET; or, on any device, \
                 visitor.PROOF.HEXID of who the owner's server vouches for: the proof, and the visitor's id in hexadecimal digits.";
            (json!([{ "customer": [] }]), needs.to_owned())
        }
        Access::Desk => {
            (json!([{ "desk": [] }]), "Needs the cookie of somebody who is signed in at the desk.".to_owned())
        }
        Access::Owner => (by_key, "Needs the owner key.".to_owned()),
        Access::Key(scope) => (by_key, format!("Needs the owner key, or a key with the scope `{}`.", scope.as_str())),
    })
}
