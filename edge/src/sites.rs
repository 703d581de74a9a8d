//! Calling a site's object, and remembering its settings between requests of one isolate.

use crate::http::internal;
use heard_listen::Listener;
use heard_site::{Command, Configured, Reply};
use heard_wire::{Code, Problem, SiteId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{Env, Method, Request};

#[wasm_bindgen]
extern "C" {
    /// The object's side of the call, in another isolate.
    type SiteStub;

    #[wasm_bindgen(method, catch)]
    async fn call(this: &SiteStub, command: &str) -> Result<JsValue, JsValue>;
}

/// A site as this isolate remembers it. The object tells when the memory is out of date.
pub(crate) struct Remembered {
    pub(crate) site: Configured,
    pub(crate) listener: Listener,
}

const REMEMBER_AT_MOST: usize = 200;

thread_local! {
    static REMEMBERED: RefCell<HashMap<SiteId, Rc<Remembered>>> = RefCell::default();
}

/// Sends a command to the site's object.
pub(crate) async fn call(env: &Env, site: &SiteId, command: &Command) -> Result<Reply, Problem> {
    let act = "reach the site's storage";
    let command = serde_json::to_string(command).map_err(|_| internal(act))?;
    let stub = env
        .durable_object("SITE")
        .and_then(|namespace| namespace.get_by_name(site.as_str()))
        .map_err(|error| logged(act, &error.to_string()))?;
    let stub: SiteStub = stub.into_rpc();
    let answer = stub.call(&command).await.map_err(|error| logged(act, &format!("{error:?}")))?;
    let answer = answer.as_string().ok_or_else(|| internal(act))?;
    match serde_json::from_str(&answer).map_err(|error| logged(act, &error.to_string()))? {
        Reply::UnknownSite => Err(Problem::new(
            Code::UnknownSite,
            format!("There is no site “{site}” here. Create it with PUT /v1/sites/{site}."),
        )),
        reply => Ok(reply),
    }
}

/// Sends a command that a request with an `Idempotency-Key` carries out once.
pub(crate) async fn call_once(request: &Request, env: &Env, site: &SiteId, command: Command) -> Result<Reply, Problem> {
    let key = request.headers().get("idempotency-key").ok().flatten();
    let Some(key) = key.filter(|_| request.method() != Method::Get) else {
        return call(env, site, &command).await;
    };
    if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        let detail = "An Idempotency-Key is 1 to 255 visible ASCII characters without blanks.";
        return Err(Problem::new(Code::InvalidParameter, detail));
    }
    match call(env, site, &Command::Once { key, command: Box::new(command) }).await? {
        Reply::KeyReused => {
            Err(Problem::new(Code::IdempotencyKeyReused, "Use a new key for a new request; keys are kept for a day."))
        }
        reply => Ok(reply),
    }
}

/// The site's settings, from memory where they are.
pub(crate) async fn settings(env: &Env, site: &SiteId) -> Result<Rc<Remembered>, Problem> {
    match REMEMBERED.with_borrow(|all| all.get(site).cloned()) {
        Some(remembered) => Ok(remembered),
        None => fresh_settings(env, site).await,
    }
}

/// The site's settings as they now are.
pub(crate) async fn fresh_settings(env: &Env, site: &SiteId) -> Result<Rc<Remembered>, Problem> {
    match call(env, site, &Command::Settings).await? {
        Reply::Settings(configured) => Ok(remember(*configured)),
        _ => Err(internal("read the site's settings")),
    }
}

/// Keeps settings for the next request of this isolate.
pub(crate) fn remember(site: Configured) -> Rc<Remembered> {
    // Making a listener takes longer than listening, and most calls find the settings as they were.
    let known = REMEMBERED.with_borrow(|all| all.get(&site.id).cloned());
    if let Some(known) = known.filter(|known| known.site == site) {
        return known;
    }
    let listener = Listener::new(&site.settings.themes);
    let remembered = Rc::new(Remembered { site, listener });
    REMEMBERED.with_borrow_mut(|all| {
        if all.len() >= REMEMBER_AT_MOST {
            all.clear();
        }
        all.insert(remembered.site.id.clone(), Rc::clone(&remembered));
    });
    remembered
}

/// Logs what failed, without anything a customer or an owner wrote, and gives the problem to answer with.
pub(crate) fn logged(act: &str, error: &str) -> Problem {
    worker::console_error!("{act}: {error}");
    internal(act)
}
