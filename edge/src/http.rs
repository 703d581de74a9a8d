//! Reading requests and writing answers.

use futures_util::StreamExt as _;
use heard_wire::http::is_json;
use heard_wire::{Code, MAX_BODY_BYTES, Problem, SiteId};
use serde::Serialize;
use worker::{Headers, Request, Response};

/// How long Cloudflare's cache in front of the Worker keeps an answer; browsers go by `cache-control`.
pub(crate) const EDGE_CACHE: &str = "cloudflare-cdn-cache-control";
/// By what it lets go of it again: `shim.js` purges what an answer to anything but a read names.
pub(crate) const CACHE_TAG: &str = "cache-tag";

/// The tag of all that is cached of a site.
pub(crate) fn cache_tag(site: &SiteId) -> String {
    format!("site-{site}")
}

const PASS_OVER_AT_MOST: usize = 16 * 1024 * 1024;

/// The body of a request, kept no further than [`MAX_BODY_BYTES`].
pub(crate) async fn body(request: &mut Request) -> Result<Vec<u8>, Problem> {
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let content_type = header("content-type").unwrap_or_default();
    if !is_json(&content_type) {
        let detail = "Send JSON with the content type application/json or text/plain.";
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    let told = header("content-length").and_then(|length| length.parse::<usize>().ok());
    let failed = |_| Problem::new(Code::MalformedJson, "Reading the body failed part of the way.");
    if told.is_some_and(|length| length <= MAX_BODY_BYTES) {
        return request.bytes().await.map_err(failed);
    }
    let mut read = Vec::new();
    let mut seen = 0_usize;
    let mut stream = match request.stream() {
        Ok(stream) => stream,
        // A request without a body has no stream; empty is refused as JSON later.
        Err(_) => return Ok(read),
    };
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(failed)?;
        seen += chunk.len();
        // Past the limit the rest is passed over for a while: a client that is still writing when the connection closes
        // never gets to read why.
        if seen > PASS_OVER_AT_MOST {
            break;
        }
        if seen <= MAX_BODY_BYTES {
            read.extend_from_slice(&chunk);
        }
    }
    if seen > MAX_BODY_BYTES { Err(too_large()) } else { Ok(read) }
}

fn too_large() -> Problem {
    Problem::new(Code::BodyTooLarge, format!("A body is at most {MAX_BODY_BYTES} bytes."))
}

/// An answer of JSON, never cached.
pub(crate) fn json(value: &impl Serialize, status: u16) -> Result<Response, Problem> {
    let text = serde_json::to_string(value).map_err(|_| internal("encode the answer"))?;
    text_answer(text, status, "application/json", "no-store")
}

/// An answer without a body.
pub(crate) fn no_content() -> Result<Response, Problem> {
    let answer = Response::empty().map_err(|_| internal("answer"))?;
    Ok(answer.with_status(204).with_headers(headers(&[])?))
}

/// An answer of text.
pub(crate) fn text_answer(text: String, status: u16, content_type: &str, cache: &str) -> Result<Response, Problem> {
    let headers = headers(&[("content-type", content_type), ("cache-control", cache)])?;
    // The runtime takes a string as it is; bytes would be copied twice.
    Response::ok(text)
        .map(|answer| answer.with_status(status).with_headers(headers))
        .map_err(|_| internal("encode the answer"))
}

/// The headers every answer has, and these.
pub(crate) fn headers(pairs: &[(&str, &str)]) -> Result<Headers, Problem> {
    const ALWAYS: &[(&str, &str)] = &[
        // No cookie and no other credential is read on the routes a page calls, so any page may read the answer.
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
        // A page of the API's own reads these beside what any page may.
        ("access-control-expose-headers", "etag, ratelimit, ratelimit-policy, retry-after"),
    ];
    let headers = Headers::new();
    for (name, value) in ALWAYS.iter().chain(pairs) {
        headers.set(name, value).map_err(|_| internal("encode the headers"))?;
    }
    Ok(headers)
}

/// A problem as an answer.
pub(crate) fn problem_answer(problem: &Problem) -> worker::Result<Response> {
    let text = serde_json::to_string(problem)?;
    let mut answer = text_answer(text, problem.status, "application/problem+json", "no-store")
        .map_err(|problem| worker::Error::RustError(problem.detail))?;
    if problem.status == 405 {
        answer.headers_mut().set("allow", &problem.allow.join(", "))?;
    }
    if problem.status == 401 {
        answer.headers_mut().set("www-authenticate", "Bearer")?;
    }
    for (name, value) in problem.rate.iter().flat_map(|rate| rate.headers()) {
        answer.headers_mut().set(name, &value)?;
    }
    if let Some(rate) = &problem.rate {
        answer.headers_mut().set("retry-after", &rate.resets_in.to_string())?;
    }
    if problem.code == Code::Updating {
        answer.headers_mut().set("retry-after", "30")?;
    }
    Ok(answer)
}

/// A failure on our side. `act` is what was being done, never what with.
pub(crate) fn internal(act: &str) -> Problem {
    Problem::new(Code::Internal, format!("Failed to {act}. Try again: what was done already is not done twice."))
}
