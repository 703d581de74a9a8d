//! A file a resource; here each operation of the API's table finds its handler.

mod backup;
mod cases;
mod conversations;
mod desk;
mod docs;
mod improving;
mod incoming;
mod pages;
mod passkeys;
mod responses;
mod sessions;
mod sites;
mod strangers;
mod survey;
mod webhooks;

use crate::http::{CACHE_TAG, cache_tag, headers, internal, problem_answer};
use crate::{access, assets, credential, session};
use futures_util::future::LocalBoxFuture;
use heard_wire::api::{self, OperationId};
use heard_wire::{Code, Problem};
use incoming::Incoming;
use worker::{Env, Request, Response};

/// Answers every request; what fails is answered as a problem document.
pub(crate) async fn handle(request: Request, env: &Env) -> worker::Result<Response> {
    match route(request, env).await {
        Ok(answer) => Ok(answer),
        Err(problem) => {
            let mut answer = problem_answer(&problem)?;
            if problem.status == 401 {
                answer.headers_mut().set("www-authenticate", ways_in(env))?;
            }
            Ok(answer)
        }
    }
}

/// By what one may be known (RFC 9110); the desk offers the second where it stands there.
fn ways_in(env: &Env) -> &'static str {
    if access::is_set_up(env) { "Bearer realm=\"Heard\", CloudflareAccess" } else { "Bearer realm=\"Heard\"" }
}

async fn route(request: Request, env: &Env) -> Result<Response, Problem> {
    let owner_keys = credential::owner_keys(env)?;
    let path = request.path();
    let Some(found) = api::find(&path) else { return Box::pin(beside_the_api(&request, env, &path)).await };
    // As it came: a method that is not known is not taken for another.
    let method = request.inner().method();
    if method == "OPTIONS" {
        return preflight(&found.allowed());
    }
    let Some(route) = found.operation(&method) else { return Err(not_allowed(&found.allowed())) };
    // On the heap, and only where a cookie may count: a page that is asked compiles nothing of it.
    let session = match session::may_count(&request, route.access) {
        true => Box::pin(session::of(&request, env, &owner_keys)).await?,
        false => None,
    };
    let credential = match &session {
        Some(at_desk) => session::credential(&at_desk.session, &found, route.access)?,
        None => credential::credential(&request, &owner_keys, route.access)?,
    };
    let mut incoming = Incoming::new(request, env, route, found, credential, owner_keys)?;
    incoming.at_desk = session;
    let answer = match carry_out(route.operation, &mut incoming).await {
        // Who may not do it is told so, whatever else is wrong with the request.
        Err(problem) => Err(Box::pin(incoming.refusal_of_key()).await.unwrap_or(problem)),
        answer => answer,
    };
    match route.operation {
        operation if changes_surveys(operation) => purging(answer, &cache_tag(incoming.site()?)),
        operation if changes_news(operation) => purging(answer, &conversations::news_tag(incoming.site()?)),
        _ => answer,
    }
}

/// Whether a customer may have news afterwards, or none any more.
fn changes_news(operation: OperationId) -> bool {
    matches!(
        operation,
        OperationId::AddMessage
            | OperationId::ReplyToCase
            | OperationId::ChangeCase
            | OperationId::MarkRead
            | OperationId::EraseThread
    )
}

/// Whether what pages are asked may be another afterwards.
fn changes_surveys(operation: OperationId) -> bool {
    matches!(
        operation,
        OperationId::WriteSite
            | OperationId::ChangeSite
            | OperationId::EraseSite
            | OperationId::ImportSite
            | OperationId::RestoreSite
    )
}

/// The same answer, after which nothing is cached under this tag. What failed on our side may have happened all the same.
fn purging(answer: Result<Response, Problem>, tag: &str) -> Result<Response, Problem> {
    let mut answer = match answer {
        Err(problem) if problem.status >= 500 => problem_answer(&problem).map_err(|_| problem)?,
        answer => answer?,
    };
    answer.headers_mut().set(CACHE_TAG, tag).map_err(|_| internal("answer"))?;
    Ok(answer)
}

