//! Watch: what changed that nobody asked about.

use super::audience::number;
use super::calendar::Round;
use super::huddle::{as_number, in_span};
use crate::chore::{Chore, Work};
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run, scalar};
use crate::webhooks::{Audience, emit};
use heard_wire::{EventKind, Interval, List, Tally, Timestamp, Watch, WatchKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// What is looked at, against the four weeks before.
const NOW: Duration = Duration::from_secs(7 * 24 * 3_600);
const BEFORE: Duration = Duration::from_secs(35 * 24 * 3_600);
/// The same cause is told of once in so long.
const AGAIN: Duration = NOW;
/// How long is told of what was seen.
const LISTED: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Answers without which a score says nothing.
const FEW: u64 = 20;
/// Answers of a usual week without which none is missed.
const USUAL: f64 = 10.0;
/// Showings without which a rate says nothing.
const FEW_SHOWN: u64 = 100;
/// How much of the showings must have moved to other pages.
const DRIFT: f64 = 40.0;
/// Answers that make a theme a topic.
const TOPIC: u64 = 5;

/// In the last seven days, and in a usual week before.
type NowAndBefore = (f64, f64);

/// Each morning, for five weeks after the last answer.
const ROUND: Round = Round { name: "watch", hour: 6, weekly: false };

/// Looks at what changed.
pub(crate) const WATCHING: Chore = Chore {
    name: "watching",
    due: |sql, _| {
        // To what few have said, nothing changes that could be told.
        let counting = "SELECT count(*) FROM (SELECT 1 FROM responses LIMIT ?)";
        let few = usize::try_from(FEW).unwrap_or(usize::MAX);
        let said = scalar(sql, "look whether there is anything to watch", counting, [Cell::count(few)])?;
        if said < i64::try_from(FEW).ok() { Ok(None) } else { ROUND.due(sql, 35) }
    },
    no_sooner: Duration::from_secs(3_600),
    work: Work::Here(|site| {
        for watch in seen(site)? {
            raise(site, watch)?;
        }
        ROUND.is_done(site)
    }),
};

/// What was seen in the last 30 days, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListWatches {}

impl Operation for ListWatches {
    type Reply = List<Watch>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<Watch>, Failure> {
        const ACT: &str = "list what changed";
        let statement = "SELECT document FROM watches WHERE raised_at >= ? ORDER BY raised_at DESC, kind, subject";
        let rows = run(site.sql, ACT, statement, [Cell::from(site.context.now - LISTED)])?;
        Ok(List { items: rows.into_iter().filter_map(|row| Columns::of(row, ACT).json().ok()).collect() })
    }
}

/// Tells of it, unless it was told of lately.
fn raise(site: &mut Site<'_>, watch: Watch) -> Result<(), SiteError> {
    const ACT: &str = "note what changed";
    let statement = "INSERT INTO watches (kind, subject, document, raised_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (kind, subject) DO UPDATE SET document = excluded.document, raised_at = excluded.raised_at
         WHERE watches.raised_at <= ? RETURNING kind";
    let params = [
        Cell::from(<&str>::from(watch.kind)),
        Cell::from(watch.subject.clone().unwrap_or_default()),
        Cell::json(ACT, &watch)?,
        Cell::from(watch.raised_at),
        Cell::from(watch.raised_at - AGAIN),
    ];
    if one(site.sql, ACT, statement, params)?.is_some() {
        emit(site, EventKind::WatchRaised(watch), Audience::All)?;
    }
    Ok(())
}

/// All that changed.
fn seen(site: &Site<'_>) -> Result<Vec<Watch>, SiteError> {
    let until = site.context.now;
    let (since, before) = (until - NOW, until - BEFORE);
    let (now, earlier) = (in_span(site, since, until)?, in_span(site, before, since)?);
    let day = site.zone()?.day_of(since).map(|day| day.to_string()).unwrap_or_default();
    let watch = |kind, subject: Option<String>, numbers: NowAndBefore, query: String| Watch {
        kind,
        subject,
        now: numbers.0,
        before: numbers.1,
        query,
        raised_at: until,
    };
    let rows = |more: &str| format!("{more}since={day}");
    let rows_of = |name: &str, value: &str| rows(&format!("{name}={}&", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    let mut all = Vec::new();
    if let Some(numbers) = regression(&now, &earlier) {
        all.push(watch(WatchKind::ScoreRegression, None, numbers, rows("band=detractor&")));
    }
    let usual = as_number(earlier.responses) / 4.0;
    if usual >= USUAL && as_number(now.responses) < usual / 2.0 {
        all.push(watch(WatchKind::VolumeDrop, None, (as_number(now.responses), usual), rows("")));
    }
    if let Some(numbers) = abandonment(&now, &earlier) {
        all.push(watch(WatchKind::Abandonment, None, numbers, rows("")));
    }
    if let Some((page, numbers)) = drift(site, before, since, until)? {
        let query = rows_of("page", &page);
        all.push(watch(WatchKind::TargetingDrift, Some(page), numbers, query));
    }
    for (theme, numbers) in topics(site, before, since, until)? {
        let query = rows_of("theme", &theme);
        all.push(watch(WatchKind::NewTopic, Some(theme), numbers, query));
    }
    Ok(all)
}

/// A score that fell so far that chance does not explain it.
fn regression(now: &Tally, before: &Tally) -> Option<NowAndBefore> {
    let of = |tally: &Tally| {
        let interval = Interval { percent: tally.nps?, low: tally.nps_low?, high: tally.nps_high? };
        (tally.responses >= FEW).then_some(interval)
    };
    let (now, before) = (of(now)?, of(before)?);
    (Interval::between(before, now).high < 0.0).then_some((now.percent, before.percent))
}

/// A rate of answers that fell by a third, and so far that chance does not explain it.
fn abandonment(now: &Tally, before: &Tally) -> Option<NowAndBefore> {
    let of = |tally: &Tally| {
        let shown = tally.shown.filter(|shown| *shown >= FEW_SHOWN)?;
        Interval::share(tally.responses, shown)
    };
    let (now, before) = (of(now)?, of(before)?);
    let fell = Interval::between(before, now).high < 0.0 && now.percent <= before.percent * 0.7;
    fell.then_some((now.percent, before.percent))
}

/// The page that gained most, where the showings have moved; its share in percent, now and before.
fn drift(
    site: &Site<'_>,
    before: Timestamp,
    since: Timestamp,
    until: Timestamp,
) -> Result<Option<(String, NowAndBefore)>, SiteError> {
    const ACT: &str = "look where the question was shown";
    let statement = "SELECT page, sum(times * (hour >= ?)), sum(times * (hour < ?)) FROM shown
         WHERE hour >= ? AND hour < ? GROUP BY 1";
    let params = [Cell::from(since), Cell::from(since), Cell::from(before), Cell::from(until)];
    let mut pages: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for row in run(site.sql, ACT, statement, params)? {
        let mut columns = Columns::of(row, ACT);
        let page = columns.text()?;
        let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
        pages.insert(page, (count()?, count()?));
    }
    let (now, earlier) = pages.values().fold((0, 0), |(now, before), page| (now + page.0, before + page.1));
    // Where pages are counted together, nothing is known of each.
    if now < FEW_SHOWN || earlier < FEW_SHOWN || pages.contains_key("") {
        return Ok(None);
    }
    let share = |count: u64, all: u64| as_number(count) / as_number(all) * 100.0;
    let shares = pages.into_iter().map(|(page, counts)| (page, share(counts.0, now), share(counts.1, earlier)));
    let shares: Vec<(String, f64, f64)> = shares.collect();
    let moved: f64 = shares.iter().map(|(_, now, before)| (now - before).max(0.0)).sum();
    let most = shares.into_iter().max_by(|one, other| (one.1 - one.2).total_cmp(&(other.1 - other.2)));
    let tenth = |value: f64| (value * 10.0).round() / 10.0;
    Ok(most.filter(|_| moved >= DRIFT).map(|(page, now, before)| (page, (tenth(now), tenth(before)))))
}

/// Themes that are criticised at least three times as often as in a usual week.
fn topics(
    site: &Site<'_>,
    before: Timestamp,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<(String, NowAndBefore)>, SiteError> {
    const ACT: &str = "look for new topics";
    // A site that has just begun has nothing to hold it against.
    let had = number(site, "SELECT count(*) FROM responses WHERE created_at < ?", vec![Cell::from(since - DAY * 7)])?;
    if had < FEW {
        return Ok(Vec::new());
    }
    let statement = "SELECT found.value ->> '$.id', count(DISTINCT CASE WHEN said.at >= ? THEN said.number END),
             count(DISTINCT CASE WHEN said.at < ? THEN said.number END)
         FROM (SELECT number, created_at AS at, heard FROM responses
                 WHERE standing IS NULL AND created_at >= ? AND created_at < ?) said,
             json_each(CASE WHEN json_valid(said.heard) THEN said.heard END, '$.themes') found
         WHERE found.value ->> '$.polarity' = 'negative' GROUP BY 1";
    let params = [Cell::from(since), Cell::from(since), Cell::from(before), Cell::from(until)];
    let mut topics = Vec::new();
    for row in run(site.sql, ACT, statement, params)? {
        let mut columns = Columns::of(row, ACT);
        let theme = columns.text()?;
        let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
        let (now, usual) = (count()?, as_number(count()?) / 4.0);
        if now >= TOPIC && as_number(now) >= usual * 3.0 {
            topics.push((theme, (as_number(now), (usual * 10.0).round() / 10.0)));
        }
    }
    Ok(topics)
}
