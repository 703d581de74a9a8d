//! The desk: one page at many addresses, which finds out by itself what is wanted.

use super::no_such_file;
use crate::assets;
use crate::http::{internal, text_answer};
use heard_wire::{LanguageTag, Problem, SiteId};
use worker::{Request, Response};

/// Where its page is listed among the files.
pub(super) const PAGE: &str = "/desk";
/// Where the widget is tried out.
const PREVIEW: &str = "/desk/preview/";

/// Runs its own program and nothing else, and is shown in no other's frame: customers' words are in it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The page with nothing but the widget, which the desk alone may frame.
const PREVIEW_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// `GET /desk` and everything below it.
pub(super) fn page(request: &Request, path: &str) -> Result<Response, Problem> {
    if let Some(site) = path.strip_prefix(PREVIEW) {
        return preview(site, &request.url().map_err(|_| internal("read the address"))?);
    }
    let page = assets::find(PAGE).ok_or_else(no_such_file)?;
    with(assets::serve(request, page)?, POLICY, "DENY")
}

/// The real widget, on a page of its own: what is answered there is a test.
fn preview(site: &str, url: &worker::Url) -> Result<Response, Problem> {
    let site: SiteId = site.parse().map_err(|_| no_such_file())?;
    let wanted =
        url.query_pairs().find(|(name, _)| name == "lang").and_then(|(_, lang)| lang.parse::<LanguageTag>().ok());
    let lang = wanted.map(|lang| format!(" data-lang=\"{lang}\"")).unwrap_or_default();
    // Ids of sites and tags of languages are letters, digits and dashes: nothing of them is markup.
    let page = format!(
        "<!doctype html><html><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Preview</title><link rel=\"icon\" href=\"data:,\">\
         <script async src=\"/heard.js\" data-site=\"{site}\" data-test data-ask=\"never\"{lang}></script></html>"
    );
    with(text_answer(page, 200, "text/html; charset=utf-8", "no-store")?, PREVIEW_POLICY, "SAMEORIGIN")
}

fn with(mut answer: Response, policy: &str, frames: &str) -> Result<Response, Problem> {
    let headers = [
        ("content-security-policy", policy),
        ("x-frame-options", frames),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in headers {
        answer.headers_mut().set(name, value).map_err(|_| internal("answer"))?;
    }
    // Nobody else's page reads it.
    answer.headers_mut().delete("access-control-allow-origin").map_err(|_| internal("answer"))?;
    Ok(answer)
}
