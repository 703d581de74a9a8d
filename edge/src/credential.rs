//! Who asks. Without an owner key nothing is served.

use heard_site::Credential;
use heard_wire::api::Access;
use heard_wire::http::bearer;
use heard_wire::{Code, Problem};
use js_sys::Reflect;
use worker::{Env, Request};

/// Name of the secret that holds the owner's key.
const OWNER_KEY: &str = "HEARD_OWNER_KEY";
const LEAST_LENGTH: usize = 24;

/// Longer than any key of ours.
const MAX_KEY_BYTES: usize = 100;

/// The key before this one, for as long as programs still hold it.
const PREVIOUS_OWNER_KEY: &str = "HEARD_OWNER_KEY_PREVIOUS";

/// What the owner shows to be known.
pub(crate) struct OwnerKeys {
    /// The one that is used.
    pub(crate) current: String,
    /// The one before, while it still opens.
    previous: Option<String>,
}

impl OwnerKeys {
    /// All that open, the current one first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().map(String::as_str)
    }

    /// Whether this is one of them.
    pub(crate) fn open_with(&self, key: &str) -> bool {
        // Each is compared, so that the time tells nothing.
        self.all().fold(false, |opens, one| opens | constant_time_eq::constant_time_eq(key.as_bytes(), one.as_bytes()))
    }
}

/// A variable or secret of the Worker. Workerd binds one of the environment that is not set as `null`, which is none.
pub(crate) fn variable(env: &Env, name: &str) -> Option<String> {
    Reflect::get(env, &name.into()).ok()?.as_string()
}

/// Refuses to serve at all before the owner has set a key of some length.
pub(crate) fn owner_keys(env: &Env) -> Result<OwnerKeys, Problem> {
    let long_enough = |name| variable(env, name).filter(|key| key.len() >= LEAST_LENGTH);
    if let Some(current) = long_enough(OWNER_KEY) {
        return Ok(OwnerKeys { current, previous: long_enough(PREVIOUS_OWNER_KEY) });
    }
    let detail = format!(
        "Set the secret {OWNER_KEY} to at least {LEAST_LENGTH} random characters, for example with \
         `openssl rand -hex 32 | npx wrangler secret put {OWNER_KEY}`."
    );
    Err(Problem::new(Code::NotConfigured, detail))
}

/// Whether this is a developer's own machine, where webhooks may go to http and to private addresses.
pub(crate) fn in_development(env: &Env) -> bool {
    // Only this value: who sets "0" or "false" means no.
    variable(env, "HEARD_DEVELOPMENT").as_deref() == Some("1")
}

/// What the request brings for what an operation asks. A key of a site is checked by the site's object, together with the
/// operation.
pub(crate) fn credential(request: &Request, owner_keys: &OwnerKeys, access: Access) -> Result<Credential, Problem> {
    let header = request.headers().get("authorization").ok().flatten();
    if access == Access::Public || header.is_none() && matches!(access, Access::PublicOrKey(_)) {
        return Ok(Credential::Nobody);
    }
    if access == Access::Desk {
        return Err(Problem::new(Code::MissingKey, "Sign in at the desk first: POST /v1/session."));
    }
    if access == Access::Customer {
        let Some(header) = header else {
            let detail = "Send the id of the answer, a full stop and its secret as “Authorization: Bearer ID.SECRET”.";
            return Err(Problem::new(Code::MissingKey, detail));
        };
        let unknown = || Problem::new(Code::UnknownThread, "There is no such conversation for this secret.");
        let key = bearer(&header).and_then(|key| key.parse().ok()).ok_or_else(unknown)?;
        // Whose address it is, the request tells.
        return Ok(Credential::Customer { key, address: None });
    }
    let Some(header) = header else {
        return Err(Problem::new(Code::MissingKey, "Send a key as “Authorization: Bearer KEY”."));
    };
    let key = bearer(&header).ok_or_else(invalid)?;
    if owner_keys.open_with(key) {
        return Ok(Credential::Owner);
    }
    match access {
        Access::Key(needs) | Access::PublicOrKey(needs) if key.starts_with("hk_") && key.len() <= MAX_KEY_BYTES => {
            Ok(Credential::Key { key: key.to_owned(), needs })
        }
        Access::Owner if key.starts_with("hk_") => {
            let detail = "Keys of a site do not reach beyond it; this needs the owner's key.";
            Err(Problem::new(Code::InsufficientScope, detail))
        }
        _ => Err(invalid()),
    }
}

fn invalid() -> Problem {
    Problem::new(Code::InvalidKey, "This key is not known here, or was revoked.")
}
