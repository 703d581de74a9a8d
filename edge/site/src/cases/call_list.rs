//! Whom to call: managers who talk to customers are what all of it is for.

use crate::cases::table;
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::responses;
use crate::site::Site;
use crate::store::{Cell, SiteError};
use crate::zone::Zone;
use heard_wire::{Band, CallListItem, Case, CaseAct, ContactKind, Intent, List, Response, Timestamp, WhyCall};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Whom to call, those who wait longest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListCalls {
    /// Only for this reason.
    pub why: Option<WhyCall>,
    /// Only where it is daytime, or only where it is not.
    pub daytime: Option<bool>,
    /// At most so many.
    pub limit: u16,
}

/// What is longer ago is cold.
const FRESH: Duration = Duration::from_secs(60 * 24 * 3_600);
/// Answers that are looked through.
const LOOKED_AT: usize = 500;

impl Operation for ListCalls {
    type Reply = List<CallListItem>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<CallListItem>, Failure> {
        let zone = site.zone()?;
        let mut items = Vec::new();
        for response in candidates(site)? {
            let case = table::latest_of(site, &response.id)?;
            let Some(why) = why(site, &response, case.as_ref())? else { continue };
            let (local_time, is_daytime) = daytime(response.time_zone.as_deref(), &zone, site.context.now);
            let is_wanted =
                self.why.is_none_or(|wanted| wanted == why) && self.daytime.is_none_or(|wanted| wanted == is_daytime);
            if is_wanted {
                let since = response.completed_at.unwrap_or(response.created_at);
                items.push(CallListItem { why, response, case, local_time, is_daytime, since });
            }
        }
        items.sort_by_key(|item| (item.why, item.since));
        items.truncate(usize::from(self.limit));
        Ok(List { items })
    }
}

/// Complete answers of late that count and can be reached by phone, or whose customer asked for it.
fn candidates(site: &Site<'_>) -> Result<Vec<Response>, SiteError> {
    let rest = "standing IS NULL AND completed_at IS NOT NULL AND created_at > ?
         AND (contact IS NOT NULL OR heard LIKE '%wants_contact%') ORDER BY created_at DESC LIMIT ?";
    let params = vec![Cell::from(site.context.now - FRESH), Cell::count(LOOKED_AT)];
    let rows = responses::select(site, "find whom to call", rest, params)?;
    // One that does not read back hides no other.
    Ok(rows.into_iter().filter_map(|row| responses::read(row, &site.id).ok()).map(|stored| stored.response).collect())
}

/// Why this customer is worth a call, if they are: who was reached since, or whose case is settled, is not.
fn why(site: &Site<'_>, response: &Response, case: Option<&Case>) -> Result<Option<WhyCall>, SiteError> {
    let is_phone = response.contact.as_ref().is_some_and(|contact| contact.kind() == ContactKind::Phone);
    let heard = response.heard.as_ref();
    let asks = heard.is_some_and(|heard| heard.intents.contains(&Intent::WantsContact));
    let refuses = |intent: &Intent| matches!(intent, Intent::RefusesContact | Intent::Declines);
    if heard.is_some_and(|heard| heard.intents.iter().any(refuses)) {
        return Ok(None);
    }
    let says_little = heard.is_none_or(|heard| !heard.informative);
    let is_happy = response.band == Band::Promoter;
    if let Some(case) = case {
        let is_settled = !case.status.is_unsettled();
        let is_reached = |act: &CaseAct| matches!(act, CaseAct::Called { call } if call.reached);
        if is_settled || table::history(site, &case.id)?.iter().any(|entry| is_reached(&entry.act)) {
            return Ok(None);
        }
    }
    Ok(match (is_happy && says_little && !asks, asks, is_phone) {
        (true, _, true) => Some(WhyCall::BrightSpot),
        (_, true, _) => Some(WhyCall::Asked),
        (_, _, true) => Some(WhyCall::LeftNumber),
        _ => None,
    })
}

/// What clocks show where a customer is, and whether people are awake there.
fn daytime(time_zone: Option<&str>, site: &Zone, now: Timestamp) -> (Option<String>, bool) {
    let theirs = time_zone.and_then(Zone::named);
    let shown = theirs.as_ref().unwrap_or(site).shown(now);
    let is_daytime = shown.is_some_and(|shown| (9..20).contains(&shown.hour()));
    let told = shown.filter(|_| theirs.is_some()).map(|shown| format!("{:02}:{:02}", shown.hour(), shown.minute()));
    (told, is_daytime)
}
