//! Webhook endpoints of a site: `/v1/sites/{site}/endpoints` and below.

use super::{limit_of, only, parameters};
use crate::http::{body, internal, json, no_content};
use crate::{keys, sites};
use heard_site::{Command, EndpointAct, Reply, refusal};
use heard_wire::{Code, EndpointChange, EndpointId, EndpointSettings, FieldError, Problem, Replay, SiteId, TestEvent};
use serde_json::json;
use worker::{Env, Method, Request, Response};

/// `POST .../endpoints`: adds an endpoint and shows what its deliveries are verified with.
pub(crate) async fn add(mut request: Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let settings = EndpointSettings::from_json(&body(&mut request).await?)?;
    check_url(env, &settings.url)?;
    match sites::call_once(&request, env, site, Command::AddEndpoint { settings }).await? {
        Reply::EndpointAdded(endpoint, secret) => {
            let mut added = serde_json::to_value(&endpoint).map_err(|_| internal("encode the endpoint"))?;
            if let Some(fields) = added.as_object_mut() {
                fields.extend(secret.secret.map(|secret| ("secret".to_owned(), secret.into())));
                fields.extend(secret.public_key.map(|key| ("public_key".to_owned(), key.into())));
            }
            json(&added, 201)
        }
        Reply::TooManyEndpoints => Err(Problem::new(Code::Conflict, "A site has at most 20 endpoints.")),
        _ => Err(internal("add the endpoint")),
    }
}

/// `GET .../endpoints`.
pub(crate) async fn list(env: &Env, site: &SiteId) -> Result<Response, Problem> {
    match sites::call(env, site, &Command::ListEndpoints).await? {
        Reply::Endpoints(endpoints) => json(&json!({ "endpoints": endpoints }), 200),
        _ => Err(internal("list the endpoints")),
    }
}

/// Everything below one endpoint.
pub(crate) async fn one(
    mut request: Request,
    env: &Env,
    site: &SiteId,
    id: &str,
    rest: &[&str],
) -> Result<Response, Problem> {
    let id: EndpointId = id.parse().map_err(|_| unknown_endpoint())?;
    let method = request.method();
    let act = match (rest, &method) {
        ([], Method::Get) => EndpointAct::Read,
        ([], Method::Patch) => {
            let change = EndpointChange::from_json(&body(&mut request).await?)?;
            if let Some(url) = &change.url {
                check_url(env, url)?;
            }
            EndpointAct::Change(change)
        }
        ([], Method::Delete) => EndpointAct::Remove,
        ([], _) => {
            return Err(only(&request, &[Method::Get, Method::Patch, Method::Delete]).err().unwrap_or_else(nothing));
        }
        (["secret"], Method::Get) => EndpointAct::ReadSecret,
        (["secret"], Method::Post) => EndpointAct::RotateSecret,
        (["secret"], _) => return Err(only(&request, &[Method::Get, Method::Post]).err().unwrap_or_else(nothing)),
        (["attempts"], _) => {
            only(&request, &[Method::Get])?;
            attempts(&request)?
        }
        (["test"], _) => {
            only(&request, &[Method::Post])?;
            EndpointAct::Test { event_type: TestEvent::from_json(&body(&mut request).await?)?.event_type }
        }
        (["replay"], _) => {
            only(&request, &[Method::Post])?;
            EndpointAct::Replay(Replay::from_json(&body(&mut request).await?)?)
        }
        (["events", event, "resend"], _) => {
            only(&request, &[Method::Post])?;
            EndpointAct::Resend { event: event.parse().map_err(|_| unknown_event())? }
        }
        _ => return Err(nothing()),
    };
    match sites::call_once(&request, env, site, Command::Endpoint { id, act }).await? {
        Reply::Endpoint(endpoint) => json(&endpoint, 200),
        Reply::Secret(secret) => json(&secret, 200),
        Reply::Attempts(page) => json(&page, 200),
        Reply::Queued { count, next_since } => json(&json!({ "queued": count, "next_since": next_since }), 202),
        Reply::TestQueued(event) => json(&json!({ "event": event }), 202),
        Reply::Removed => no_content(),
        Reply::UnknownEndpoint => Err(unknown_endpoint()),
        Reply::UnknownEvent => Err(unknown_event()),
        Reply::EndpointDisabled => {
            Err(Problem::new(Code::Conflict, "This endpoint is disabled. Enable it first: PATCH {\"enabled\": true}."))
        }
        Reply::BadCursor => Err(super::bad_cursor()),
        _ => Err(internal("do this with the endpoint")),
    }
}

fn attempts(request: &Request) -> Result<EndpointAct, Problem> {
    let mut given = parameters(request, &["cursor", "limit", "event"])?;
    let event = given.remove("event").map(|event| event.parse()).transpose();
    let event = event.map_err(|_| Problem::new(Code::InvalidParameter, "event must be an event id, evt_..."))?;
    Ok(EndpointAct::ListAttempts { event, limit: limit_of(&mut given)?, cursor: given.remove("cursor") })
}

fn check_url(env: &Env, url: &str) -> Result<(), Problem> {
    let Some(refusal) = refusal(url, keys::in_development(env)) else { return Ok(()) };
    let mut problem = Problem::new(Code::InvalidField, format!("/url {refusal}."));
    problem.errors = vec![FieldError { pointer: "/url".to_owned(), detail: refusal.to_owned() }];
    Err(problem)
}

fn unknown_endpoint() -> Problem {
    Problem::new(Code::NotFound, "There is no such endpoint.")
}

fn unknown_event() -> Problem {
    Problem::new(Code::NotFound, "There is no such event; events are kept for 30 days.")
}

fn nothing() -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this address.")
}
