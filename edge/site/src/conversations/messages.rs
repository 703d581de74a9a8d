//! What the owner's people and systems say to a customer about a response.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run, scalar};
use crate::webhooks::{Audience, emit};
use heard_wire::{BackupRecord, EndpointId, EventKind, List, MAX_MESSAGES, Message, MessageId, NewMessage, ResponseId};
use serde::{Deserialize, Serialize};

/// Writes a message to the customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddMessage {
    /// About which response.
    pub response: ResponseId,
    /// As validated.
    pub message: NewMessage,
}

impl Operation for AddMessage {
    type Reply = Message;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Message, Failure> {
        let message = add(site, self.response, self.message, None)?;
        // Only a reply given twice is stored without a message, and this is none.
        message.ok_or_else(|| SiteError::Unreadable { act: "write a message" }.into())
    }
}

/// The messages of a response, oldest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListMessages {
    /// Of this response.
    pub response: ResponseId,
}

impl Operation for ListMessages {
    type Reply = List<Message>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<Message>, Failure> {
        const ACT: &str = "list the messages";
        if !responses::exists(site, &self.response)? {
            return Err(Refusal::NotFound { thing: Thing::Response }.into());
        }
        let statement =
            "SELECT id, response, text, endpoint, created_at FROM messages WHERE response = ? ORDER BY created_at, id";
        let rows = run(site.sql, ACT, statement, [Cell::from(self.response.as_str())])?.into_iter();
        let items = rows.map(|row| read(Columns::of(row, ACT))).collect::<Result<_, _>>()?;
        Ok(List { items })
    }
}

/// Messages after a row, for a copy of the site.
pub(crate) fn export(site: &Site<'_>, after: i64, limit: usize) -> Result<Vec<(i64, BackupRecord)>, SiteError> {
    const ACT: &str = "export the messages";
    let statement = "SELECT rowid, id, response, text, endpoint, created_at FROM messages WHERE rowid > ?
         ORDER BY rowid LIMIT ?";
    let rows = run(site.sql, ACT, statement, [Cell::from(after), Cell::count(limit)])?.into_iter().map(|row| {
        let mut columns = Columns::of(row, ACT);
        Ok((columns.integer()?, BackupRecord::Message(read(columns)?)))
    });
    rows.collect()
}

fn read(mut columns: Columns) -> Result<Message, SiteError> {
    Ok(Message {
        id: columns.parsed()?,
        response: columns.parsed()?,
        text: columns.text()?,
        from: columns.optional_text()?.and_then(|id| id.parse().ok()),
        created_at: columns.timestamp()?,
    })
}

/// An endpoint's reply to one delivery, which may be given twice.
pub(crate) struct EndpointReply<'a> {
    pub(crate) endpoint: &'a EndpointId,
    pub(crate) delivery: String,
}

/// Replies of endpoints that one response can have: systems answer each event, and one customer is not to hear it all.
const MAX_REPLIES: i64 = 3;

/// Takes an endpoint's reply to the customer, once. Too many messages or an erased response: the log tells what the
/// endpoint answered.
pub(crate) fn take_reply(
    site: &mut Site<'_>,
    response: ResponseId,
    new: NewMessage,
    reply: EndpointReply<'_>,
) -> Result<(), SiteError> {
    let counting = "SELECT count(*) FROM messages WHERE response = ? AND endpoint IS NOT NULL";
    let replies = scalar(site.sql, "count the replies", counting, [Cell::from(response.as_str())])?;
    if replies.is_some_and(|replies| replies >= MAX_REPLIES) {
        return Ok(());
    }
    match add(site, response, new, Some(reply)) {
        Ok(_) | Err(Failure::Refused(_)) => Ok(()),
        Err(Failure::Broken(error)) => Err(error),
    }
}

/// Stores a message and tells the endpoints, except the one it came from; `None` when it was stored before.
fn add(
    site: &mut Site<'_>,
    response: ResponseId,
    new: NewMessage,
    reply: Option<EndpointReply<'_>>,
) -> Result<Option<Message>, Failure> {
    const ACT: &str = "write a message";
    let stored = responses::find(site, &response)?.ok_or(Refusal::NotFound { thing: Thing::Response })?;
    let counting = "SELECT count(*) FROM messages WHERE response = ?";
    site.has_room(Thing::Message, MAX_MESSAGES, counting, [Cell::from(response.as_str())])?;
    let from = reply.as_ref().map(|reply| reply.endpoint.clone());
    let id = MessageId::from_random((site.context.random)());
    let message = Message { id, response, text: new.text, from: from.clone(), created_at: site.context.now };
    let written = one(
        site.sql,
        ACT,
        "INSERT INTO messages (id, response, text, endpoint, delivery, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (delivery) DO NOTHING RETURNING id",
        [
            Cell::from(message.id.as_str()),
            Cell::from(message.response.as_str()),
            Cell::from(message.text.as_str()),
            Cell::from(from.as_ref().map(EndpointId::as_str)),
            Cell::from(reply.map(|reply| reply.delivery)),
            Cell::from(message.created_at),
        ],
    )?;
    if written.is_none() {
        return Ok(None);
    }
    let audience = from.as_ref().map_or(Audience::All, Audience::AllBut);
    emit(site, EventKind::MessageCreated(stored.response, message.clone()), audience)?;
    Ok(Some(message))
}
