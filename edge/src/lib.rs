//! The Cloudflare Worker: thin shells only. Routes decode, call a pure crate or the site's object, and encode.

mod assets;
mod attempt;
mod directory;
mod http;
mod keys;
mod object;
mod outbox;
mod relisten;
mod routes;
mod sites;
mod sql;

use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    routes::handle(request, &env).await
}
