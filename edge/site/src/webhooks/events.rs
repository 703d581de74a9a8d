//! Events. One is written in the transaction that caused it and leaves only by the alarm.

use crate::chore::{Chore, Work};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, run, scalar};
use crate::webhooks::deliveries::queue;
use heard_wire::{
    BodyFormat, EndpointId, EndpointSettings, Event, EventId, EventKind, Response, ResponseId, Standing, Timestamp,
};
use std::time::Duration;

/// Largest body of an event, in bytes of JSON (Standard Webhooks advises against more than 20 kB).
pub const MAX_EVENT_BYTES: usize = 20_000;

/// How long events and the log of attempts are kept.
pub const KEEP: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Forgets events, deliveries and attempts older than [`KEEP`].
pub(crate) const FORGETTING: Chore = Chore {
    name: "forgetting events",
    due: |sql, _| {
        const ACT: &str = "find the oldest event";
        let event = scalar(sql, ACT, &format!("SELECT min(created_at) FROM ({OLDEST})"), [])?;
        let attempt = scalar(sql, ACT, "SELECT at FROM attempts ORDER BY id LIMIT 1", [])?;
        Ok(event.into_iter().chain(attempt).min().map(|oldest| Timestamp::from_millis(oldest) + KEEP))
    },
    no_sooner: KEEP,
    work: Work::Here(forget_old),
};

/// The oldest event and the oldest test, whose places count down from zero.
const OLDEST: &str = "SELECT * FROM (SELECT created_at FROM events WHERE sequence > 0 ORDER BY sequence LIMIT 1)
     UNION ALL SELECT * FROM (SELECT created_at FROM events WHERE sequence < 0 ORDER BY sequence DESC LIMIT 1)";

/// Events that are looked through for what an endpoint was told before: an answer is changed soon or hardly ever.
const LOOKED_BACK: i64 = 5_000;

/// Whom an event is for, of those that want it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Audience<'a> {
    /// Every endpoint.
    All,
    /// Every endpoint but the one that caused it.
    AllBut(&'a EndpointId),
    /// Endpoints that ask for what does not count, too.
    OnlyWhoIncludes,
    /// Those that heard of a response while it counted.
    WhoHeardOfIt,
}

/// Writes an event and a delivery for every endpoint of the audience that wants it.
pub(crate) fn emit(site: &mut Site<'_>, kind: EventKind, audience: Audience<'_>) -> Result<(), SiteError> {
    const ACT: &str = "write an event";
    let counts = kind.response().is_none_or(|response| response.standing() == Standing::Counted);
    // What is put aside is told to those who ask for it. A message was written to its customer all the same.
    let is_for_all = counts || kind.is_message() || matches!(audience, Audience::WhoHeardOfIt);
    let audience = if is_for_all { audience } else { Audience::OnlyWhoIncludes };
    let subscribers = if site.has_filters { filtered_subscribers(site, &kind, is_for_all)? } else { Vec::new() };
    if matches!(audience, Audience::OnlyWhoIncludes) && subscribers.is_empty() {
        return Ok(());
    }
    site.last_sequence += 1;
    let sequence = site.last_sequence;
    let not_to = match audience {
        Audience::All | Audience::OnlyWhoIncludes | Audience::WhoHeardOfIt => None,
        Audience::AllBut(endpoint) => Some(endpoint),
    };
    let apart = kind.response().map(Response::standing).filter(|_| !is_for_all);
    write_event(site, sequence, kind, apart)?;
    let now = site.context.now;
    if !matches!(audience, Audience::OnlyWhoIncludes) {
        run(
            site.sql,
            ACT,
            "INSERT INTO deliveries (sequence, endpoint, next_at)
             SELECT ?, id, ? FROM endpoints WHERE disabled_at IS NULL AND picky = 0 AND id IS NOT ?",
            [Cell::from(sequence), Cell::from(now), Cell::from(not_to.map(EndpointId::as_str))],
        )?;
    }
    for endpoint in subscribers.iter().filter(|endpoint| Some(*endpoint) != not_to) {
        queue(site.sql, sequence, endpoint, now)?;
    }
    Ok(())
}

/// The endpoints that look at each event, and want this one.
fn filtered_subscribers(site: &Site<'_>, kind: &EventKind, is_for_all: bool) -> Result<Vec<EndpointId>, SiteError> {
    const ACT: &str = "find who wants an event";
    let statement =
        "SELECT id, settings FROM endpoints WHERE disabled_at IS NULL AND picky = 1 ORDER BY created_at, id";
    let rows = run(site.sql, ACT, statement, [])?;
    let is_for_customer = matches!(kind, EventKind::MessageNotify(..));
    let mut is_mailed = false;
    let mut subscribers = Vec::new();
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let (id, settings): (EndpointId, EndpointSettings) = (columns.parsed()?, columns.json()?);
        if wants(&settings, kind) || is_for_all && settings.wants_type(kind.event_type()) && has_heard(site, &id, kind)?
        {
            // Whoever adds another address for the team writes to no customer twice.
            let is_mail = is_for_customer && settings.format == BodyFormat::Email;
            if !(is_mail && is_mailed) {
                subscribers.push(id);
            }
            is_mailed |= is_mail;
        }
    }
    Ok(subscribers)
}

