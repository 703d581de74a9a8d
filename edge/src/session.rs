//! The desk's cookie: who is signed in, and whether it is the desk that sends it.
//!
//! Desk and public API share an origin. So a cookie is looked at only where a key may be used, and only for requests that a
//! page of this very origin makes: browsers say so in `Sec-Fetch-Site`, and those that do not, in `Origin`.

use crate::credential::OwnerKeys;
use crate::directory;
use heard_site::Credential;
use heard_site::sites::SessionCommand;
use heard_site::survey::key_tag;
use heard_wire::api::{Access, Found};
use heard_wire::{Code, Problem, Session, SessionHolder, SessionId};
use worker::{Env, Request};

/// As it is kept: browsers take it only over TLS, and send it to no other host.
const COOKIE: &str = "__Host-heard-desk";
/// The same on a developer's own machine, where there is no TLS.
const COOKIE_ON_LOOPBACK: &str = "heard-desk";

/// Whether a cookie counts for what is asked: where a key may be used, and none is.
pub(crate) fn may_count(request: &Request, access: Access) -> bool {
    matches!(access, Access::Desk | Access::Owner | Access::Key(_)) && header(request, "authorization").is_none()
}

/// Somebody who is signed in.
pub(crate) struct AtDesk {
    pub(crate) session: Session,
    /// The tag of the owner key that it was begun with, where that is the owner's.
    pub(crate) opened_with: Option<String>,
}

/// Who is signed in, where the request brings a desk's cookie.
pub(crate) async fn of(request: &Request, env: &Env, owner_keys: &OwnerKeys) -> Result<Option<AtDesk>, Problem> {
    let cookies = cookies(request);
    if cookies.is_empty() {
        return Ok(None);
    }
    if !is_of_the_desk(request) {
        return Err(Problem::new(
            Code::CrossSite,
            "This came from a page that is not the desk, so its cookie counts for nothing.",
        ));
    }
    let over = || Problem::new(Code::InvalidKey, "This session is over. Sign in again.");
    for cookie in cookies {
        let Some((id, secret)) = cookie.split_once('.') else { continue };
        let Ok(id) = id.parse::<SessionId>() else { continue };
        let find = SessionCommand::Find { id, secret: secret.to_owned() };
        let found = directory::ask_sessions(env, &find).await?.sessions.into_iter().next();
        let Some((session, opened_with)) = found else { continue };
        // A session ends with the owner key that it was begun with.
        let still_opens = |tag: &String| owner_keys.all().any(|key| key_tag(key) == *tag);
        if session.holder != SessionHolder::Owner || opened_with.as_ref().is_some_and(still_opens) {
            return Ok(Some(AtDesk { session, opened_with }));
        }
    }
    Err(over())
}

/// What somebody who is signed in may, of what an operation asks.
pub(crate) fn credential(session: &Session, found: &Found, access: Access) -> Result<Credential, Problem> {
    match (&session.holder, access) {
        (SessionHolder::Owner, _) => Ok(Credential::Owner),
        (SessionHolder::Key { site, prefix }, Access::Key(needs)) if site.as_str() == found.parameter("site") => {
            Ok(Credential::SignedIn { prefix: prefix.clone(), needs })
        }
        (SessionHolder::Key { .. }, Access::Desk) => Ok(Credential::Nobody),
        _ => {
            let detail = "You signed in with a key of one site, which does not reach beyond it.";
            Err(Problem::new(Code::InsufficientScope, detail))
        }
    }
}

/// Whether a page of this origin sends the request, or for reading somebody who typed the address.
pub(crate) fn is_of_the_desk(request: &Request) -> bool {
    let reads = matches!(request.inner().method().as_str(), "GET" | "HEAD");
    match header(request, "sec-fetch-site").as_deref() {
        Some("same-origin") => true,
        Some("none") => reads,
        Some(_) => false,
        None => match header(request, "origin") {
            Some(origin) => {
                host(request).is_some_and(|host| origin.split_once("://").is_some_and(|(_, of)| of == host))
            }
            None => reads,
        },
    }
}

/// What the browser is to keep; with an empty value it forgets.
pub(crate) fn set_cookie(request: &Request, value: &str) -> String {
    let (name, secure) = if is_on_loopback(request) { (COOKIE_ON_LOOPBACK, "") } else { (COOKIE, "; Secure") };
    let age = if value.is_empty() { 0 } else { 30 * 24 * 3_600 };
    format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
}

/// Those of our name: on loopback another program may have set one, too.
fn cookies(request: &Request) -> Vec<String> {
    const MOST: usize = 3;
    let wanted = if is_on_loopback(request) { COOKIE_ON_LOOPBACK } else { COOKIE };
    let sent = header(request, "cookie").unwrap_or_default();
    let pairs = sent.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned()).take(MOST).collect()
}

fn is_on_loopback(request: &Request) -> bool {
    let Some(host) = host(request) else { return false };
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(&*host, |pair| pair.0);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// The host that was asked, with its port where that is not the usual one.
pub(crate) fn host(request: &Request) -> Option<String> {
    let url = request.url().ok()?;
    let name = url.host_str()?;
    Some(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
}

fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}
