//! What there is to do without being asked: a chore, and what becomes of one that fails.

use crate::site::Site;
use crate::store::{Cell, SiteError, Sql, one, run};
use heard_wire::Timestamp;
use std::time::Duration;

/// Something to do at a time.
pub struct Chore {
    /// What it sees to, for logs and for the table of those that failed.
    pub name: &'static str,
    /// When it next falls due, if it does; at this moment or in the past for at once.
    pub due: fn(&dyn Sql, Timestamp) -> Result<Option<Timestamp>, SiteError>,
    /// What is written now falls due no sooner than this.
    pub no_sooner: Duration,
    /// How a slice of it is done.
    pub work: Work,
}

/// How a chore is done. A slice takes a few milliseconds, since submissions wait for it.
pub enum Work {
    /// By the site alone.
    Here(fn(&mut Site<'_>) -> Result<(), SiteError>),
    /// With what only the shell has: a network, or listening.
    InShell,
}

/// The first wait after a failure, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3_600));

impl Chore {
    /// When it next falls due, not before its wait after a failure is over. One that cannot tell waits for the longest.
    #[must_use]
    pub fn next(&self, sql: &dyn Sql, now: Timestamp) -> Option<Timestamp> {
        let (first_wait, _) = WAITS;
        match (self.due)(sql, now) {
            Ok(due) => {
                let due = due?;
                if due > now {
                    return Some(due);
                }
                // Only what would be done now is looked up among those that failed, and that is nearly never there.
                let waits = waiting(sql, self.name).ok().flatten().map(|(_, not_before)| not_before);
                Some(waits.map_or(due, |not_before| not_before.max(due)))
            }
            Err(_) => Some(now + first_wait),
        }
    }
}

/// Writes down that a chore failed, so that it waits; gives until when.
///
/// # Errors
/// When SQLite refuses.
pub fn failed(sql: &dyn Sql, now: Timestamp, name: &str) -> Result<Timestamp, SiteError> {
    const ACT: &str = "let a chore wait";
    let (first, longest) = WAITS;
    let failures = waiting(sql, name)?.map_or(0, |(failures, _)| failures);
    let wait = longest.min(first * 2_u32.saturating_pow(failures.min(10)));
    let params = [Cell::from(name), Cell::from(i64::from(failures) + 1), Cell::from(now + wait)];
    run(sql, ACT, "INSERT OR REPLACE INTO chores (name, failures, not_before) VALUES (?, ?, ?)", params)?;
    Ok(now + wait)
}

/// Forgets the failures of a chore that went well.
///
/// # Errors
/// When SQLite refuses.
pub fn went_well(sql: &dyn Sql, name: &str) -> Result<(), SiteError> {
    run(sql, "forget a chore's failures", "DELETE FROM chores WHERE name = ?", [Cell::from(name)]).map(drop)
}

fn waiting(sql: &dyn Sql, name: &str) -> Result<Option<(u32, Timestamp)>, SiteError> {
    const ACT: &str = "look for a chore's failures";
    let columns = one(sql, ACT, "SELECT failures, not_before FROM chores WHERE name = ?", [Cell::from(name)])?;
    let Some(mut columns) = columns else { return Ok(None) };
    Ok(Some((u32::try_from(columns.integer()?).unwrap_or(u32::MAX), columns.timestamp()?)))
}
