//! What a request of a stranger shows about who sends it.

use super::incoming::Incoming;
use crate::runtime::now;
use heard_site::survey::{Sender, address_tag, is_automated, is_good_token, issue_token};
use heard_wire::{PageUrl, Problem, SiteConfig, SurveyToken, Suspicion};
use worker::Url;

/// The token for the page that asks for the survey.
pub(crate) fn token(incoming: &Incoming<'_>) -> Result<Option<SurveyToken>, Problem> {
    let origin = incoming.header("origin").unwrap_or_default();
    Ok(issue_token(&incoming.owner_keys.current, incoming.site()?, &origin, now()))
}

/// What is known of who sends this about a page of the site.
pub(crate) fn sender(
    incoming: &Incoming<'_>,
    config: &SiteConfig,
    page: &PageUrl,
    token: Option<&SurveyToken>,
    automated: bool,
) -> Sender {
    let settings = &config.settings;
    let origin = incoming.header("origin");
    let address = incoming.address();
    let address = address.and_then(|address| address_tag(&incoming.owner_keys.current, &config.id, &address, now()));
    // A token of before the owner's key was changed is still good: its page has been open since.
    let good = |origin: &str| {
        token.is_some_and(|token| {
            incoming.owner_keys.all().any(|key| is_good_token(key, &config.id, origin, now(), token))
        })
    };
    // Browsers tell no origin when they read from their own, as where a site's server stands in front of the Worker.
    let has_token = origin.as_deref().is_some_and(good) || good("");
    let page_origin = Url::parse(page.as_str()).ok().map(|url| url.origin());
    let is_elsewhere = page_origin.is_some_and(|origin| {
        // Apps have pages without an origin.
        origin.is_tuple() && !settings.allows_origin(&origin.ascii_serialization())
    });
    let found = [
        (Suspicion::NoOrigin, !settings.origins.is_empty() && origin.is_none()),
        (Suspicion::NoToken, !has_token),
        (Suspicion::WrongPage, is_elsewhere),
        (Suspicion::Automated, automated || is_automated(&incoming.header("user-agent").unwrap_or_default())),
    ];
    let suspicions = found.into_iter().filter_map(|(suspicion, is_so)| is_so.then_some(suspicion)).collect();
    Sender { address, suspicions, answers_per_address: settings.limits.answers_per_address }
}
