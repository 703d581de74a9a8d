//! What the owner's people and systems say to a customer about a response.

use crate::outbox::{Subject, emit};
use crate::responses;
use crate::sql::{Columns, run};
use crate::{Cell, Moment, SiteError, Sql};
use heard_wire::{EndpointId, EventType, MAX_MESSAGES, Message, MessageId, NewMessage, ResponseId, SiteId, Timestamp};

/// How adding a message ended.
pub(crate) enum Added {
    /// It is stored, or was before.
    Stored(Option<Message>),
    /// The response has [`MAX_MESSAGES`] already.
    TooMany,
    /// There is no such response.
    UnknownResponse,
}

/// Where a message comes from: an endpoint's answer to one delivery, which may be given twice.
pub(crate) struct Answer<'a> {
    pub(crate) endpoint: &'a EndpointId,
    pub(crate) delivery: String,
}

/// Stores a message and tells the endpoints, except the one it came from.
pub(crate) fn add(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &SiteId,
    response: &ResponseId,
    new: NewMessage,
    answer: Option<Answer<'_>>,
) -> Result<Added, SiteError> {
    const ACT: &str = "write a message";
    let Some(stored) = responses::find(sql, site, response)? else { return Ok(Added::UnknownResponse) };
    if list(sql, response)?.len() >= MAX_MESSAGES {
        return Ok(Added::TooMany);
    }
    let from = answer.as_ref().map(|answer| answer.endpoint.clone());
    let message = Message {
        id: MessageId::from_random((moment.random)()),
        response: response.clone(),
        text: new.text,
        from: from.clone(),
        created_at: moment.now,
    };
    let written = run(
        sql,
        ACT,
        "INSERT INTO messages (id, response, text, endpoint, delivery, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (delivery) DO NOTHING RETURNING id",
        [
            Cell::from(message.id.as_str()),
            Cell::from(response.as_str()),
            Cell::from(message.text.as_str()),
            Cell::from(from.as_ref().map(EndpointId::as_str)),
            Cell::from(answer.map(|answer| answer.delivery)),
            Cell::from(moment.now.as_millis()),
        ],
    )?;
    if written.is_empty() {
        return Ok(Added::Stored(None));
    }
    let subject = Subject { response: Some(stored.response), message: Some(message.clone()), ..Subject::default() };
    emit(sql, moment, site, EventType::MessageCreated, subject, from.as_ref())?;
    Ok(Added::Stored(Some(message)))
}

/// The messages of a response, oldest first.
pub(crate) fn list(sql: &dyn Sql, response: &ResponseId) -> Result<Vec<Message>, SiteError> {
    const ACT: &str = "list the messages";
    let statement =
        "SELECT id, response, text, endpoint, created_at FROM messages WHERE response = ? ORDER BY created_at, id";
    run(sql, ACT, statement, [Cell::from(response.as_str())])?
        .into_iter()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            Ok(Message {
                id: columns.parsed()?,
                response: columns.parsed()?,
                text: columns.text()?,
                from: columns.optional_text()?.and_then(|id| id.parse().ok()),
                created_at: Timestamp::from_millis(columns.integer()?),
            })
        })
        .collect()
}
