//! Events and what is due of them. An event is written in the transaction that caused it and leaves only by the alarm.

use crate::sql::{Columns, run};
use crate::{COMPLETE_AFTER_MILLIS, Cell, Moment, SiteError, Sql};
use heard_wire::{
    Endpoint, EndpointId, EndpointSettings, Event, EventData, EventId, EventType, Message, Response, SiteId, Timestamp,
};

/// Largest body of an event, in bytes of JSON (Standard Webhooks advises against more than 20 kB).
pub const MAX_EVENT_BYTES: usize = 20_000;

/// How long events and the log of attempts are kept.
pub const KEEP_MILLIS: i64 = 30 * 24 * 3_600 * 1_000;

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
    /// Attempts made before this one.
    pub attempts: u32,
}

/// What an event is about.
#[derive(Debug, Default)]
pub(crate) struct Subject {
    pub(crate) response: Option<Response>,
    pub(crate) message: Option<Message>,
    pub(crate) endpoint: Option<Endpoint>,
}

/// Writes an event and a delivery for every endpoint that wants it, except `not_to`.
pub(crate) fn emit(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &SiteId,
    event_type: EventType,
    subject: Subject,
    not_to: Option<&EndpointId>,
) -> Result<(), SiteError> {
    const ACT: &str = "write an event";
    let rows = run(sql, ACT, "UPDATE site SET last_sequence = last_sequence + 1 RETURNING last_sequence", [])?;
    let row = rows.into_iter().next().ok_or(SiteError::Unreadable { act: ACT })?;
    let sequence = Columns::of(row, ACT).integer()?;
    let picky = picky_takers(sql, event_type, &subject)?;
    write(sql, moment, site, sequence, event_type, subject)?;
    let now = Cell::from(moment.now.as_millis());
    run(
        sql,
        ACT,
        "INSERT INTO deliveries (sequence, endpoint, next_at)
         SELECT ?, id, ? FROM endpoints WHERE disabled_at IS NULL AND picky = 0 AND id IS NOT ?",
        [Cell::from(sequence), now, Cell::from(not_to.map(EndpointId::as_str))],
    )?;
    for endpoint in picky.iter().filter(|endpoint| Some(*endpoint) != not_to) {
        queue(sql, sequence, endpoint, moment.now)?;
    }
    Ok(())
}

/// The endpoints that look at each event, and want this one.
fn picky_takers(sql: &dyn Sql, event_type: EventType, subject: &Subject) -> Result<Vec<EndpointId>, SiteError> {
    const ACT: &str = "find who wants an event";
    let rows = run(sql, ACT, "SELECT id, settings FROM endpoints WHERE disabled_at IS NULL AND picky = 1", [])?;
    let mut takers = Vec::new();
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let (id, settings): (EndpointId, EndpointSettings) = (columns.parsed()?, columns.json()?);
        if wants(&settings, event_type, subject.response.as_ref()) {
            takers.push(id);
        }
    }
    Ok(takers)
}

/// Whether an endpoint wants an event about this response, or about none.
pub(crate) fn wants(settings: &EndpointSettings, event_type: EventType, response: Option<&Response>) -> bool {
    settings.wants_type(event_type) && response.is_none_or(|response| settings.filter.lets_through(response))
}

/// Puts a delivery first in an endpoint's line, as if it had never been tried.
pub(crate) fn queue(sql: &dyn Sql, sequence: i64, endpoint: &EndpointId, at: Timestamp) -> Result<(), SiteError> {
    let params = [Cell::from(sequence), Cell::from(endpoint.as_str()), Cell::from(at.as_millis())];
    run(
        sql,
        "queue a delivery",
        "INSERT INTO deliveries (sequence, endpoint, next_at) VALUES (?, ?, ?)
         ON CONFLICT (endpoint, sequence) DO UPDATE SET next_at = excluded.next_at, attempts = 0",
        params,
    )?;
    Ok(())
}

