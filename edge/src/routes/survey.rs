use crate::http::{body, has_etag, headers, internal, no_content, text_answer};
use crate::sites;
use heard_site::{Command, Reply, offered_language, survey};
use heard_wire::{Problem, Shown, SiteId};
use worker::{Env, Request, Response};

/// `GET /v1/sites/{site}/survey?lang=`: everything the widget needs in one language.
pub(crate) async fn read(request: &Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let remembered = sites::fresh_settings(env, site).await?;
    super::responses::check_asks(&remembered.site.settings)?;
    super::responses::check_origin(request, &remembered.site.settings)?;
    let asked = request
        .url()
        .ok()
        .and_then(|url| url.query_pairs().find(|(name, _)| name == "lang").map(|(_, value)| value.into_owned()));
    let language = offered_language(asked.as_deref(), &remembered.site.settings.language);
    // The copy changes with the settings and with the Worker.
    let etag = format!("\"{}-{}-{language}\"", remembered.site.revision, env!("CARGO_PKG_VERSION"));
    let cache = "public, max-age=60, stale-while-revalidate=3600";
    let seen = request.headers().get("if-none-match").ok().flatten().unwrap_or_default();
    if has_etag(&seen, &etag) {
        let answer = Response::empty().map_err(|_| internal("answer"))?;
        return Ok(answer.with_status(304).with_headers(headers(&[("etag", &etag), ("cache-control", cache)])?));
    }
    let survey = survey(&remembered.site, language).map_err(|_| internal("write the survey"))?;
    let text = serde_json::to_string(&survey).map_err(|_| internal("write the survey"))?;
    let mut answer = text_answer(text, 200, "application/json", cache)?;
    answer.headers_mut().set("etag", &etag).map_err(|_| internal("answer"))?;
    Ok(answer)
}

/// `POST /v1/sites/{site}/shown`: counts that the question was shown.
pub(crate) async fn shown(mut request: Request, env: &Env, site: &SiteId) -> Result<Response, Problem> {
    let shown = Shown::from_json(&body(&mut request).await?)?;
    let remembered = sites::settings(env, site).await?;
    super::responses::check_asks(&remembered.site.settings)?;
    super::responses::check_origin(&request, &remembered.site.settings)?;
    match sites::call(env, site, &Command::Shown { shown }).await? {
        Reply::Counted => no_content(),
        _ => Err(internal("count that the question was shown")),
    }
}
