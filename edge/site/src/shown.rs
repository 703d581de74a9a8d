//! How often the question was shown, by hour, page and language: no more is kept of who does not answer.

use crate::filter::Conditions;
use crate::sql::{Columns, run};
use crate::{Cell, SiteError, Sql};
use heard_wire::{MetricsBy, ResponseFilter, Shown, Timestamp};
use std::collections::BTreeMap;

const HOUR_MILLIS: i64 = 3_600_000;

/// Rows of one hour beyond which all is counted together, so that made-up addresses and languages cannot fill the site.
const MAX_ROWS_AN_HOUR: i64 = 500;

/// Groups that are looked at, those shown most.
const MAX_GROUPS: usize = 2_000;

/// How often the question was shown. `None` where that is not known.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// In all.
    pub(crate) all: Option<u64>,
    /// In each group.
    pub(crate) groups: BTreeMap<String, u64>,
    /// The group in which counting began: those before it are not known. `None` when all are.
    pub(crate) began: Option<String>,
}

pub(crate) fn count(sql: &dyn Sql, now: Timestamp, shown: &Shown) -> Result<(), SiteError> {
    const ACT: &str = "count that the question was shown";
    let hour = hour_of(now).as_millis();
    let known = "SELECT count(*) FROM shown WHERE hour = ?1 AND page = ?2 AND lang = ?3";
    let cells = |page: &str| [Cell::from(hour), Cell::from(page), Cell::from(shown.lang.as_str())];
    let number = |rows: Vec<crate::Row>| rows.into_iter().next().map_or(Ok(0), |row| Columns::of(row, ACT).integer());
    let crowded = number(run(sql, ACT, known, cells(&shown.page))?)? == 0
        && number(run(sql, ACT, "SELECT count(*) FROM shown WHERE hour = ?", [Cell::from(hour)])?)? >= MAX_ROWS_AN_HOUR;
    let place = if crowded { [Cell::from(hour), Cell::from(""), Cell::from("")] } else { cells(&shown.page) };
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
pub(crate) fn times(sql: &dyn Sql, filter: &ResponseFilter, by: Option<MetricsBy>) -> Result<Option<Times>, SiteError> {
    const ACT: &str = "add up how often the question was shown";
    let ResponseFilter { score, band, theme, since, until, lang, page, has_comment, q } = filter;
    if score.is_some() || band.is_some() || theme.is_some() || has_comment.is_some() || q.is_some() {
        return Ok(None);
    }
    let of_hour = match by {
        None => "NULL",
        Some(MetricsBy::Day) => "date(hour / 1000, 'unixepoch')",
        Some(MetricsBy::Week) => "strftime('%G-W%V', hour / 1000, 'unixepoch')",
        Some(MetricsBy::Page) => "page",
        Some(MetricsBy::Language) => "lang",
        Some(MetricsBy::Theme) => return Ok(None),
    };
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
        let rows = sql.run(&statement, params.clone()).map_err(|source| SiteError::Sql { act: ACT, source })?;
        let pair = |row| {
            let mut columns = Columns::of(row, ACT);
            Ok((columns.optional_text()?, u64::try_from(columns.integer()?).unwrap_or(0)))
        };
        rows.into_iter().map(pair).collect()
    };
    let all = read(format!("SELECT NULL, coalesce(sum(times), 0) FROM shown WHERE {conditions}"))?;
    let mut times = Times { all: all.first().map(|(_, all)| *all).filter(|_| !is_late), ..Times::default() };
    if by.is_some() {
        let groups = format!(
            "SELECT {of_hour}, sum(times) FROM shown WHERE {conditions} GROUP BY 1 ORDER BY 2 DESC LIMIT {MAX_GROUPS}"
        );
        // What was counted together belongs to no page and no language.
        let named = read(groups)?.into_iter().filter_map(|(key, times)| Some((key?, times)));
        times.groups = named.filter(|(key, _)| !key.is_empty()).collect();
    }
    if is_late && by.is_some() {
        let group = run(sql, ACT, &format!("SELECT {}", of_hour.replace("hour", "?")), [Cell::from(first)])?;
        times.began = group.into_iter().next().map_or(Ok(None), |row| Columns::of(row, ACT).optional_text())?;
    }
    Ok(Some(times))
}

/// Whether some of it was counted together, so that it cannot be told by page and language.
fn was_crowded(sql: &dyn Sql, when: &Conditions) -> Result<bool, SiteError> {
    const ACT: &str = "look for what was counted together";
    let statement = format!("SELECT 1 FROM shown WHERE {} AND page = '' LIMIT 1", when.sql);
    let rows = sql.run(&statement, when.params.clone()).map_err(|source| SiteError::Sql { act: ACT, source })?;
    Ok(!rows.is_empty())
}

/// The hour in which counting began, and whether answers that the question is about came before. `None` when nothing was
/// ever counted.
fn beginning(sql: &dyn Sql, since: Option<Timestamp>) -> Result<Option<(i64, bool)>, SiteError> {
    const ACT: &str = "find when counting began";
    let first = run(sql, ACT, "SELECT min(hour) FROM shown", [])?.into_iter().next();
    let first = first.map_or(Ok(None), |row| Columns::of(row, ACT).optional_integer())?;
    let Some(first) = first else { return Ok(None) };
    let from = since.map_or(0, Timestamp::as_millis);
    let earlier = "SELECT 1 FROM responses WHERE created_at >= ? AND created_at < ? LIMIT 1";
    let is_late = !run(sql, ACT, earlier, [Cell::from(from), Cell::from(first)])?.is_empty();
    Ok(Some((first, is_late)))
}
