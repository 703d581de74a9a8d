//! What a page is asked and answers.

use super::incoming::Incoming;
use super::strangers;
use crate::http::{CACHE_TAG, EDGE_CACHE, cache_tag, headers, internal, json, no_content, text_answer};
use crate::runtime::now;
use crate::site_client::{self, CachedSite};
use crate::{challenge, session};
use heard_listen::{Customer, Listened, acknowledge};
use heard_site::cases::opening_rule;
use heard_site::sites::ReadSite;
use heard_site::survey::{
    Accepted, Admitted, AskAdmission, CountImpression, NoteClosing, ReadExperiment, Submit, Submitted, copy_in,
    offered_language, runs, survey, token_hour, try_look as look_of,
};
use heard_wire::http::{accepts_encoding, has_etag};
use heard_wire::{
    Acknowledgement, Analysis, Answers, Ask, Code, FollowUp, Impression, LanguageTag, Look, Problem, QuestionId,
    QuestionKind, Rate, Response as Answer, ResponseId, Score, SiteConfig, SiteSettings, Submission, SubmittedResponse,
    Suspicion, TargetingTrial, Trial, Tried, TriedTargeting, fault_in_answers, questions_for, verdicts,
};
use std::rc::Rc;
use worker::Response;

/// `GET /v1/sites/{site}/survey?lang=`: everything the widget needs in one language.
pub(crate) async fn read(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let site = site_client::fresh(incoming.env, incoming.site()?).await?;
    check_asks(incoming, &site)?;
    let asked = incoming.parameters().0.get("lang").cloned();
    let language = offered_language(asked.as_deref(), &site.config);
    // The copy changes with the settings and with the Worker, and the token with the hour.
    let (revision, hour) = (site.config.revision, token_hour(now()));
    let etag = format!("\"{revision}-{}-{}-{hour:x}\"", env!("CARGO_PKG_VERSION"), language.as_ref());
    // The desk shows what was just saved.
    let is_shown_at_the_desk = incoming.header("referer").is_some_and(|page| page.contains("/desk/preview/"));
    let cache = if is_shown_at_the_desk { "no-store" } else { "public, max-age=60, stale-while-revalidate=3600" };
    let tag = cache_tag(incoming.site()?);
    // Cloudflare packs by itself what leaves its edge, and elsewhere we do.
    let packs =
        !incoming.is_at_the_edge() && accepts_encoding(&incoming.header("accept-encoding").unwrap_or_default(), "gzip");
    // Whether a page may ask depends on its origin.
    let vary = if packs { "origin, accept-encoding" } else { "origin" };
    let common = [
        ("etag", etag.as_str()),
        ("vary", vary),
        (EDGE_CACHE, "public, max-age=600, stale-if-error=3600"),
        (CACHE_TAG, tag.as_str()),
    ];
    if has_etag(&incoming.header("if-none-match").unwrap_or_default(), &etag) {
        let answer = Response::empty().map_err(|_| internal("answer"))?;
        return Ok(answer
            .with_status(304)
            .with_headers(headers(&[&common[..], &[("cache-control", cache)]].concat())?));
    }
    let survey = survey(&site.config, asked.as_deref(), language, strangers::token(incoming)?)
        .map_err(|_| internal("write the survey"))?;
    let text = serde_json::to_string(&survey).map_err(|_| internal("write the survey"))?;
    let mut answer = text_answer(text, 200, "application/json", cache)?;
    for (name, value) in common {
        answer.headers_mut().set(name, value).map_err(|_| internal("answer"))?;
    }
    if packs {
        answer.headers_mut().set("content-encoding", "gzip").map_err(|_| internal("answer"))?;
    }
    Ok(answer)
}

/// `POST /v1/sites/{site}/shown`: counts that the question was shown.
pub(crate) async fn count_shown(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let shown = Impression::from_json(&incoming.body().await?)?;
    let mut site = site_that_asks(incoming).await?;
    if shown.admission {
        return admit(incoming, shown, site).await;
    }
    if shown.closed {
        let sender = strangers::sender(incoming, &site.config, &shown.page, shown.token.as_ref(), false);
        incoming.call(NoteClosing { shown, sender }).await?;
        return no_content();
    }
    // The second try is with the settings that the object has just told.
    for _ in 0..2 {
        let sender = strangers::sender(incoming, &site.config, &shown.page, shown.token.as_ref(), false);
        let settings_revision = Some(site.config.revision);
        match incoming.call(CountImpression { shown: shown.clone(), sender, settings_revision }).await? {
            None => break,
            Some(config) => site = site_client::remember(*config),
        }
        check_asks(incoming, &site)?;
    }
    no_content()
}

