//! Listening again to what was said before the owner changed the themes.

use crate::chore::{Chore, Work};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, run};
use heard_wire::{Analysis, LanguageTag, ResponseId, Score};
use std::time::Duration;

/// Comments that are listened to between two pauses, so that a submission waits a few milliseconds at most.
pub const REANALYSED_AT_ONCE: usize = 20;

/// Listens again. The shell does it, since listening is not known here.
pub(crate) const REANALYSING: Chore = Chore {
    name: "listening again",
    due: |sql, now| {
        let statement = format!("SELECT 1 FROM responses WHERE {STALE} LIMIT 1");
        Ok((!run(sql, "look for comments to listen to again", &statement, [])?.is_empty()).then_some(now))
    },
    no_sooner: Duration::ZERO,
    work: Work::InShell,
};

/// A comment that was listened to with themes the site no longer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaleComment {
    /// The response it belongs to.
    pub id: ResponseId,
    /// The score it came with.
    pub score: Option<Score>,
    /// What was said.
    pub text: String,
    /// Language of the page.
    pub lang: LanguageTag,
}

const STALE: &str = "listened_revision < (SELECT themes_revision FROM site)";

/// The next comment to listen to again. It is marked as listened to before it is, so that one which cannot be listened
/// to, or brings the program down, keeps its place in no line.
///
/// # Errors
/// When SQLite refuses.
pub fn next_stale_comment(sql: &dyn Sql) -> Result<Option<StaleComment>, SiteError> {
    const ACT: &str = "find a comment to listen to again";
    let statement = format!(
        "SELECT number, CASE WHEN json_valid(heard) THEN heard ->> '$.corrected_at' END, id, score, comment, lang
         FROM responses WHERE {STALE} LIMIT 1"
    );
    while let Some(row) = run(sql, ACT, &statement, [])?.into_iter().next() {
        let mut columns = Columns::of(row, ACT);
        let number = columns.integer()?;
        let claim = "UPDATE responses SET listened_revision = (SELECT revision FROM site) WHERE number = ?";
        run(sql, ACT, claim, [Cell::from(number)])?;
        // What a person corrected stays so, and one that does not read back stays as it was heard before.
        let is_corrected = columns.optional_text()?.is_some();
        if let (false, Ok(comment)) = (is_corrected, read(columns)) {
            return Ok(Some(comment));
        }
    }
    Ok(None)
}

fn read(mut columns: Columns) -> Result<StaleComment, SiteError> {
    Ok(StaleComment {
        id: columns.parsed()?,
        score: u8::try_from(columns.integer()?).ok().and_then(Score::new),
        text: columns.optional_text()?.unwrap_or_default(),
        lang: columns.parsed()?,
    })
}

/// Stores what was heard with the present themes. The customer's reply and the events already sent stay as they were.
///
/// # Errors
/// When SQLite refuses.
pub fn store_analysis(site: &Site<'_>, id: &ResponseId, heard: &Analysis) -> Result<(), SiteError> {
    const ACT: &str = "store what was heard again";
    let params = [Cell::json(ACT, heard)?, Cell::from(site.revision), Cell::from(id.as_str())];
    run(site.sql, ACT, "UPDATE responses SET heard = ?, listened_revision = ? WHERE id = ?", params).map(drop)
}
