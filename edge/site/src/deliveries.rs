//! Attempts, how they end, and what is sent again.

use crate::messages::{self, Answer};
use crate::outbox::{self, Subject, emit, queue, wants};
use crate::sql::{Columns, run};
use crate::{Cell, Delivery, Moment, SiteError, Sql, endpoints};
use heard_wire::{
    Attempt, AttemptPage, DisabledReason, EndpointId, Event, EventId, EventType, NewMessage, Replay, SiteId, Timestamp,
};

/// Waits between attempts, in seconds: the schedule of Standard Webhooks' reference (Svix), ten attempts over three days.
const WAITS_SECONDS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// An endpoint that fails for this long is switched off.
pub const DISABLE_AFTER_MILLIS: i64 = 5 * 24 * 3_600 * 1_000;

/// How long an endpoint that says it has too much is left alone, when it does not say how long, and the bounds within
/// which its word is taken.
const PAUSE_SECONDS: i64 = 30;
const PAUSE_AT_MOST_SECONDS: i64 = 3_600;

/// Bytes of an answer that the log keeps.
pub const KEPT_ANSWER_BYTES: usize = 2_048;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attempted {
    /// When it began.
    pub at: Timestamp,
    /// Milliseconds it took.
    pub duration_ms: i64,
    /// Status of the answer.
    pub status: Option<u16>,
    /// What the answer asks to wait, in seconds.
    pub retry_after: Option<i64>,
    /// The beginning of the answer's body.
    pub answer: Option<String>,
    /// Why there was no answer, in words.
    pub error: Option<String>,
}

impl Attempted {
    fn delivered(&self) -> bool {
        matches!(self.status, Some(200..=299))
    }
}

/// When to try again after `attempts` failed ones, or `None` to give up. `jitter` spreads the wait by up to a tenth.
#[must_use]
pub fn next_attempt(now: Timestamp, attempts: u32, jitter: u8) -> Option<Timestamp> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let wait = WAITS_SECONDS.get(index)? * 1000;
    Some(now.plus_millis(wait + wait / 10 * i64::from(jitter) / 255))
}

/// How long the endpoint asks to be left alone.
fn pause(attempted: &Attempted) -> Option<i64> {
    let busy = matches!(attempted.status, Some(429 | 502..=504));
    let asked = attempted.retry_after.filter(|_| !attempted.delivered() && attempted.status.is_some());
    let seconds = asked.or(busy.then_some(PAUSE_SECONDS))?;
    Some(seconds.clamp(1, PAUSE_AT_MOST_SECONDS) * 1000)
}

/// Records how an attempt ended: the log, the next try, the endpoint's pace, a reply to the customer.
///
/// # Errors
/// When SQLite refuses.
pub fn record_attempt(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &SiteId,
    delivery: &Delivery,
    attempted: &Attempted,
) -> Result<(), SiteError> {
    const ACT: &str = "record an attempt";
    let Some(mut endpoint) = endpoints::find(sql, &delivery.endpoint)? else {
        // Removed while the attempt was under way.
        return Ok(());
    };
    log(sql, delivery, attempted)?;
    let attempts = delivery.attempts.saturating_add(1);
    let [jitter, ..] = (moment.random)();
    let paused_until = pause(attempted).map(|pause| moment.now.plus_millis(pause));
    let next = next_attempt(moment.now, attempts, jitter).filter(|_| !attempted.delivered());
    let next = next.map(|next| paused_until.map_or(next, |until| until.max(next)));
    run(
        sql,
        ACT,
        "UPDATE deliveries SET attempts = ?, next_at = ?, delivered_at = coalesce(?, delivered_at)
         WHERE sequence = ? AND endpoint = ?",
        [
            Cell::from(i64::from(attempts)),
            Cell::from(next.map(Timestamp::as_millis)),
            Cell::from(attempted.delivered().then_some(moment.now.as_millis())),
            Cell::from(delivery.sequence),
            Cell::from(delivery.endpoint.as_str()),
        ],
    )?;
    let id = || Cell::from(delivery.endpoint.as_str());
    if attempted.delivered() {
        let recovered = "UPDATE endpoints SET failing_since = NULL, paused_until = NULL
             WHERE id = ? AND (failing_since IS NOT NULL OR paused_until IS NOT NULL)";
        run(sql, ACT, recovered, [id()])?;
        return take_reply(sql, moment, site, delivery, attempted);
    }
    let failing_since = endpoint.failing_since.unwrap_or(moment.now);
    endpoint.failing_since = Some(failing_since);
    let params = [Cell::from(failing_since.as_millis()), Cell::from(paused_until.map(Timestamp::as_millis)), id()];
    run(
        sql,
        ACT,
        "UPDATE endpoints SET failing_since = ?, paused_until = coalesce(?, paused_until) WHERE id = ?",
        params,
    )?;
    let for_days = moment.now >= failing_since.plus_millis(DISABLE_AFTER_MILLIS);
    let reason = match attempted.status {
        Some(410) => Some(DisabledReason::Gone),
        _ => for_days.then_some(DisabledReason::Failing),
    };
    if let Some(reason) = reason.filter(|_| endpoint.disabled_at.is_none()) {
        endpoints::disable(sql, moment.now, &mut endpoint, reason)?;
        let subject = Subject { endpoint: Some(endpoint), ..Subject::default() };
        emit(sql, moment, site, EventType::EndpointDisabled, subject, None)?;
    }
    Ok(())
}

