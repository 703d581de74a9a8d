//! What is said about a response: by the owner's people and systems, and by its customer.

use crate::cases::{self, Step};
use crate::conversations::mailbox::{count_news, note_message, read_rows};
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run, scalar};
use crate::webhooks::{Audience, emit};
use heard_wire::http::IfMatch;
use heard_wire::{
    Actor, AnnouncementId, Author, BackupRecord, Case, CaseEntry, CaseId, EndpointId, EventKind, List, MAX_MESSAGES,
    Message, MessageId, NewMessage, Problem, Response, ResponseId, TeammateId,
};
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
        let written = add(site, self.response, self.message, None)?;
        written.ok_or_else(|| Refusal::NotFound { thing: Thing::Message }.into())
    }
}

/// Writes to the customer of a case, where they wrote last.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReplyToCase {
    /// Of the case.
    pub id: CaseId,
    /// As validated.
    pub message: NewMessage,
    /// At which revision the case has to be, if that matters.
    #[serde(default)]
    pub if_match: Option<IfMatch>,
}

impl Operation for ReplyToCase {
    type Reply = Message;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Message, Failure> {
        let case: Case = cases::ReadCase { id: self.id }.carry_out(site)?;
        if case.closed_at.is_some() {
            return Err(Refusal::CaseClosed.into());
        }
        cases::check_revision(&case, self.if_match.as_ref())?;
        let response = case.responses.last().cloned().unwrap_or(case.response);
        AddMessage { response, message: self.message }.carry_out(site)
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
        if !responses::exists(site, &self.response)? {
            return Err(Refusal::NotFound { thing: Thing::Response }.into());
        }
        Ok(List { items: of(site, &[self.response])? })
    }
}

const COLUMNS: &str = "id, response, text, author, endpoint, person, signed, created_at, read_at, announcement";

/// The messages about these responses, oldest first.
pub(super) fn of(site: &Site<'_>, responses: &[ResponseId]) -> Result<Vec<Message>, SiteError> {
    const ACT: &str = "list the messages";
    let statement = format!(
        "SELECT {COLUMNS} FROM messages WHERE response IN (SELECT value FROM json_each(?)) ORDER BY created_at, rowid"
    );
    read_rows(run(site.sql, ACT, &statement, [Cell::json(ACT, &responses)?])?, ACT, read)
}

/// One message.
pub(super) fn find(site: &Site<'_>, id: &MessageId) -> Result<Option<Message>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM messages WHERE id = ?");
    one(site.sql, "find a message", &statement, [Cell::from(id.as_str())])?.map(read).transpose()
}

/// Messages after a row, for a copy of the site.
pub(crate) fn export(site: &Site<'_>, after: i64, limit: usize) -> Result<Vec<(i64, BackupRecord)>, SiteError> {
    const ACT: &str = "export the messages";
    let statement = format!("SELECT rowid, {COLUMNS} FROM messages WHERE rowid > ? ORDER BY rowid LIMIT ?");
    let rows = run(site.sql, ACT, &statement, [Cell::from(after), Cell::count(limit)])?;
    read_rows(rows, ACT, |mut columns| Ok((columns.integer()?, BackupRecord::Message(read(columns)?))))
}

fn read(mut columns: Columns) -> Result<Message, SiteError> {
    Ok(Message {
        id: columns.parsed()?,
        response: columns.parsed()?,
        text: columns.text()?,
        author: columns.optional_text()?.and_then(|author| author.parse().ok()).unwrap_or_default(),
        from: columns.optional_text()?.and_then(|id| id.parse().ok()),
        person: columns.optional_text()?.and_then(|id| id.parse().ok()),
        signed: columns.optional_text()?.and_then(|signed| serde_json::from_str(&signed).ok()),
        created_at: columns.timestamp()?,
        read_at: columns.optional_timestamp()?,
        announcement: columns.optional_text()?.and_then(|id| id.parse().ok()),
    })
}

/// Stores a message, once: `false` when it was stored before.
pub(super) fn write(site: &Site<'_>, message: &Message, delivery: Option<String>) -> Result<bool, SiteError> {
    const ACT: &str = "write a message";
    let signed = message.signed.as_ref().map(|signed| Cell::json(ACT, signed)).transpose()?;
    let statement = format!(
        "INSERT INTO messages ({COLUMNS}, delivery) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
         RETURNING id"
    );
    let params = [
        Cell::from(message.id.as_str()),
        Cell::from(message.response.as_str()),
        Cell::from(message.text.as_str()),
        Cell::from(<&str>::from(message.author)),
        Cell::from(message.from.as_ref().map(EndpointId::as_str)),
        Cell::from(message.person.as_ref().map(TeammateId::as_str)),
        signed.unwrap_or(Cell::Null),
        Cell::from(message.created_at),
        Cell::from(message.read_at),
        Cell::from(message.announcement.as_ref().map(AnnouncementId::as_str)),
        Cell::from(delivery),
    ];
    Ok(one(site.sql, ACT, &statement, params)?.is_some())
}

