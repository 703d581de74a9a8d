//! Calling a site's object, and remembering its settings between requests of one isolate.

use crate::http::internal;
use crate::runtime::logged;
use heard_listen::Listener;
use heard_site::sites::ReadSite;
use heard_site::{AnyOperation, Call, Credential, Operation, Outcome};
use heard_wire::{Problem, SiteConfig, SiteId};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::Env;

#[wasm_bindgen]
extern "C" {
    /// The object's side of the call, in another isolate.
    type SiteStub;

    #[wasm_bindgen(method, catch)]
    async fn call(this: &SiteStub, call: &str) -> Result<JsValue, JsValue>;
}

/// A site as this isolate remembers it. The object tells when the memory is out of date.
pub(crate) struct CachedSite {
    pub(crate) config: SiteConfig,
    listener: OnceCell<Listener>,
}

impl CachedSite {
    /// Made for the first comment: it takes longer than everything else there is to do, and most requests bring none.
    pub(crate) fn listener(&self) -> &Listener {
        self.listener.get_or_init(|| Listener::new(&self.config.settings.themes))
    }
}

const REMEMBER_AT_MOST: usize = 200;

thread_local! {
    static REMEMBERED: RefCell<HashMap<SiteId, Rc<CachedSite>>> = RefCell::default();
}

/// Sends an operation to the site's object, and gives its own kind of reply.
pub(crate) async fn call<O: Operation + Into<AnyOperation>>(
    env: &Env,
    site: &SiteId,
    credential: Credential,
    idempotency_key: Option<String>,
    operation: O,
) -> Result<O::Reply, Problem> {
    let act = "reach the site's storage";
    let operation: AnyOperation = operation.into();
    let call = Call { operation, credential, idempotency_key };
    let call = serde_json::to_string(&call).map_err(|error| logged(act, &error.to_string()))?;
    let stub = env
        .durable_object("SITE")
        .and_then(|namespace| namespace.get_by_name(site.as_str()))
        .map_err(|error| logged(act, &error.to_string()))?;
    let stub: SiteStub = stub.into_rpc();
    let outcome = stub.call(&call).await.map_err(|error| logged(act, &format!("{error:?}")))?;
    let outcome = outcome.as_string().ok_or_else(|| internal(act))?;
    match serde_json::from_str(&outcome).map_err(|error| logged(act, &error.to_string()))? {
        Outcome::Done(reply) => Ok(reply),
        Outcome::Refused(refusal) => Err(refusal.into_problem(site)),
    }
}

/// The site's settings, from memory where they are.
pub(crate) async fn cached(env: &Env, site: &SiteId) -> Result<Rc<CachedSite>, Problem> {
    match REMEMBERED.with_borrow(|all| all.get(site).cloned()) {
        Some(remembered) => Ok(remembered),
        None => fresh(env, site).await,
    }
}

/// The site's settings as they now are.
pub(crate) async fn fresh(env: &Env, site: &SiteId) -> Result<Rc<CachedSite>, Problem> {
    call(env, site, Credential::Nobody, None, ReadSite {}).await.map(remember)
}

/// Keeps settings for the next request of this isolate.
pub(crate) fn remember(config: SiteConfig) -> Rc<CachedSite> {
    // Most calls find the settings as they were, and then what was made of them serves on.
    let known = REMEMBERED.with_borrow(|all| all.get(&config.id).cloned());
    if let Some(known) = known.filter(|known| known.config == config) {
        return known;
    }
    let remembered = Rc::new(CachedSite { config, listener: OnceCell::new() });
    REMEMBERED.with_borrow_mut(|all| {
        if all.len() >= REMEMBER_AT_MOST {
            all.clear();
        }
        all.insert(remembered.config.id.clone(), Rc::clone(&remembered));
    });
    remembered
}
