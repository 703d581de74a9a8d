//! The settings of a site.

use crate::cases;
use crate::operation::{Effect, Operation};
use crate::outcome::done;
use crate::refusal::{Failure, Refusal};
use crate::responses;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, prepare, run};
use crate::zone::Zone;
use heard_wire::http::IfMatch;
use heard_wire::{Problem, SettingsPatch, SiteConfig, SiteId, SiteSettings, TeammateId, ThemeId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Reads the settings.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadSite {}

impl Operation for ReadSite {
    type Reply = SiteConfig;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<SiteConfig, Failure> {
        Ok(site.config()?)
    }

    /// The settings as they are stored: the Worker reads them, and once is enough.
    fn told(self, site: &mut Site<'_>) -> Result<String, Failure> {
        const ACT: &str = "read the site's settings";
        let stored = one(site.sql, ACT, "SELECT settings FROM site", [])?;
        let text = stored.ok_or(SiteError::Unreadable { act: ACT })?.text()?;
        let settings = RawValue::from_string(text).map_err(|source| SiteError::Json { act: ACT, source })?;
        Ok(done(&Stored { id: &site.id, revision: site.revision, settings })?)
    }
}

/// A [`SiteConfig`] whose settings nobody has read.
#[derive(Serialize)]
struct Stored<'a> {
    id: &'a SiteId,
    revision: i64,
    settings: Box<RawValue>,
}

/// Creates the site or changes its settings, and gives them with their new revision.
#[derive(Debug, Serialize, Deserialize)]
pub struct WriteSite {
    /// The site's id, stored so that events can name it.
    pub site: SiteId,
    /// The new settings.
    pub settings: SiteSettings,
    /// Only where the settings are at one of these revisions.
    #[serde(default)]
    pub if_match: Option<IfMatch>,
    /// Only where they are at none of these: `*` where there is no such site.
    #[serde(default)]
    pub if_none_match: Option<IfMatch>,
}

impl Operation for WriteSite {
    type Reply = SiteConfig;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<SiteConfig, Failure> {
        check_revision(self.if_match.as_ref(), Some(site.revision))?;
        check_is_none(self.if_none_match.as_ref(), site.revision)?;
        check_zone(&self.settings)?;
        // Settings that do not read back are no reason against new ones.
        let before = site.config().ok();
        check_people(site, before.as_ref(), &self.settings)?;
        Ok(replace(site, before, self.settings)?)
    }
}

/// Changes some of the settings.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeSite {
    /// What is to change.
    pub patch: SettingsPatch,
    /// Only where the settings are at one of these revisions.
    pub if_match: Option<IfMatch>,
    /// Only where they are at none of these.
    #[serde(default)]
    pub if_none_match: Option<IfMatch>,
}

impl Operation for ChangeSite {
    type Reply = SiteConfig;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<SiteConfig, Failure> {
        check_revision(self.if_match.as_ref(), Some(site.revision))?;
        check_is_none(self.if_none_match.as_ref(), site.revision)?;
        let before = site.config()?;
        let changed = self.patch.applied_to(&before.settings);
        let settings = changed.map_err(|problem| Refusal::Invalid { problem: Box::new(problem) })?;
        check_zone(&settings)?;
        check_people(site, Some(&before), &settings)?;
        Ok(replace(site, Some(before), settings)?)
    }
}

/// Refuses rules that name people or themes that there are not, where the rules or the themes change.
fn check_people(site: &Site<'_>, before: Option<&SiteConfig>, settings: &SiteSettings) -> Result<(), Failure> {
    let is_same = before.is_some_and(|before| before.settings.cases == settings.cases);
    if is_same && before.is_some_and(|before| before.settings.themes == settings.themes) {
        return Ok(());
    }
    for (place, rule) in settings.cases.rules.iter().flatten().enumerate() {
        let refused = |detail: String| {
            let problem = Box::new(Problem::of_field(&format!("/cases/rules/{place}"), &detail));
            Failure::from(Refusal::Invalid { problem })
        };
        let is_known = |id: &&ThemeId| settings.themes.iter().any(|theme| theme.id == **id);
        if rule.themes().any(|id| !is_known(&id)) {
            return Err(refused("must be about themes of the site".to_owned()));
        }
        // Who has gone meanwhile is nobody's fault.
        for person in rule.people().filter(|_| !is_same) {
            if cases::find_teammate(site, person)?.is_none() {
                return Err(refused(format!("names {person}, and there is no such person")));
            }
        }
    }
    Ok(())
}