/// The same for a question that is only about to be shown: tells whether it may.
async fn admit(incoming: &mut Incoming<'_>, shown: Impression, mut site: Rc<CachedSite>) -> Result<Response, Problem> {
    for _ in 0..3 {
        check_asks(incoming, &site)?;
        let sender = strangers::sender(incoming, &site.config, &shown.page, shown.token.as_ref(), false);
        let settings_revision = site.config.revision;
        match incoming.call(AskAdmission { shown: shown.clone(), sender, settings_revision }).await? {
            Admitted::Told(admission) => return json(&admission, 200),
            Admitted::Stale(config) => site = site_client::remember(*config),
        }
    }
    Err(internal("ask whether the question may be shown"))
}

/// `POST /v1/sites/{site}/targeting`: whether somebody would be asked, and why not. Nothing is kept.
pub(crate) async fn try_targeting(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let TargetingTrial { visitor, ask } = TargetingTrial::from_json(&incoming.body().await?)?;
    // The site knows who may ask, whatever rules they bring.
    let rules = incoming.call(ReadSite {}).await?.settings.ask;
    let rules = ask.unwrap_or(rules);
    let rules = verdicts(&rules, &visitor);
    json(&TriedTargeting { asks: rules.iter().all(|rule| rule.passes), rules }, 200)
}

/// `POST /v1/sites/{site}/look`: what a look comes to. Nothing is kept.
pub(crate) async fn try_look(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let look = Look::from_json(&incoming.body().await?)?;
    // The site knows who may ask.
    incoming.call(ReadSite {}).await?;
    json(&look_of(&look), 200)
}

/// `GET /v1/sites/{site}/experiment?name=`: what came of an experiment.
pub(crate) async fn read_experiment(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let name = incoming.parameters().checked("name")?;
    json(&incoming.call(ReadExperiment { name }).await?, 200)
}

/// The site, which asks pages such as this one. Where it does not as far as this isolate remembers, it may by now.
async fn site_that_asks(incoming: &Incoming<'_>) -> Result<Rc<CachedSite>, Problem> {
    let site = site_client::cached(incoming.env, incoming.site()?).await?;
    if check_asks(incoming, &site).is_ok() {
        return Ok(site);
    }
    let site = Box::pin(site_client::fresh(incoming.env, incoming.site()?)).await?;
    check_asks(incoming, &site)?;
    Ok(site)
}

/// `POST /v1/sites/{site}/responses`: stores an answer and says what was heard. No webhook leaves from here.
pub(crate) async fn submit(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let mut submission = Submission::from_json(&incoming.body().await?)?;
    let follow_up = submission.join_follow_up();
    let mut site = site_that_asks(incoming).await?;
    let is_solved = is_solved(incoming, &site, &submission).await;
    // The second try is with the settings the object has just told; a third would mean they change every instant.
    for _ in 0..3 {
        check_asks(incoming, &site)?;
        let fitting = fitting(incoming, &site.config.settings, &submission)?;
        let (heard, acknowledgement, wants_answer) = listen(&site, &submission, follow_up.as_ref());
        let settings_revision = site.config.revision;
        let Submission { page, token, automated, .. } = &submission;
        let mut sender = strangers::sender(incoming, &site.config, page, token.as_ref(), *automated);
        sender.suspicions.extend((!is_solved).then_some(Suspicion::ChallengeFailed));
        let sender = Some(sender);
        let is_follow_up = follow_up.is_some();
        let submit = Submit {
            is_follow_up,
            submission: fitting,
            heard,
            acknowledgement,
            settings_revision,
            sender,
            wants_answer,
        };
        match incoming.call(submit).await? {
            Submitted::Stored(accepted) => return stored(&accepted, &site.config, &submission.lang),
            Submitted::Stale(config) => site = site_client::remember(*config),
        }
    }
    Err(internal("store the answer"))
}

