//! The settings of a site.

use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, SiteError, Sql, one, prepare, run};
use heard_wire::{SiteConfig, SiteId, SiteSettings};
use serde::{Deserialize, Serialize};

/// Reads the settings.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadSite {}

impl Operation for ReadSite {
    type Reply = SiteConfig;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<SiteConfig, Failure> {
        Ok(site.config()?)
    }
}

/// Creates the site or changes its settings, and gives them with their new revision.
#[derive(Debug, Serialize, Deserialize)]
pub struct WriteSite {
    /// The site's id, stored so that events can name it.
    pub site: SiteId,
    /// The new settings.
    pub settings: SiteSettings,
}

impl Operation for WriteSite {
    type Reply = SiteConfig;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<SiteConfig, Failure> {
        // Settings that do not read back are no reason against new ones.
        let before = site.config().ok();
        let config = write(site.sql, self)?;
        if before.is_none_or(|before| !listens_alike(&before.settings, &config.settings)) {
            run(site.sql, "change the themes", "UPDATE site SET themes_revision = revision", [])?;
        }
        Ok(config)
    }
}

/// Makes the tables of a site that its owner creates.
pub(crate) fn create(sql: &dyn Sql, operation: WriteSite) -> Result<SiteConfig, SiteError> {
    prepare(sql)?;
    write(sql, operation)
}

fn write(sql: &dyn Sql, WriteSite { site: id, settings }: WriteSite) -> Result<SiteConfig, SiteError> {
    const ACT: &str = "write the site's settings";
    let written = one(
        sql,
        ACT,
        "INSERT INTO site (one, id, settings, revision) VALUES (1, ?, ?, 1)
         ON CONFLICT (one) DO UPDATE SET settings = excluded.settings, revision = revision + 1
         RETURNING revision",
        [Cell::from(id.as_str()), Cell::json(ACT, &settings)?],
    )?;
    let revision = written.ok_or(SiteError::Unreadable { act: ACT })?.integer()?;
    Ok(SiteConfig { id, revision, settings })
}

/// Whether comments are heard the same with both: what themes are called and known by, not what is replied.
fn listens_alike(one: &SiteSettings, other: &SiteSettings) -> bool {
    let known_by = |settings: &SiteSettings| {
        let themes = settings.themes.iter();
        themes.map(|theme| (theme.id.clone(), theme.label.clone(), theme.phrases.clone())).collect::<Vec<_>>()
    };
    known_by(one) == known_by(other)
}