fn log(sql: &dyn Sql, delivery: &Delivery, attempted: &Attempted) -> Result<(), SiteError> {
    let answer = attempted.answer.as_deref().filter(|answer| !answer.is_empty());
    let answer = answer.map(|answer| answer.get(..answer.floor_char_boundary(KEPT_ANSWER_BYTES)).unwrap_or_default());
    run(
        sql,
        "log an attempt",
        "INSERT INTO attempts (endpoint, sequence, at, duration_ms, status, answer, error) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            Cell::from(delivery.endpoint.as_str()),
            Cell::from(delivery.sequence),
            Cell::from(attempted.at.as_millis()),
            Cell::from(attempted.duration_ms),
            Cell::from(attempted.status.map(i64::from)),
            Cell::from(answer),
            Cell::from(attempted.error.as_deref()),
        ],
    )?;
    Ok(())
}

/// An answer `{"reply": {"text": ...}}` of an endpoint that may reply becomes a message, once.
fn take_reply(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &SiteId,
    delivery: &Delivery,
    attempted: &Attempted,
) -> Result<(), SiteError> {
    let answer = attempted.answer.as_deref().filter(|_| delivery.settings.may_reply && delivery.sequence > 0);
    let Some(new) = answer.and_then(NewMessage::from_answer) else { return Ok(()) };
    let Ok(event) = serde_json::from_str::<Event>(&delivery.body) else { return Ok(()) };
    let Some(response) = event.data.response else { return Ok(()) };
    let answer = Answer { endpoint: &delivery.endpoint, delivery: format!("{}:{}", delivery.endpoint, delivery.event) };
    // Too many messages or an erased response: the log tells what the endpoint answered.
    messages::add(sql, moment, site, &response.id, new, Some(answer)).map(|_| ())
}

/// A page of the log of an endpoint, newest first; `None` when the cursor is not one of ours.
pub(crate) fn attempts(
    sql: &dyn Sql,
    endpoint: &EndpointId,
    event: Option<&EventId>,
    cursor: Option<&str>,
    limit: u16,
) -> Result<Option<AttemptPage>, SiteError> {
    const ACT: &str = "list the attempts";
    let Ok(before) = cursor.map_or(Ok(i64::MAX >> 11), str::parse::<i64>) else { return Ok(None) };
    let rows = run(
        sql,
        ACT,
        "SELECT a.id, e.id, a.sequence, e.type, a.at, a.duration_ms, a.status, a.answer, a.error
         FROM attempts a JOIN events e ON e.sequence = a.sequence
         WHERE a.endpoint = ? AND a.id < ? AND e.id = coalesce(?, e.id) ORDER BY a.id DESC LIMIT ?",
        [
            Cell::from(endpoint.as_str()),
            Cell::from(before),
            Cell::from(event.map(EventId::as_str)),
            Cell::from(i64::from(limit) + 1),
        ],
    )?;
    let mut attempts = Vec::with_capacity(rows.len());
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let id = columns.integer()?;
        let attempt = Attempt {
            event: columns.parsed()?,
            sequence: columns.integer()?.max(0),
            event_type: columns.parsed()?,
            at: Timestamp::from_millis(columns.integer()?),
            duration_ms: columns.integer()?,
            status: columns.optional_integer()?.and_then(|status| u16::try_from(status).ok()),
            answer: columns.optional_text()?,
            error: columns.optional_text()?,
        };
        attempts.push((id, attempt));
    }
    let more = attempts.len() > usize::from(limit);
    attempts.truncate(usize::from(limit));
    let next_cursor = attempts.last().filter(|_| more).map(|(id, _)| id.to_string());
    Ok(Some(AttemptPage { attempts: attempts.into_iter().map(|(_, attempt)| attempt).collect(), next_cursor }))
}

