//! Events and their deliveries. An event is written in the transaction that caused it and leaves only by the alarm.

use crate::sql::{Columns, run};
use crate::{COMPLETE_AFTER_MILLIS, Cell, Moment, SiteError, Sql};
use heard_wire::{EndpointId, Event, EventData, EventId, EventType, Response, Timestamp};

/// Largest body of an event, in bytes of JSON (Standard Webhooks advises against more than 20 kB).
pub const MAX_EVENT_BYTES: usize = 20_000;

/// Waits between attempts, in seconds: the schedule of Standard Webhooks' reference (Svix), ten attempts over three days.
const WAITS_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// One event on its way to one endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event's place in the site's order.
    pub sequence: i64,
    /// Where to.
    pub endpoint: EndpointId,
    /// Where to, as a URL.
    pub url: String,
    /// What to sign with.
    pub secret: String,
    /// The `webhook-id`.
    pub event: EventId,
    /// The body, byte for byte the same at each attempt.
    pub body: String,
    /// Attempts made before this one.
    pub attempts: u32,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempted {
    /// The endpoint answered with this status.
    Answered(u16),
    /// No answer, and why, in words.
    Failed(String),
}

/// When to try again after `attempts` failed ones, or `None` to give up. `jitter` spreads the wait by up to a tenth.
#[must_use]
pub fn next_attempt(now: Timestamp, attempts: u32, jitter: u8) -> Option<Timestamp> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let wait = WAITS_SECONDS.get(index)? * 1000;
    Some(now.plus_millis(wait + wait / 10 * i64::from(jitter) / 255))
}

/// Writes an event and a delivery for every endpoint.
pub(crate) fn emit(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    event_type: EventType,
    response: &Response,
) -> Result<(), SiteError> {
    const ACT: &str = "write an event";
    let rows = run(sql, ACT, "UPDATE site SET last_sequence = last_sequence + 1 RETURNING last_sequence", [])?;
    let row = rows.into_iter().next().ok_or(SiteError::Unreadable { act: ACT })?;
    let sequence = Columns::of(row, ACT).integer()?;
    let id = EventId::from_random((moment.random)());
    let data = EventData {
        id: id.clone(),
        sequence,
        site: response.site.clone(),
        comment_truncated: false,
        response: response.clone(),
    };
    let body = fitting_json(Event { event_type, timestamp: moment.now, data })
        .map_err(|_| SiteError::Unreadable { act: ACT })?;
    let now = Cell::from(moment.now.as_millis());
    run(
        sql,
        ACT,
        "INSERT INTO events (sequence, id, type, body, created_at) VALUES (?, ?, ?, ?, ?)",
        [Cell::from(sequence), Cell::from(id.as_str()), Cell::from(event_type.as_str()), Cell::from(body), now.clone()],
    )?;
    run(
        sql,
        ACT,
        "INSERT INTO deliveries (sequence, endpoint, next_at) SELECT ?, id, ? FROM endpoints WHERE disabled_at IS NULL",
        [Cell::from(sequence), now],
    )?;
    Ok(())
}

/// The event as JSON of at most [`MAX_EVENT_BYTES`], with the comment cut where it must be.
fn fitting_json(mut event: Event) -> serde_json::Result<String> {
    let json = serde_json::to_string(&event)?;
    let over = json.len().saturating_sub(MAX_EVENT_BYTES);
    if over == 0 {
        return Ok(json);
    }
    const MARK: usize = "\"comment_truncated\":true,".len();
    if let Some(comment) = &mut event.data.response.comment {
        // Every byte of text is at least one byte of JSON, so cutting this many is enough.
        let keep = comment.floor_char_boundary(comment.len().saturating_sub(over + MARK));
        comment.truncate(keep);
        event.data.comment_truncated = true;
    }
    serde_json::to_string(&event)
}

