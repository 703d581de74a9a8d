//! Listening again to what was said before the owner changed the themes.

use crate::sql::{Columns, run};
use crate::{Cell, SiteError, Sql};
use heard_wire::{Heard, ResponseId, Score};

/// A comment that was listened to with themes the site no longer has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The response it belongs to.
    pub id: ResponseId,
    /// The score it came with.
    pub score: Option<Score>,
    /// What was said.
    pub text: String,
    /// Language of the page.
    pub lang: String,
}

const STALE: &str = "listened_revision < (SELECT themes_revision FROM site)";

/// Up to `limit` comments to listen to again.
///
/// # Errors
/// When SQLite refuses.
pub fn unheard(sql: &dyn Sql, limit: usize) -> Result<Vec<Comment>, SiteError> {
    const ACT: &str = "find comments to listen to again";
    let statement = format!("SELECT number, id, score, comment, lang FROM responses WHERE {STALE} LIMIT ?");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX >> 11);
    let mut comments = Vec::new();
    for row in run(sql, ACT, &statement, [Cell::from(limit)])? {
        let mut columns = Columns::of(row, ACT);
        let number = columns.integer()?;
        match read(columns) {
            Ok(comment) => comments.push(comment),
            // It stays as it was heard before: tried again and again, it would keep the others from their turn.
            Err(_) => {
                let passed_over =
                    "UPDATE responses SET listened_revision = (SELECT revision FROM site) WHERE number = ?";
                run(sql, ACT, passed_over, [Cell::from(number)])?;
            }
        }
    }
    Ok(comments)
}

fn read(mut columns: Columns) -> Result<Comment, SiteError> {
    Ok(Comment {
        id: columns.parsed()?,
        score: u8::try_from(columns.integer()?).ok().and_then(Score::new),
        text: columns.optional_text()?.unwrap_or_default(),
        lang: columns.text()?,
    })
}

/// Stores what was heard with the themes of a settings revision. The customer's reply and the events already sent stay
/// as they were.
///
/// # Errors
/// When SQLite refuses.
pub fn hear_again(sql: &dyn Sql, id: &ResponseId, settings_revision: i64, heard: &Heard) -> Result<(), SiteError> {
    const ACT: &str = "store what was heard again";
    let heard = serde_json::to_string(heard).map_err(|_| SiteError::Unreadable { act: ACT })?;
    let params = [Cell::from(heard), Cell::from(settings_revision), Cell::from(id.as_str())];
    run(sql, ACT, "UPDATE responses SET heard = ?, listened_revision = ? WHERE id = ?", params)?;
    Ok(())
}

/// Whether any comment waits to be listened to again.
pub(crate) fn is_pending(sql: &dyn Sql) -> Result<bool, SiteError> {
    let statement = format!("SELECT 1 FROM responses WHERE {STALE} LIMIT 1");
    Ok(!run(sql, "look for comments to listen to again", &statement, [])?.is_empty())
}
