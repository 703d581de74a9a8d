//! Whether the question may be shown once more: what no browser knows by itself.

use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::sites::speaks_for;
use crate::store::{Cell, SiteError, scalar};
use crate::survey::closing::closed_at;
use crate::survey::impressions::{CountImpression, shown_since};
use crate::survey::sender::Sender;
use heard_wire::{Admission, AskRules, Impression, NotAdmitted, SiteConfig, Timestamp, VisitorId, VisitorProof};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Asks whether the question may be shown, and counts it if so.
#[derive(Debug, Serialize, Deserialize)]
pub struct AskAdmission {
    /// Where, and to whom.
    pub shown: Impression,
    /// A stranger as the Worker saw them.
    #[serde(default)]
    pub sender: Sender,
    /// The revision of the settings that let it through.
    pub settings_revision: i64,
}

/// What came of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admitted {
    /// Nothing is counted: the settings have changed meanwhile, to these.
    Stale(Box<SiteConfig>),
    /// Yes or no.
    Told(Admission),
}

impl Operation for AskAdmission {
    type Reply = Admitted;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Admitted, Failure> {
        let Self { shown, sender, settings_revision } = self;
        let config = site.config()?;
        if settings_revision != site.revision {
            return Ok(Admitted::Stale(Box::new(config)));
        }
        let rules = &config.settings.ask;
        let (visitor, proof) = (shown.visitor.as_ref(), shown.visitor_proof.as_ref());
        let alone = || {
            // Nor is somebody told of a visitor who is no page of the site.
            let visitor = visitor.filter(|_| sender.suspicions.is_empty());
            let until = visitor.map_or(Ok(None), |visitor| alone_until(site, rules, visitor, proof))?;
            Ok::<_, SiteError>(until.map(|until| (until, NotAdmitted::Answered)))
        };
        if let Some((until, reason)) = enough_until(site, rules)?.map_or_else(alone, |enough| Ok(Some(enough)))? {
            return Ok(Admitted::Told(Admission { admitted: false, until: Some(until), reason: Some(reason) }));
        }
        // Refused where somebody asks too often. What would not count is not let in: it would be without number.
        let admitted = CountImpression { shown, sender, settings_revision: None }.counts(site)?;
        Ok(Admitted::Told(Admission { admitted, until: None, reason: None }))
    }
}

/// When somebody may be asked again, where the day has had its share or there are answers enough.
fn enough_until(site: &Site<'_>, rules: &AskRules) -> Result<Option<(Timestamp, NotAdmitted)>, SiteError> {
    let now = site.context.now;
    if let Some(cap) = rules.daily_cap {
        let (today, tomorrow) = site.zone()?.day_around(now);
        if shown_since(site.sql, today)? >= i64::from(cap) {
            return Ok(Some((tomorrow, NotAdmitted::DailyCap)));
        }
    }
    let Some(quota) = rules.quota else { return Ok(None) };
    let since = quota.days.map_or(Timestamp::from_millis(0), |days| now - DAY * u32::from(days));
    let statement = "SELECT count(*) FROM (SELECT 1 FROM responses WHERE created_at >= ? AND completed_at IS NOT NULL
         AND standing IS NULL LIMIT ?)";
    let wanted = i64::from(quota.answers);
    let there = scalar(site.sql, "count answers", statement, [Cell::from(since), Cell::from(wanted)])?.unwrap_or(0);
    Ok((there >= wanted).then(|| (now + DAY, NotAdmitted::Quota)))
}

/// When this visitor may be asked again, who has answered or closed the question in whatever browser. Where the owner's server vouches for visitors,
/// nobody else learns of them.
fn alone_until(
    site: &Site<'_>,
    rules: &AskRules,
    visitor: &VisitorId,
    proof: Option<&VisitorProof>,
) -> Result<Option<Timestamp>, SiteError> {
    if !speaks_for(site, visitor, proof)? {
        return Ok(None);
    }
    let now = site.context.now;
    let last = |is_complete: &str, days: u16| -> Result<Option<Timestamp>, SiteError> {
        let statement = format!(
            "SELECT max(updated_at) FROM responses WHERE visitor = ? AND completed_at IS {is_complete}NULL AND standing IS NULL"
        );
        let last = scalar(site.sql, "look when a visitor answered", &statement, [Cell::from(visitor.as_str())])?;
        Ok(last.map(|last| Timestamp::from_millis(last) + DAY * u32::from(days)).filter(|until| *until > now))
    };
    let closed = closed_at(site, visitor)?.map(|at| at + DAY * u32::from(rules.again_after_closing_days));
    let until = last("NOT ", rules.again_after_days)?
        .max(last("", rules.again_after_leaving_days)?)
        .max(closed.filter(|until| *until > now));
    // To the day: when somebody answered is nobody's business.
    let day = i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX);
    Ok(until.map(|until| Timestamp::from_millis((until.as_millis() / day + 1).saturating_mul(day))))
}
