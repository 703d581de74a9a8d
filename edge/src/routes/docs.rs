//! The API described: as a document, as a page, and by examples.

use crate::http::{internal, text_answer};
use crate::runtime::logged;
use heard_site::webhooks::example_event;
use heard_wire::{Code, EventType, Problem, SiteId};
use serde_json::{Value, json};
use std::fmt::Write as _;
use worker::Response;

/// `GET /v1/openapi.json`: the API as OpenAPI 3.1.
pub(crate) fn openapi() -> Result<Response, Problem> {
    let document = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));
    text_answer(document.to_owned(), 200, "application/json", "public, max-age=3600")
}

/// `GET /docs`: the same for people, with receivers in four languages.
pub(crate) fn page() -> Result<Response, Problem> {
    let page = include_str!(concat!(env!("OUT_DIR"), "/docs.html"));
    html(page.to_owned())
}

/// `GET /docs/problems`: what every problem code means. A problem's `type` links here.
pub(crate) fn problems() -> Result<Response, Problem> {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <link rel=\"icon\" href=\"data:,\"><title>Problems</title><style>body{font:16px/1.5 system-ui;max-width:42rem;margin:2rem auto;padding:0 1rem}\
         dt{font-weight:600;margin-top:1rem}:target{background:#fff3bf}</style><h1>Problems</h1>\
         <p>Errors are answered as problem documents (RFC 9457). <code>code</code> is stable. <a href=\"/docs\">All of the API</a><dl>",
    );
    for code in Code::ALL {
        // Codes and titles are ours and hold no markup.
        let (name, status, title) = (code.as_str(), code.status(), code.title());
        let _ = write!(page, "<dt id=\"{name}\"><code>{name}</code> ({status})<dd>{title}.");
    }
    page.push_str("</dl></html>");
    html(page)
}

/// A page of ours: it runs no script, loads nothing, and is shown in no other's frame.
fn html(page: String) -> Result<Response, Problem> {
    let mut answer = text_answer(page, 200, "text/html; charset=utf-8", "public, max-age=3600")?;
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
    ] {
        answer.headers_mut().set(name, value).map_err(|_| internal("answer"))?;
    }
    Ok(answer)
}

/// `GET /v1/event-types`: every type of event with an example of its body and a schema of all of them.
pub(crate) fn event_types() -> Result<Response, Problem> {
    let act = "make the examples";
    let schemas: Value = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/event-schemas.json")))
        .map_err(|error| logged(act, &error.to_string()))?;
    let site: SiteId = "demo".parse().map_err(|_| logged(act, "the id of a site"))?;
    let example = |event_type: &EventType| {
        let example = example_event(&site, *event_type)?;
        let schema = schemas.get(event_type.as_str());
        Ok(json!({ "type": event_type, "example": example, "schema": schema }))
    };
    let types = EventType::ALL.iter().map(example).collect::<serde_json::Result<Vec<Value>>>();
    let types = types.map_err(|error| logged(act, &error.to_string()))?;
    let text = json!({ "event_types": types }).to_string();
    text_answer(text, 200, "application/json", "public, max-age=3600")
}