/// Takes somebody who has gone out of the rules, which nobody could change while they name who is not there.
pub(crate) fn forget_teammate(site: &Site<'_>, gone: &TeammateId) -> Result<(), SiteError> {
    // Settings that do not read back keep nobody.
    let Ok(mut config) = site.config() else { return Ok(()) };
    let before = config.settings.cases.clone();
    config.settings.cases.rules.iter_mut().flatten().for_each(|rule| rule.without(gone));
    if config.settings.cases != before {
        write(site.sql, config.id, config.settings)?;
    }
    Ok(())
}

/// Takes the settings of an import over.
pub(crate) fn take_over(site: &Site<'_>, settings: SiteSettings) -> Result<SiteConfig, SiteError> {
    replace(site, site.config().ok(), settings)
}

/// Erases the site with everything in it.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseSite {}

impl Operation for EraseSite {
    type Reply = ();
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        const ACT: &str = "erase the site";
        // A virtual table takes its shadows along, so that some are gone when their turn comes.
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
             ORDER BY sql LIKE 'CREATE VIRTUAL%' DESC";
        for row in run(site.sql, ACT, tables, [])? {
            let name = Columns::of(row, ACT).text()?;
            run(site.sql, ACT, &format!("DROP TABLE IF EXISTS \"{name}\""), [])?;
        }
        Ok(())
    }
}

fn replace(site: &Site<'_>, before: Option<SiteConfig>, settings: SiteSettings) -> Result<SiteConfig, SiteError> {
    let config = write(site.sql, site.id.clone(), settings)?;
    if before.is_none_or(|before| !listens_alike(&before.settings, &config.settings)) {
        run(site.sql, "change the themes", "UPDATE site SET themes_revision = revision", [])?;
        responses::hear_all_again(site.sql)?;
    }
    Ok(config)
}

/// Refuses where the settings are at another revision than is asked for; `None` where there are none yet.
fn check_revision(if_match: Option<&IfMatch>, revision: Option<i64>) -> Result<(), Refusal> {
    let fits = if_match.is_none_or(|if_match| revision.is_some_and(|revision| if_match.fits(revision)));
    if fits { Ok(()) } else { Err(Refusal::RevisionChanged { revision }) }
}

fn check_is_none(if_none_match: Option<&IfMatch>, revision: i64) -> Result<(), Refusal> {
    let is_one = if_none_match.is_some_and(|none| none.fits(revision));
    if is_one { Err(Refusal::RevisionChanged { revision: Some(revision) }) } else { Ok(()) }
}

fn check_zone(settings: &SiteSettings) -> Result<(), Refusal> {
    if Zone::named(&settings.time_zone).is_some() {
        return Ok(());
    }
    let detail = "must be a time zone of the IANA database such as Europe/Berlin";
    Err(Refusal::Invalid { problem: Box::new(Problem::of_field("/time_zone", detail)) })
}

/// Makes the tables of a site that its owner creates.
pub(crate) fn create(sql: &dyn Sql, operation: WriteSite) -> Result<SiteConfig, Failure> {
    check_revision(operation.if_match.as_ref(), None)?;
    check_zone(&operation.settings)?;
    prepare(sql)?;
    Ok(write(sql, operation.site, operation.settings)?)
}

fn write(sql: &dyn Sql, id: SiteId, settings: SiteSettings) -> Result<SiteConfig, SiteError> {
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
