use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// Sending did not work out; the customer's words stay where they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failed {
    /// The Worker could not be reached or did not take it.
    Unsent,
    /// The words are more than the Worker takes; only it counts them, so that both never disagree.
    TooLong,
}

/// Posts JSON as `text/plain`, which needs no preflight, and gives the body of the answer.
pub(crate) async fn post(url: &str, body: &str) -> Result<String, Failed> {
    let answer = request(url, body).await.map_err(|_| Failed::Unsent)?;
    let text = JsFuture::from(answer.text().map_err(|_| Failed::Unsent)?).await.map_err(|_| Failed::Unsent)?;
    let text = text.as_string().ok_or(Failed::Unsent)?;
    match answer.status() {
        200..=299 => Ok(text),
        413 => Err(Failed::TooLong),
        422 if text.contains("\"comment_too_long\"") => Err(Failed::TooLong),
        _ => Err(Failed::Unsent),
    }
}

const TIMEOUT_MILLIS: u32 = 20_000;

async fn request(url: &str, body: &str) -> Result<Response, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(body));
    // A score clicked on the way out of the page still arrives. Browsers refuse larger bodies with this set.
    js_sys::Reflect::set(&init, &"keepalive".into(), &JsValue::from_bool(body.len() < 60_000))?;
    js_sys::Reflect::set(&init, &"credentials".into(), &"omit".into())?;
    js_sys::Reflect::set(&init, &"referrerPolicy".into(), &"no-referrer".into())?;
    // A tunnel takes the request and never answers; trying again is safe, since the revision tells.
    init.set_signal(Some(&web_sys::AbortSignal::timeout_with_u32(TIMEOUT_MILLIS)));
    JsFuture::from(window.fetch_with_str_and_init(url, &init)).await?.dyn_into()
}
