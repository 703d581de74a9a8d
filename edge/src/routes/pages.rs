use super::only;
use crate::http::{headers, internal, text_answer};
use heard_wire::{Code, Problem};
use worker::{Env, Method, Request, Response};

/// Host pages, where a `PAGES` service is bound to serve them: the demo and the tests bind a folder.
pub(crate) async fn serve(request: &Request, env: &Env, path: &str) -> Result<Response, Problem> {
    let Ok(pages) = env.service("PAGES") else {
        return if path == "/" { hello(request) } else { Err(nothing()) };
    };
    only(request, &[Method::Get, Method::Head])?;
    let file = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let found = pages.fetch(format!("http://pages{file}"), None).await.map_err(|_| internal("read a page"))?;
    if found.status_code() != 200 {
        return Err(nothing());
    }
    let content_type = match file.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    };
    let mut pairs = vec![("content-type", content_type), ("cache-control", "no-store")];
    // The page that shows a strict policy at work needs it sent as a header.
    if path == "/strict-csp.html" {
        pairs.push(("content-security-policy", include_str!("../../../examples/pages/strict-csp.txt").trim()));
    }
    Ok(found.with_headers(headers(&pairs)?))
}

fn hello(request: &Request) -> Result<Response, Problem> {
    only(request, &[Method::Get, Method::Head])?;
    text_answer("Heard is running.\n".into(), 200, "text/plain; charset=utf-8", "no-store")
}

fn nothing() -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this address.")
}
