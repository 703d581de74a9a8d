use super::only;
use crate::http::{internal, text_answer};
use heard_site::example_event;
use heard_wire::{EventType, Problem, SiteId};
use serde_json::{Value, json};
use worker::{Method, Request, Response};

/// `GET /v1/event-types`: every type of event with an example of its body.
pub(crate) fn list(request: &Request) -> Result<Response, Problem> {
    only(request, &[Method::Get, Method::Head])?;
    let site: SiteId = "demo".parse().map_err(|_| internal("make the examples"))?;
    let types: Vec<Value> = EventType::ALL
        .iter()
        .map(|event_type| json!({ "type": event_type, "example": example_event(&site, *event_type) }))
        .collect();
    let text = json!({ "event_types": types }).to_string();
    text_answer(text, 200, "application/json", "public, max-age=3600")
}
