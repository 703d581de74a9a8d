use crate::http::{body, internal, json};
use crate::sites;
use heard_site::{Command, Reply};
use heard_wire::{Code, NewEndpoint, Problem, SiteId};
use serde_json::json;
use worker::{Env, Request, Response};

/// `POST /v1/sites/{site}/endpoints`: adds a webhook endpoint and shows its signing secret.
pub(crate) async fn add(mut request: Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let NewEndpoint { url } = NewEndpoint::from_json(&body(&mut request).await?)?;
    let parsed = worker::Url::parse(&url).ok();
    let fits = parsed.is_some_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none());
    if !fits {
        return Err(Problem::new(
            Code::InvalidField,
            "/url must be a URL with a host and without a user name or password.",
        ));
    }
    // Plain http is for receivers on a developer's own machine, and only where the Worker was told so.
    if url.starts_with("http://") && env.var("HEARD_DEVELOPMENT").is_err() {
        return Err(Problem::new(Code::InvalidField, "/url must begin with https://."));
    }
    match sites::call(env, site, &Command::AddEndpoint { url }).await? {
        Reply::Endpoint(endpoint) => json(&endpoint, 201),
        Reply::TooManyEndpoints => Err(Problem::new(Code::Conflict, "A site has at most 20 endpoints.")),
        _ => Err(internal("add the endpoint")),
    }
}

/// `DELETE /v1/sites/{site}/endpoints/{id}`: removes an endpoint and what was still on its way there.
pub(crate) async fn remove(env: &Env, site: &SiteId, id: &str) -> Result<Response, Problem> {
    let unknown = || Problem::new(Code::NotFound, "There is no such endpoint.");
    let id = id.parse().map_err(|_| unknown())?;
    match sites::call(env, site, &Command::RemoveEndpoint { id }).await? {
        Reply::Removed => Response::empty().map(|answer| answer.with_status(204)).map_err(|_| internal("answer")),
        Reply::UnknownEndpoint => Err(unknown()),
        _ => Err(internal("remove the endpoint")),
    }
}

/// `GET /v1/sites/{site}/endpoints`.
pub(crate) async fn list(env: &Env, site: &SiteId) -> Result<Response, Problem> {
    match sites::call(env, site, &Command::ListEndpoints).await? {
        Reply::Endpoints(endpoints) => json(&json!({ "endpoints": endpoints }), 200),
        _ => Err(internal("list the endpoints")),
    }
}