/// What carries an operation out. Each is a future of its own, on the heap: as one they would be one function, all of which a
/// fresh isolate compiles for its first request, whatever that asks for.
fn carry_out<'a>(
    operation: OperationId,
    incoming: &'a mut Incoming<'_>,
) -> LocalBoxFuture<'a, Result<Response, Problem>> {
    match operation {
        OperationId::ReadSurvey => Box::pin(survey::read(incoming)),
        OperationId::Submit => Box::pin(survey::submit(incoming)),
        OperationId::TryTargeting => Box::pin(survey::try_targeting(incoming)),
        OperationId::TryLook => Box::pin(survey::try_look(incoming)),
        OperationId::TryListening => Box::pin(survey::try_out(incoming)),
        OperationId::CountShown => Box::pin(survey::count_shown(incoming)),
        OperationId::ListEventTypes => Box::pin(async { docs::event_types() }),
        OperationId::ReadOpenapi => Box::pin(async { docs::openapi() }),
        OperationId::MakeChallenge => Box::pin(async { passkeys::challenge(incoming) }),
        OperationId::AddPasskey => Box::pin(passkeys::add(incoming)),
        OperationId::ListPasskeys => Box::pin(passkeys::list(incoming)),
        OperationId::RemovePasskey => Box::pin(passkeys::remove(incoming)),
        OperationId::SignIn => Box::pin(sessions::sign_in(incoming)),
        OperationId::ReadSession => Box::pin(sessions::read(incoming)),
        OperationId::SignOut => Box::pin(sessions::sign_out(incoming)),
        OperationId::ListSessions => Box::pin(sessions::list(incoming)),
        OperationId::EndSession => Box::pin(sessions::end(incoming)),
        OperationId::ListSites => Box::pin(sites::list(incoming)),
        OperationId::ReadSite => Box::pin(sites::read(incoming)),
        OperationId::WriteSite => Box::pin(sites::write(incoming)),
        OperationId::ChangeSite => Box::pin(sites::change(incoming)),
        OperationId::EraseSite => Box::pin(sites::erase(incoming)),
        OperationId::ListResponses => Box::pin(responses::list(incoming)),
        OperationId::ExportCsv => Box::pin(responses::export_csv(incoming)),
        OperationId::ExportNdjson => Box::pin(responses::export_ndjson(incoming)),
        OperationId::TryAudience => Box::pin(improving::try_audience(incoming)),
        OperationId::Announce => Box::pin(improving::announce(incoming)),
        OperationId::ListAnnouncements => Box::pin(improving::list_announcements(incoming)),
        OperationId::ReadAnnouncement => Box::pin(improving::read_announcement(incoming)),
        OperationId::TakeBackAnnouncement => Box::pin(improving::take_back(incoming)),
        OperationId::AddImprovement => Box::pin(improving::add_improvement(incoming)),
        OperationId::ListImprovements => Box::pin(improving::list_improvements(incoming)),
        OperationId::ReadImprovement => Box::pin(improving::read_improvement(incoming)),
        OperationId::ChangeImprovement => Box::pin(improving::change_improvement(incoming)),
        OperationId::RemoveImprovement => Box::pin(improving::remove_improvement(incoming)),
        OperationId::ListIdeas => Box::pin(improving::list_ideas(incoming)),
        OperationId::ReadBrightSpots => Box::pin(improving::bright_spots(incoming)),
        OperationId::ReadHuddle => Box::pin(improving::huddle(incoming)),
        OperationId::ListWatches => Box::pin(improving::list_watches(incoming)),
        OperationId::ReadMetrics => Box::pin(responses::metrics(incoming)),
        OperationId::ReadQuestionMetrics => Box::pin(responses::question_metrics(incoming)),
        OperationId::ReadFollowUpMetrics => Box::pin(responses::follow_up_metrics(incoming)),
        OperationId::ReadExperiment => Box::pin(survey::read_experiment(incoming)),
        OperationId::ListVisitorResponses => Box::pin(responses::list_of_visitor(incoming)),
        OperationId::ReadResponse => Box::pin(responses::read(incoming)),
        OperationId::ReviewResponse => Box::pin(responses::review(incoming)),
        OperationId::EraseResponse => Box::pin(responses::erase(incoming)),
        OperationId::EraseResponses => Box::pin(responses::erase_all(incoming)),
        OperationId::EraseVisitor => Box::pin(responses::erase_visitor(incoming)),
        OperationId::ListMessages => Box::pin(conversations::list(incoming)),
        OperationId::AddMessage => Box::pin(conversations::add(incoming)),
        OperationId::ListPeople => Box::pin(cases::list_people(incoming)),
        OperationId::AddPerson => Box::pin(cases::add_person(incoming)),
        OperationId::ChangePerson => Box::pin(cases::change_person(incoming)),
        OperationId::RemovePerson => Box::pin(cases::remove_person(incoming)),
        OperationId::ListCases => Box::pin(cases::list(incoming)),
        OperationId::OpenCase => Box::pin(cases::open(incoming)),
        OperationId::ReadLoop => Box::pin(cases::metrics(incoming)),
        OperationId::ReadCase => Box::pin(cases::read(incoming)),
        OperationId::ChangeCase => Box::pin(cases::change(incoming)),
        OperationId::ListCaseHistory => Box::pin(cases::history(incoming)),
        OperationId::ReplyToCase => Box::pin(cases::reply(incoming)),
        OperationId::AddNote => Box::pin(cases::add_note(incoming)),
        OperationId::LogCall => Box::pin(cases::log_call(incoming)),
        OperationId::ListCalls => Box::pin(cases::call_list(incoming)),
        OperationId::ReadThread => Box::pin(conversations::read(incoming)),
        OperationId::ChangeThread => Box::pin(conversations::change(incoming)),
        OperationId::EraseThread => Box::pin(conversations::erase(incoming)),
        OperationId::WriteToTeam => Box::pin(conversations::write(incoming)),
        OperationId::MarkRead => Box::pin(conversations::mark_read(incoming)),
        OperationId::Judge => Box::pin(conversations::judge(incoming)),
        OperationId::ReadNews => Box::pin(conversations::news(incoming)),
        OperationId::AskToStop => Box::pin(conversations::ask_to_stop(incoming)),
        OperationId::RevokeThread => Box::pin(conversations::revoke(incoming)),
        OperationId::StopNotifying => Box::pin(conversations::stop_notifying(incoming)),
        OperationId::ReadVisitorKey => Box::pin(sites::read_visitor_key(incoming)),
        OperationId::RotateVisitorKey => Box::pin(sites::rotate_visitor_key(incoming)),
        OperationId::ExportSite => Box::pin(backup::export(incoming)),
        OperationId::ImportSite => Box::pin(backup::import(incoming)),
        OperationId::RestoreSite => Box::pin(backup::restore(incoming)),
        OperationId::ImportResponses => Box::pin(backup::import_table(incoming)),
        OperationId::ListKeys => Box::pin(sites::list_keys(incoming)),
        OperationId::AddKey => Box::pin(sites::add_key(incoming)),
        OperationId::RevokeKey => Box::pin(sites::revoke_key(incoming)),
        OperationId::ListEndpoints => Box::pin(webhooks::list(incoming)),
        OperationId::AddEndpoint => Box::pin(webhooks::add(incoming)),
        OperationId::ReadEndpoint => Box::pin(webhooks::read(incoming)),
        OperationId::ChangeEndpoint => Box::pin(webhooks::change(incoming)),
        OperationId::RemoveEndpoint => Box::pin(webhooks::remove(incoming)),
        OperationId::ReadSecret => Box::pin(webhooks::read_secret(incoming)),
        OperationId::RotateSecret => Box::pin(webhooks::rotate_secret(incoming)),
        OperationId::ListEvents => Box::pin(webhooks::events(incoming)),
        OperationId::ReadEvent => Box::pin(webhooks::event(incoming)),
        OperationId::ListDeliveries => Box::pin(webhooks::deliveries(incoming)),
        OperationId::ListAttempts => Box::pin(webhooks::attempts(incoming)),
        OperationId::SendTest => Box::pin(webhooks::test(incoming)),
        OperationId::Replay => Box::pin(webhooks::replay(incoming)),
        OperationId::Resend => Box::pin(webhooks::resend(incoming)),
    }
}

/// The widget's files, pages about the API, and where one is bound a folder of host pages.
async fn beside_the_api(request: &Request, env: &Env, path: &str) -> Result<Response, Problem> {
    let reads = matches!(request.inner().method().as_str(), "GET" | "HEAD");
    let only_read = || if reads { Ok(()) } else { Err(not_allowed(&["GET", "HEAD"])) };
    if let Some(asset) = assets::find(path).filter(|_| path != desk::PAGE) {
        only_read()?;
        return assets::serve(request, asset);
    }
    match path.trim_end_matches('/') {
        desk if desk.starts_with("/desk/") => only_read().and_then(|()| desk::page(request, desk)),
        "/desk" => only_read().and_then(|()| desk::page(request, path)),
        "/docs" => only_read().and_then(|()| docs::page()),
        "/docs/problems" => only_read().and_then(|()| docs::problems()),
        "/heard.js" => Err(no_such_file()),
        file if file.starts_with("/w/") || file.starts_with("/d/") => Err(no_such_file()),
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
