//! How often the question was shown, by hour, page and language: no more is kept of who does not answer.

use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::responses::{Conditions, bucket};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, query, run, scalar};
use heard_wire::{Impression, MetricsBy, ResponseFilter, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const HOUR_MILLIS: i64 = 3_600_000;

/// Rows of one hour beyond which all is counted together, so that made-up addresses and languages cannot fill the site.
const MAX_ROWS_AN_HOUR: i64 = 500;

/// Groups that are looked at, those shown most.
const MAX_GROUPS: usize = 2_000;

/// Counts that the question was shown.
#[derive(Debug, Serialize, Deserialize)]
pub struct CountImpression {
    /// Where.
    pub shown: Impression,
}

impl Operation for CountImpression {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        Ok(count(site.sql, site.context.now, &self.shown)?)
    }
}

/// How often the question was shown. `None` where that is not known.
#[derive(Debug, Default)]
pub(crate) struct Impressions {
    /// In all.
    pub(crate) all: Option<u64>,
    /// In each group.
    pub(crate) groups: BTreeMap<String, u64>,
    /// The group in which counting began: those before it are not known. `None` when all are.
    pub(crate) began: Option<String>,
}

fn count(sql: &dyn Sql, now: Timestamp, shown: &Impression) -> Result<(), SiteError> {
    const ACT: &str = "count that the question was shown";
    let hour = || Cell::from(hour_of(now));
    let place = || [hour(), Cell::from(shown.page.as_str()), Cell::from(shown.lang.as_str())];
    let again = "UPDATE shown SET times = times + 1 WHERE hour = ? AND page = ? AND lang = ? RETURNING 1";
    if one(sql, ACT, again, place())?.is_some() {
        return Ok(());
    }
    let rows = scalar(sql, ACT, "SELECT count(*) FROM shown WHERE hour = ?", [hour()])?.unwrap_or(0);
    let crowded = rows >= MAX_ROWS_AN_HOUR;
    let place = if crowded { [hour(), Cell::from(""), Cell::from("")] } else { place() };
    run(
        sql,
        ACT,
        "INSERT INTO shown (hour, page, lang, times) VALUES (?, ?, ?, 1)
         ON CONFLICT (hour, page, lang) DO UPDATE SET times = times + 1",
        place,
    )?;
    Ok(())
}

/// The beginning of the hour.
fn hour_of(at: Timestamp) -> Timestamp {
    at.plus_millis(-at.as_millis().rem_euclid(HOUR_MILLIS))
}

/// Adds up; `None` where the filter or the grouping asks for what is not counted.
pub(crate) fn impressions(
    sql: &dyn Sql,
    filter: &ResponseFilter,
    by: Option<MetricsBy>,
) -> Result<Option<Impressions>, SiteError> {
    const ACT: &str = "add up how often the question was shown";
    let ResponseFilter { score, band, theme, since, until, lang, page, has_comment, q } = filter;
    if score.is_some() || band.is_some() || theme.is_some() || has_comment.is_some() || q.is_some() {
        return Ok(None);
    }
    if by == Some(MetricsBy::Theme) {
        return Ok(None);
    }
    let Some((first, is_late)) = beginning(sql, *since)? else { return Ok(None) };
    let by_place = matches!(by, Some(MetricsBy::Page | MetricsBy::Language));
    if is_late && by_place {
        return Ok(None);
    }
    let mut conditions = Conditions::any();
    conditions.at("hour", since.map(hour_of), *until);
    if (by_place || page.is_some() || lang.is_some()) && was_crowded(sql, &conditions)? {
        return Ok(None);
    }
    conditions.language(lang.as_deref());
    conditions.page(page.as_deref());
    let Conditions { sql: conditions, params } = conditions;
    let read = |statement: String| -> Result<Vec<(Option<String>, u64)>, SiteError> {
        let rows = query(sql, ACT, &statement, params.clone())?;
        let pair = |row| {
            let mut columns = Columns::of(row, ACT);
            Ok((columns.optional_text()?, u64::try_from(columns.integer()?).unwrap_or(0)))
        };
        rows.into_iter().map(pair).collect()
    };
    let all = read(format!("SELECT NULL, coalesce(sum(times), 0) FROM shown WHERE {conditions}"))?;
    let mut times =
        Impressions { all: all.first().map(|(_, all)| *all).filter(|_| !is_late), ..Impressions::default() };
    if let Some(by) = by {
        let bucket = bucket(by, "hour");
        let groups = format!(
            "SELECT {bucket}, sum(times) FROM shown WHERE {conditions} GROUP BY 1 ORDER BY 2 DESC LIMIT {MAX_GROUPS}"
        );
        // What was counted together belongs to no page and no language.
        let named = read(groups)?.into_iter().filter_map(|(key, times)| Some((key?, times)));
        times.groups = named.filter(|(key, _)| !key.is_empty()).collect();
        if is_late {
            let group = format!("SELECT {bucket} FROM (SELECT ? AS hour, NULL AS page, NULL AS lang)");
            let group = one(sql, ACT, &group, [Cell::from(first)])?;
            times.began = group.map_or(Ok(None), |mut columns| columns.optional_text())?;
        }
    }
    Ok(Some(times))
}

/// Whether some of it was counted together, so that it cannot be told by page and language.
fn was_crowded(sql: &dyn Sql, when: &Conditions) -> Result<bool, SiteError> {
    const ACT: &str = "look for what was counted together";
    let statement = format!("SELECT 1 FROM shown WHERE {} AND page = '' LIMIT 1", when.sql);
    Ok(!query(sql, ACT, &statement, when.params.clone())?.is_empty())
}

/// The hour in which counting began, and whether answers that the question is about came before. `None` when nothing was
/// ever counted.
fn beginning(sql: &dyn Sql, since: Option<Timestamp>) -> Result<Option<(i64, bool)>, SiteError> {
    const ACT: &str = "find when counting began";
    let Some(first) = scalar(sql, ACT, "SELECT min(hour) FROM shown", [])? else { return Ok(None) };
    let from = since.map_or(0, Timestamp::as_millis);
    let earlier = "SELECT 1 FROM responses WHERE created_at >= ? AND created_at < ? LIMIT 1";
    let is_late = !run(sql, ACT, earlier, [Cell::from(from), Cell::from(first)])?.is_empty();
    Ok(Some((first, is_late)))
}
