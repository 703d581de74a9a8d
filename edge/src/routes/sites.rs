//! Sites, their settings and their keys.

use super::incoming::Incoming;
use crate::http::{headers, internal, json, no_content};
use crate::{directory, namespace, site_client};
use heard_site::sites::{
    AddKey, ChangeSite, DirectoryCommand, EraseSite, ListKeys, ReadSite, ReadVisitorKeys, RevokeKey, RotateVisitorKey,
    SessionCommand, WriteSite,
};
use heard_wire::http::{IfMatch, has_etag};
use heard_wire::{Code, NewApiKey, Problem, SettingsPatch, SiteConfig, SiteSettings};
use worker::Response;

/// `GET /v1/sites?cursor=&limit=`: every site of this Worker, by id.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let (limit, after) = (given.limit()?, given.checked("cursor")?);
    let mut page = directory::call(incoming.env, &DirectoryCommand::List { after, limit }).await?;
    let jurisdiction = namespace::jurisdiction(incoming.env);
    page.items.iter_mut().for_each(|site| site.jurisdiction.clone_from(&jurisdiction));
    json(&page, 200)
}

/// `GET /v1/sites/{site}`: the settings and their revision.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let read = incoming.call(ReadSite {}).await?;
    if has_etag(&incoming.header("if-none-match").unwrap_or_default(), &etag_of(&read)) {
        let answer = Response::empty().map_err(|_| internal("answer"))?;
        return Ok(answer.with_status(304).with_headers(headers(&[("etag", &etag_of(&read))])?));
    }
    config(&read)
}

/// The revision of settings is their entity tag.
fn etag_of(config: &SiteConfig) -> String {
    format!("\"{}\"", config.revision)
}

/// Settings with their revision.
fn config(config: &SiteConfig) -> Result<Response, Problem> {
    let mut answer = json(config, 200)?;
    let etag = etag_of(config);
    answer.headers_mut().set("etag", &etag).map_err(|_| internal("answer"))?;
    Ok(answer)
}

fn revisions(incoming: &Incoming<'_>, header: &str) -> Option<IfMatch> {
    incoming.header(header).map(|header| IfMatch::read(&header))
}

/// `PUT /v1/sites/{site}`: creates the site or replaces its settings.
pub(crate) async fn write(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let settings = SiteSettings::from_json(&incoming.body().await?)?;
    let site = incoming.site()?.clone();
    if incoming.is_owner() {
        directory::check_jurisdiction(incoming.env).await?;
    }
    let (if_match, if_none_match) = (revisions(incoming, "if-match"), revisions(incoming, "if-none-match"));
    let written = incoming.call(WriteSite { site, settings, if_match, if_none_match }).await?;
    enter(incoming, written).await
}

/// `PATCH /v1/sites/{site}`: changes some of its settings.
pub(crate) async fn change(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let patch = SettingsPatch::from_json(&incoming.body().await?)?;
    let (if_match, if_none_match) = (revisions(incoming, "if-match"), revisions(incoming, "if-none-match"));
    let written = incoming.call(ChangeSite { patch, if_match, if_none_match }).await?;
    enter(incoming, written).await
}

/// `DELETE /v1/sites/{site}`: erases it with everything in it.
pub(crate) async fn erase(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(EraseSite {}).await?;
    let id = incoming.site()?.clone();
    site_client::forget(&id);
    directory::call(incoming.env, &DirectoryCommand::Leave { id: id.clone() }).await?;
    // Nobody is listed as signed in to what is gone.
    directory::ask_sessions(incoming.env, &SessionCommand::EndOf { site: id, prefix: None }).await?;
    no_content()
}

/// Enters what was just written in the directory, and answers with it.
async fn enter(incoming: &Incoming<'_>, written: SiteConfig) -> Result<Response, Problem> {
    let site = incoming.site()?.clone();
    let written = site_client::remember(written);
    let SiteSettings { name, archived, .. } = &written.config.settings;
    // The site is written by now; when this fails, the same request again enters it.
    let revision = written.config.revision;
    let entry = DirectoryCommand::Enter { id: site, name: name.clone(), archived: *archived, revision };
    directory::call(incoming.env, &entry).await?;
    config(&written.config)
}

/// `POST /v1/sites/{site}/keys`: makes a key and shows it for the only time.
pub(crate) async fn add_key(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    if incoming.header("idempotency-key").is_some() {
        let detail = "A key is shown once and not kept, so this takes no Idempotency-Key: list the keys, and revoke one too many.";
        return Err(Problem::new(Code::InvalidParameter, detail));
    }
    let new = NewApiKey::from_json(&incoming.body().await?)?;
    json(&incoming.call(AddKey { new }).await?, 201)
}

/// `GET /v1/sites/{site}/keys`.
pub(crate) async fn list_keys(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListKeys {}).await?, 200)
}

/// `GET /v1/sites/{site}/visitor-key`.
pub(crate) async fn read_visitor_key(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ReadVisitorKeys {}).await?, 200)
}

/// `POST /v1/sites/{site}/visitor-key`: makes a new one.
pub(crate) async fn rotate_visitor_key(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(RotateVisitorKey {}).await?, 201)
}

/// `DELETE /v1/sites/{site}/keys/{prefix}`: revokes a key at once.
pub(crate) async fn revoke_key(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let prefix: String = incoming.id("prefix", "There is no such key.")?;
    incoming.call(RevokeKey { prefix: prefix.clone() }).await?;
    let ended = SessionCommand::EndOf { site: incoming.site()?.clone(), prefix: Some(prefix) };
    directory::ask_sessions(incoming.env, &ended).await?;
    no_content()
}
