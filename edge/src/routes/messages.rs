//! `/v1/sites/{site}/responses/{id}` and its messages.

use crate::http::{body, internal, json};
use crate::sites;
use heard_site::{Command, Reply};
use heard_wire::{Code, Messages, NewMessage, Problem, ResponseId, SiteId};
use worker::{Env, Request, Response};

/// `GET .../responses/{id}`: the response, and what its customer was shown.
pub(crate) async fn read_response(env: &Env, site: &SiteId, id: &str) -> Result<Response, Problem> {
    match sites::call(env, site, &Command::ReadResponse { id: parsed(id)? }).await? {
        Reply::Response(stored) => json(&stored, 200),
        Reply::UnknownResponse => Err(unknown_response()),
        _ => Err(internal("read the response")),
    }
}

/// `POST .../responses/{id}/messages`: writes to the customer.
pub(crate) async fn add(mut request: Request, env: &Env, site: &SiteId, id: &str) -> Result<Response, Problem> {
    let response = parsed(id)?;
    let message = NewMessage::from_json(&body(&mut request).await?)?;
    match sites::call_once(&request, env, site, Command::AddMessage { response, message }).await? {
        Reply::Message(message) => json(&message, 201),
        Reply::UnknownResponse => Err(unknown_response()),
        Reply::TooManyMessages => Err(Problem::new(Code::Conflict, "A response has at most 100 messages.")),
        _ => Err(internal("write the message")),
    }
}

/// `GET .../responses/{id}/messages`, oldest first.
pub(crate) async fn list(env: &Env, site: &SiteId, id: &str) -> Result<Response, Problem> {
    match sites::call(env, site, &Command::ListMessages { response: parsed(id)? }).await? {
        Reply::Messages(messages) => json(&Messages { messages }, 200),
        Reply::UnknownResponse => Err(unknown_response()),
        _ => Err(internal("list the messages")),
    }
}

fn parsed(id: &str) -> Result<ResponseId, Problem> {
    id.parse().map_err(|_| unknown_response())
}

fn unknown_response() -> Problem {
    Problem::new(Code::NotFound, "There is no such response.")
}
