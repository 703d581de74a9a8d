//! The owner's key: without one, nothing is served.

use crate::sites;
use heard_site::{Allowed, Command, Reply};
use heard_wire::{Code, Problem, Scope, SiteId};
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

/// Lets through who holds the owner's key, or a key of this site that allows what needs this scope.
pub(crate) async fn check(
    request: &Request,
    env: &Env,
    owner_key: &str,
    site: &SiteId,
    needs: Scope,
) -> Result<(), Problem> {
    let key = given(request)?;
    if is_owners(&key, owner_key) {
        return Ok(());
    }
    if !key.starts_with("hk_") || key.len() > 100 {
        return Err(invalid());
    }
    match sites::call(env, site, &Command::CheckKey { key, needs }).await {
        Ok(Reply::Key(Allowed::Yes)) => Ok(()),
        Ok(Reply::Key(Allowed::TooNarrow)) => {
            let needed = serde_json::to_value(needs).ok().and_then(|name| name.as_str().map(str::to_owned));
            let detail = format!("This needs a key with the scope {}.", needed.unwrap_or_default());
            Err(Problem::new(Code::InsufficientScope, detail))
        }
        // Whether a site exists is told to those with a key only.
        Ok(_) => Err(invalid()),
        Err(problem) if problem.code == Code::UnknownSite => Err(invalid()),
        Err(problem) => Err(problem),
    }
}

/// Lets through who holds the owner's key, for what concerns all sites.
pub(crate) fn check_owner(request: &Request, owner_key: &str) -> Result<(), Problem> {
    let key = given(request)?;
    if is_owners(&key, owner_key) {
        return Ok(());
    }
    if key.starts_with("hk_") {
        let detail = "Keys of a site do not reach beyond it; this needs the owner's key.";
        return Err(Problem::new(Code::InsufficientScope, detail));
    }
    Err(invalid())
}

fn given(request: &Request) -> Result<String, Problem> {
    let header = request.headers().get("authorization").ok().flatten();
    let Some(header) = header else {
        return Err(Problem::new(Code::MissingKey, "Send a key as “Authorization: Bearer KEY”."));
    };
    let key = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    key.map(|(_, key)| key.trim().to_owned()).ok_or_else(invalid)
}

fn is_owners(key: &str, owner_key: &str) -> bool {
    constant_time_eq::constant_time_eq(key.as_bytes(), owner_key.as_bytes())
}

fn invalid() -> Problem {
    Problem::new(Code::InvalidKey, "This key is not known here, or was revoked.")
}
