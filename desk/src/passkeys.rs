//! What the browser does with passkeys. It reads and writes them as JSON itself; one that cannot is offered none.

use crate::api;
use crate::browser::window;
use crate::json::Members as _;
use crate::texts::t;
use heard_wire::PasskeyChallenge;
use js_sys::{JSON, Object, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON, catch)]
    fn parse_creation(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn parse_request(options: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], catch)]
    async fn create(options: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], catch)]
    async fn get(options: &Object) -> Result<JsValue, JsValue>;
}

/// Whether this browser has passkeys for pages like this one: over https, or on localhost.
pub(crate) fn are_known() -> bool {
    let known = || {
        let window = window()?;
        let kind = Reflect::get(&window, &"PublicKeyCredential".into()).ok()?;
        Reflect::get(&kind, &"parseRequestOptionsFromJSON".into()).ok().filter(JsValue::is_function)
    };
    known().is_some()
}

/// Has the browser make a passkey; gives what is to be kept of it. In words why there is none; empty where somebody thought
/// better of it.
pub(crate) async fn make(name: &str) -> Result<Value, String> {
    let PasskeyChallenge { challenge, rp_id, .. } = challenge().await?;
    // The authenticator keeps one passkey for each of these; the desk knows its people by their keys.
    let user = json!({ "id": challenge.get(..43).unwrap_or(&challenge), "name": name, "displayName": name });
    let options = json!({
        "challenge": challenge,
        "rp": { "id": rp_id, "name": "Heard" },
        "user": user,
        "pubKeyCredParams": [{ "type": "public-key", "alg": -7 }, { "type": "public-key", "alg": -257 }],
        "authenticatorSelection": { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
        "attestation": "none",
    });
    let made = async { create(&asking(parse_creation(&parsed(&options)?)?)?).await };
    written(made.await)
}

/// Has the browser show a passkey.
pub(crate) async fn show() -> Result<Value, String> {
    let PasskeyChallenge { challenge, rp_id, .. } = challenge().await?;
    let options = json!({ "challenge": challenge, "rpId": rp_id, "userVerification": "required" });
    let shown = async { get(&asking(parse_request(&parsed(&options)?)?)?).await };
    written(shown.await)
}

async fn challenge() -> Result<PasskeyChallenge, String> {
    api::send("POST", "/v1/passkeys/challenge", &json!({})).plainly().read().await.map_err(|trouble| trouble.text)
}

fn parsed(options: &Value) -> Result<JsValue, JsValue> {
    JSON::parse(&options.to_string())
}

fn asking(public_key: JsValue) -> Result<Object, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"publicKey".into(), &public_key)?;
    Ok(options)
}

/// As the browser writes it down.
fn written(credential: Result<JsValue, JsValue>) -> Result<Value, String> {
    let why = |error: JsValue| {
        let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default();
        // Somebody closed the browser's window, or it waited in vain: no fault to tell of.
        if name == "NotAllowedError" { String::new() } else { t("passkeys.failed") }
    };
    let text = credential.and_then(|credential| JSON::stringify(&credential)).map_err(why)?;
    let text = text.as_string().unwrap_or_default();
    let value: Value = serde_json::from_str(&text).map_err(|_| t("passkeys.failed"))?;
    if value.text("id").is_empty() { Err(t("passkeys.failed")) } else { Ok(value) }
}
