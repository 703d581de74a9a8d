//! People, cases and what is done to them.

use super::incoming::Incoming;
use crate::http::{headers, internal, json, no_content};
use heard_site::cases::{
    AddNote, AddTeammate, ChangeCase, ChangeTeammate, ListCalls, ListCases, ListHistory, ListPeople, LogCall, OpenCase,
    ReadCase, ReadLoop, RemoveTeammate,
};
use heard_site::conversations::ReplyToCase;
use heard_wire::http::{IfMatch, has_etag};
use heard_wire::{
    Call, Case, CaseFilter, CaseId, CasePatch, NewCase, NewMessage, NewNote, NewTeammate, Problem, TeammateId,
    TeammatePatch,
};
use worker::Response;

/// `GET /v1/sites/{site}/people`.
pub(crate) async fn list_people(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListPeople {}).await?, 200)
}

/// `POST /v1/sites/{site}/people`.
pub(crate) async fn add_person(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let new = NewTeammate::from_json(&incoming.body().await?)?;
    json(&incoming.call(AddTeammate { new }).await?, 201)
}

/// `PATCH /v1/sites/{site}/people/{person}`.
pub(crate) async fn change_person(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = person(incoming)?;
    let patch = TeammatePatch::from_json(&incoming.body().await?)?;
    json(&incoming.call(ChangeTeammate { id, patch }).await?, 200)
}

/// `DELETE /v1/sites/{site}/people/{person}`.
pub(crate) async fn remove_person(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(RemoveTeammate { id: person(incoming)? }).await?;
    no_content()
}

/// `GET /v1/sites/{site}/cases?status=&...&cursor=&limit=`, newest first.
pub(crate) async fn list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    const TRUTH: &str = "true or false";
    let filter = CaseFilter {
        status: given.named("status", "new, open, waiting, snoozed, resolved or closed")?,
        unsettled: given.named("unsettled", TRUTH)?,
        assignee: given.checked("assignee")?,
        unassigned: given.named("unassigned", TRUTH)?,
        priority: given.named("priority", "low, normal, high or urgent")?,
        overdue: given.named("overdue", TRUTH)?,
        visitor: given.checked("visitor")?,
        response: given.checked("response")?,
        since: given.checked("since")?,
        until: given.checked("until")?,
    };
    let (limit, cursor) = (given.limit()?, given.checked("cursor")?);
    json(&incoming.call(ListCases { filter, cursor, limit }).await?, 200)
}

/// `POST /v1/sites/{site}/cases`: opens one by hand.
pub(crate) async fn open(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let new = NewCase::from_json(&incoming.body().await?)?;
    told(&incoming.call(OpenCase { new }).await?, 201)
}

/// `GET /v1/sites/{site}/cases/{case}`.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let read = incoming.call(ReadCase { id: id(incoming)? }).await?;
    let etag = etag_of(&read);
    if has_etag(&incoming.header("if-none-match").unwrap_or_default(), &etag) {
        let answer = Response::empty().map_err(|_| internal("answer"))?;
        return Ok(answer.with_status(304).with_headers(headers(&[("etag", &etag)])?));
    }
    told(&read, 200)
}

/// `PATCH /v1/sites/{site}/cases/{case}`, with `If-Match` where somebody else may be at it.
pub(crate) async fn change(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let patch = CasePatch::from_json(&incoming.body().await?)?;
    let if_match = incoming.header("if-match").map(|header| IfMatch::read(&header));
    told(&incoming.call(ChangeCase { id, patch, if_match }).await?, 200)
}

/// `GET /v1/sites/{site}/cases/{case}/history`, oldest first.
pub(crate) async fn history(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ListHistory { id: id(incoming)? }).await?, 200)
}

/// `POST /v1/sites/{site}/cases/{case}/messages`: writes to the customer, with `If-Match` where somebody else may do so.
pub(crate) async fn reply(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let message = NewMessage::from_json(&incoming.body().await?)?;
    let if_match = incoming.header("if-match").map(|header| IfMatch::read(&header));
    json(&incoming.call(ReplyToCase { id, message, if_match }).await?, 201)
}

/// `POST /v1/sites/{site}/cases/{case}/notes`.
pub(crate) async fn add_note(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let note = NewNote::from_json(&incoming.body().await?)?;
    json(&incoming.call(AddNote { id, note }).await?, 201)
}

/// `POST /v1/sites/{site}/cases/{case}/calls`.
pub(crate) async fn log_call(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let id = id(incoming)?;
    let call = Call::from_json(&incoming.body().await?)?;
    told(&incoming.call(LogCall { id, call }).await?, 201)
}

/// `GET /v1/sites/{site}/call-list?why=&daytime=&limit=`.
pub(crate) async fn call_list(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let why = given.named("why", "asked, left_number or bright_spot")?;
    let (daytime, limit) = (given.named("daytime", "true or false")?, given.limit()?);
    json(&incoming.call(ListCalls { why, daytime, limit }).await?, 200)
}

/// `GET /v1/sites/{site}/cases/metrics?since=&until=`.
pub(crate) async fn metrics(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let (since, until) = (given.checked("since")?, given.checked("until")?);
    json(&incoming.call(ReadLoop { since, until }).await?, 200)
}

/// A case, with its revision as its entity tag.
fn told(case: &Case, status: u16) -> Result<Response, Problem> {
    let mut answer = json(case, status)?;
    answer.headers_mut().set("etag", &etag_of(case)).map_err(|_| internal("answer"))?;
    Ok(answer)
}

fn etag_of(case: &Case) -> String {
    format!("\"{}\"", case.revision)
}

fn id(incoming: &Incoming<'_>) -> Result<CaseId, Problem> {
    incoming.id("case", "There is no such case.")
}

fn person(incoming: &Incoming<'_>) -> Result<TeammateId, Problem> {
    incoming.id("person", "There is no such person.")
}
