//! What a fresh isolate goes through before its first request: what pages come with most.
//!
//! A runtime compiles each function of the wasm when it is first called, which costs several times what calling it does. Work at the
//! start has a second of its own, and takes nothing of the ten milliseconds that a request has on Cloudflare's free plan.

use super::survey::listen;
use crate::site_client::CachedSite;
use heard_site::sites::ReadSite;
use heard_site::survey::{
    Sender, Submit, Submitted, address_tag, is_good_token, issue_token, offered_language, survey,
};
use heard_site::{ByName, Call, Context, Credential, Known, Mind, Outcome, Stage, Tables, answer, schedule};
use heard_wire::api;
use heard_wire::http::accepts_encoding;
use heard_wire::{SiteConfig, Submission, SubmittedResponse, Timestamp};
use worker::Url;

/// A score by itself, and words in a language that is read by lists and in one that is read without.
const SUBMISSIONS: [&str; 3] = [
    r#"{"id":"00000000-0000-7000-8000-000000000001","revision":1,"score":3,"page":"https://example.com/","lang":"en"}"#,
    r#"{"id":"00000000-0000-7000-8000-000000000002","revision":2,"score":3,"page":"https://example.com/","lang":"en",
        "comment":"Anna was friendly, but we waited forty minutes and nobody told us why."}"#,
    r#"{"id":"00000000-0000-7000-8000-000000000003","revision":2,"score":3,"page":"https://example.com/","lang":"de",
        "comment":"Anna war freundlich, aber wir haben vierzig Minuten gewartet."}"#,
];

/// Goes through the survey and what is answered to it, on a site that is nowhere. `None` where that came to an end early, which
/// costs the first request what it would have cost without.
pub(crate) fn rehearse() -> Option<()> {
    let mind = Mind::new(Tables::Current);
    let page = Url::parse(PAGE).ok()?;
    page.origin().ascii_serialization();
    api::find(page.path())?;
    accepts_encoding("gzip, br", "gzip").then_some(())?;
    let config: SiteConfig = told(&mind, ReadSite {})?;
    let (site, address) = (&config.id, "192.0.2.1");
    address_tag(PAGE, site, address, BEGINNING)?;
    let token = issue_token(PAGE, site, PAGE, BEGINNING)?;
    is_good_token(PAGE, site, PAGE, BEGINNING, &token).then_some(())?;
    let language = offered_language(None, &config);
    serde_json::to_string(&survey(&config, None, language, None).ok()?).ok()?;
    let site = CachedSite::new(config);
    for submission in SUBMISSIONS {
        let submission = Submission::from_json(submission.as_bytes()).ok()?;
        let (heard, acknowledgement, wants_answer) = listen(&site, &submission, None);
        let sender = Sender { address: None, suspicions: Vec::new(), answers_per_address: 0 };
        let settings_revision = site.config.revision;
        let (is_follow_up, sender) = (false, Some(sender));
        let submit =
            Submit { submission, heard, acknowledgement, settings_revision, sender, is_follow_up, wants_answer };
        let Submitted::Stored(accepted) = told(&mind, submit)? else { return None };
        serde_json::to_string(&SubmittedResponse { stored: accepted.stored, thread: accepted.thread }).ok()?;
    }
    let _alarm = schedule::next_wake_before(&Stage, BEGINNING, Timestamp::from_millis(i64::MAX));
    Some(())
}

/// An address as pages ask for it.
const PAGE: &str = "https://example.com:8443/v1/sites/rehearsal/survey?lang=en&x=%20";

/// Clocks stand still before the first request.
const BEGINNING: Timestamp = Timestamp::from_millis(0);

/// What the site that is nowhere tells, by the same way as any other.
fn told<O: Known>(mind: &Mind, operation: O) -> Option<O::Reply> {
    let call = Call { operation: ByName(operation), credential: Credential::Nobody, idempotency_key: None };
    let call = serde_json::to_string(&call).ok()?;
    let mut random = || [0; 16];
    let answered = answer(&Stage, Context { now: BEGINNING, random: &mut random }, mind, &call).ok()?;
    match serde_json::from_str(&answered.outcome).ok()? {
        Outcome::Done(reply) => Some(reply),
        Outcome::Refused(_) => None,
    }
}