/// Sends one event to an endpoint again; whether there is such an event.
pub(crate) fn resend(
    sql: &dyn Sql,
    moment: &Moment<'_>,
    endpoint: &EndpointId,
    event: &EventId,
) -> Result<bool, SiteError> {
    const ACT: &str = "find an event";
    let rows = run(sql, ACT, "SELECT sequence FROM events WHERE id = ?", [Cell::from(event.as_str())])?;
    let Some(row) = rows.into_iter().next() else { return Ok(false) };
    queue(sql, Columns::of(row, ACT).integer()?, endpoint, moment.now)?;
    Ok(true)
}

/// Events that one replay looks at; a longer range is replayed in parts.
const REPLAY_AT_ONCE: usize = 5_000;

/// Queues what the endpoint wants of a range of events. Gives how many, and from when to go on if there are more.
pub(crate) fn replay(
    sql: &dyn Sql,
    moment: &Moment<'_>,
    endpoint: &EndpointId,
    replay: &Replay,
) -> Result<Option<(usize, Option<Timestamp>)>, SiteError> {
    const ACT: &str = "replay events";
    let Some(found) = endpoints::find(sql, endpoint)? else { return Ok(None) };
    let until = replay.until.unwrap_or(moment.now.plus_millis(1));
    let rows = run(
        sql,
        ACT,
        "SELECT e.sequence, e.type, e.body, e.created_at FROM events e
         LEFT JOIN deliveries d ON d.endpoint = ? AND d.sequence = e.sequence
         WHERE e.created_at >= ? AND e.created_at < ? AND e.sequence > 0
             AND d.next_at IS NULL AND (? = 0 OR d.delivered_at IS NULL)
         ORDER BY e.created_at, e.sequence LIMIT ?",
        [
            Cell::from(endpoint.as_str()),
            Cell::from(replay.since.as_millis()),
            Cell::from(until.as_millis()),
            Cell::from(i64::from(replay.only_failed)),
            Cell::from(i64::try_from(REPLAY_AT_ONCE).unwrap_or(i64::MAX >> 11)),
        ],
    )?;
    let full = rows.len() == REPLAY_AT_ONCE;
    let (mut queued, mut last) = (0, None);
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let (sequence, event_type): (i64, EventType) = (columns.integer()?, columns.parsed()?);
        let event: Event = columns.json()?;
        last = Some(Timestamp::from_millis(columns.integer()?));
        if wants(&found.settings, event_type, event.data.response.as_ref()) {
            queue(sql, sequence, endpoint, moment.now)?;
            queued += 1;
        }
    }
    Ok(Some((queued, last.filter(|_| full))))
}

/// Queues an example of an event for one endpoint, marked as a test; `None` when there is no such endpoint.
pub(crate) fn test(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &SiteId,
    endpoint: &EndpointId,
    event_type: EventType,
) -> Result<Option<EventId>, SiteError> {
    const ACT: &str = "write a test event";
    let Some(found) = endpoints::find(sql, endpoint)? else { return Ok(None) };
    let lowest = run(sql, ACT, "SELECT min(sequence) FROM events", [])?;
    let lowest = lowest.into_iter().next().map_or(Ok(None), |row| Columns::of(row, ACT).optional_integer())?;
    let sequence = lowest.unwrap_or(0).min(0) - 1;
    let subject = crate::examples::subject(site, event_type, Some(found));
    let id = outbox::write(sql, moment, site, sequence, event_type, subject)?;
    queue(sql, sequence, endpoint, moment.now)?;
    Ok(Some(id))
}
