use crate::sql::{Columns, run};
use crate::{Cell, SiteError, Sql};
use heard_wire::{SiteId, SiteSettings};
use serde::{Deserialize, Serialize};

/// A site's settings with the revision they are at, so that a cached copy can be told from the current one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configured {
    /// The site.
    pub id: SiteId,
    /// Counts up with every change.
    pub revision: i64,
    /// What the owner set.
    pub settings: SiteSettings,
}

/// The site's settings, or `None` before the owner has created it.
///
/// # Errors
/// When the row cannot be read.
pub fn configured(sql: &dyn Sql) -> Result<Option<Configured>, SiteError> {
    const ACT: &str = "read the site's settings";
    let rows = match sql.run("SELECT id, revision, settings FROM site", Vec::new()) {
        Ok(rows) => rows,
        // Asked for at every call, so the usual case is one statement. A site never created has no tables.
        Err(source) if source.0.contains("no such table") => return Ok(None),
        Err(source) => return Err(SiteError::Sql { act: ACT, source }),
    };
    rows.into_iter()
        .next()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            Ok(Configured { id: columns.parsed()?, revision: columns.integer()?, settings: columns.json()? })
        })
        .transpose()
}

/// Creates the site or changes its settings, and gives them with their new revision.
pub(crate) fn configure(sql: &dyn Sql, id: &SiteId, settings: SiteSettings) -> Result<Configured, SiteError> {
    const ACT: &str = "write the site's settings";
    crate::schema::prepare(sql)?;
    let before = configured(sql)?;
    let json = serde_json::to_string(&settings).map_err(|_| SiteError::Unreadable { act: ACT })?;
    let rows = run(
        sql,
        ACT,
        "INSERT INTO site (one, id, settings, revision) VALUES (1, ?, ?, 1)
         ON CONFLICT (one) DO UPDATE SET settings = excluded.settings, revision = revision + 1
         RETURNING revision",
        [Cell::from(id.as_str()), Cell::from(json)],
    )?;
    let row = rows.into_iter().next().ok_or(SiteError::Unreadable { act: ACT })?;
    let revision = Columns::of(row, ACT).integer()?;
    if before.is_some_and(|before| !listens_alike(&before.settings, &settings)) {
        run(sql, ACT, "UPDATE site SET themes_revision = revision", [])?;
    }
    Ok(Configured { id: id.clone(), revision, settings })
}

/// Whether comments are heard the same with both: what themes are called and known by, not what is replied.
fn listens_alike(one: &SiteSettings, other: &SiteSettings) -> bool {
    let known_by = |settings: &SiteSettings| {
        let themes = settings.themes.iter();
        themes.map(|theme| (theme.id.clone(), theme.label.clone(), theme.phrases.clone())).collect::<Vec<_>>()
    };
    known_by(one) == known_by(other)
}
