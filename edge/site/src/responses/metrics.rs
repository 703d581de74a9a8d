//! What the answers add up to.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::conditions::{Conditions, bucket, in_band};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, query, scalar};
use crate::survey::{Impressions, impressions};
use crate::zone::Zone;
use heard_wire::{Band, Metrics, MetricsBy, ResponseFilter, Tally, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::HashMap;

const MAX_GROUPS: usize = 1_000;

/// Adds up the responses that a filter lets through, in all and by groups.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadMetrics {
    /// Which.
    pub filter: ResponseFilter,
    /// Grouped by what.
    pub by: Option<MetricsBy>,
    /// In whose days, by its name; `None` for the site's own.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl Operation for ReadMetrics {
    type Reply = Metrics;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Metrics, Failure> {
        let Self { filter, by, time_zone } = self;
        let zone = match time_zone {
            Some(name) => Zone::named(&name).ok_or(Refusal::UnknownTimeZone)?,
            None => site.zone()?,
        };
        let Conditions { sql: conditions, params } = Conditions::of(&filter, &zone);
        let counts = counts();
        let total = format!("SELECT NULL, {counts} FROM responses WHERE {conditions}");
        let total = tallies(site.sql, &total, params.clone())?.into_iter().next().unwrap_or_else(|| nothing(None));
        let groups = by.map(|by| {
            let key = bucket(by, "created_at", &offset(site, &filter, &zone, "created_at")?);
            let from = match by {
                // A theme that was both praised and criticised counts once.
                MetricsBy::Theme => {
                    "(SELECT r.*, found.theme FROM themes_found found JOIN responses r ON r.number = found.number)"
                }
                _ => "responses",
            };
            let order = if is_by_time(by) { "1" } else { "count(*) DESC, 1" };
            let grouped = format!(
                "SELECT {key}, {counts} FROM {from} WHERE {conditions} GROUP BY 1 ORDER BY {order} LIMIT {MAX_GROUPS}"
            );
            tallies(site.sql, &grouped, params.clone())
        });
        let metrics = Metrics { total, groups: groups.transpose()?.unwrap_or_default() };
        let metrics = match by {
            Some(MetricsBy::Theme) => with_feelings(site, metrics, &conditions, params)?,
            _ => metrics,
        };
        Ok(match impressions(site, &filter, by, &zone)? {
            Some(impressions) => with_shown(metrics, impressions, by),
            None => metrics,
        })
    }
}

/// With how often each theme was praised and criticised.
fn with_feelings(
    site: &Site<'_>,
    mut metrics: Metrics,
    conditions: &str,
    params: Vec<Cell>,
) -> Result<Metrics, SiteError> {
    const ACT: &str = "count praise and criticism";
    let statement = format!(
        "SELECT found.value ->> '$.id', found.value ->> '$.polarity', count(DISTINCT said.number)
         FROM (SELECT number, heard FROM responses WHERE {conditions}) said,
             json_each(CASE WHEN json_valid(said.heard) THEN said.heard END, '$.themes') found
         WHERE found.value ->> '$.polarity' IN ('positive', 'negative') GROUP BY 1, 2"
    );
    let mut feelings: HashMap<(String, String), u64> = HashMap::new();
    for row in query(site.sql, ACT, &statement, params)? {
        let mut columns = Columns::of(row, ACT);
        let (theme, polarity) = (columns.text()?, columns.text()?);
        feelings.insert((theme, polarity), u64::try_from(columns.integer()?).unwrap_or(0));
    }
    for group in &mut metrics.groups {
        let theme = group.key.clone().unwrap_or_default();
        let mut count = |polarity: &str| feelings.remove(&(theme.clone(), polarity.to_owned())).or(Some(0));
        (group.praised, group.criticised) = (count("positive"), count("negative"));
    }
    Ok(metrics)
}

/// What is to be added to a column of moments for the time that clocks in the zone showed, over all that is asked for.
pub(crate) fn offset(site: &Site<'_>, filter: &ResponseFilter, zone: &Zone, column: &str) -> Result<String, SiteError> {
    let oldest = scalar(site.sql, "find the oldest response", "SELECT min(created_at) FROM responses", [])?;
    let oldest = Timestamp::from_millis(oldest.unwrap_or(site.context.now.as_millis()));
    let since = filter.since.map_or(oldest, |since| zone.begins(since).max(oldest));
    let until = filter.until.map_or(site.context.now, |until| zone.begins(until).min(site.context.now));
    Ok(zone.offset(column, since, until))
}

fn is_by_time(by: MetricsBy) -> bool {
    matches!(by, MetricsBy::Day | MetricsBy::Week)
}

/// What a [`Tally`] is made of, as columns.
pub(crate) fn counts() -> String {
    let of_band = |band| format!("coalesce(sum({}), 0)", in_band(band));
    let [promoters, passives, detractors] = [Band::Promoter, Band::Passive, Band::Detractor].map(of_band);
    format!("{promoters}, {passives}, {detractors}, count(nullif(comment, '')), count(completed_at)")
}

fn nothing(key: Option<String>) -> Tally {
    Tally::of(key, 0, 0, 0, 0, 0)
}

/// Groups that were shown the question and never answered count too.
fn with_shown(metrics: Metrics, mut times: Impressions, by: Option<MetricsBy>) -> Metrics {
    let Metrics { total, groups } = metrics;
    let mut groups: Vec<Tally> = groups
        .into_iter()
        .map(|tally| {
            let Some(key) = tally.key.clone() else { return tally };
            let shown = times.groups.remove(&key);
            if times.began.as_ref().is_some_and(|began| key <= *began) {
                tally
            } else {
                tally.with_shown(shown.unwrap_or(0))
            }
        })
        .collect();
    groups.extend(times.groups.into_iter().map(|(key, shown)| nothing(Some(key)).with_shown(shown)));
    if by.is_some_and(is_by_time) {
        groups.sort_by(|one, other| one.key.cmp(&other.key));
    } else {
        groups.sort_by_key(|group| (Reverse(group.responses), Reverse(group.shown), group.key.clone()));
    }
    groups.truncate(MAX_GROUPS);
    let total = match times.all {
        Some(all) => total.with_shown(all),
        None => total,
    };
    Metrics { total, groups }
}

/// Rows of a key and [`counts`].
pub(crate) fn tallies(sql: &dyn Sql, statement: &str, params: Vec<Cell>) -> Result<Vec<Tally>, SiteError> {
    const ACT: &str = "count the responses";
    query(sql, ACT, statement, params)?
        .into_iter()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            let key = columns.optional_text()?;
            let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
            Ok(Tally::of(key, count()?, count()?, count()?, count()?, count()?))
        })
        .collect()
}
