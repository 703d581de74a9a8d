//! Attempts: how they end, what follows from it, and the log of them.

use crate::conversations::{EndpointReply, take_reply};
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run};
use crate::webhooks::deliveries::Delivery;
use crate::webhooks::endpoints;
use crate::webhooks::events::{Audience, emit, place_of};
use heard_wire::{
    Attempt, AttemptCursor, DisabledReason, Endpoint, EndpointId, Event, EventId, EventKind, NewMessage, Page,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Waits between attempts: the schedule of Standard Webhooks' reference (Svix), ten attempts over three days.
const WAITS: [Duration; 9] = {
    const fn hours(hours: u64) -> Duration {
        Duration::from_secs(hours * 3_600)
    }
    const fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(minutes * 60)
    }
    let first = Duration::from_secs(5);
    [first, minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)]
};

/// An endpoint that fails for this long is switched off.
pub const DISABLE_AFTER: Duration = Duration::from_secs(5 * 24 * 3_600);

/// How long an endpoint that says it has too much is left alone, when it does not say how long.
const PAUSE: Duration = Duration::from_secs(30);
/// The bounds within which its word is taken.
const PAUSE_BOUNDS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(3_600));

/// Bytes of an answer that the log keeps.
pub const KEPT_ANSWER_BYTES: usize = 2_048;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttemptOutcome {
    /// When it began.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// Status of the answer.
    pub status: Option<u16>,
    /// What the answer asks to wait.
    pub retry_after: Option<Duration>,
    /// The beginning of the answer's body.
    pub answer: Option<String>,
    /// Why there was no answer, in words.
    pub error: Option<String>,
    /// Whether it is about whom the mail was for, and not about the endpoint: no further attempt, and nothing held against it.
    pub is_given_up: bool,
}

impl AttemptOutcome {
    /// Whether the endpoint itself answered.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.status.is_some() && self.error.is_none()
    }

    fn delivered(&self) -> bool {
        matches!(self.status, Some(200..=299))
    }

    /// How long the endpoint asks to be left alone.
    fn pause(&self) -> Option<Duration> {
        let busy = matches!(self.status, Some(429 | 502..=504)) || self.status.is_some() && self.error.is_some();
        let asked = self.retry_after.filter(|_| !self.delivered() && self.status.is_some());
        let (least, most) = PAUSE_BOUNDS;
        Some(asked.or(busy.then_some(PAUSE))?.clamp(least, most))
    }
}

/// What a `Retry-After` header (RFC 9110, 10.2.3) asks to wait: a number of seconds, or until a date.
#[must_use]
pub fn retry_after(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if header.bytes().all(|byte| byte.is_ascii_digit()) && !header.is_empty() {
        // More than fits is long, too.
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::from(u32::MAX))));
    }
    let date = httpdate::parse_http_date(header).ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((Timestamp::from_millis(0) + date).since(now))
}

/// When to try again after `attempts` failed ones, or `None` to give up. `jitter` spreads the wait by up to a tenth.
#[must_use]
pub fn next_attempt(now: Timestamp, attempts: u32, jitter: u8) -> Option<Timestamp> {
    let index = usize::try_from(attempts.checked_sub(1)?).ok()?;
    let wait = *WAITS.get(index)?;
    Some(now + wait + wait / 10 * u32::from(jitter) / 255)
}

/// Records how an attempt ended: the log, the next try, the endpoint's pace, a reply to the customer.
///
/// # Errors
/// When SQLite refuses.
pub fn record_attempt(site: &mut Site<'_>, delivery: &Delivery, outcome: &AttemptOutcome) -> Result<(), SiteError> {
    const ACT: &str = "record an attempt";
    let Some(endpoint) = endpoints::find(site.sql, &delivery.endpoint)? else {
        // Removed while the attempt was under way.
        return Ok(());
    };
    let statement = "SELECT 1 FROM events WHERE sequence = ?";
    if one(site.sql, ACT, statement, [Cell::from(delivery.sequence)])?.is_none() {
        // Erased meanwhile: what the endpoint answered may hold the customer's words.
        return Ok(());
    }
    log(site, delivery, outcome)?;
    let now = site.context.now;
    let attempts = delivery.attempts.saturating_add(1);
    let [jitter, ..] = (site.context.random)();
    let paused_until = outcome.pause().map(|pause| now + pause);
    // What was switched off while the attempt was under way is left for a replay.
    let goes_on = !outcome.delivered() && !outcome.is_given_up && endpoint.disabled_at.is_none();
    let next = next_attempt(now, attempts, jitter).filter(|_| goes_on);
    let next = next.map(|next| paused_until.map_or(next, |until| until.max(next)));
    run(
        site.sql,
        ACT,
        "UPDATE deliveries SET attempts = ?, next_at = ?, delivered_at = coalesce(?, delivered_at)
         WHERE sequence = ? AND endpoint = ?",
        [
            Cell::from(i64::from(attempts)),
            Cell::from(next),
            Cell::from(outcome.delivered().then_some(now)),
            Cell::from(delivery.sequence),
            Cell::from(delivery.endpoint.as_str()),
        ],
    )?;
    if outcome.delivered() {
        let recovered = "UPDATE endpoints SET failing_since = NULL, paused_until = NULL
             WHERE id = ? AND (failing_since IS NOT NULL OR paused_until IS NOT NULL)";
        run(site.sql, ACT, recovered, [Cell::from(delivery.endpoint.as_str())])?;
        return take_answer(site, delivery, outcome);
    }
    if outcome.is_given_up {
        return Ok(());
    }
    note_failure(site, endpoint, outcome, paused_until)
}

