//! Signing in at the desk, and out.

use super::incoming::Incoming;
use super::passkeys;
use crate::http::{internal, json, no_content};
use crate::runtime::{now, random};
use crate::{access, directory, session, site_client};
use heard_site::Credential;
use heard_site::sites::{Introduce, SessionCommand};
use heard_site::survey::{key_tag, network_tag};
use heard_wire::{Code, KeyHolder, List, NewSession, Problem, Scope, Session, SessionHolder, SessionId, SignedIn};
use worker::Response;

/// `POST /v1/session`: exchanges a key for a cookie.
pub(crate) async fn sign_in(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    // Otherwise another page could sign somebody in as somebody else.
    let is_from_a_page = incoming.header("origin").is_some() || incoming.header("sec-fetch-site").is_some();
    if is_from_a_page && !session::is_of_the_desk(incoming.request()) {
        return Err(Problem::new(Code::CrossSite, "Only the desk signs people in."));
    }
    let new = NewSession::from_json(&incoming.body().await?)?;
    let address = incoming.address().and_then(|address| network_tag(&incoming.owner_keys.current, &address, now()));
    let may_try = SessionCommand::Try { address: address.clone(), wrong: false };
    if let Some(rate) = directory::ask_sessions(incoming.env, &may_try).await?.refused {
        let detail = format!("Too many wrong keys came from there. Try again in {} seconds.", rate.resets_in);
        return Err(Problem { rate: Some(Box::new(rate)), ..Problem::new(Code::TooManyRequests, detail) });
    }
    let (holder, who, opened_with) = match holder_of(incoming, &new).await {
        Ok(known) => known,
        Err(problem) => {
            // Whom Access lets in is its own affair, and no guess.
            if problem.code == Code::InvalidKey && !new.access {
                directory::ask_sessions(incoming.env, &SessionCommand::Try { address, wrong: true }).await?;
            }
            return Err(problem);
        }
    };
    let secret = const_hex::encode([random(), random()].concat());
    let begun = Session {
        id: SessionId::from_random(random()),
        holder,
        browser: incoming.header("user-agent").and_then(|agent| browser_named(&agent)),
        created_at: now(),
        last_used_at: now(),
    };
    let cookie = session::set_cookie(incoming.request(), &format!("{}.{secret}", begun.id));
    let begin = SessionCommand::Begin { session: begun.clone(), secret, opened_with };
    directory::ask_sessions(incoming.env, &begin).await?;
    with_cookie(json(&SignedIn { session: begun, allows: who.allows, person: who.person }, 201)?, &cookie)
}

/// Whose key this is, and what it allows; for the owner's, the tag by which it is known again.
async fn holder_of(
    incoming: &Incoming<'_>,
    new: &NewSession,
) -> Result<(SessionHolder, KeyHolder, Option<String>), Problem> {
    if let Some(shown) = &new.passkey {
        let (holder, opened_with) = passkeys::holder_of(incoming, shown).await?;
        let who = introduced(incoming, &holder).await?;
        return Ok((holder, who, opened_with));
    }
    if new.access {
        access::check_owner(incoming.env, incoming.request()).await?;
        return Ok((SessionHolder::Owner, OWNER, Some(key_tag(&incoming.owner_keys.current))));
    }
    let key = new.key.clone().unwrap_or_default();
    if incoming.owner_keys.open_with(&key) {
        return Ok((SessionHolder::Owner, OWNER, Some(key_tag(&key))));
    }
    let invalid = || Problem::new(Code::InvalidKey, "This key is not known here, or was revoked.");
    let site = new.site.as_ref().ok_or_else(invalid)?;
    // A key that is known is as long as it must be.
    let prefix = key.get(..15).ok_or_else(invalid)?.to_owned();
    let who = site_client::call(incoming.env, site, Credential::Key { key, needs: Scope::Read }, None, Introduce {});
    Ok((SessionHolder::Key { site: site.clone(), prefix }, who.await?, None))
}

const OWNER: KeyHolder = KeyHolder { allows: Scope::Admin, person: None };

/// What somebody may who showed their key before, if it is still known.
async fn introduced(incoming: &Incoming<'_>, holder: &SessionHolder) -> Result<KeyHolder, Problem> {
    match holder {
        SessionHolder::Owner => Ok(OWNER),
        SessionHolder::Key { site, prefix } => {
            let credential = Credential::SignedIn { prefix: prefix.clone(), needs: Scope::Read };
            site_client::call(incoming.env, site, credential, None, Introduce {}).await
        }
    }
}

/// `GET /v1/session`: who is signed in.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let session = incoming.at_desk()?.session.clone();
    let who = introduced(incoming, &session.holder).await?;
    json(&SignedIn { session, allows: who.allows, person: who.person }, 200)
}

/// `DELETE /v1/session`: signs out.
pub(crate) async fn sign_out(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = incoming.at_desk()?.session.id.clone();
    directory::ask_sessions(incoming.env, &SessionCommand::End { id }).await?;
    with_cookie(no_content()?, &session::set_cookie(incoming.request(), ""))
}

/// `GET /v1/sessions`: who is signed in.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let found = directory::ask_sessions(incoming.env, &SessionCommand::List).await?;
    json(&List { items: found.sessions.into_iter().map(|(session, _)| session).collect() }, 200)
}

/// `DELETE /v1/sessions/{session}`: signs somebody out.
pub(crate) async fn end(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let unknown = "There is no such session; it may be over.";
    let id = incoming.id("session", unknown)?;
    let ended = directory::ask_sessions(incoming.env, &SessionCommand::End { id }).await?;
    if ended.sessions.is_empty() {
        return Err(Problem::new(Code::NotFound, unknown));
    }
    no_content()
}

fn with_cookie(mut answer: Response, cookie: &str) -> Result<Response, Problem> {
    answer.headers_mut().set("set-cookie", cookie).map_err(|_| internal("set the cookie"))?;
    Ok(answer)
}

/// A browser in a few words, by which its owner knows it again: nothing that singles anybody out.
fn browser_named(agent: &str) -> Option<String> {
    // In this order, since later ones call themselves by the names of earlier ones.
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}
