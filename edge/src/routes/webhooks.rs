//! Webhook endpoints of a site: `/v1/sites/{site}/endpoints` and below.

use super::incoming::Incoming;
use crate::credential::in_development;
use crate::http::{json, no_content};
use crate::mail::{Mailer, NO_MAILER};
use heard_site::webhooks::{
    AddEndpoint, ChangeEndpoint, ListAttempts, ListDeliveries, ListEndpoints, ListEvents, ReadEndpoint, ReadEvent,
    ReadSecret, RemoveEndpoint, ReplayEvents, Resend, RotateSecret, SendTest, refusal,
};
use heard_wire::{BodyFormat, EndpointId, EndpointPatch, EndpointSettings, Problem, Replay, Rotation, TestEvent};
use worker::Response;

/// `POST .../endpoints`: adds an endpoint and shows what its deliveries are verified with.
pub(crate) async fn add(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let mut settings = EndpointSettings::from_json(&incoming.body().await?)?;
    check_url(incoming, &settings.url)?;
    if settings.format != BodyFormat::Standard && settings.base_url.is_none() {
        settings.base_url = incoming.origin();
    }
    json(&incoming.call(AddEndpoint { settings }).await?, 201)
}

/// `GET .../endpoints`.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListEndpoints {}).await?, 200)
}

/// `GET .../endpoints/{endpoint}`.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ReadEndpoint { id: id(incoming)? }).await?, 200)
}

/// `PATCH .../endpoints/{endpoint}`.
pub(crate) async fn change(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let mut patch = EndpointPatch::from_json(&incoming.body().await?)?;
    if let Some(origin) = incoming.origin() {
        patch.link_to(&origin);
    }
    if let Some(url) = patch.url() {
        check_url(incoming, url)?;
    }
    json(&incoming.call(ChangeEndpoint { id, patch }).await?, 200)
}

/// `DELETE .../endpoints/{endpoint}`.
pub(crate) async fn remove(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(RemoveEndpoint { id: id(incoming)? }).await?;
    no_content()
}

/// `GET .../endpoints/{endpoint}/secret`.
pub(crate) async fn read_secret(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ReadSecret { id: id(incoming)? }).await?, 200)
}

/// `POST .../endpoints/{endpoint}/secret`.
pub(crate) async fn rotate_secret(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let rotation = Rotation::from_json(&incoming.body_if_any().await?)?;
    json(&incoming.call(RotateSecret { id, rotation }).await?, 200)
}

/// `GET .../events?type=&response=&cursor=&limit=`, newest first.
pub(crate) async fn events(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let event_type = given.named("type", "the name of a type of event")?;
    let (response, limit, cursor) = (given.checked("response")?, given.limit()?, given.checked("cursor")?);
    json(&incoming.call(ListEvents { event_type, response, cursor, limit }).await?, 200)
}

/// `GET .../events/{event}`.
pub(crate) async fn event(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = incoming.id("event", "There is no such event; events are kept for 30 days.")?;
    json(&incoming.call(ReadEvent { id }).await?, 200)
}

/// `GET .../deliveries?state=&endpoint=&event=&cursor=&limit=`, newest first.
pub(crate) async fn deliveries(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let state = given.named("state", "pending, delivered or failed")?;
    let (endpoint, event) = (given.checked("endpoint")?, given.checked("event")?);
    let (limit, cursor) = (given.limit()?, given.checked("cursor")?);
    json(&incoming.call(ListDeliveries { state, endpoint, event, cursor, limit }).await?, 200)
}

/// `GET .../endpoints/{endpoint}/attempts?event=&cursor=&limit=`, newest first.
pub(crate) async fn attempts(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let mut given = incoming.parameters();
    let (event, limit, cursor) = (given.checked("event")?, given.limit()?, given.checked("cursor")?);
    json(&incoming.call(ListAttempts { id, event, cursor, limit }).await?, 200)
}

/// `POST .../endpoints/{endpoint}/test`.
pub(crate) async fn test(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let TestEvent { event_type } = TestEvent::from_json(&incoming.body().await?)?;
    json(&incoming.call(SendTest { id, event_type }).await?, 202)
}

/// `POST .../endpoints/{endpoint}/replay`.
pub(crate) async fn replay(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let replay = Replay::from_json(&incoming.body().await?)?;
    json(&incoming.call(ReplayEvents { id, replay }).await?, 202)
}

/// `POST .../endpoints/{endpoint}/events/{event}/resend`.
pub(crate) async fn resend(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let event = incoming.id("event", "There is no such event; events are kept for 30 days.")?;
    json(&incoming.call(Resend { id: id(incoming)?, event }).await?, 202)
}

fn id(incoming: &Incoming<'_>) -> Result<EndpointId, Problem> {
    incoming.id("endpoint", "There is no such endpoint.")
}

fn check_url(incoming: &Incoming<'_>, url: &str) -> Result<(), Problem> {
    if url.starts_with("mailto:") {
        let mailer = Mailer::of(incoming.env);
        return mailer.map(drop).ok_or_else(|| Problem::of_field("/url", NO_MAILER));
    }
    if let Some(refusal) = refusal(url, in_development(incoming.env)) {
        return Err(Problem::of_field("/url", refusal));
    }
    // Each event would cause the next.
    let own = incoming.header("host").unwrap_or_default();
    let host = worker::Url::parse(url).ok().and_then(|url| {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}{port}", url.host_str()?))
    });
    if host.is_some_and(|host| host.eq_ignore_ascii_case(&own)) {
        return Err(Problem::of_field("/url", "must not lead back to this Worker"));
    }
    Ok(())
}
