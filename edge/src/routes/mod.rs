//! A file a resource; here each operation of the API's table finds its handler.

mod backup;
mod conversations;
mod docs;
mod incoming;
mod pages;
mod responses;
mod sites;
mod strangers;
mod survey;
mod webhooks;

use crate::http::{headers, internal, problem_answer};
use crate::{assets, credential};
use heard_wire::api::{self, OperationId};
use heard_wire::{Code, Problem};
use incoming::Incoming;
use worker::{Env, Request, Response};

/// Answers every request; what fails is answered as a problem document.
pub(crate) async fn handle(request: Request, env: &Env) -> worker::Result<Response> {
    match route(request, env).await {
        Ok(answer) => Ok(answer),
        Err(problem) => problem_answer(&problem),
    }
}

async fn route(request: Request, env: &Env) -> Result<Response, Problem> {
    let owner_keys = credential::owner_keys(env)?;
    let path = request.path();
    let Some(found) = api::find(&path) else { return beside_the_api(&request, env, &path).await };
    // As it came: a method that is not known is not taken for another.
    let method = request.inner().method();
    if method == "OPTIONS" {
        return preflight(&found.allowed());
    }
    let Some(route) = found.operation(&method) else { return Err(not_allowed(&found.allowed())) };
    let credential = credential::credential(&request, &owner_keys, route.access)?;
    let mut incoming = Incoming::new(request, env, route, found, credential, owner_keys)?;
    match carry_out(route.operation, &mut incoming).await {
        // Who may not do it is told so, whatever else is wrong with the request.
        Err(problem) => Err(incoming.refusal_of_key().await.unwrap_or(problem)),
        answer => answer,
    }
}

async fn carry_out(operation: OperationId, incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    match operation {
        OperationId::ReadSurvey => survey::read(incoming).await,
        OperationId::Submit => survey::submit(incoming).await,
        OperationId::CountShown => survey::count_shown(incoming).await,
        OperationId::ListEventTypes => docs::event_types(),
        OperationId::ReadOpenapi => docs::openapi(),
        OperationId::ListSites => sites::list(incoming).await,
        OperationId::ReadSite => sites::read(incoming).await,
        OperationId::WriteSite => sites::write(incoming).await,
        OperationId::ChangeSite => sites::change(incoming).await,
        OperationId::EraseSite => sites::erase(incoming).await,
        OperationId::ListResponses => responses::list(incoming).await,
        OperationId::ExportCsv => responses::export_csv(incoming).await,
        OperationId::ExportNdjson => responses::export_ndjson(incoming).await,
        OperationId::ReadMetrics => responses::metrics(incoming).await,
        OperationId::ListVisitorResponses => responses::list_of_visitor(incoming).await,
        OperationId::ReadResponse => responses::read(incoming).await,
        OperationId::ReviewResponse => responses::review(incoming).await,
        OperationId::EraseResponse => responses::erase(incoming).await,
        OperationId::EraseResponses => responses::erase_all(incoming).await,
        OperationId::EraseVisitor => responses::erase_visitor(incoming).await,
        OperationId::ListMessages => conversations::list(incoming).await,
        OperationId::AddMessage => conversations::add(incoming).await,
        OperationId::ExportSite => backup::export(incoming).await,
        OperationId::ImportSite => backup::import(incoming).await,
        OperationId::RestoreSite => backup::restore(incoming).await,
        OperationId::ImportResponses => backup::import_table(incoming).await,
        OperationId::ListKeys => sites::list_keys(incoming).await,
        OperationId::AddKey => sites::add_key(incoming).await,
        OperationId::RevokeKey => sites::revoke_key(incoming).await,
        OperationId::ListEndpoints => webhooks::list(incoming).await,
        OperationId::AddEndpoint => webhooks::add(incoming).await,
        OperationId::ReadEndpoint => webhooks::read(incoming).await,
        OperationId::ChangeEndpoint => webhooks::change(incoming).await,
        OperationId::RemoveEndpoint => webhooks::remove(incoming).await,
        OperationId::ReadSecret => webhooks::read_secret(incoming).await,
        OperationId::RotateSecret => webhooks::rotate_secret(incoming).await,
        OperationId::ListEvents => webhooks::events(incoming).await,
        OperationId::ReadEvent => webhooks::event(incoming).await,
        OperationId::ListDeliveries => webhooks::deliveries(incoming).await,
        OperationId::ListAttempts => webhooks::attempts(incoming).await,
        OperationId::SendTest => webhooks::test(incoming).await,
        OperationId::Replay => webhooks::replay(incoming).await,
        OperationId::Resend => webhooks::resend(incoming).await,
    }
}

/// The widget's files, pages about the API, and where one is bound a folder of host pages.
async fn beside_the_api(request: &Request, env: &Env, path: &str) -> Result<Response, Problem> {
    let reads = matches!(request.inner().method().as_str(), "GET" | "HEAD");
    let only_read = || if reads { Ok(()) } else { Err(not_allowed(&["GET", "HEAD"])) };
    if let Some(asset) = assets::find(path) {
        only_read()?;
        return assets::serve(request, asset);
    }
    match path.trim_end_matches('/') {
        "/docs" => only_read().and_then(|()| docs::page()),
        "/docs/problems" => only_read().and_then(|()| docs::problems()),
        "/heard.js" => Err(no_such_file()),
        widget if widget.starts_with("/w/") => Err(no_such_file()),
        api if api == "/v1" || api.starts_with("/v1/") => Err(nothing()),
        // What is not there is told whatever the method.
        _ => pages::serve(env, path, only_read).await,
    }
}

fn no_such_file() -> Problem {
    let detail =
        "There is no such widget file. A page that was open during an update asks for files of before: reload it.";
    Problem::new(Code::NotFound, detail)
}

fn nothing() -> Problem {
    Problem::new(Code::NotFound, "There is nothing at this address.")
}

fn not_allowed(allowed: &[&str]) -> Problem {
    let names: Vec<&str> = allowed.iter().copied().filter(|name| !matches!(*name, "HEAD" | "OPTIONS")).collect();
    let mut problem = Problem::new(Code::MethodNotAllowed, format!("Use {} here.", names.join(" or ")));
    problem.allow = allowed.iter().map(|name| (*name).to_owned()).collect();
    problem
}

/// A page that sends `application/json` or a key is asked first by its browser; ours sends `text/plain` and is not.
fn preflight(allowed: &[&str]) -> Result<Response, Problem> {
    let methods = allowed.join(", ");
    let allow = [
        ("allow", methods.as_str()),
        ("access-control-allow-methods", &methods),
        ("access-control-allow-headers", "authorization, content-type, idempotency-key, if-match, if-none-match"),
        ("access-control-max-age", "86400"),
    ];
    let answer = Response::empty().map_err(|_| internal("answer a preflight"))?;
    Ok(answer.with_status(204).with_headers(headers(&allow)?))
}
