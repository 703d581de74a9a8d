use crate::keys::{self, Allowed};
use crate::messages::{self, Added};
use crate::once::once;
use crate::{Configured, Moment, SiteError, Sql, Stored, deliveries, endpoints, metrics, responses, settings, shown};
use heard_wire::{
    Acknowledgement, ApiKey, AttemptPage, Endpoint, EndpointChange, EndpointId, EndpointSecret, EndpointSettings,
    EventId, EventType, Heard, Message, Metrics, MetricsBy, NewApiKey, NewMessage, Replay, ResponseFilter, ResponseId,
    ResponsePage, Scope, Shown, SiteId, SiteSettings, Submission, Timestamp,
};
use serde::{Deserialize, Serialize};

/// What a route asks of a site's object: one JSON text in, one [`Reply`] out.
#[allow(clippy::large_enum_variant, reason = "one is made a request, and read in place; wasm32 is under the limit")]
#[derive(Debug, Serialize, Deserialize)]
pub enum Command {
    /// Read the settings.
    Settings,
    /// Create the site or change it.
    Configure {
        /// The site's id, stored so that events can name it.
        site: SiteId,
        /// The new settings.
        settings: SiteSettings,
    },
    /// Store an answer.
    Submit {
        /// As validated.
        submission: Submission,
        /// What listening found.
        heard: Option<Heard>,
        /// What to show.
        acknowledgement: Acknowledgement,
        /// The revision of the settings that listening used.
        settings_revision: i64,
    },
    /// Whether a key allows something.
    CheckKey {
        /// The whole key.
        key: String,
        /// What is needed.
        needs: Scope,
    },
    /// Make an API key.
    AddKey {
        /// As validated.
        new: NewApiKey,
    },
    /// All API keys.
    ListKeys,
    /// Revoke an API key.
    RevokeKey {
        /// How it begins.
        prefix: String,
    },
    /// Carry out a command unless it was before.
    Once {
        /// The `Idempotency-Key`.
        key: String,
        /// What.
        command: Box<Command>,
    },
    /// Add up responses.
    Metrics {
        /// Which.
        filter: ResponseFilter,
        /// Grouped by what.
        by: Option<MetricsBy>,
    },
    /// Read responses back, newest first.
    ListResponses {
        /// Which.
        filter: ResponseFilter,
        /// From an earlier page.
        cursor: Option<String>,
        /// 1 to 100.
        limit: u16,
    },
    /// Count that the question was shown.
    Shown {
        /// Where.
        shown: Shown,
    },
    /// One response with what the customer was shown.
    ReadResponse {
        /// Which.
        id: ResponseId,
    },
    /// Write a message to the customer.
    AddMessage {
        /// About which response.
        response: ResponseId,
        /// What.
        message: NewMessage,
    },
    /// The messages of a response.
    ListMessages {
        /// Which.
        response: ResponseId,
    },
    /// Add a webhook endpoint.
    AddEndpoint {
        /// As validated.
        settings: EndpointSettings,
    },
    /// All webhook endpoints.
    ListEndpoints,
    /// Something with one endpoint.
    Endpoint {
        /// Which.
        id: EndpointId,
        /// What.
        act: EndpointAct,
    },
}

/// What can be done with one endpoint.
#[derive(Debug, Serialize, Deserialize)]
pub enum EndpointAct {
    /// Read it.
    Read,
    /// Change it.
    Change(EndpointChange),
    /// Remove it.
    Remove,
    /// Read its secret.
    ReadSecret,
    /// Give it a new secret.
    RotateSecret,
    /// Read the log of attempts, newest first.
    ListAttempts {
        /// Only of this event.
        event: Option<EventId>,
        /// From an earlier page.
        cursor: Option<String>,
        /// 1 to 100.
        limit: u16,
    },
    /// Send an event again.
    Resend {
        /// Which.
        event: EventId,
    },
    /// Send a range of events again.
    Replay(Replay),
    /// Send an example.
    Test {
        /// Of which type.
        event_type: EventType,
    },
}

/// What a site's object answers.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// The settings, as asked for or because the caller's copy was out of date.
    Settings(Box<Configured>),
    /// The answer is stored.
    Stored(Box<Stored>),
    /// A page of responses.
    Responses(ResponsePage),
    /// Whether the key allows it.
    Key(Allowed),
    /// The key as it was made, and the whole of it.
    KeyAdded(ApiKey, String),
    /// All keys.
    Keys(Vec<ApiKey>),
    /// A site has no more room for keys.
    TooManyKeys,
    /// There is no such key.
    UnknownKey,
    /// The `Idempotency-Key` came with another request.
    KeyReused,
    /// It was counted.
    Counted,
    /// What the responses add up to.
    Metrics(Metrics),
    /// The cursor is not one of ours.
    BadCursor,
    /// One response.
    Response(Box<Stored>),
    /// There is no such response.
    UnknownResponse,
    /// The message as stored.
    Message(Message),
    /// All messages of a response.
    Messages(Vec<Message>),
    /// A response has no more room for messages.
    TooManyMessages,
    /// The endpoint as it was added, with its secret.
    EndpointAdded(Endpoint, EndpointSecret),
    /// The endpoint.
    Endpoint(Endpoint),
    /// Its secret.
    Secret(EndpointSecret),
    /// All endpoints.
    Endpoints(Vec<Endpoint>),
    /// A page of the log.
    Attempts(AttemptPage),
    /// Deliveries that were queued, and from when a replay goes on.
    Queued {
        /// How many.
        count: usize,
        /// There are more events from this moment on.
        next_since: Option<Timestamp>,
    },
    /// The test event that was queued.
    TestQueued(EventId),
    /// There is no such event.
    UnknownEvent,
    /// Nothing is sent to an endpoint that is switched off.
    EndpointDisabled,
    /// The endpoint is gone.
    Removed,
    /// There is no such endpoint.
    UnknownEndpoint,
    /// A site has no more room for endpoints.
    TooManyEndpoints,
    /// The owner has not created this site.
    UnknownSite,
}

