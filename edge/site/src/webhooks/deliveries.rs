//! Events on their way to endpoints, and which of them are due.

use crate::chore::{Chore, Work};
use crate::store::{Cell, Columns, SiteError, Sql, run, scalar};
use crate::webhooks::letterhead::Letterhead;
use heard_wire::{EndpointId, EndpointSettings, EventId, Timestamp};
use std::time::Duration;

/// Sends what is due. The shell does it, since a network is not known here.
pub(crate) const DELIVERING: Chore = Chore {
    name: "delivering",
    due: |sql, _| next_due_after(sql, Timestamp::from_millis(0)),
    no_sooner: Duration::ZERO,
    work: Work::InShell,
};

/// One event on its way to one endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event's place in the site's order; negative for a test.
    pub sequence: i64,
    /// Where to.
    pub endpoint: EndpointId,
    /// What the owner set for it.
    pub settings: EndpointSettings,
    /// What to sign with: the secret, and for a day after a rotation the one before.
    pub secrets: Vec<String>,
    /// The `webhook-id`.
    pub event: EventId,
    /// The body, byte for byte the same at each attempt.
    pub body: String,
    /// Who writes, where it goes to people.
    pub letterhead: Letterhead,
    /// Attempts made before this one.
    pub attempts: u32,
    /// How the endpoint answered last.
    pub pace: Pace,
}

/// How an endpoint answered last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It was never tried.
    Unknown,
    /// It answered within this time, whatever it answered.
    Answered(Duration),
    /// It gave no answer.
    Silent,
}

/// Puts a delivery first in an endpoint's line, as if it had never been tried.
pub(crate) fn queue(sql: &dyn Sql, sequence: i64, endpoint: &EndpointId, at: Timestamp) -> Result<(), SiteError> {
    let params = [Cell::from(sequence), Cell::from(endpoint.as_str()), Cell::from(at)];
    run(
        sql,
        "queue a delivery",
        "INSERT INTO deliveries (sequence, endpoint, next_at) VALUES (?, ?, ?)
         ON CONFLICT (endpoint, sequence) DO UPDATE SET next_at = excluded.next_at, attempts = 0",
        params,
    )
    .map(drop)
}

/// CROSS JOIN keeps the order of the tables: from a few endpoints, by the index, to their first due deliveries. Left to
/// itself SQLite scans all deliveries, which a backlog of ten thousand makes hundreds of times slower.
const DUE: &str = "SELECT d.sequence, p.id, p.settings, p.secret,
         CASE WHEN p.previous_until > ? THEN p.previous_secret END, e.id, e.body,
         (SELECT settings ->> '$.name' FROM site), (SELECT settings ->> '$.time_zone' FROM site), d.attempts,
         (SELECT CASE WHEN a.status IS NULL OR a.error IS NOT NULL THEN -1 ELSE a.duration_ms END
          FROM attempts a WHERE a.endpoint = p.id ORDER BY a.id DESC LIMIT 1)
     FROM endpoints p
     CROSS JOIN deliveries d ON d.endpoint = p.id AND d.sequence IN (
         SELECT sequence FROM deliveries WHERE endpoint = p.id AND next_at <= ? ORDER BY next_at LIMIT ?)
     CROSS JOIN events e ON e.sequence = d.sequence
     WHERE p.disabled_at IS NULL AND coalesce(p.paused_until, 0) <= ? ORDER BY d.sequence";

/// Up to `limit` due deliveries for each endpoint that has not asked for a pause, oldest first.
///
/// # Errors
/// When SQLite refuses.
pub fn due(sql: &dyn Sql, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, SiteError> {
    const ACT: &str = "read due deliveries";
    // Each endpoint gets its own share, so that a backlog of one never hides another's events.
    let now = || Cell::from(now);
    let rows = run(sql, ACT, DUE, [now(), now(), Cell::count(limit), now()])?;
    // A row that does not read back must not stop the others.
    Ok(rows.into_iter().filter_map(|row| read(Columns::of(row, ACT)).ok()).collect())
}

fn read(mut columns: Columns) -> Result<Delivery, SiteError> {
    Ok(Delivery {
        sequence: columns.integer()?,
        endpoint: columns.parsed()?,
        settings: columns.json()?,
        secrets: [Some(columns.text()?), columns.optional_text()?].into_iter().flatten().collect(),
        event: columns.parsed()?,
        body: columns.text()?,
        letterhead: Letterhead {
            name: columns.optional_text()?.unwrap_or_default(),
            time_zone: columns.optional_text()?.unwrap_or_default(),
        },
        attempts: u32::try_from(columns.integer()?).unwrap_or(u32::MAX),
        pace: columns.optional_integer()?.map_or(Pace::Unknown, |took| {
            u64::try_from(took).map_or(Pace::Silent, |millis| Pace::Answered(Duration::from_millis(millis)))
        }),
    })
}

/// The first moment after `after` at which a delivery falls due, or an endpoint's pause with one ends.
///
/// # Errors
/// When SQLite refuses.
pub fn next_due_after(sql: &dyn Sql, after: Timestamp) -> Result<Option<Timestamp>, SiteError> {
    let at = || Cell::from(after);
    let next = scalar(
        sql,
        "find the next delivery",
        // One step into the index for each endpoint: a backlog of thousands costs no more than one of ten.
        "SELECT min(next_at) FROM (
             SELECT CASE WHEN coalesce(p.paused_until, 0) > ? THEN
                 (SELECT max(d.next_at, p.paused_until) FROM deliveries d
                  WHERE d.endpoint = p.id AND d.next_at IS NOT NULL ORDER BY d.next_at LIMIT 1)
             ELSE
                 (SELECT d.next_at FROM deliveries d WHERE d.endpoint = p.id AND d.next_at > ?
                  ORDER BY d.next_at LIMIT 1)
             END AS next_at
             FROM endpoints p WHERE p.disabled_at IS NULL)",
        [at(), at()],
    )?;
    Ok(next.map(Timestamp::from_millis))
}

#[cfg(test)]
mod tests {
    use super::DUE;

    #[test]
    fn due_deliveries_are_found_by_the_index() {
        let sql = rusqlite::Connection::open_in_memory().unwrap();
        sql.execute_batch(include_str!("../../tests/site/releases/first.sql")).unwrap();
        for statement in crate::store::VERSIONS.iter().skip(1).copied().flatten() {
            sql.execute_batch(statement).unwrap();
        }
        let mut plan = sql.prepare(&format!("EXPLAIN QUERY PLAN {DUE}")).unwrap();
        let steps = plan.query_map([5_000, 5_000, 2, 5_000], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        let scans: Vec<&String> = steps.iter().filter(|step| step.starts_with("SCAN ")).collect();
        // The site is one row.
        assert_eq!(scans, ["SCAN p", "SCAN site", "SCAN site"], "{steps:?}");
    }
}
