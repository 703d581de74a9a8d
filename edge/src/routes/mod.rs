//! One file a resource; here is which address leads to which.

mod api_keys;
mod directory;
mod docs;
mod endpoints;
mod event_types;
mod export;
mod messages;
mod pages;
mod responses;
mod site;
mod survey;

use crate::http::{headers, internal, problem_answer};
use crate::{assets, keys};
use export::Format;
use heard_wire::{Code, Problem, Scope, SiteId};
use std::collections::BTreeMap;
use worker::{Env, Method, Request, Response};

/// Answers every request; what fails is answered as a problem document.
pub(crate) async fn handle(request: Request, env: &Env) -> worker::Result<Response> {
    match route(request, env).await {
        Ok(answer) => Ok(answer),
        Err(problem) => problem_answer(&problem),
    }
}

async fn route(request: Request, env: &Env) -> Result<Response, Problem> {
    let owner_key = keys::configured(env)?;
    let path = request.path();
    if let Some(asset) = assets::find(&path) {
        only(&request, &[Method::Get, Method::Head])?;
        return assets::serve(&request, asset);
    }
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match segments.as_slice() {
        ["heard.js"] | ["w", ..] => Err(Problem::new(
            Code::NotFound,
            "There is no such widget file. A page that was open during an update asks for files of before: reload it.",
        )),
        ["v1", "sites"] => directory::list(&request, env, &owner_key).await,
        ["v1", "sites", site, rest @ ..] => {
            let site = site_id(site)?;
            if request.method() == Method::Options {
                return preflight();
            }
            in_site(request, env, &owner_key, &site, rest).await
        }
        ["v1", "event-types"] => event_types::list(&request),
        ["v1", "openapi.json"] => docs::openapi(&request),
        ["docs"] => docs::page(&request),
        ["docs", "problems"] => docs::problems(&request),
        _ => pages::serve(&request, env, &path).await,
    }
}

async fn in_site(
    request: Request,
    env: &Env,
    owner_key: &str,
    site: &SiteId,
    rest: &[&str],
) -> Result<Response, Problem> {
    use Method::{Delete, Get, Post, Put};
    // What a customer's page calls needs no key; everything else is the owner's.
    match (rest, request.method()) {
        (["survey"], _) => {
            only(&request, &[Get])?;
            return survey::read(&request, env, site).await;
        }
        (["responses"], Post) => return responses::submit(request, env, site).await,
        (["shown"], _) => {
            only(&request, &[Post])?;
            return survey::shown(request, env, site).await;
        }
        _ => {}
    }
    let allowed: &[Method] = match rest {
        [] => &[Get, Put],
        ["responses" | "endpoints" | "keys"] | ["responses", _, "messages"] => &[Get, Post],
        ["keys", _] => &[Delete],
        ["responses", _] | ["metrics" | "responses.csv" | "responses.ndjson"] => &[Get],
        // Each act on an endpoint has methods of its own.
        ["endpoints", ..] => &[request.method()],
        _ => return Err(Problem::new(Code::NotFound, "There is nothing at this address.")),
    };
    only(&request, allowed)?;
    keys::check(&request, env, owner_key, site, scope_of(rest, &request.method())).await?;
    match (rest, request.method()) {
        ([], Put) => site::write(request, env, site).await,
        ([], _) => site::read(env, site).await,
        (["responses"], _) => responses::list(&request, env, site).await,
        (["responses.csv"], _) => export::export(&request, env, site, Format::Csv).await,
        (["responses.ndjson"], _) => export::export(&request, env, site, Format::Ndjson).await,
        (["metrics"], _) => responses::metrics(&request, env, site).await,
        (["responses", id, "messages"], Post) => messages::add(request, env, site, id).await,
        (["responses", id, "messages"], _) => messages::list(env, site, id).await,
        (["responses", id], _) => messages::read_response(env, site, id).await,
        (["keys"], Post) => api_keys::add(request, env, site).await,
        (["keys"], _) => api_keys::list(env, site).await,
        (["keys", prefix], _) => api_keys::revoke(env, site, prefix).await,
        (["endpoints"], Post) => endpoints::add(request, env, site).await,
        (["endpoints"], _) => endpoints::list(env, site).await,
        (["endpoints", id, rest @ ..], _) => endpoints::one(request, env, site, id, rest).await,
        _ => Err(internal("find the route")),
    }
}

/// What a key must allow for this.
fn scope_of(rest: &[&str], method: &Method) -> Scope {
    match (rest, method) {
        (["keys", ..] | ["endpoints", _, "secret"], _) => Scope::Admin,
        (_, Method::Get) => Scope::Read,
        (["responses", _, "messages"] | ["endpoints", _, "test" | "replay" | "events", ..], Method::Post) => {
            Scope::Write
        }
        _ => Scope::Admin,
    }
}

/// The query parameters of a request, each at most once and all of them known.
fn parameters(request: &Request, known: &[&str]) -> Result<BTreeMap<String, String>, Problem> {
    let url = request.url().map_err(|_| internal("read the address"))?;
    let mut given = BTreeMap::new();
    for (name, value) in url.query_pairs() {
        if !known.contains(&name.as_ref()) || given.insert(name.into_owned(), value.into_owned()).is_some() {
            let detail = format!("Known parameters are {}, each at most once.", known.join(", "));
            return Err(Problem::new(Code::InvalidParameter, detail));
        }
    }
    Ok(given)
}

/// How long a page may be: 1 to 100, 50 unless told.
fn limit_of(given: &mut BTreeMap<String, String>) -> Result<u16, Problem> {
    let Some(limit) = given.remove("limit") else { return Ok(50) };
    let limit = limit.parse().ok().filter(|limit| (1..=100).contains(limit));
    limit.ok_or_else(|| Problem::new(Code::InvalidParameter, "limit must be a whole number from 1 to 100."))
}

fn bad_cursor() -> Problem {
    Problem::new(Code::InvalidParameter, "cursor must be the next_cursor of an earlier page.")
}

fn site_id(text: &str) -> Result<SiteId, Problem> {
    // The text itself is not echoed: it is the client's, and may be anything.
    text.parse().map_err(|error| Problem::new(Code::UnknownSite, format!("There is no such site: {error}.")))
}

fn only(request: &Request, allowed: &[Method]) -> Result<(), Problem> {
    if allowed.contains(&request.method()) {
        return Ok(());
    }
    let names: Vec<String> = allowed.iter().map(|method| method.as_ref().to_owned()).collect();
    let mut problem = Problem::new(Code::MethodNotAllowed, format!("Use {} here.", names.join(" or ")));
    problem.allow = names.into();
    Err(problem)
}

/// A page that sends `application/json` or a key is asked first by its browser; ours sends `text/plain` and is not.
fn preflight() -> Result<Response, Problem> {
    let allow = [
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"),
        ("access-control-allow-headers", "authorization, content-type, idempotency-key"),
        ("access-control-max-age", "86400"),
    ];
    let answer = Response::empty().map_err(|_| internal("answer a preflight"))?;
    Ok(answer.with_status(204).with_headers(headers(&allow)?))
}
