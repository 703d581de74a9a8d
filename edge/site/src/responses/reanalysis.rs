//! Listening again to what was said before the owner changed the themes.

use crate::chore::{Chore, Work};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, run, scalar};
use heard_wire::{Analysis, LanguageTag, ResponseId, Score};
use std::time::Duration;

/// Comments that are listened to between two pauses, so that a submission waits a few milliseconds at most.
pub const REANALYSED_AT_ONCE: usize = 20;

/// Listens again. The shell does it, since listening is not known here.
pub(crate) const REANALYSING: Chore = Chore {
    name: "listening again",
    due: |sql, now| {
        let from = scalar(sql, "look for comments to listen to again", "SELECT hear_again_from FROM site", [])?;
        Ok(from.map(|_| now))
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

/// Answers that are looked through at a time for one that was listened to with other themes.
const LOOKED_THROUGH: i64 = 2_000;

/// All answers of now are listened to again, the newest first. What comes meanwhile is heard with the new themes at once.
pub(crate) fn hear_all_again(sql: &dyn Sql) -> Result<(), SiteError> {
    let statement = "UPDATE site SET hear_again_from = (SELECT max(number) FROM responses)";
    run(sql, "listen to all again", statement, []).map(drop)
}

/// The next comment to listen to again; `None` where there is none among those looked through. It is done with before it is
/// listened to, so that one which cannot be listened to, or brings the program down, keeps its place in no line.
///
/// # Errors
/// When SQLite refuses.
pub fn next_stale_comment(sql: &dyn Sql) -> Result<Option<StaleComment>, SiteError> {
    const ACT: &str = "find a comment to listen to again";
    let statement =
        "SELECT number, CASE WHEN json_valid(heard) THEN heard ->> '$.corrected_at' END, id, score, comment, lang
         FROM responses WHERE number <= ? AND number > ? AND listened_revision < (SELECT themes_revision FROM site)
         ORDER BY number DESC LIMIT 1";
    let done_above = |number: i64| {
        let rest = "UPDATE site SET hear_again_from = (SELECT max(number) FROM responses WHERE number <= ?)";
        run(sql, ACT, rest, [Cell::from(number)])
    };
    let Some(from) = scalar(sql, ACT, "SELECT hear_again_from FROM site", [])? else { return Ok(None) };
    let end = from - LOOKED_THROUGH;
    let mut next = from;
    while let Some(mut columns) = one(sql, ACT, statement, [Cell::from(next), Cell::from(end)])? {
        let number = columns.integer()?;
        next = number - 1;
        done_above(next)?;
        // What a person corrected stays so, and one that does not read back stays as it was heard before.
        let is_corrected = columns.optional_text()?.is_some();
        if let (false, Ok(comment)) = (is_corrected, read(columns)) {
            return Ok(Some(comment));
        }
    }
    done_above(end)?;
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
