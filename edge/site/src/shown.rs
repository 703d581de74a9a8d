//! How often the question was shown, by hour, page and language: no more is kept of who does not answer.

use crate::filter::Conditions;
use crate::sql::{Columns, run};
use crate::{Cell, SiteError, Sql};
use heard_wire::{MetricsBy, ResponseFilter, Shown, Timestamp};
use std::collections::BTreeMap;

const HOUR_MILLIS: i64 = 3_600_000;

/// Rows of one hour beyond which pages are counted together, so that made-up addresses cannot fill the site.
const MAX_ROWS_AN_HOUR: i64 = 2_000;

/// How often the question was shown, in all and in each group.
#[derive(Debug, Default)]
pub(crate) struct Times {
    pub(crate) all: u64,
    pub(crate) groups: BTreeMap<String, u64>,
}

pub(crate) fn count(sql: &dyn Sql, now: Timestamp, shown: &Shown) -> Result<(), SiteError> {
    const ACT: &str = "count that the question was shown";
    let hour = hour_of(now).as_millis();
    let known = "SELECT count(*) FROM shown WHERE hour = ?1 AND page = ?2 AND lang = ?3";
    let cells = |page: &str| [Cell::from(hour), Cell::from(page), Cell::from(shown.lang.as_str())];
    let number = |rows: Vec<crate::Row>| rows.into_iter().next().map_or(Ok(0), |row| Columns::of(row, ACT).integer());
    let crowded = number(run(sql, ACT, known, cells(&shown.page))?)? == 0
        && number(run(sql, ACT, "SELECT count(*) FROM shown WHERE hour = ?", [Cell::from(hour)])?)? >= MAX_ROWS_AN_HOUR;
    run(
        sql,
        ACT,
        "INSERT INTO shown (hour, page, lang, times) VALUES (?, ?, ?, 1)
         ON CONFLICT (hour, page, lang) DO UPDATE SET times = times + 1",
        cells(if crowded { "" } else { &shown.page }),
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
    let key = match by {
        None => "NULL",
        Some(MetricsBy::Day) => "date(hour / 1000, 'unixepoch')",
        Some(MetricsBy::Week) => "strftime('%G-W%V', hour / 1000, 'unixepoch')",
        Some(MetricsBy::Page) => "page",
        Some(MetricsBy::Language) => "lang",
        Some(MetricsBy::Theme) => return Ok(None),
    };
    let mut conditions = Conditions::any();
    conditions.at("hour", since.map(hour_of), *until);
    conditions.language(lang.as_deref());
    conditions.page(page.as_deref());
    let Conditions { sql: conditions, params } = conditions;
    let statement = format!("SELECT {key}, sum(times) FROM shown WHERE {conditions} GROUP BY 1");
    let rows = sql.run(&statement, params).map_err(|source| SiteError::Sql { act: ACT, source })?;
    let mut times = Times::default();
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let key = columns.optional_text()?;
        let here = u64::try_from(columns.integer()?).unwrap_or(0);
        times.all += here;
        times.groups.extend(key.map(|key| (key, here)));
    }
    Ok(Some(times))
}