/// Whether an endpoint was told of the response as it was before, so that its copy would stay as it is.
fn has_heard(site: &Site<'_>, endpoint: &EndpointId, kind: &EventKind) -> Result<bool, SiteError> {
    let (EventKind::ResponseCompleted(response) | EventKind::ResponseUpdated(response)) = kind else {
        return Ok(false);
    };
    // CROSS JOIN keeps the order: from the response over the events since it was begun.
    let statement = "SELECT 1 FROM responses r CROSS JOIN events e CROSS JOIN deliveries d
         WHERE r.id = ? AND e.sequence > max(r.after_sequence, ?) AND e.response = r.id
             AND d.endpoint = ? AND d.sequence = e.sequence LIMIT 1";
    let since = Cell::from(site.last_sequence - LOOKED_BACK);
    let params = [Cell::from(response.id.as_str()), since, Cell::from(endpoint.as_str())];
    Ok(one(site.sql, "look for whom a response was told", statement, params)?.is_some())
}

/// Whether an endpoint wants an event. The customer was told that news comes by email: no filter keeps that back.
pub(crate) fn wants(settings: &EndpointSettings, kind: &EventKind) -> bool {
    let is_promised = matches!(kind, EventKind::MessageNotify(..)) && settings.tells_customers();
    let lets_through = || kind.response().is_none_or(|response| settings.filter.lets_through(response));
    settings.wants_type(kind.event_type()) && (is_promised || lets_through())
}

/// Writes an event for nobody yet; one with a negative sequence is a test. `apart` is the standing of what is not for all.
pub(crate) fn write_event(
    site: &mut Site<'_>,
    sequence: i64,
    kind: EventKind,
    apart: Option<Standing>,
) -> Result<EventId, SiteError> {
    const ACT: &str = "write an event";
    let id = EventId::at(sequence, (site.context.random)());
    let event_type = kind.event_type();
    // A test is about nobody.
    let about = kind.response().filter(|_| sequence > 0);
    let response = about.map(|response| response.id.clone());
    let event = Event {
        id: id.clone(),
        sequence: sequence.max(0),
        site: site.id.clone(),
        timestamp: site.context.now,
        comment_truncated: false,
        test: sequence < 0,
        kind,
    };
    let body = fitting_json(event).map_err(|source| SiteError::Json { act: ACT, source })?;
    run(
        site.sql,
        ACT,
        "INSERT INTO events (sequence, id, type, body, created_at, response, standing) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            Cell::from(sequence),
            Cell::from(id.as_str()),
            Cell::from(event_type.as_str()),
            Cell::from(body),
            Cell::from(site.context.now),
            Cell::from(response.as_ref().map(ResponseId::as_str)),
            Cell::from(apart.map(<&str>::from)),
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
    if let Some(comment) = event.kind.response_mut().and_then(|response| response.comment.as_mut()) {
        // Every byte of text is at least one byte of JSON, so cutting this many is enough.
        let keep = comment.floor_char_boundary(comment.len().saturating_sub(over + MARK));
        comment.truncate(keep);
        event.comment_truncated = true;
    }
    serde_json::to_string(&event)
}

/// At most 500 of each at a time.
fn forget_old(site: &mut Site<'_>) -> Result<(), SiteError> {
    const ACT: &str = "forget old events";
    keep_sequence(site)?;
    let before = || Cell::from(site.context.now - KEEP);
    for oldest in ["sequence > 0 ORDER BY sequence", "sequence < 0 ORDER BY sequence DESC"] {
        let oldest = format!("SELECT sequence, created_at FROM events WHERE {oldest} LIMIT 500");
        let old = format!("SELECT sequence FROM ({oldest}) WHERE created_at <= ?");
        // Deliveries first: they hold no date of their own.
        let deliveries =
            format!("DELETE FROM deliveries WHERE endpoint IN (SELECT id FROM endpoints) AND sequence IN ({old})");
        run(site.sql, ACT, &deliveries, [before()])?;
        run(site.sql, ACT, &format!("DELETE FROM events WHERE sequence IN ({old})"), [before()])?;
    }
    let attempts = "DELETE FROM attempts WHERE id IN (
         SELECT id FROM (SELECT id, at FROM attempts ORDER BY id LIMIT 500) WHERE at <= ?)";
    run(site.sql, ACT, attempts, [before()]).map(drop)
}

/// Writes down how far events have come, before the newest of them may be taken away: no place is ever used twice.
pub(crate) fn keep_sequence(site: &Site<'_>) -> Result<(), SiteError> {
    let statement = "UPDATE site SET last_sequence = ?";
    run(site.sql, "keep the place of the newest event", statement, [Cell::from(site.last_sequence)]).map(drop)
}

/// The place of the event with this id, if there is one.
pub(crate) fn place_of(sql: &dyn Sql, id: &EventId) -> Result<Option<i64>, SiteError> {
    const ACT: &str = "find an event";
    let by_place = "SELECT sequence FROM events WHERE sequence = ? AND id = ?";
    let told = scalar(sql, ACT, by_place, [Cell::from(id.sequence()), Cell::from(id.as_str())])?;
    // Ids of earlier releases tell no place, and all are looked through.
    if told.is_some() {
        Ok(told)
    } else {
        scalar(sql, ACT, "SELECT sequence FROM events WHERE id = ?", [Cell::from(id.as_str())])
    }
}
