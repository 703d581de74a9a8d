//! What the questions brought that replies ask back.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::conditions::Conditions;
use crate::site::Site;
use crate::store::{Columns, SiteError, query};
use crate::zone::Zone;
use heard_wire::{Ask, FollowUpMetrics, FollowUpTally, ResponseFilter};
use serde::{Deserialize, Serialize};

/// Adds up what was asked back, over the responses that a filter lets through.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadFollowUpMetrics {
    /// Which.
    pub filter: ResponseFilter,
    /// In whose days, by its name; `None` for the site's own.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl Operation for ReadFollowUpMetrics {
    type Reply = FollowUpMetrics;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<FollowUpMetrics, Failure> {
        let zone = match self.time_zone {
            Some(name) => Zone::named(&name).ok_or(Refusal::UnknownTimeZone)?,
            None => site.zone()?,
        };
        Ok(FollowUpMetrics { follow_ups: follow_ups(site, &Conditions::of(&self.filter, &zone))? })
    }
}

/// What each of the questions brought, over these responses.
pub(crate) fn follow_ups(site: &Site<'_>, conditions: &Conditions) -> Result<Vec<FollowUpTally>, SiteError> {
    const ACT: &str = "add up what was asked back";
    let Conditions { sql, params } = conditions;
    // A score that is put right and a contact that is told are no words.
    let statement = format!(
            "SELECT asked, count(*), count(added), coalesce(sum(added), 0) FROM responses
             WHERE asked IN ('what_happened', 'what_would_help', 'what_stood_out') AND {sql} GROUP BY 1 ORDER BY 2 DESC"
        );
    let mut follow_ups = Vec::new();
    for row in query(site.sql, ACT, &statement, params.clone())? {
        let mut columns = Columns::of(row, ACT);
        let ask: Ask = columns.parsed()?;
        let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
        follow_ups.push(FollowUpTally::of(ask, count()?, count()?, count()?));
    }
    Ok(follow_ups)
}
