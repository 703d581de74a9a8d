//! What owner and customer say to each other: messages of a response.

use super::incoming::Incoming;
use crate::http::json;
use heard_site::conversations::{AddMessage, ListMessages};
use heard_wire::{NewMessage, Problem, ResponseId};
use worker::Response;

/// `POST /v1/sites/{site}/responses/{response}/messages`: writes to the customer.
pub(crate) async fn add(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let response = response(incoming)?;
    let message = NewMessage::from_json(&incoming.body().await?)?;
    json(&incoming.call(AddMessage { response, message }).await?, 201)
}

/// `GET /v1/sites/{site}/responses/{response}/messages`, oldest first.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListMessages { response: response(incoming)? }).await?, 200)
}

fn response(incoming: &Incoming<'_>) -> Result<ResponseId, Problem> {
    incoming.id("response", "There is no such response.")
}
