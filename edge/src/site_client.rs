//! Calling a site's object, and remembering its settings between requests of one isolate.

use crate::credential::variable;
use crate::http::internal;
use crate::runtime::{logged, moment_as_number};
use crate::{directory, namespace};
use heard_listen::Listener;
use heard_site::sites::{DirectoryCommand, ReadSite, WriteSite};
use heard_site::{ByName, Call, Credential, Known, Outcome, Refusal};
use heard_wire::{Code, Problem, Restoration, SiteConfig, SiteId};
use js_sys::Array;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use worker::Env;

#[wasm_bindgen]
extern "C" {
    /// The object's side of the call, in another isolate.
    type SiteStub;

    #[wasm_bindgen(method, catch)]
    async fn call(this: &SiteStub, call: &str) -> Result<JsValue, JsValue>;

    /// `[undo bookmark, or why not]`; the object begins anew afterwards.
    #[wasm_bindgen(method, catch)]
    async fn restore(this: &SiteStub, to: f64, bookmark: &str) -> Result<JsValue, JsValue>;
}

/// A site as this isolate remembers it. The object tells when the memory is out of date.
pub(crate) struct CachedSite {
    pub(crate) config: SiteConfig,
    listener: OnceCell<Listener>,
}

impl CachedSite {
    pub(crate) fn new(config: SiteConfig) -> Self {
        Self { config, listener: OnceCell::new() }
    }

    /// Made for the first comment: it takes longer than everything else there is to do, and most requests bring none.
    pub(crate) fn listener(&self) -> &Listener {
        self.listener.get_or_init(|| Listener::new(&self.config.settings.themes))
    }
}

const REMEMBER_AT_MOST: usize = 200;

thread_local! {
    static REMEMBERED: RefCell<HashMap<SiteId, Rc<CachedSite>>> = RefCell::default();
    /// Sites that there are, as far as this isolate has heard.
    static KNOWN: RefCell<HashSet<SiteId>> = RefCell::default();
}

/// Sends an operation to the site's object, and gives its own kind of reply.
pub(crate) async fn call<O: Known>(
    env: &Env,
    site: &SiteId,
    credential: Credential,
    idempotency_key: Option<String>,
    operation: O,
) -> Result<O::Reply, Problem> {
    let creates = O::NAME == WriteSite::NAME && matches!(credential, Credential::Owner);
    if !creates && on_disk(env) && !is_known(env, site).await {
        let refusal = match credential {
            // Whether it is the site or the key that there is not is told to those with a key only.
            Credential::Key { .. } | Credential::SignedIn { .. } => Refusal::InvalidKey,
            _ => Refusal::UnknownSite,
        };
        return Err(refusal.into_problem(site));
    }
    send(env, site, Call { operation: ByName(operation), credential, idempotency_key }).await
}

/// The same for a site that may not be there yet.
pub(crate) async fn call_made<O: Known>(
    env: &Env,
    site: &SiteId,
    credential: Credential,
    operation: O,
) -> Result<O::Reply, Problem> {
    send(env, site, Call { operation: ByName(operation), credential, idempotency_key: None }).await
}

async fn send<O: Known>(env: &Env, site: &SiteId, call: Call<ByName<O>>) -> Result<O::Reply, Problem> {
    let act = "reach the site's storage";
    let call = serde_json::to_string(&call).map_err(|error| logged(act, &error.to_string()))?;
    let outcome = stub(env, site)?.call(&call).await.map_err(|error| logged(act, &format!("{error:?}")))?;
    let outcome = outcome.as_string().ok_or_else(|| internal(act))?;
    match serde_json::from_str(&outcome).map_err(|error| logged(act, &error.to_string()))? {
        Outcome::Done(reply) => Ok(reply),
        Outcome::Refused(refusal) => {
            if refusal == Refusal::UnknownSite {
                forget(site);
            }
            Err(refusal.into_problem(site))
        }
    }
}

fn stub(env: &Env, site: &SiteId) -> Result<SiteStub, Problem> {
    let stub = namespace::object(env, "SITE", site.as_str());
    stub.map(JsValue::unchecked_into).map_err(|error| logged("reach the site's storage", &error))
}

/// Sets a site back, and gives the bookmark that undoes it.
pub(crate) async fn restore(env: &Env, site: &SiteId, restoration: &Restoration) -> Result<String, Problem> {
    let act = "set the site back";
    let to = restoration.to.map_or(f64::NAN, moment_as_number);
    let bookmark = restoration.bookmark.as_deref().unwrap_or_default();
    let told = stub(env, site)?.restore(to, bookmark).await;
    let told = told.map_err(|error| logged(act, &format!("{error:?}")))?;
    let pair: Array = told.dyn_into().map_err(|_| internal(act))?;
    match (pair.get(0).as_string(), pair.get(1).as_string()) {
        (Some(undo), _) => Ok(undo),
        (None, Some(why)) => Err(Problem::new(Code::NotSupported, format!("The runtime keeps no such moment: {why}"))),
        _ => Err(internal(act)),
    }
}

/// Whether objects are files on a disk of one's own. On Cloudflare one that is only asked for leaves nothing behind, and the
/// directory may be on another continent.
fn on_disk(env: &Env) -> bool {
    variable(env, "HEARD_ON_DISK").is_some()
}

/// Whether there is such a site. An object that is only asked for is made, and leaves a file on a disk of one's own: so
/// the directory is asked first, and names that are only guessed create nothing.
async fn is_known(env: &Env, site: &SiteId) -> bool {
    if KNOWN.with_borrow(|known| known.contains(site)) {
        return true;
    }
    // A directory of an earlier release does not look sites up; then the site's object tells.
    let found = directory::call(env, &DirectoryCommand::Find { id: site.clone() }).await;
    let is_known = found.map_or(true, |page| !page.items.is_empty());
    if is_known {
        note(site);
    }
    is_known
}

fn note(site: &SiteId) {
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= REMEMBER_AT_MOST {
            known.clear();
        }
        known.insert(site.clone());
    });
}

/// Forgets a site that is no more.
pub(crate) fn forget(site: &SiteId) {
    KNOWN.with_borrow_mut(|known| known.remove(site));
    REMEMBERED.with_borrow_mut(|all| all.remove(site));
}

/// Forgets all of them.
pub(crate) fn forget_all() {
    KNOWN.with_borrow_mut(HashSet::clear);
    REMEMBERED.with_borrow_mut(HashMap::clear);
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
    let remembered = Rc::new(CachedSite::new(config));
    REMEMBERED.with_borrow_mut(|all| {
        if all.len() >= REMEMBER_AT_MOST {
            all.clear();
        }
        all.insert(remembered.config.id.clone(), Rc::clone(&remembered));
    });
    remembered
}
