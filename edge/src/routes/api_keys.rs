//! `/v1/sites/{site}/keys`.

use crate::http::{body, internal, json, no_content};
use crate::sites;
use heard_site::{Command, Reply};
use heard_wire::{Code, NewApiKey, Problem, SiteId};
use serde_json::json;
use worker::{Env, Request, Response};

/// `POST .../keys`: makes a key and shows it for the only time.
pub(crate) async fn add(mut request: Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    // Not by Idempotency-Key: the answer would have to be kept, and with it the key.
    let new = NewApiKey::from_json(&body(&mut request).await?)?;
    match sites::call(env, site, &Command::AddKey { new }).await? {
        Reply::KeyAdded(key, whole) => {
            let mut added = serde_json::to_value(&key).map_err(|_| internal("encode the key"))?;
            if let Some(fields) = added.as_object_mut() {
                fields.insert("key".to_owned(), whole.into());
            }
            json(&added, 201)
        }
        Reply::TooManyKeys => Err(Problem::new(Code::Conflict, "A site has at most 50 keys. Revoke one first.")),
        _ => Err(internal("make the key")),
    }
}

/// `GET .../keys`.
pub(crate) async fn list(env: &Env, site: &SiteId) -> Result<Response, Problem> {
    match sites::call(env, site, &Command::ListKeys).await? {
        Reply::Keys(keys) => json(&json!({ "keys": keys }), 200),
        _ => Err(internal("list the keys")),
    }
}

/// `DELETE .../keys/{prefix}`: revokes a key at once.
pub(crate) async fn revoke(env: &Env, site: &SiteId, prefix: &str) -> Result<Response, Problem> {
    match sites::call(env, site, &Command::RevokeKey { prefix: prefix.to_owned() }).await? {
        Reply::Removed => no_content(),
        Reply::UnknownKey => Err(Problem::new(Code::NotFound, "There is no such key.")),
        _ => Err(internal("revoke the key")),
    }
}
