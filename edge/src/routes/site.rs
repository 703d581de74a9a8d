use crate::http::{body, internal, json};
use crate::{directory, sites};
use heard_site::{Command, DirectoryCommand, Reply};
use heard_wire::{Problem, SiteId, SiteSettings};
use worker::{Env, Request, Response};

/// `GET /v1/sites/{site}`: the settings and their revision.
pub(crate) async fn read(env: &Env, site: &SiteId) -> Result<Response, Problem> {
    json(&sites::fresh_settings(env, site).await?.site, 200)
}

/// `PUT /v1/sites/{site}`: creates the site or replaces its settings.
pub(crate) async fn write(mut request: Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let settings = SiteSettings::from_json(&body(&mut request).await?)?;
    match sites::call(env, site, &Command::Configure { site: site.clone(), settings }).await? {
        Reply::Settings(configured) => {
            let remembered = sites::remember(*configured);
            let SiteSettings { name, archived, .. } = &remembered.site.settings;
            // The site is written by now; when this fails, the same request again enters it.
            let revision = remembered.site.revision;
            let entry = DirectoryCommand::Enter { id: site.clone(), name: name.clone(), archived: *archived, revision };
            directory::call(env, &entry).await?;
            json(&remembered.site, 200)
        }
        _ => Err(internal("write the site's settings")),
    }
}
