//! Sites, their settings and their keys.

use super::incoming::Incoming;
use crate::http::{json, no_content};
use crate::{directory, site_client};
use heard_site::sites::{AddKey, DirectoryCommand, ListKeys, ReadSite, RevokeKey, WriteSite};
use heard_wire::{NewApiKey, Problem, SiteSettings};
use worker::Response;

/// `GET /v1/sites?cursor=&limit=`: every site of this Worker, by id.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters(&["cursor", "limit"])?;
    let (limit, after) = (given.limit()?, given.checked("cursor")?);
    json(&directory::call(incoming.env, &DirectoryCommand::List { after, limit }).await?, 200)
}

/// `GET /v1/sites/{site}`: the settings and their revision.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ReadSite {}).await?, 200)
}

/// `PUT /v1/sites/{site}`: creates the site or replaces its settings.
pub(crate) async fn write(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let settings = SiteSettings::from_json(&incoming.body().await?)?;
    let site = incoming.site()?.clone();
    let written = incoming.call(WriteSite { site: site.clone(), settings }).await?;
    let written = site_client::remember(written);
    let SiteSettings { name, archived, .. } = &written.config.settings;
    // The site is written by now; when this fails, the same request again enters it.
    let revision = written.config.revision;
    let entry = DirectoryCommand::Enter { id: site, name: name.clone(), archived: *archived, revision };
    directory::call(incoming.env, &entry).await?;
    json(&written.config, 200)
}

/// `POST /v1/sites/{site}/keys`: makes a key and shows it for the only time.
pub(crate) async fn add_key(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let new = NewApiKey::from_json(&incoming.body().await?)?;
    json(&incoming.call(AddKey { new }).await?, 201)
}

/// `GET /v1/sites/{site}/keys`.
pub(crate) async fn list_keys(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListKeys {}).await?, 200)
}

/// `DELETE /v1/sites/{site}/keys/{prefix}`: revokes a key at once.
pub(crate) async fn revoke_key(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let prefix = incoming.id("prefix", "There is no such key.")?;
    incoming.call(RevokeKey { prefix }).await?;
    no_content()
}
