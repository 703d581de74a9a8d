//! The owner's key: without one, nothing is served.

use heard_wire::{Code, Problem};
use worker::{Env, Request};

/// Name of the secret that holds the owner's key.
const OWNER_KEY: &str = "HEARD_OWNER_KEY";
const LEAST_LENGTH: usize = 24;

/// Refuses to serve at all before the owner has set a key of some length.
pub(crate) fn configured(env: &Env) -> Result<String, Problem> {
    let key = env.secret(OWNER_KEY).map(|secret| secret.to_string()).unwrap_or_default();
    if key.len() >= LEAST_LENGTH {
        return Ok(key);
    }
    let detail = format!(
        "Set the secret {OWNER_KEY} to at least {LEAST_LENGTH} random characters, for example with \
         `openssl rand -hex 32 | npx wrangler secret put {OWNER_KEY}`."
    );
    Err(Problem::new(Code::NotConfigured, detail))
}

/// Whether this is a developer's own machine, where webhooks may go to http and to private addresses.
pub(crate) fn in_development(env: &Env) -> bool {
    env.var("HEARD_DEVELOPMENT").is_ok()
}

/// Lets only the owner through.
pub(crate) fn check(request: &Request, owner_key: &str) -> Result<(), Problem> {
    let header = request.headers().get("authorization").ok().flatten();
    let Some(header) = header else {
        return Err(Problem::new(Code::MissingKey, "Send the owner key as “Authorization: Bearer KEY”."));
    };
    let key =
        header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, key)| key.trim());
    match key {
        Some(key) if constant_time_eq::constant_time_eq(key.as_bytes(), owner_key.as_bytes()) => Ok(()),
        _ => Err(Problem::new(Code::InvalidKey, "This key is not the owner key of this Worker.")),
    }
}
