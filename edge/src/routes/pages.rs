use super::nothing;
use crate::http::text_answer;
use heard_wire::Problem;
use worker::{Env, Response};

/// Host pages, where a `PAGES` service is bound to serve them: the demo and the tests bind one. It says what its pages are.
pub(crate) async fn serve(
    env: &Env,
    path: &str,
    only_read: impl Fn() -> Result<(), Problem>,
) -> Result<Response, Problem> {
    let Ok(pages) = env.service("PAGES") else {
        return if path == "/" { only_read().and_then(|()| hello()) } else { Err(nothing()) };
    };
    only_read()?;
    let found = pages.fetch(format!("http://pages{path}"), None).await;
    found.ok().filter(|page| page.status_code() == 200).ok_or_else(nothing)
}

fn hello() -> Result<Response, Problem> {
    text_answer("Heard is running.\n".into(), 200, "text/plain; charset=utf-8", "no-store")
}