/// Writes an event for nobody yet.
pub(crate) fn write(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &SiteId,
    sequence: i64,
    event_type: EventType,
    subject: Subject,
) -> Result<EventId, SiteError> {
    const ACT: &str = "write an event";
    let id = EventId::from_random((moment.random)());
    let Subject { response, message, endpoint } = subject;
    let data = EventData {
        id: id.clone(),
        sequence: sequence.max(0),
        site: site.clone(),
        comment_truncated: false,
        test: sequence < 0,
        response,
        message,
        endpoint,
    };
    let body = fitting_json(Event { event_type, timestamp: moment.now, data })
        .map_err(|_| SiteError::Unreadable { act: ACT })?;
    run(
        sql,
        ACT,
        "INSERT INTO events (sequence, id, type, body, created_at) VALUES (?, ?, ?, ?, ?)",
        [
            Cell::from(sequence),
            Cell::from(id.as_str()),
            Cell::from(event_type.as_str()),
            Cell::from(body),
            Cell::from(moment.now.as_millis()),
        ],
    )?;
    Ok(id)
}

/// The event as JSON of at most [`MAX_EVENT_BYTES`], with the comment cut where it must be.
fn fitting_json(mut event: Event) -> serde_json::Result<String> {
    let json = serde_json::to_string(&event)?;
    let over = json.len().saturating_sub(MAX_EVENT_BYTES);
    if over == 0 {
        return Ok(json);
    }
    const MARK: usize = "\"comment_truncated\":true,".len();
    if let Some(comment) = event.data.response.as_mut().and_then(|response| response.comment.as_mut()) {
        // Every byte of text is at least one byte of JSON, so cutting this many is enough.
        let keep = comment.floor_char_boundary(comment.len().saturating_sub(over + MARK));
        comment.truncate(keep);
        event.data.comment_truncated = true;
    }
    serde_json::to_string(&event)
}

/// CROSS JOIN keeps the order of the tables: from a few endpoints, by the index, to their first due deliveries. Left to
/// itself SQLite scans all deliveries, which a backlog of ten thousand makes hundreds of times slower.
const DUE: &str = "SELECT d.sequence, p.id, p.settings, p.secret,
         CASE WHEN p.previous_until > ? THEN p.previous_secret END, e.id, e.body, d.attempts
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
    let now = || Cell::from(now.as_millis());
    let rows = run(sql, ACT, DUE, [now(), now(), Cell::from(i64::try_from(limit).unwrap_or(i64::MAX >> 11)), now()])?;
    // A row that does not read back must not stop the others.
    let read = rows.into_iter().filter_map(|row| {
        let mut columns = Columns::of(row, ACT);
        let mut read = || {
            Ok::<_, SiteError>(Delivery {
                sequence: columns.integer()?,
                endpoint: columns.parsed()?,
                settings: columns.json()?,
                secrets: [Some(columns.text()?), columns.optional_text()?].into_iter().flatten().collect(),
                event: columns.parsed()?,
                body: columns.text()?,
                attempts: u32::try_from(columns.integer()?).unwrap_or(u32::MAX),
            })
        };
        read().ok()
    });
    Ok(read.collect())
}

/// When the alarm must next ring: the first due delivery, the first answer to complete or the first event to forget, at
/// once for comments to listen to again; `None` for never.
///
/// # Errors
/// When SQLite refuses.
pub fn next_wake(sql: &dyn Sql) -> Result<Option<Timestamp>, SiteError> {
    const ACT: &str = "find when to wake";
    let long_ago = Timestamp::from_millis(0);
    if crate::relisten::is_pending(sql)? {
        return Ok(Some(long_ago));
    }
    let oldest = run(sql, ACT, "SELECT min(created_at) FROM events", [])?;
    let oldest = oldest.into_iter().next().map_or(Ok(None), |row| Columns::of(row, ACT).optional_integer())?;
    let forget = oldest.map(|oldest| Timestamp::from_millis(oldest).plus_millis(KEEP_MILLIS));
    Ok(next_wake_after(sql, long_ago)?.into_iter().chain(forget).min())
}