/// Up to `limit` due deliveries for each endpoint, oldest first.
///
/// # Errors
/// When SQLite refuses.
pub fn due(sql: &dyn Sql, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, SiteError> {
    const ACT: &str = "read due deliveries";
    // Each endpoint gets its own share, so that a backlog of one never hides another's events.
    let rows = run(
        sql,
        ACT,
        "SELECT d.sequence, p.id, p.url, p.secret, e.id, e.body, d.attempts
         FROM endpoints p
         JOIN deliveries d ON d.endpoint = p.id AND d.sequence IN (
             SELECT sequence FROM deliveries WHERE endpoint = p.id AND next_at <= ? ORDER BY next_at LIMIT ?)
         JOIN events e ON e.sequence = d.sequence
         WHERE p.disabled_at IS NULL ORDER BY d.sequence",
        [Cell::from(now.as_millis()), Cell::from(i64::try_from(limit).unwrap_or(i64::MAX >> 11))],
    )?;
    // A row that does not read back must not stop the others.
    let read = rows.into_iter().filter_map(|row| {
        let mut columns = Columns::of(row, ACT);
        let mut read = || {
            Ok::<_, SiteError>(Delivery {
                sequence: columns.integer()?,
                endpoint: columns.parsed()?,
                url: columns.text()?,
                secret: columns.text()?,
                event: columns.parsed()?,
                body: columns.text()?,
                attempts: u32::try_from(columns.integer()?).unwrap_or(u32::MAX),
            })
        };
        read().ok()
    });
    Ok(read.collect())
}

/// Records how an attempt ended, and when to try again if it failed. 410 disables the endpoint.
///
/// # Errors
/// When SQLite refuses.
pub fn record_attempt(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    delivery: &Delivery,
    attempted: &Attempted,
) -> Result<(), SiteError> {
    const ACT: &str = "record an attempt";
    let attempts = delivery.attempts.saturating_add(1);
    let delivered = matches!(attempted, Attempted::Answered(200..=299));
    let [jitter, ..] = (moment.random)();
    let next = if delivered { None } else { next_attempt(moment.now, attempts, jitter) };
    let (status, error) = match attempted {
        Attempted::Answered(status) => (Some(i64::from(*status)), None),
        Attempted::Failed(error) => (None, Some(error.as_str())),
    };
    run(
        sql,
        ACT,
        "UPDATE deliveries SET attempts = ?, next_at = ?, delivered_at = ?, last_status = ?, last_error = ?
         WHERE sequence = ? AND endpoint = ?",
        [
            Cell::from(i64::from(attempts)),
            Cell::from(next.map(Timestamp::as_millis)),
            Cell::from(delivered.then_some(moment.now.as_millis())),
            Cell::from(status),
            Cell::from(error),
            Cell::from(delivery.sequence),
            Cell::from(delivery.endpoint.as_str()),
        ],
    )?;
    if *attempted == Attempted::Answered(410) {
        disable(sql, moment.now, &delivery.endpoint)?;
    }
    Ok(())
}

fn disable(sql: &dyn Sql, now: Timestamp, endpoint: &EndpointId) -> Result<(), SiteError> {
    const ACT: &str = "disable an endpoint";
    let at = Cell::from(now.as_millis());
    run(sql, ACT, "UPDATE endpoints SET disabled_at = ? WHERE id = ?", [at, Cell::from(endpoint.as_str())])?;
    let theirs = [Cell::from(endpoint.as_str())];
    run(sql, ACT, "UPDATE deliveries SET next_at = NULL WHERE endpoint = ?", theirs)?;
    Ok(())
}

/// When the alarm must next ring: the first due delivery or the first answer to complete, at once for comments to
/// listen to again; `None` for never.
///
/// # Errors
/// When SQLite refuses.
pub fn next_wake(sql: &dyn Sql) -> Result<Option<Timestamp>, SiteError> {
    let long_ago = Timestamp::from_millis(0);
    if crate::relisten::is_pending(sql)? {
        return Ok(Some(long_ago));
    }
    next_wake_after(sql, long_ago)
}

/// The first moment after `after` at which something falls due.
///
/// # Errors
/// When SQLite refuses.
pub fn next_wake_after(sql: &dyn Sql, after: Timestamp) -> Result<Option<Timestamp>, SiteError> {
    const ACT: &str = "find when to wake";
    let rows = run(
        sql,
        ACT,
        // One step into the index for each endpoint: a backlog of thousands costs no more than one of ten.
        "SELECT (SELECT min(next_at) FROM (
                 SELECT (SELECT d.next_at FROM deliveries d WHERE d.endpoint = p.id AND d.next_at > ?
                         ORDER BY d.next_at LIMIT 1) AS next_at
                 FROM endpoints p WHERE p.disabled_at IS NULL)),
                (SELECT min(updated_at) FROM responses WHERE completed_at IS NULL AND updated_at > ?)",
        [Cell::from(after.as_millis()), Cell::from(after.as_millis() - COMPLETE_AFTER_MILLIS)],
    )?;
    let Some(row) = rows.into_iter().next() else {
        return Ok(None);
    };
    let mut columns = Columns::of(row, ACT);
    let delivery = columns.optional_integer()?;
    let completion = columns.optional_integer()?.map(|at| at.saturating_add(COMPLETE_AFTER_MILLIS));
    Ok(delivery.into_iter().chain(completion).min().map(Timestamp::from_millis))
}
