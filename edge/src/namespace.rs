//! The objects' namespaces, in the jurisdiction that the owner chose.

use crate::credential::variable;
use js_sys::Reflect;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use worker::Env;

/// Where Cloudflare keeps the data. The same name is another object in each jurisdiction, so it is chosen once.
const JURISDICTION: &str = "HEARD_JURISDICTION";

#[wasm_bindgen]
extern "C" {
    /// As bound to the Worker; `worker`'s own knows of no jurisdictions.
    type Namespace;

    #[wasm_bindgen(method, catch)]
    fn jurisdiction(this: &Namespace, name: &str) -> Result<Namespace, JsValue>;

    #[wasm_bindgen(method, catch, js_name = getByName)]
    fn get_by_name(this: &Namespace, name: &str) -> Result<JsValue, JsValue>;
}

/// The jurisdiction that is chosen, such as `eu`.
pub(crate) fn jurisdiction(env: &Env) -> Option<String> {
    variable(env, JURISDICTION).filter(|name| !name.is_empty())
}

/// All that there are, and none.
pub(crate) const JURISDICTIONS: [Option<&str>; 3] = [None, Some("eu"), Some("fedramp")];

/// The object of this name in what is bound as `binding`, to be called by RPC.
///
/// # Errors
/// In words, when nothing is bound or the jurisdiction is none.
pub(crate) fn object(env: &Env, binding: &str, name: &str) -> Result<JsValue, String> {
    object_in(env, jurisdiction(env).as_deref(), binding, name)
}

/// The same in a jurisdiction that need not be the chosen one.
pub(crate) fn object_in(env: &Env, jurisdiction: Option<&str>, binding: &str, name: &str) -> Result<JsValue, String> {
    let said = |error: JsValue| format!("{error:?}");
    let namespace: Namespace = Reflect::get(env, &binding.into()).map_err(said)?.unchecked_into();
    let namespace = match jurisdiction {
        Some(jurisdiction) => namespace.jurisdiction(jurisdiction).map_err(said)?,
        None => namespace,
    };
    namespace.get_by_name(name).map_err(said)
}