/// The first moment after `after` at which a delivery or a completion falls due.
///
/// # Errors
/// When SQLite refuses.
pub fn next_wake_after(sql: &dyn Sql, after: Timestamp) -> Result<Option<Timestamp>, SiteError> {
    const ACT: &str = "find when to wake";
    let at = || Cell::from(after.as_millis());
    let rows = run(
        sql,
        ACT,
        // One step into the index for each endpoint: a backlog of thousands costs no more than one of ten.
        "SELECT (SELECT min(next_at) FROM (
                 SELECT CASE WHEN coalesce(p.paused_until, 0) > ? THEN
                     (SELECT max(d.next_at, p.paused_until) FROM deliveries d
                      WHERE d.endpoint = p.id AND d.next_at IS NOT NULL ORDER BY d.next_at LIMIT 1)
                 ELSE
                     (SELECT d.next_at FROM deliveries d WHERE d.endpoint = p.id AND d.next_at > ?
                      ORDER BY d.next_at LIMIT 1)
                 END AS next_at
                 FROM endpoints p WHERE p.disabled_at IS NULL)),
                (SELECT min(updated_at) FROM responses WHERE completed_at IS NULL AND updated_at > ?)",
        [at(), at(), Cell::from(after.as_millis() - COMPLETE_AFTER_MILLIS)],
    )?;
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let mut columns = Columns::of(row, ACT);
    let delivery = columns.optional_integer()?;
    let completion = columns.optional_integer()?.map(|at| at.saturating_add(COMPLETE_AFTER_MILLIS));
    Ok(delivery.into_iter().chain(completion).min().map(Timestamp::from_millis))
}

/// Forgets events, deliveries and attempts older than [`KEEP_MILLIS`], at most 500 of each at a time.
///
/// # Errors
/// When SQLite refuses.
pub fn forget_old(sql: &dyn Sql, now: Timestamp) -> Result<usize, SiteError> {
    const ACT: &str = "forget old events";
    let before = || Cell::from(now.plus_millis(-KEEP_MILLIS).as_millis());
    let old = "SELECT sequence FROM events WHERE created_at <= ? ORDER BY created_at LIMIT 500";
    if run(sql, ACT, "SELECT 1 FROM events WHERE created_at <= ? LIMIT 1", [before()])?.is_empty() {
        return Ok(0);
    }
    // Deliveries first: they hold no date of their own.
    run(
        sql,
        ACT,
        &format!("DELETE FROM deliveries WHERE endpoint IN (SELECT id FROM endpoints) AND sequence IN ({old})"),
        [before()],
    )?;
    run(
        sql,
        ACT,
        "DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE at <= ? ORDER BY at LIMIT 500)",
        [before()],
    )?;
    let gone = run(sql, ACT, &format!("DELETE FROM events WHERE sequence IN ({old}) RETURNING sequence"), [before()])?;
    Ok(gone.len())
}

#[cfg(test)]
mod tests {
    use super::DUE;

    #[test]
    fn due_deliveries_are_found_by_the_index() {
        let sql = rusqlite::Connection::open_in_memory().unwrap();
        sql.execute_batch(include_str!("../tests/first_release.sql")).unwrap();
        for statement in crate::schema::VERSIONS.iter().skip(1).copied().flatten() {
            sql.execute_batch(statement).unwrap();
        }
        let mut plan = sql.prepare(&format!("EXPLAIN QUERY PLAN {DUE}")).unwrap();
        let steps = plan.query_map([5_000, 5_000, 2, 5_000], |row| row.get::<_, String>(3)).unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        let scans: Vec<&String> = steps.iter().filter(|step| step.starts_with("SCAN ")).collect();
        assert_eq!(scans, ["SCAN p"], "{steps:?}");
    }
}
