//! `GET /v1/sites`: every site of this Worker.

use super::{limit_of, only, parameters};
use crate::http::json;
use crate::{directory, keys};
use heard_site::DirectoryCommand;
use heard_wire::{Problem, SiteId};
use worker::{Env, Method, Request, Response};

/// A page of sites, for the holder of the owner's key.
pub(crate) async fn list(request: &Request, env: &Env, owner_key: &str) -> Result<Response, Problem> {
    only(request, &[Method::Get])?;
    keys::check_owner(request, owner_key)?;
    let mut given = parameters(request, &["cursor", "limit"])?;
    let limit = limit_of(&mut given)?;
    let after = given.remove("cursor");
    if after.as_ref().is_some_and(|cursor| cursor.parse::<SiteId>().is_err()) {
        return Err(super::bad_cursor());
    }
    json(&directory::call(env, &DirectoryCommand::List { after, limit }).await?, 200)
}
