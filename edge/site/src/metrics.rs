//! What the answers add up to.

use crate::filter::Conditions;
use crate::shown::{self, Times};
use crate::sql::Columns;
use crate::{SiteError, Sql};
use heard_wire::{Metrics, MetricsBy, ResponseFilter, Tally};
use std::cmp::Reverse;

const COUNTS: &str = "coalesce(sum(score >= 9), 0), coalesce(sum(score IN (7, 8)), 0), coalesce(sum(score <= 6), 0), \
     count(comment), count(completed_at)";

const MAX_GROUPS: usize = 1_000;

/// The responses a filter lets through, counted in all and by groups.
pub(crate) fn metrics(sql: &dyn Sql, filter: &ResponseFilter, by: Option<MetricsBy>) -> Result<Metrics, SiteError> {
    let Conditions { sql: conditions, params } = Conditions::of(filter);
    let total = format!("SELECT NULL, {COUNTS} FROM responses WHERE {conditions}");
    let total = tallies(sql, &total, params.clone())?.into_iter().next();
    let groups = match by {
        None => Vec::new(),
        Some(by) => {
            let (key, from, order) = match by {
                MetricsBy::Day => ("date(created_at / 1000, 'unixepoch')", "responses", "1"),
                MetricsBy::Week => ("strftime('%G-W%V', created_at / 1000, 'unixepoch')", "responses", "1"),
                MetricsBy::Page => ("page", "responses", "count(*) DESC, 1"),
                MetricsBy::Language => ("lang", "responses", "count(*) DESC, 1"),
                // A theme that was both praised and criticised counts once.
                MetricsBy::Theme => (
                    "theme",
                    "(SELECT r.*, found.theme FROM themes_found found JOIN responses r ON r.number = found.number)",
                    "count(*) DESC, 1",
                ),
            };
            let grouped = format!(
                "SELECT {key}, {COUNTS} FROM {from} WHERE {conditions} GROUP BY 1 ORDER BY {order} LIMIT {MAX_GROUPS}"
            );
            tallies(sql, &grouped, params)?
        }
    };
    let metrics = Metrics { total: total.unwrap_or_else(|| nothing(None)), groups };
    Ok(match shown::times(sql, filter, by)? {
        Some(times) => with_shown(metrics, times, by),
        None => metrics,
    })
}

fn nothing(key: Option<String>) -> Tally {
    Tally::of(key, 0, 0, 0, 0, 0)
}

/// Groups that were shown the question and never answered count too.
fn with_shown(metrics: Metrics, mut times: Times, by: Option<MetricsBy>) -> Metrics {
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
    if matches!(by, Some(MetricsBy::Day | MetricsBy::Week)) {
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

fn tallies(sql: &dyn Sql, statement: &str, params: Vec<crate::Cell>) -> Result<Vec<Tally>, SiteError> {
    const ACT: &str = "count the responses";
    let rows = sql.run(statement, params).map_err(|source| SiteError::Sql { act: ACT, source })?;
    rows.into_iter()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            let key = columns.optional_text()?;
            let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
            Ok(Tally::of(key, count()?, count()?, count()?, count()?, count()?))
        })
        .collect()
}
