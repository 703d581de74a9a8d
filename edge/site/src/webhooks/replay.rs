//! Events that are sent again, or sent to try an endpoint out.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run};
use crate::webhooks::deliveries::queue;
use crate::webhooks::events::{place_of, wants, write_event};
use crate::webhooks::{endpoints, examples};
use heard_wire::{Endpoint, EndpointId, Event, EventId, EventType, Queued, Replay, TestQueued, Timestamp};
use serde::{Deserialize, Serialize};

/// Events that one replay looks at; a longer range is replayed in parts.
const REPLAY_AT_ONCE: usize = 5_000;
/// Of which so many are in memory: a body has up to 20 kB.
const READ_AT_ONCE: usize = 200;

/// Sends one event to an endpoint again.
#[derive(Debug, Serialize, Deserialize)]
pub struct Resend {
    /// Of the endpoint.
    pub id: EndpointId,
    /// Of the event.
    pub event: EventId,
}

impl Operation for Resend {
    type Reply = Queued;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Queued, Failure> {
        enabled(site, &self.id)?;
        let sequence = place_of(site.sql, &self.event)?.ok_or(Refusal::NotFound { thing: Thing::Event })?;
        queue(site.sql, sequence, &self.id, site.context.now)?;
        Ok(Queued { queued: 1, next_since: None })
    }
}

/// Sends what an endpoint wants of a range of events again.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReplayEvents {
    /// Of the endpoint.
    pub id: EndpointId,
    /// Which events.
    pub replay: Replay,
}

impl Operation for ReplayEvents {
    type Reply = Queued;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Queued, Failure> {
        const ACT: &str = "replay events";
        let endpoint = enabled(site, &self.id)?;
        let Replay { since, until, only_failed } = self.replay;
        let zone = site.zone()?;
        let since = zone.begins(since);
        let until = until.map_or(site.context.now.plus_millis(1), |until| zone.begins(until));
        // Bodies are read only where a filter looks into them.
        let is_open = endpoint.settings.filter.is_open();
        let (body, standing) = if is_open { ("NULL", "e.standing IS NULL") } else { ("e.body", "1") };
        let statement = format!(
            "SELECT e.sequence, e.type, {body}, e.created_at FROM events e
             LEFT JOIN deliveries d ON d.endpoint = ? AND d.sequence = e.sequence
             WHERE e.sequence > ? AND e.created_at >= ? AND e.created_at < ? AND {standing}
                 AND d.next_at IS NULL AND (? = 0 OR d.delivered_at IS NULL)
             ORDER BY e.sequence LIMIT ?"
        );
        let (mut queued, mut seen, mut last) = (0, 0, (since, 0));
        while seen < REPLAY_AT_ONCE {
            let params = [
                Cell::from(self.id.as_str()),
                Cell::from(last.1),
                Cell::from(since),
                Cell::from(until),
                Cell::from(i64::from(only_failed)),
                Cell::count(READ_AT_ONCE),
            ];
            let rows = run(site.sql, ACT, &statement, params)?;
            let is_last = rows.len() < READ_AT_ONCE;
            for row in rows {
                let mut columns = Columns::of(row, ACT);
                let sequence = columns.integer()?;
                let wanted = is_wanted(&endpoint, &mut columns)?;
                last = (columns.timestamp()?, sequence);
                seen += 1;
                if wanted {
                    queue(site.sql, sequence, &self.id, site.context.now)?;
                    queued += 1;
                }
            }
            if is_last {
                return Ok(Queued { queued, next_since: None });
            }
        }
        Ok(Queued { queued, next_since: Some(last.0) })
    }
}

/// From the columns `type` and `body`.
fn is_wanted(endpoint: &Endpoint, columns: &mut Columns) -> Result<bool, SiteError> {
    let event_type = columns.text()?.parse::<EventType>();
    Ok(match columns.optional_text()? {
        None => event_type.is_ok_and(|event_type| endpoint.settings.wants_type(event_type)),
        // An event that does not read back is one that nobody's filter lets through.
        Some(body) => serde_json::from_str::<Event>(&body).is_ok_and(|event| wants(&endpoint.settings, &event.kind)),
    })
}

/// Sends an example of an event to one endpoint, marked as a test.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendTest {
    /// Of the endpoint.
    pub id: EndpointId,
    /// Of which type.
    pub event_type: EventType,
}

impl Operation for SendTest {
    type Reply = TestQueued;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<TestQueued, Failure> {
        const ACT: &str = "write a test event";
        let endpoint = enabled(site, &self.id)?;
        let lowest = one(site.sql, ACT, "SELECT coalesce(min(sequence), 0) FROM events", [])?;
        let lowest = lowest.map_or(Ok(0), |mut columns| columns.integer())?;
        let sequence = lowest.min(0) - 1;
        let example = examples::example(&site.id, self.event_type, Some(endpoint))
            .map_err(|source| Failure::Broken(SiteError::Json { act: "make an example", source }))?;
        let event = write_event(site, sequence, example, None)?;
        let now: Timestamp = site.context.now;
        queue(site.sql, sequence, &self.id, now)?;
        Ok(TestQueued { event })
    }
}

/// The endpoint, unless nothing is sent to it.
fn enabled(site: &Site<'_>, id: &EndpointId) -> Result<Endpoint, Failure> {
    let endpoint = endpoints::known(site, id)?;
    if endpoint.disabled_at.is_some() { Err(Refusal::EndpointDisabled.into()) } else { Ok(endpoint) }
}
