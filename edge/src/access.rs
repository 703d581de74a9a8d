//! Cloudflare Access, where the owner has put it before the desk: who it let in, by the token that it sends along.

use crate::credential::{in_development, variable};
use crate::runtime::now;
use crate::signatures::verifies_rs256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use heard_wire::{Code, Problem};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::cell::RefCell;
use worker::{Env, Fetch, Request, Url};

/// Where the team signs in: `https://TEAM.cloudflareaccess.com`.
const TEAM: &str = "HEARD_ACCESS_TEAM";
/// The tag of the application that stands before the desk.
const AUDIENCE: &str = "HEARD_ACCESS_AUD";
/// The addresses of those who are the owner, with commas between them.
const OWNERS: &str = "HEARD_ACCESS_OWNERS";
/// In which Access sends its token.
const HEADER: &str = "cf-access-jwt-assertion";
/// Milliseconds for which the team's keys are good, and after which an unknown one is asked for again.
const KEYS_GOOD_FOR: i64 = 3_600_000;
const ASK_AGAIN_AFTER: i64 = 60_000;

thread_local! {
    static KEYS: RefCell<Option<(i64, Keys)>> = const { RefCell::new(None) };
}

#[derive(Clone, Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Value,
    exp: i64,
    #[serde(default)]
    nbf: i64,
    #[serde(default)]
    email: String,
}

/// Whether the owner has set it up.
pub(crate) fn is_set_up(env: &Env) -> bool {
    [TEAM, AUDIENCE, OWNERS].into_iter().all(|name| variable(env, name).is_some_and(|value| !value.trim().is_empty()))
}

/// Refuses whom Access did not let in as an owner of this desk.
pub(crate) async fn check_owner(env: &Env, request: &Request) -> Result<(), Problem> {
    let set = |name| variable(env, name).filter(|value| !value.trim().is_empty());
    let (Some(team), Some(audience), Some(owners)) = (set(TEAM), set(AUDIENCE), set(OWNERS)) else {
        let detail = format!("Set {TEAM}, {AUDIENCE} and {OWNERS} to let in whom Cloudflare Access lets in.");
        return Err(Problem::new(Code::NotSupported, detail));
    };
    let team = team.trim().trim_end_matches('/').to_owned();
    if !team.starts_with("https://") && !in_development(env) {
        return Err(Problem::new(Code::NotSupported, format!("{TEAM} has to begin with https://.")));
    }
    let refused = |why: &str| Problem::new(Code::InvalidKey, format!("Cloudflare Access did not let this in: {why}."));
    let token = request.headers().get(HEADER).ok().flatten();
    let token = token.ok_or_else(|| refused("it sent no token; is the application's address this one?"))?;
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| refused("its token does not read"))?;
    let (head, claims) = signed.split_once('.').ok_or_else(|| refused("its token does not read"))?;
    let head: Head = part(head).ok_or_else(|| refused("its token does not read"))?;
    let claims: Claims = part(claims).ok_or_else(|| refused("its token does not read"))?;
    let key = key(&team, &head.kid).await.map_err(|error| refused(&format!("its keys could not be read: {error}")))?;
    let key = key.filter(|_| head.alg == "RS256").ok_or_else(|| refused("its key is not known"))?;
    if !verifies_rs256(&key, signature, signed.as_bytes()).await? {
        return Err(refused("its signature is wrong"));
    }
    let seconds = now().as_millis() / 1_000;
    let is_for_us = match &claims.aud {
        Value::String(one) => *one == audience,
        Value::Array(all) => all.iter().any(|one| one.as_str() == Some(audience.as_str())),
        _ => false,
    };
    if claims.iss.trim_end_matches('/') != team || !is_for_us {
        return Err(refused("its token is for another application"));
    }
    if seconds >= claims.exp || seconds < claims.nbf {
        return Err(refused("its token is not good now"));
    }
    let is_owner = |owner: &str| !owner.is_empty() && owner.eq_ignore_ascii_case(claims.email.trim());
    if owners.split(',').map(str::trim).any(is_owner) {
        Ok(())
    } else {
        Err(refused(&format!("who it let in is not among {OWNERS}")))
    }
}

fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

/// The team's key of this id, as a JWK. Teams change keys every few weeks.
async fn key(team: &str, id: &str) -> worker::Result<Option<Value>> {
    let named = |keys: &Keys| keys.keys.iter().find(|key| key.get("kid").and_then(Value::as_str) == Some(id)).cloned();
    let at = now().as_millis();
    let kept = KEYS.with_borrow(|kept| kept.clone()).filter(|(read, _)| at - read < KEYS_GOOD_FOR);
    if let Some((read, keys)) = kept {
        let found = named(&keys);
        if found.is_some() || at - read < ASK_AGAIN_AFTER {
            return Ok(found);
        }
    }
    let url = Url::parse(&format!("{team}/cdn-cgi/access/certs"))?;
    let keys: Keys = Fetch::Url(url).send().await?.json().await?;
    let found = named(&keys);
    KEYS.set(Some((at, keys)));
    Ok(found)
}
