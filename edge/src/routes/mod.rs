//! One file a resource; here is which address leads to which.

mod docs;
mod endpoints;
mod pages;
mod responses;
mod site;
mod survey;

use crate::http::{headers, internal, problem_answer};
use crate::{assets, keys};
use heard_wire::{Code, Problem, SiteId};
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
        ["v1", "sites", site, rest @ ..] => {
            let site = site_id(site)?;
            if request.method() == Method::Options {
                return preflight();
            }
            in_site(request, env, &owner_key, &site, rest).await
        }
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
    let method = request.method();
    match (rest, &method) {
        (["survey"], Method::Get) => survey::read(&request, env, site).await,
        (["responses"], Method::Post) => responses::submit(request, env, site).await,
        ([] | ["responses" | "endpoints"], _) => {
            let allowed: &[Method] = match rest {
                [] => &[Method::Get, Method::Put],
                _ => &[Method::Get, Method::Post],
            };
            only(&request, allowed)?;
            keys::check(&request, owner_key)?;
            match (rest, method) {
                ([], Method::Put) => site::write(request, env, site).await,
                ([], _) => site::read(env, site).await,
                (["responses"], _) => responses::list(&request, env, site).await,
                (_, Method::Post) => endpoints::add(request, env, site).await,
                _ => endpoints::list(env, site).await,
            }
        }
        (["endpoints", id], _) => {
            only(&request, &[Method::Delete])?;
            keys::check(&request, owner_key)?;
            endpoints::remove(env, site, id).await
        }
        (["survey"], _) => only(&request, &[Method::Get]).and(Err(internal("find the route"))),
        _ => Err(Problem::new(Code::NotFound, "There is nothing at this address.")),
    }
}

fn site_id(text: &str) -> Result<SiteId, Problem> {
    // The text itself is not echoed: it is the client's, and may be anything.
    text.parse().map_err(|error| Problem::new(Code::UnknownSite, format!("There is no such site: {error}.")))
}

fn only(request: &Request, allowed: &[Method]) -> Result<(), Problem> {
    if allowed.contains(&request.method()) {
        return Ok(());
    }
    let names: Vec<&str> = allowed.iter().map(AsRef::as_ref).collect();
    Err(Problem::new(Code::MethodNotAllowed, names.join(", ")))
}

/// A page that sends `application/json` or a key is asked first by its browser; ours sends `text/plain` and is not.
fn preflight() -> Result<Response, Problem> {
    let allow = [
        ("access-control-allow-methods", "GET, POST, PUT, DELETE"),
        ("access-control-allow-headers", "authorization, content-type"),
        ("access-control-max-age", "86400"),
    ];
    let answer = Response::empty().map_err(|_| internal("answer a preflight"))?;
    Ok(answer.with_status(204).with_headers(headers(&allow)?))
}
