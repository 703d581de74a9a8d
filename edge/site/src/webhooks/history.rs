//! What happened, and where it stands: events as they were sent, and deliveries of all endpoints.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, query};
use crate::webhooks::events::place_of;
use heard_wire::{
    DeliveryCursor, DeliveryState, DeliveryStatus, EndpointId, EventBody, EventCursor, EventId, EventType, Page,
    ResponseId,
};
use serde::{Deserialize, Serialize};

/// Bytes of a page of events beyond which it ends before its limit.
const PAGE_BYTES: usize = 1_000_000;

/// The events of 30 days, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListEvents {
    /// Only of this type.
    pub event_type: Option<EventType>,
    /// Only about this response.
    pub response: Option<ResponseId>,
    /// From an earlier page.
    pub cursor: Option<EventCursor>,
    /// At most so many.
    pub limit: u16,
}

impl Operation for ListEvents {
    type Reply = Page<EventBody>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Page<EventBody>, Failure> {
        const ACT: &str = "list the events";
        let mut conditions = String::from("sequence > 0 AND sequence < ?");
        let mut params = vec![before(self.cursor.map(|EventCursor(sequence)| sequence))];
        if let Some(event_type) = self.event_type {
            conditions.push_str(" AND type = ?");
            params.push(Cell::from(event_type.as_str()));
        }
        if let Some(response) = &self.response {
            conditions.push_str(" AND response = ?");
            params.push(Cell::from(response.as_str()));
        }
        params.push(Cell::count(usize::from(self.limit) + 1));
        let statement = format!("SELECT sequence, body FROM events WHERE {conditions} ORDER BY sequence DESC LIMIT ?");
        let rows = query(site.sql, ACT, &statement, params)?;
        let is_last = rows.len() <= usize::from(self.limit);
        let (mut items, mut bytes, mut end) = (Vec::new(), 0, None);
        let read = rows.len().min(self.limit.into());
        for (number, row) in rows.into_iter().take(self.limit.into()).enumerate() {
            let mut columns = Columns::of(row, ACT);
            end = Some(EventCursor(columns.integer()?));
            let body = columns.text()?;
            bytes += body.len();
            // One of a later release is passed over.
            items.extend(serde_json::from_str::<EventBody>(&body).ok());
            if bytes >= PAGE_BYTES && !(is_last && number + 1 == read) {
                return Ok(Page { items, next_cursor: end });
            }
        }
        Ok(Page { items, next_cursor: end.filter(|_| !is_last) })
    }
}

/// One event.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadEvent {
    /// As in `webhook-id`.
    pub id: EventId,
}

impl Operation for ReadEvent {
    type Reply = EventBody;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<EventBody, Failure> {
        let place = place_of(site.sql, &self.id)?.ok_or(Refusal::NotFound { thing: Thing::Event })?;
        let statement = "SELECT body FROM events WHERE sequence = ?";
        let found = one(site.sql, "read an event", statement, [Cell::from(place)])?;
        Ok(found.ok_or(Refusal::NotFound { thing: Thing::Event })?.json()?)
    }
}

/// Where events stand with endpoints, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListDeliveries {
    /// Only those that stand so.
    pub state: Option<DeliveryState>,
    /// Only of this endpoint.
    pub endpoint: Option<EndpointId>,
    /// Only of this event.
    pub event: Option<EventId>,
    /// From an earlier page.
    pub cursor: Option<DeliveryCursor>,
    /// At most so many.
    pub limit: u16,
}

/// What came of the last attempt, of which the log tells by endpoint and event.
const LAST: &str =
    "FROM attempts a WHERE a.endpoint = d.endpoint AND a.sequence = d.sequence ORDER BY a.id DESC LIMIT 1";

impl Operation for ListDeliveries {
    type Reply = Page<DeliveryStatus>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Page<DeliveryStatus>, Failure> {
        const ACT: &str = "list the deliveries";
        let state = match self.state {
            None => "1",
            Some(DeliveryState::Pending) => "d.next_at IS NOT NULL",
            Some(DeliveryState::Delivered) => "d.next_at IS NULL AND d.delivered_at IS NOT NULL",
            Some(DeliveryState::Failed) => "d.next_at IS NULL AND d.delivered_at IS NULL",
        };
        let mut conditions = format!("{state} AND (d.sequence, d.endpoint) < (?, ?)");
        let mut params = match self.cursor {
            Some(DeliveryCursor { sequence, endpoint }) => vec![Cell::from(sequence), Cell::from(endpoint.as_str())],
            None => vec![before(None), Cell::from("")],
        };
        if let Some(endpoint) = &self.endpoint {
            conditions.push_str(" AND d.endpoint = ?");
            params.push(Cell::from(endpoint.as_str()));
        }
        if let Some(event) = &self.event {
            conditions.push_str(" AND e.sequence = ?");
            params.push(Cell::from(place_of(site.sql, event)?.unwrap_or(0)));
        }
        params.push(Cell::count(usize::from(self.limit) + 1));
        let statement = format!(
            "SELECT d.endpoint, e.id, d.sequence, e.type, d.attempts, d.next_at, d.delivered_at,
                 (SELECT a.status {LAST}), (SELECT a.error {LAST})
             FROM events e CROSS JOIN endpoints p CROSS JOIN deliveries d ON d.endpoint = p.id AND d.sequence = e.sequence
             WHERE {conditions} ORDER BY e.sequence DESC, d.endpoint DESC LIMIT ?"
        );
        let rows = query(site.sql, ACT, &statement, params)?.into_iter();
        let items = rows.map(|row| read(Columns::of(row, ACT))).collect::<Result<Vec<_>, _>>()?;
        Ok(Page::of(items, usize::from(self.limit), |last| DeliveryCursor {
            sequence: last.sequence,
            endpoint: last.endpoint.clone(),
        }))
    }
}

/// Where the next page begins; the first after everything.
fn before(sequence: Option<i64>) -> Cell {
    sequence.map_or_else(|| Cell::count(usize::MAX), Cell::from)
}

fn read(mut columns: Columns) -> Result<DeliveryStatus, SiteError> {
    let (endpoint, event, sequence) = (columns.parsed()?, columns.parsed()?, columns.integer()?);
    let event_type = columns.parsed()?;
    let attempts = u32::try_from(columns.integer()?).unwrap_or(u32::MAX);
    let (next_at, delivered_at) = (columns.optional_timestamp()?, columns.optional_timestamp()?);
    let state = match (next_at, delivered_at) {
        (Some(_), _) => DeliveryState::Pending,
        (None, Some(_)) => DeliveryState::Delivered,
        (None, None) => DeliveryState::Failed,
    };
    let status = columns.optional_integer()?.and_then(|status| u16::try_from(status).ok());
    let error = columns.optional_text()?;
    Ok(DeliveryStatus { endpoint, event, sequence, event_type, state, attempts, next_at, delivered_at, status, error })
}
