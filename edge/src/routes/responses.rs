use super::{limit_of, parameters};
use crate::http::{body, internal, json};
use crate::sites::{self, Remembered};
use heard_listen::acknowledge;
use heard_site::{Command, Reply};
use heard_wire::{Acknowledgement, Code, Heard, Problem, ResponseFilter, SiteId, SiteSettings, Submission};
use worker::{Env, Request, Response};

/// `POST /v1/sites/{site}/responses`: stores an answer and says what was heard. No webhook leaves from here.
pub(crate) async fn submit(mut request: Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let read = body(&mut request).await?;
    let submission = Submission::from_json(&read)?;
    let mut remembered = sites::settings(env, site).await?;
    // The second try is with the settings the object has just told; a third would mean they change every instant.
    for _ in 0..3 {
        check_asks(&remembered.site.settings)?;
        check_origin(&request, &remembered.site.settings)?;
        let (heard, acknowledgement) = listen(&remembered, &submission);
        let command = Command::Submit {
            submission: submission.clone(),
            heard,
            acknowledgement,
            settings_revision: remembered.site.revision,
        };
        match sites::call(env, site, &command).await? {
            Reply::Stored(stored) => return json(&stored, 200),
            Reply::Settings(configured) => remembered = sites::remember(*configured),
            _ => break,
        }
    }
    Err(internal("store the answer"))
}

/// `GET /v1/sites/{site}/responses?cursor=&limit=` and a filter: the owner reads back, newest first.
pub(crate) async fn list(request: &Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let mut given = parameters(request, &[&ResponseFilter::PARAMETERS[..], &["cursor", "limit"]].concat())?;
    let filter = ResponseFilter::take(&mut given)?;
    let command = Command::ListResponses { filter, limit: limit_of(&mut given)?, cursor: given.remove("cursor") };
    match sites::call(env, site, &command).await? {
        Reply::Responses(page) => json(&page, 200),
        Reply::BadCursor => Err(super::bad_cursor()),
        _ => Err(internal("list the responses")),
    }
}

/// `GET /v1/sites/{site}/metrics?by=` and a filter.
pub(crate) async fn metrics(request: &Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let mut given = parameters(request, &[&ResponseFilter::PARAMETERS[..], &["by"]].concat())?;
    let filter = ResponseFilter::take(&mut given)?;
    let by = given.remove("by").map(|by| serde_json::from_value(by.into())).transpose();
    let by = by.map_err(|_| Problem::new(Code::InvalidParameter, "by must be day, week, theme, page or language."))?;
    match sites::call(env, site, &Command::Metrics { filter, by }).await? {
        Reply::Metrics(metrics) => json(&metrics, 200),
        _ => Err(internal("add up the responses")),
    }
}

/// Refuses when the owner has archived the site.
pub(crate) fn check_asks(settings: &SiteSettings) -> Result<(), Problem> {
    if settings.archived {
        return Err(Problem::new(
            Code::SiteArchived,
            "The owner has archived this site. Take its snippet off the page.",
        ));
    }
    Ok(())
}

/// Refuses pages whose origin is not on the site's list. Browsers send `Origin` with every POST and cross-origin GET.
pub(crate) fn check_origin(request: &Request, settings: &SiteSettings) -> Result<(), Problem> {
    if settings.origins.is_empty() {
        return Ok(());
    }
    match request.headers().get("origin").ok().flatten() {
        Some(origin) if !settings.allows_origin(&origin) => {
            let detail = "Add the page's origin to the site's origins, or remove them all to allow any page.";
            Err(Problem::new(Code::OriginNotAllowed, detail))
        }
        _ => Ok(()),
    }
}

fn listen(remembered: &Remembered, submission: &Submission) -> (Option<Heard>, Acknowledgement) {
    let settings = &remembered.site.settings;
    let score = Some(submission.score);
    match submission.comment.as_deref() {
        None => (None, acknowledge(None, score, &submission.id, &submission.lang, settings)),
        Some(comment) => {
            let listened = remembered.listener.listen(comment, score, &submission.lang);
            let reply = acknowledge(Some((comment, &listened)), score, &submission.id, &submission.lang, settings);
            (Some(listened.heard), reply)
        }
    }
}