/// `POST /v1/sites/{site}/listen`: what would be heard in a comment, and answered. Nothing is kept.
pub(crate) async fn try_out(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let Trial { comment, score, lang } = Trial::from_json(&incoming.body().await?)?;
    let config = incoming.call(ReadSite {}).await?;
    let site = site_client::remember(config);
    let settings = &site.config.settings;
    let lang = lang.unwrap_or_else(|| settings.language.clone());
    let listened = site.listener().listen(&comment, Some(score), lang.as_str());
    let act = "try listening";
    let id: ResponseId = "00000000-0000-7000-8000-000000000000".parse().map_err(|_| internal(act))?;
    let customer =
        Customer { score: Some(score), page_language: lang.as_str(), comment: Some(&listened), ..Customer::default() };
    let mut acknowledgement = acknowledge(Some((&comment, &listened)), &customer, &id, settings);
    ask_own_questions(&mut acknowledgement, settings, score, Some(&listened.heard), false);
    let response = Answer {
        reference: acknowledgement.receipt.reference.clone(),
        id,
        site: site.config.id.clone(),
        revision: 1,
        score,
        band: score.band(),
        comment: Some(comment),
        page: "https://example.com/".parse().map_err(|_| internal(act))?,
        lang,
        visitor: None,
        visitor_verified: false,
        time_zone: None,
        contact: None,
        answers: Answers::default(),
        variant: None,
        created_at: now(),
        updated_at: now(),
        completed_at: Some(now()),
        heard: Some(listened.heard),
        suspect: Vec::new(),
        test: true,
    };
    let rule = opening_rule(&settings.cases, &response);
    json(&Tried { heard: response.heard, acknowledgement, rule }, 200)
}

/// Whether a challenge was solved, where the site asks strangers for one. It counts for an answer's first revision; those after
/// have the secret.
async fn is_solved(incoming: &Incoming<'_>, site: &CachedSite, submission: &Submission) -> bool {
    if !site.config.settings.turnstile || !incoming.is_stranger() {
        return true;
    }
    let address = incoming.address();
    Box::pin(challenge::is_solved(incoming.env, submission.challenge.as_deref(), address.as_deref())).await
}

/// An answer with what the site asks, and no more. A page may be older than the settings, and that costs its customer nothing;
/// who has a key is told.
fn fitting(incoming: &Incoming<'_>, settings: &SiteSettings, submission: &Submission) -> Result<Submission, Problem> {
    let mut submission = submission.clone();
    submission.variant = submission.variant.filter(|variant| runs(settings, variant));
    let Some(fault) = fault_in_answers(&settings.questions, &submission.answers) else { return Ok(submission) };
    if !incoming.is_stranger() {
        return Err(Problem::of_field(&format!("/answers{}", fault.pointer), &fault.detail));
    }
    submission.answers.retain(|id, value| {
        let asked = settings.questions.iter().find(|question| question.id == *id);
        asked.is_some_and(|question| question.kind.takes(value, &question.options))
    });
    Ok(submission)
}

fn stored(accepted: &Accepted, site: &SiteConfig, page: &LanguageTag) -> Result<Response, Problem> {
    let mut told = SubmittedResponse { stored: accepted.stored.clone(), thread: accepted.thread.clone() };
    let reply = &mut told.stored.acknowledgement;
    let spoken = reply.lang.as_ref().map(|lang| offered_language(Some(lang.as_str()), site));
    let other = spoken.filter(|spoken| *spoken != offered_language(Some(page.as_str()), site));
    if let Some(language) = other {
        let copy = copy_in(site, language).map_err(|_| internal("read a language file"))?;
        reply.copy = Some(Box::new(copy));
    }
    let mut answer = json(&told, 200)?;
    for (name, value) in accepted.rate.iter().flat_map(Rate::headers) {
        answer.headers_mut().set(name, &value).map_err(|_| internal("answer"))?;
    }
    Ok(answer)
}

/// Refuses when the owner has archived the site, and pages that its origins do not allow.
fn check_asks(incoming: &Incoming<'_>, site: &CachedSite) -> Result<(), Problem> {
    let settings = &site.config.settings;
    if settings.archived {
        let detail = "The owner has archived this site. Take its snippet off the page.";
        return Err(Problem::new(Code::SiteArchived, detail));
    }
    check_origin(incoming, settings)
}