fn note_failure(
    site: &mut Site<'_>,
    mut endpoint: Endpoint,
    outcome: &AttemptOutcome,
    paused_until: Option<Timestamp>,
) -> Result<(), SiteError> {
    let now = site.context.now;
    let failing_since = endpoint.failing_since.unwrap_or(now);
    endpoint.failing_since = Some(failing_since);
    run(
        site.sql,
        "note that an endpoint fails",
        "UPDATE endpoints SET failing_since = ?, paused_until = coalesce(?, paused_until) WHERE id = ?",
        [Cell::from(failing_since), Cell::from(paused_until), Cell::from(endpoint.id.as_str())],
    )?;
    let for_days = now >= failing_since + DISABLE_AFTER;
    let reason = match outcome.status {
        Some(410) => Some(DisabledReason::Gone),
        _ => for_days.then_some(DisabledReason::Failing),
    };
    if let Some(reason) = reason.filter(|_| endpoint.disabled_at.is_none()) {
        endpoints::disable(site, &mut endpoint, reason)?;
        emit(site, EventKind::EndpointDisabled(endpoint.masked()), Audience::All)?;
    }
    Ok(())
}

/// Writes down that an attempt was broken off so that others need not wait. The delivery stays due, and it counts as none.
///
/// # Errors
/// When SQLite refuses.
pub fn record_cut_short(site: &mut Site<'_>, delivery: &Delivery, at: Timestamp) -> Result<(), SiteError> {
    let took = site.context.now.since(at);
    let error = "no answer yet, and other endpoints were waiting; tried again at once".to_owned();
    log(site, delivery, &AttemptOutcome { at, took, error: Some(error), ..AttemptOutcome::default() })
}

fn log(site: &Site<'_>, delivery: &Delivery, outcome: &AttemptOutcome) -> Result<(), SiteError> {
    let answer = outcome.answer.as_deref().filter(|answer| !answer.is_empty());
    let answer = answer.map(|answer| answer.get(..answer.floor_char_boundary(KEPT_ANSWER_BYTES)).unwrap_or_default());
    run(
        site.sql,
        "log an attempt",
        "INSERT INTO attempts (endpoint, sequence, at, duration_ms, status, answer, error) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            Cell::from(delivery.endpoint.as_str()),
            Cell::from(delivery.sequence),
            Cell::from(outcome.at),
            Cell::count(usize::try_from(outcome.took.as_millis()).unwrap_or(usize::MAX)),
            Cell::from(outcome.status.map(i64::from)),
            Cell::from(answer),
            Cell::from(outcome.error.as_deref()),
        ],
    )
    .map(drop)
}

/// An answer `{"reply": {"text": ...}}` of an endpoint that may reply becomes a message, once. Answers to tests and to
/// messages do not.
fn take_answer(site: &mut Site<'_>, delivery: &Delivery, outcome: &AttemptOutcome) -> Result<(), SiteError> {
    let answer = outcome.answer.as_deref().filter(|_| delivery.settings.may_reply && delivery.sequence > 0);
    let Some(new) = answer.and_then(NewMessage::from_answer) else { return Ok(()) };
    let new = match new {
        Ok(new) => new,
        Err(detail) => return note_refused(site, delivery, detail),
    };
    let Ok(event) = serde_json::from_str::<Event>(&delivery.body) else { return Ok(()) };
    // Never in answer to a message: two endpoints would go on for ever.
    let Some(response) = event.kind.response().filter(|_| !event.kind.is_message()) else {
        return Ok(());
    };
    let endpoint = &delivery.endpoint;
    let reply = EndpointReply { endpoint, delivery: format!("{endpoint}:{}", delivery.event) };
    match take_reply(site, response.id.clone(), new, reply)? {
        Some(why) => note_refused(site, delivery, &why),
        None => Ok(()),
    }
}