/// Carries a command out.
///
/// # Errors
/// When SQLite refuses; nothing of it may then be committed.
pub fn apply(sql: &dyn Sql, moment: &mut Moment<'_>, command: Command) -> Result<Reply, SiteError> {
    if let Command::Configure { site, settings } = command {
        return settings::configure(sql, &site, settings).map(|configured| Reply::Settings(Box::new(configured)));
    }
    let Some(site) = settings::configured(sql)? else {
        return Ok(Reply::UnknownSite);
    };
    match command {
        Command::Settings | Command::Configure { .. } => Ok(Reply::Settings(Box::new(site))),
        Command::Submit { settings_revision, .. } if settings_revision != site.revision => {
            Ok(Reply::Settings(Box::new(site)))
        }
        Command::Submit { submission, heard, acknowledgement, .. } => {
            responses::submit(sql, moment, &site, submission, heard, acknowledgement)
                .map(|stored| Reply::Stored(Box::new(stored)))
        }
        Command::CheckKey { key, needs } => keys::check(sql, moment, &key, needs).map(Reply::Key),
        Command::AddKey { new } => {
            Ok(keys::add(sql, moment, new)?.map_or(Reply::TooManyKeys, |(key, whole)| Reply::KeyAdded(key, whole)))
        }
        Command::ListKeys => keys::list(sql).map(Reply::Keys),
        Command::RevokeKey { prefix } => {
            Ok(if keys::revoke(sql, &prefix)? { Reply::Removed } else { Reply::UnknownKey })
        }
        Command::Once { key, command } => once(sql, moment, &key, *command),
        Command::Shown { shown } => shown::count(sql, moment.now, &shown).map(|()| Reply::Counted),
        Command::Metrics { filter, by } => metrics::metrics(sql, &filter, by).map(Reply::Metrics),
        Command::ListResponses { filter, cursor, limit } => {
            let page = responses::list(sql, &site.id, &filter, cursor.as_deref(), limit)?;
            Ok(page.map_or(Reply::BadCursor, Reply::Responses))
        }
        Command::ReadResponse { id } => Ok(responses::find(sql, &site.id, &id)?
            .map_or(Reply::UnknownResponse, |found| Reply::Response(Box::new(found)))),
        Command::AddMessage { response, message } => {
            Ok(match messages::add(sql, moment, &site.id, &response, message, None)? {
                Added::Stored(Some(message)) => Reply::Message(message),
                // Only an answer given twice is stored without a message.
                Added::Stored(None) | Added::TooMany => Reply::TooManyMessages,
                Added::UnknownResponse => Reply::UnknownResponse,
            })
        }
        Command::ListMessages { response } => match responses::find(sql, &site.id, &response)? {
            Some(_) => messages::list(sql, &response).map(Reply::Messages),
            None => Ok(Reply::UnknownResponse),
        },
        Command::AddEndpoint { settings } => {
            let added = endpoints::add(sql, moment, settings)?;
            Ok(added.map_or(Reply::TooManyEndpoints, |(endpoint, secret)| Reply::EndpointAdded(endpoint, secret)))
        }
        Command::ListEndpoints => endpoints::list(sql).map(Reply::Endpoints),
        Command::Endpoint { id, act } => {
            Ok(with_endpoint(sql, moment, &site, &id, act)?.unwrap_or(Reply::UnknownEndpoint))
        }
    }
}

fn with_endpoint(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &Configured,
    id: &EndpointId,
    act: EndpointAct,
) -> Result<Option<Reply>, SiteError> {
    let sends = matches!(act, EndpointAct::Resend { .. } | EndpointAct::Replay(_) | EndpointAct::Test { .. });
    if sends && endpoints::find(sql, id)?.is_some_and(|endpoint| endpoint.disabled_at.is_some()) {
        return Ok(Some(Reply::EndpointDisabled));
    }
    Ok(match act {
        EndpointAct::Read => endpoints::find(sql, id)?.map(Reply::Endpoint),
        EndpointAct::Change(change) => endpoints::change(sql, moment, id, change)?.map(Reply::Endpoint),
        EndpointAct::Remove => endpoints::remove(sql, id)?.then_some(Reply::Removed),
        EndpointAct::ReadSecret => endpoints::secret(sql, moment, id)?.map(Reply::Secret),
        EndpointAct::RotateSecret => endpoints::rotate_secret(sql, moment, id)?.map(Reply::Secret),
        EndpointAct::ListAttempts { event, cursor, limit } => match endpoints::find(sql, id)? {
            None => None,
            Some(_) => {
                let page = deliveries::attempts(sql, id, event.as_ref(), cursor.as_deref(), limit)?;
                Some(page.map_or(Reply::BadCursor, Reply::Attempts))
            }
        },
        EndpointAct::Resend { event } => match endpoints::find(sql, id)? {
            None => None,
            Some(_) if deliveries::resend(sql, moment, id, &event)? => {
                Some(Reply::Queued { count: 1, next_since: None })
            }
            Some(_) => Some(Reply::UnknownEvent),
        },
        EndpointAct::Replay(replay) => {
            let replayed = deliveries::replay(sql, moment, id, &replay)?;
            replayed.map(|(count, next_since)| Reply::Queued { count, next_since })
        }
        EndpointAct::Test { event_type } => {
            deliveries::test(sql, moment, &site.id, id, event_type)?.map(Reply::TestQueued)
        }
    })
}