/// Refuses pages whose origin is not on the site's list. Browsers send `Origin` with every POST and cross-origin GET.
fn check_origin(incoming: &Incoming<'_>, settings: &SiteSettings) -> Result<(), Problem> {
    if settings.origins.is_empty() || is_preview(incoming) {
        return Ok(());
    }
    match incoming.header("origin") {
        Some(origin) if !settings.allows_origin(&origin) => {
            let detail = "Add the page's origin to the site's origins, or remove them all to allow any page.";
            Err(Problem::new(Code::OriginNotAllowed, detail))
        }
        _ => Ok(()),
    }
}

/// Whether a page of the Worker's own origin asks: the desk shows the widget there, and what is answered is a test.
fn is_preview(incoming: &Incoming<'_>) -> bool {
    incoming.header("origin").is_some() && session::is_of_the_desk(incoming.request())
}

/// What the comment says, and the reply. To who answered the question of a reply, the next one is about that answer alone.
pub(super) fn listen(
    site: &CachedSite,
    submission: &Submission,
    follow_up: Option<&FollowUp>,
) -> (Option<Analysis>, Acknowledgement, bool) {
    let (score, lang) = (Some(submission.score), submission.lang.as_str());
    let comment = submission.comment.as_deref();
    let listened = comment.map(|comment| site.listener().listen(comment, score, lang));
    let customer = Customer {
        score,
        page_language: lang,
        contact: submission.contact.as_ref(),
        is_known: submission.visitor.is_some(),
        asked: follow_up.map(|follow_up| follow_up.ask),
        comment: listened.as_ref(),
        variant: submission.variant.as_ref(),
    };
    let reply = |said: Option<(&str, &Listened)>| acknowledge(said, &customer, &submission.id, &site.config.settings);
    let reply = match follow_up {
        Some(more) if more.ask == Ask::Contact => reply(None),
        Some(more) => {
            // A few words are in the language of the others.
            let lang = listened.as_ref().map_or(lang, |listened| listened.heard.language.as_str());
            reply(Some((&more.text, &site.listener().listen(&more.text, score, lang))))
        }
        None => reply(comment.zip(listened.as_ref())),
    };
    let mut reply = reply;
    if comment.is_some() {
        let heard = listened.as_ref().map(|listened| &listened.heard);
        ask_own_questions(&mut reply, &site.config.settings, submission.score, heard, follow_up.is_some());
    }
    let wants_answer = listened.as_ref().is_none_or(|listened| !listened.declines && !listened.refuses_contact);
    (listened.map(|listened| listened.heard), reply, wants_answer)
}

/// The owner's own questions take the place of one that asks for reasons, so that nobody is asked more than three times. Where
/// somebody is to be reached, or may have slipped, that goes first. Whether they felt heard is told by who was heard: after
/// what they answer to the reply, where it asks them anything.
fn ask_own_questions(
    reply: &mut Acknowledgement,
    settings: &SiteSettings,
    score: Score,
    heard: Option<&Analysis>,
    is_follow_up: bool,
) {
    // Who was harmed, or mourns, is asked to rate nothing.
    let is_grave = heard.is_some_and(|heard| heard.grave.is_some());
    if is_grave || matches!(reply.ask, Some(Ask::Contact | Ask::CheckScore)) {
        return;
    }
    let is_of_hearing = |id: &QuestionId| {
        settings.questions.iter().any(|known| known.id == *id && known.kind == QuestionKind::FeltHeard)
    };
    let mut questions = questions_for(&settings.questions, score.band(), heard);
    if is_follow_up {
        questions.retain(is_of_hearing);
    } else if reply.ask.is_some() && questions.iter().all(is_of_hearing) {
        return;
    }
    reply.questions = questions;
    if !reply.questions.is_empty() {
        (reply.ask, reply.question) = (None, None);
    }
}

/// What a text of a customer says.
pub(super) fn listened(site: &CachedSite, text: &str, score: Option<Score>, lang: &str) -> Listened {
    site.listener().listen(text, score, lang)
}
