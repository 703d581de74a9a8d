//! How often the question was shown, by hour, page and language: no more is kept of who does not answer.

use crate::chore::{Chore, Work};
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::{Conditions, bucket, offset};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, query, run, scalar};
use crate::survey::experiment;
use crate::survey::sender::Sender;
use crate::survey::submission::is_strict;
use crate::zone::Zone;
use heard_wire::{Impression, MetricsBy, ResponseFilter, SiteConfig, Standings, Suspicion, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Rows of one hour beyond which all is counted together, so that made-up addresses and languages cannot fill the site. Pages
/// that were counted before are still told apart.
const MAX_ROWS_AN_HOUR: i64 = 500;

/// How long it is kept: a year can be held against the one before.
const KEEP: Duration = Duration::from_secs(800 * 24 * 3_600);

/// Groups that are looked at, those shown most.
const MAX_GROUPS: usize = 2_000;

/// Counts that the question was shown.
#[derive(Debug, Serialize, Deserialize)]
pub struct CountImpression {
    /// Where.
    pub shown: Impression,
    /// A stranger as the Worker saw them.
    #[serde(default)]
    pub sender: Sender,
    /// The revision of the settings that let it through.
    #[serde(default)]
    pub settings_revision: Option<i64>,
}

/// Forgets what was counted long ago.
pub(crate) const PRUNING: Chore = Chore {
    name: "forgetting showings",
    due: |sql, _| {
        let oldest = scalar(sql, "find the oldest showing", "SELECT min(hour) FROM shown", [])?;
        Ok(oldest.map(|oldest| Timestamp::from_millis(oldest) + KEEP))
    },
    no_sooner: Duration::from_secs(24 * 3_600),
    work: Work::Here(|site| {
        let before = Cell::from(site.context.now - KEEP);
        let statement = "DELETE FROM shown WHERE hour IN (SELECT DISTINCT hour FROM shown WHERE hour <= ? LIMIT 24)";
        run(site.sql, "forget showings", statement, [before]).map(drop)
    }),
};

impl Operation for CountImpression {
    /// The settings, where they have changed and nothing was counted.
    type Reply = Option<Box<SiteConfig>>;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Self::Reply, Failure> {
        if self.settings_revision.is_some_and(|revision| revision != site.revision) {
            return Ok(Some(Box::new(site.config()?)));
        }
        // Nobody is told that it does not count.
        self.counts(site).map(|_| None)
    }
}

impl CountImpression {
    /// Counts it, if it does count.
    pub(super) fn counts(&self, site: &mut Site<'_>) -> Result<bool, Failure> {
        let address = self.sender.address.as_deref();
        if let Some(strangers) = site.strangers {
            let mut strangers = strangers.borrow_mut();
            strangers.request(site.context.now, address, 0).map_err(|rate| Refusal::TooMany { rate })?;
            if !strangers.shown_counts(address) {
                return Ok(false);
            }
        }
        let excused = |suspicion: &Suspicion| *suspicion == Suspicion::NoToken && !is_strict(site);
        let does = self.sender.suspicions.iter().all(excused);
        if does {
            count(site.sql, &site.zone()?, site.context.now, &self.shown)?;
            if let Some(variant) = &self.shown.variant {
                experiment::count(site, variant)?;
            }
        }
        Ok(does)
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

fn count(sql: &dyn Sql, zone: &Zone, now: Timestamp, shown: &Impression) -> Result<(), SiteError> {
    const ACT: &str = "count that the question was shown";
    let hour = || Cell::from(zone.hour_of(now));
    let place = || [hour(), Cell::from(shown.page.as_str()), Cell::from(shown.lang.as_str())];
    let again = "UPDATE shown SET times = times + 1 WHERE hour = ? AND page = ? AND lang = ? RETURNING 1";
    if one(sql, ACT, again, place())?.is_some() {
        return Ok(());
    }
    let rows = scalar(sql, ACT, "SELECT count(*) FROM shown WHERE hour = ?", [hour()])?.unwrap_or(0);
    let crowded = rows >= MAX_ROWS_AN_HOUR && !was_there_before(sql, zone, now, shown)?;
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

/// Whether the page was counted in the day before, as one that exists is.
fn was_there_before(sql: &dyn Sql, zone: &Zone, now: Timestamp, shown: &Impression) -> Result<bool, SiteError> {
    const ACT: &str = "look for a page that was counted before";
    let (hour, day) = (zone.hour_of(now), Duration::from_secs(24 * 3_600));
    let place = [Cell::from(shown.page.as_str()), Cell::from(shown.lang.as_str())];
    let [page, lang] = place;
    let statement = "SELECT 1 FROM shown WHERE hour >= ? AND hour < ? AND page = ? AND lang = ? LIMIT 1";
    Ok(one(sql, ACT, statement, [Cell::from(hour - day), Cell::from(hour), page, lang])?.is_some())
}

/// How often it was shown from this beginning of an hour on.
pub(super) fn shown_since(sql: &dyn Sql, since: Timestamp) -> Result<i64, SiteError> {
    let statement = "SELECT coalesce(sum(times), 0) FROM shown WHERE hour >= ?";
    Ok(scalar(sql, "add up how often the question was shown today", statement, [Cell::from(since)])?.unwrap_or(0))
}

/// Adds up; `None` where the filter or the grouping asks for what is not counted.
pub(crate) fn impressions(
    site: &Site<'_>,
    filter: &ResponseFilter,
    by: Option<MetricsBy>,
    zone: &Zone,
) -> Result<Option<Impressions>, SiteError> {
    const ACT: &str = "add up how often the question was shown";
    let sql = site.sql;
    let ResponseFilter {
        score,
        band,
        theme,
        intent,
        grave,
        has_suggestion,
        corrected,
        since,
        until,
        lang,
        page,
        has_comment,
        q,
        reference,
        standing,
    } = filter;
    let of_answers = score.is_some()
        || band.is_some()
        || theme.is_some()
        || intent.is_some()
        || grave.is_some()
        || has_suggestion.is_some()
        || corrected.is_some()
        || has_comment.is_some()
        || q.is_some();
    let of_some = reference.is_some() || *standing != Standings::Counted;
    if of_answers || of_some || matches!(by, Some(MetricsBy::Theme | MetricsBy::Score)) {
        return Ok(None);
    }
    let begins = |moment| zone.begins(moment);
    let (since, until) = (since.map(begins), until.map(begins));
    let Some((first, is_late)) = beginning(sql, since)? else { return Ok(None) };
    let by_place = matches!(by, Some(MetricsBy::Page | MetricsBy::Language));
    if is_late && by_place {
        return Ok(None);
    }
    let mut conditions = Conditions::any();
    conditions.at("hour", since.map(|since| zone.hour_of(since)), until);
    conditions.language(lang.as_deref());
    conditions.page(page.as_deref());
    let Conditions { sql: conditions, params } = conditions;
    // From then on what is shown anew may be counted together with others.
    let crowded = scalar(
        sql,
        ACT,
        "SELECT min(hour) FROM shown WHERE page = '' AND hour >= ?",
        [Cell::from(since.map_or(Timestamp::from_millis(0), |since| zone.hour_of(since)))],
    )?;
    let is_whole = |first: Option<i64>| crowded.is_none_or(|crowded| first.is_some_and(|first| first < crowded));
    let read = |statement: String, by_place: bool| -> Result<Vec<(Option<String>, u64)>, SiteError> {
        let mut read = Vec::new();
        for row in query(sql, ACT, &statement, params.clone())? {
            let mut columns = Columns::of(row, ACT);
            let (key, times) = (columns.optional_text()?, u64::try_from(columns.integer()?).unwrap_or(0));
            if !by_place || is_whole(columns.optional_integer()?) {
                read.push((key, times));
            }
        }
        Ok(read)
    };
    let of_a_place = lang.is_some() || page.is_some();
    let all =
        read(format!("SELECT NULL, coalesce(sum(times), 0), min(hour) FROM shown WHERE {conditions}"), of_a_place)?;
    let mut times =
        Impressions { all: all.first().map(|(_, all)| *all).filter(|_| !is_late), ..Impressions::default() };
    if let Some(by) = by {
        let bucket = bucket(by, "hour", &offset(site, filter, zone, "hour")?);
        let groups = format!(
            "SELECT {bucket}, sum(times), min(hour) FROM shown WHERE {conditions} GROUP BY 1 ORDER BY 2 DESC LIMIT {MAX_GROUPS}"
        );
        // What was counted together belongs to no page and no language.
        let named = read(groups, by_place)?.into_iter().filter_map(|(key, times)| Some((key?, times)));
        times.groups = named.filter(|(key, _)| !key.is_empty()).collect();
        if is_late {
            let group = format!("SELECT {bucket} FROM (SELECT ? AS hour, NULL AS page, NULL AS lang)");
            let group = one(sql, ACT, &group, [Cell::from(first)])?;
            times.began = group.map_or(Ok(None), |mut columns| columns.optional_text())?;
        }
    }
    Ok(Some(times))
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