/// Puts an announcement into the conversation about a response. It is one event for all, so none of its own.
pub(crate) fn tell_announcement(site: &mut Site<'_>, response: &Response, message: &Message) -> Result<(), SiteError> {
    if write(site, message, None)? {
        note_message(site, response, message)?;
    }
    Ok(())
}

/// Takes a message in as it was elsewhere; what the customer has not seen is news here, too.
pub(crate) fn take_over(site: &Site<'_>, message: &Message) -> Result<(), SiteError> {
    if write(site, message, None)? && message.author == Author::Team && message.read_at.is_none() {
        count_news(site, &message.response)?;
    }
    Ok(())
}

/// Refuses where a response has as many messages as it can have.
pub(super) fn has_room(site: &Site<'_>, response: &ResponseId) -> Result<(), Failure> {
    let counting = "SELECT count(*) FROM messages WHERE response = ?";
    site.has_room(Thing::Message, MAX_MESSAGES, counting, [Cell::from(response.as_str())])
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
) -> Result<Option<String>, SiteError> {
    // A person has written where one signs; systems have a bound.
    if new.person.is_none() {
        let counting = "SELECT count(*) FROM messages WHERE response = ? AND endpoint IS NOT NULL AND person IS NULL";
        let replies = scalar(site.sql, "count the replies", counting, [Cell::from(response.as_str())])?;
        if replies.is_some_and(|replies| replies >= MAX_REPLIES) {
            return Ok(Some(format!("{MAX_REPLIES} replies of endpoints to one answer are enough")));
        }
    }
    match add(site, response, new, Some(reply)) {
        Ok(_) => Ok(None),
        Err(Failure::Refused(refusal)) => Ok(Some(refusal.into_problem(&site.id.clone()).detail)),
        Err(Failure::Broken(error)) => Err(error),
    }
}

/// Keeps what a customer was told by a resolution, where the case is opened again: as a message, below which what comes after is
/// understood.
pub(crate) fn keep_resolution(
    site: &mut Site<'_>,
    case: &Case,
    entry: &CaseEntry,
    text: &str,
) -> Result<(), SiteError> {
    let all = of(site, &case.responses)?;
    if all.iter().any(|message| message.author == Author::Team && message.text == text) {
        return Ok(());
    }
    let person = match &entry.by {
        Actor::Person { person } => cases::find_teammate(site, person)?,
        _ => None,
    };
    let message = Message {
        id: MessageId::from_random((site.context.random)()),
        response: case.responses.last().unwrap_or(&case.response).clone(),
        text: text.to_owned(),
        author: Author::Team,
        from: None,
        person: person.as_ref().map(|person| person.id.clone()),
        signed: person.as_ref().map(heard_wire::Teammate::signature),
        announcement: None,
        created_at: entry.at,
        read_at: Some(site.context.now),
    };
    write(site, &message, None).map(drop)
}

/// Stores a message to the customer, tells the endpoints, except the one it came from, and lets the case know; `None` when it
/// was stored before.
fn add(
    site: &mut Site<'_>,
    response: ResponseId,
    new: NewMessage,
    reply: Option<EndpointReply<'_>>,
) -> Result<Option<Message>, Failure> {
    let stored = responses::find(site, &response)?.ok_or(Refusal::NotFound { thing: Thing::Response })?;
    has_room(site, &response)?;
    let from = reply.as_ref().map(|reply| reply.endpoint.clone());
    let person = match &site.actor {
        // Who has a key of their own writes as nobody else.
        Actor::Person { person } if new.person.as_ref().is_some_and(|named| named != person) => {
            let problem = Box::new(Problem::of_field("/person", "must be whose key this is, or absent"));
            return Err(Refusal::Invalid { problem }.into());
        }
        Actor::Person { person } => Some(person.clone()),
        _ => new.person,
    };
    let person = person.map(|id| cases::named_teammate(site, &id, "/person")).transpose()?;
    let id = MessageId::from_random((site.context.random)());
    let message = Message {
        id,
        response,
        text: new.text,
        author: Author::Team,
        from: from.clone(),
        person: person.as_ref().map(|person| person.id.clone()),
        signed: person.as_ref().map(heard_wire::Teammate::signature),
        announcement: None,
        created_at: site.context.now,
        read_at: None,
    };
    if !write(site, &message, reply.map(|reply| reply.delivery))? {
        return Ok(None);
    }
    let audience = from.as_ref().map_or(Audience::All, Audience::AllBut);
    emit(site, EventKind::MessageCreated(stored.response.clone(), message.clone()), audience)?;
    note_message(site, &stored.response, &message)?;
    let before = site.actor.clone();
    site.actor = match (&person, &from) {
        (Some(person), _) => Actor::Person { person: person.id.clone() },
        (None, Some(endpoint)) => Actor::Endpoint { endpoint: endpoint.clone() },
        (None, None) => before.clone(),
    };
    // A system that answers by itself is no person.
    let by_person = person.is_some() || from.is_none();
    let (text, then) = (message.text.clone(), new.then);
    let step = Step::Reply { message: message.id.clone(), by_person, then, text };
    let changed = cases::change_of(site, &message.response, step);
    site.actor = before;
    changed?;
    Ok(Some(message))
}
