//! The Cloudflare Worker: thin shells only. Routes decode, call a pure crate or the site's object, and encode.

mod access;
mod assets;
mod attempt;
mod challenge;
mod credential;
mod directory;
mod dispatch;
mod http;
mod mail;
mod namespace;
mod object;
mod reanalysis;
mod rehearsal;
mod routes;
mod runtime;
mod session;
mod signatures;
mod site_client;
mod sql;

use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    routes::handle(request, &env).await
}