/// Tells in the log that a reply was not taken: who sent it believes that the customer reads it.
fn note_refused(site: &Site<'_>, delivery: &Delivery, why: &str) -> Result<(), SiteError> {
    let statement =
        "UPDATE attempts SET error = ? WHERE id = (SELECT max(id) FROM attempts WHERE endpoint = ? AND sequence = ?)";
    let params = [
        Cell::from(format!("the reply was not taken: {why}")),
        Cell::from(delivery.endpoint.as_str()),
        Cell::from(delivery.sequence),
    ];
    run(site.sql, "note why a reply was not taken", statement, params).map(drop)
}

/// The log of an endpoint, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListAttempts {
    /// Of the endpoint.
    pub id: EndpointId,
    /// Only of this event.
    pub event: Option<EventId>,
    /// From an earlier page.
    pub cursor: Option<AttemptCursor>,
    /// At most so many.
    pub limit: u16,
}

impl Operation for ListAttempts {
    type Reply = Page<Attempt>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Page<Attempt>, Failure> {
        const ACT: &str = "list the attempts";
        endpoints::known(site, &self.id)?;
        let event = self.event.as_ref().map(|event| Ok::<_, SiteError>(place_of(site.sql, event)?.unwrap_or(0)));
        let event = event.transpose()?;
        let rows = run(
            site.sql,
            ACT,
            "SELECT a.id, e.id, a.sequence, e.type, a.at, a.duration_ms, a.status, a.answer, a.error
             FROM attempts a JOIN events e ON e.sequence = a.sequence
             WHERE a.endpoint = ? AND a.id < ? AND a.sequence = coalesce(?, a.sequence) ORDER BY a.id DESC LIMIT ?",
            [
                Cell::from(self.id.as_str()),
                self.cursor.map_or(Cell::count(usize::MAX), |AttemptCursor(before)| Cell::from(before)),
                Cell::from(event),
                Cell::count(usize::from(self.limit) + 1),
            ],
        )?;
        let read = rows.into_iter().map(|row| read(Columns::of(row, ACT))).collect::<Result<Vec<_>, _>>()?;
        let (cursors, attempts): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        let limit = usize::from(self.limit);
        let end = cursors.get(limit.saturating_sub(1)).copied().unwrap_or(AttemptCursor(0));
        Ok(Page::of(attempts, limit, |_| end))
    }
}

fn read(mut columns: Columns) -> Result<(AttemptCursor, Attempt), SiteError> {
    let id = AttemptCursor(columns.integer()?);
    let attempt = Attempt {
        event: columns.parsed()?,
        sequence: columns.integer()?.max(0),
        event_type: columns.parsed()?,
        at: columns.timestamp()?,
        duration_ms: columns.integer()?,
        status: columns.optional_integer()?.and_then(|status| u16::try_from(status).ok()),
        answer: columns.optional_text()?,
        error: columns.optional_text()?,
    };
    Ok((id, attempt))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_says_in_seconds_or_by_a_date_how_long_to_wait() {
        let now = Timestamp::from_millis(784_111_777_000);
        for (header, seconds) in [
            ("30", Some(30)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::from(u32::MAX))),
            ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
            ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
            ("Sun Nov  6 08:49:47 1994", Some(10)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", Some(0)),
            ("-5", None),
            ("1994-11-06", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(header, now), seconds.map(Duration::from_secs), "{header}");
        }
    }

    #[test]
    fn waits_grow_and_jitter_adds_at_most_a_tenth() {
        let now = Timestamp::from_millis(0);
        let waits: Vec<i64> = (1..=9).map(|n| next_attempt(now, n, 0).unwrap().as_millis()).collect();
        assert!(waits.is_sorted());
        for (n, wait) in (1..=9).zip(&waits) {
            let most = next_attempt(now, n, u8::MAX).unwrap().as_millis();
            assert!(most > *wait && most <= wait + wait / 10);
        }
        assert_eq!(next_attempt(now, 0, 0), None);
        assert_eq!(next_attempt(now, 10, 0), None);
    }
}
