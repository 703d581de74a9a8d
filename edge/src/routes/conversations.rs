//! What owner and customer say to each other: messages of a response, and the customer's side of it.

use super::incoming::Incoming;
use super::survey::listened;
use crate::http::{CACHE_TAG, EDGE_CACHE, headers, internal, json, no_content, text_answer};
use crate::site_client;
use heard_listen::{Customer, acknowledge, is_only_thanks};
use heard_site::conversations::{
    AddMessage, ChangeThread, Correction, EraseThread, JudgeCase, ListMessages, MarkRead, ReadNews, ReadThread,
    RevokeThread, StopNotifying, WriteToTeam, way_out_of_mails,
};
use heard_wire::http::has_etag;
use heard_wire::{MailboxId, NewMessage, NewThreadMessage, NewVerdict, News, Problem, ResponseId, SiteId, ThreadPatch};
use worker::Response;

/// The tag of the news of a site's customers, as Cloudflare's cache keeps it.
pub(super) fn news_tag(site: &SiteId) -> String {
    format!("news-{site}")
}

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

/// `DELETE /v1/sites/{site}/responses/{response}/thread`: no browser is let in any more with what it kept.
pub(crate) async fn revoke(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(RevokeThread { response: response(incoming)? }).await?;
    no_content()
}

fn response(incoming: &Incoming<'_>) -> Result<ResponseId, Problem> {
    incoming.id("response", "There is no such response.")
}

/// `GET /v1/sites/{site}/news/{mailbox}`: how much a customer has not seen, and nothing else. Asked by pages again and again.
pub(crate) async fn news(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let News { news } = incoming.call(ReadNews { mailbox: mailbox(incoming)? }).await?;
    let etag = format!("\"{news}\"");
    let tag = news_tag(incoming.site()?);
    let common = [
        ("etag", etag.as_str()),
        ("cache-control", "public, max-age=20"),
        (EDGE_CACHE, "public, max-age=60"),
        (CACHE_TAG, tag.as_str()),
    ];
    if has_etag(&incoming.header("if-none-match").unwrap_or_default(), &etag) {
        let answer = Response::empty().map_err(|_| internal("answer"))?;
        return Ok(answer.with_status(304).with_headers(headers(&common)?));
    }
    let mut answer = text_answer(format!("{{\"news\":{news}}}"), 200, "application/json", "public, max-age=20")?;
    for (name, value) in common {
        answer.headers_mut().set(name, value).map_err(|_| internal("answer"))?;
    }
    Ok(answer)
}

/// `POST /v1/sites/{site}/news/{mailbox}/unsubscribe`: tells nothing more by email (RFC 8058).
pub(crate) async fn stop_notifying(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(StopNotifying { mailbox: mailbox(incoming)? }).await?;
    // A mail program wants no answer; who pressed the button on our page sees that it worked.
    let is_person = incoming.header("accept").is_some_and(|accept| accept.contains("text/html"));
    if is_person { way_out(incoming, true).await } else { no_content() }
}

/// `GET /v1/sites/{site}/news/{mailbox}/unsubscribe`: a page with one button. To look at it ends nothing, since programs that
/// look for viruses follow links.
pub(crate) async fn ask_to_stop(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    mailbox(incoming)?;
    way_out(incoming, false).await
}

async fn way_out(incoming: &Incoming<'_>, is_done: bool) -> Result<Response, Problem> {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";
    let tags = incoming.header("accept-language").unwrap_or_default();
    let site = site_client::cached(incoming.env, incoming.site()?).await?;
    let (language, page) = way_out_of_mails(&site.config.settings.name, &tags, is_done);
    let mut answer = text_answer(page, 200, "text/html; charset=utf-8", "no-store")?;
    for (name, value) in [("content-security-policy", POLICY), ("content-language", language.as_str())] {
        answer.headers_mut().set(name, value).map_err(|_| internal("answer"))?;
    }
    Ok(answer)
}

fn mailbox(incoming: &Incoming<'_>) -> Result<MailboxId, Problem> {
    incoming.id("mailbox", "There is no such mailbox.")
}

/// `GET /v1/sites/{site}/thread`: the conversation, and all that is kept about the answer.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    json(&incoming.call(ReadThread {}).await?, 200)
}

/// `POST /v1/sites/{site}/thread/read`: the customer has seen what there is.
pub(crate) async fn mark_read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(MarkRead {}).await?;
    no_content()
}

/// `POST /v1/sites/{site}/thread/messages`: the customer writes.
pub(crate) async fn write(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let message = NewThreadMessage::from_json(&incoming.body().await?)?;
    let wants_answer = !is_only_thanks(&message.text);
    json(&incoming.call(WriteToTeam { message, wants_answer }).await?, 201)
}

/// `POST /v1/sites/{site}/thread/verdict`: whether it is better.
pub(crate) async fn judge(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let verdict = NewVerdict::from_json(&incoming.body().await?)?;
    json(&incoming.call(JudgeCase { verdict }).await?, 200)
}

/// `PATCH /v1/sites/{site}/thread`: corrects what was said, or takes it back.
pub(crate) async fn change(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let ThreadPatch { comment, contact, notify } = ThreadPatch::from_json(&incoming.body().await?)?;
    let site = site_client::cached(incoming.env, incoming.site()?).await?;
    let correction = match comment {
        None => None,
        Some(comment) => {
            let response = incoming.call(ReadThread {}).await?.response;
            let (score, lang) = (Some(response.score), response.lang.as_str());
            let said = comment.as_deref().filter(|comment| !comment.is_empty());
            let listened = said.map(|comment| listened(&site, comment, score, lang));
            let customer = Customer { score, page_language: lang, ..Customer::default() };
            let acknowledgement =
                acknowledge(said.zip(listened.as_ref()), &customer, &response.id, &site.config.settings);
            Some(Correction { heard: listened.map(|listened| listened.heard), comment, acknowledgement })
        }
    };
    let settings_revision = site.config.revision;
    json(&incoming.call(ChangeThread { correction, contact, notify, settings_revision }).await?, 200)
}

/// `DELETE /v1/sites/{site}/thread`: erases the answer with all that belongs to it.
pub(crate) async fn erase(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    incoming.call(EraseThread {}).await?;
    no_content()
}
