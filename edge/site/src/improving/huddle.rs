//! The huddle: a page and an event a week.

use super::calendar::Round;
use super::improvements::{all, shortened, with_evidence};
use super::{audience, evidence};
use crate::cases;
use crate::chore::{Chore, Work};
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::responses::{Conditions, counts, tallies};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, query, run};
use crate::webhooks::{Audience, emit};
use heard_wire::{
    DigestNumber, EventKind, Huddle, HuddleCause, HuddleTheme, Improvement, Moment, Polarity, Praised, Quote, Tally,
    ThemeId, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The last day of the calendar.
const LAST: Timestamp = Timestamp::from_millis(253_402_214_400_000);
const DAY: Duration = Duration::from_secs(24 * 3_600);
const MOST_CAUSES: usize = 5;
const MOST_THEMES: usize = 5;
const MOST_IMPROVEMENTS: usize = 5;
const MOST_PRAISED: usize = 10;
const MOST_QUOTES: usize = 3;

/// On Mondays, before work.
const ROUND: Round = Round { name: "huddle", hour: 7, weekly: true };

/// Tells the endpoints of the week, where there was anything in it.
pub(crate) const HUDDLING: Chore = Chore {
    name: "the weekly huddle",
    due: |sql, _| ROUND.due(sql, 0),
    no_sooner: Duration::from_secs(3_600),
    work: Work::Here(|site| {
        let (today, _) = site.zone()?.day_around(site.context.now);
        let huddle = of_week(site, today)?;
        ROUND.is_done(site)?;
        if huddle.responses.now.is_some_and(|responses| responses > 0.0) {
            emit(site, EventKind::HuddleReady(Box::new(huddle)), Audience::All)?;
        }
        Ok(())
    }),
};

/// Reads the week before a moment.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadHuddle {
    /// Now unless told.
    pub until: Option<Moment>,
}

impl Operation for ReadHuddle {
    type Reply = Huddle;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Huddle, Failure> {
        let zone = site.zone()?;
        // Nobody asked anybody in 1970, and the calendar ends.
        let (earliest, latest) = (Timestamp::from_millis(0) + DAY * 56, LAST - DAY * 56);
        let until = self.until.map_or(site.context.now, |until| zone.begins(until)).clamp(earliest, latest);
        Ok(of_week(site, until)?)
    }
}

fn of_week(site: &Site<'_>, until: Timestamp) -> Result<Huddle, SiteError> {
    let since = until - DAY * 7;
    let before = since - DAY * 7;
    let (now, earlier) = (in_span(site, since, until)?, in_span(site, before, since)?);
    let pair = |of: fn(&Tally) -> Option<f64>| DigestNumber { now: of(&now), before: of(&earlier) };
    let themes = themes(site, since, until, before)?;
    Ok(Huddle {
        since,
        until,
        nps: pair(|tally| tally.nps),
        shown: pair(|tally| tally.shown.map(as_number)),
        responses: pair(|tally| Some(as_number(tally.responses))),
        response_rate: pair(|tally| tally.response_rate),
        comment_rate: pair(|tally| percent(tally.comments, tally.responses)),
        root_causes: causes(site, until)?,
        quotes: quotes(site, since, until, &themes)?,
        themes,
        improvements: decided(site, before, until)?,
        praised: praised(site, since, until)?,
        talked_to: cases::talked_since(site, since, until)?,
        unsettled_cases: audience::number(
            site,
            "SELECT count(*) FROM cases WHERE status NOT IN ('resolved', 'closed')",
            Vec::new(),
        )?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub(super) fn as_number(count: u64) -> f64 {
    count as f64
}

fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (as_number(part) / as_number(whole) * 1_000.0).round() / 10.0)
}

/// The answers of a time, and how often the question was shown in it.
pub(super) fn in_span(site: &Site<'_>, since: Timestamp, until: Timestamp) -> Result<Tally, SiteError> {
    let span = vec![Cell::from(since), Cell::from(until)];
    let statement = format!(
        "SELECT NULL, {} FROM responses WHERE standing IS NULL AND created_at >= ? AND created_at < ?",
        counts()
    );
    let tally = tallies(site.sql, &statement, span.clone())?.into_iter().next();
    let shown = "SELECT coalesce(sum(times), 0) FROM shown WHERE hour >= ? AND hour < ?";
    let shown = audience::number(site, shown, span)?;
    let tally = tally.unwrap_or_else(|| Tally::of(None, 0, 0, 0, 0, 0));
    // Fewer showings than answers: some came another way, and how many were asked is not known.
    Ok(if shown < tally.responses || shown == 0 { tally } else { tally.with_shown(shown) })
}

/// What lay behind cases of the last four weeks.
fn causes(site: &Site<'_>, until: Timestamp) -> Result<Vec<HuddleCause>, SiteError> {
    const ACT: &str = "count root causes";
    let (recent, before) = (until - DAY * 28, until - DAY * 56);
    let statement = "SELECT document ->> '$.root_cause', sum(opened_at >= ?), sum(opened_at < ?) FROM cases
         WHERE opened_at >= ? AND opened_at < ? AND document ->> '$.root_cause' IS NOT NULL
         GROUP BY 1 HAVING sum(opened_at >= ?) > 0 ORDER BY 2 DESC, 1 LIMIT ?";
    let params = [
        Cell::from(recent),
        Cell::from(recent),
        Cell::from(before),
        Cell::from(until),
        Cell::from(recent),
        Cell::count(MOST_CAUSES),
    ];
    let read = |row| {
        let mut columns = Columns::of(row, ACT);
        let root_cause = columns.text()?;
        let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
        Ok(HuddleCause { root_cause, cases: count()?, before: count()? })
    };
    run(site.sql, ACT, statement, params)?.into_iter().map(read).collect()
}

/// What was spoken of most, what was criticised before what was praised.
fn themes(
    site: &Site<'_>,
    since: Timestamp,
    until: Timestamp,
    before: Timestamp,
) -> Result<Vec<HuddleTheme>, SiteError> {
    const ACT: &str = "count themes";
    let statement = "SELECT found.value ->> '$.id' AS theme,
             count(DISTINCT CASE WHEN said.at >= ? AND found.value ->> '$.polarity' = 'positive' THEN said.number END),
             count(DISTINCT CASE WHEN said.at >= ? AND found.value ->> '$.polarity' = 'negative' THEN said.number END) AS bad,
             count(DISTINCT CASE WHEN said.at < ? AND found.value ->> '$.polarity' = 'negative' THEN said.number END)
         FROM (SELECT number, created_at AS at, heard FROM responses
                 WHERE standing IS NULL AND created_at >= ? AND created_at < ?) said,
             json_each(CASE WHEN json_valid(said.heard) THEN said.heard END, '$.themes') found
         GROUP BY 1 ORDER BY bad DESC, 2 DESC, 1 LIMIT ?";
    let since = || Cell::from(since);
    let params = [since(), since(), since(), Cell::from(before), Cell::from(until), Cell::count(MOST_THEMES)];
    let mut themes = Vec::new();
    for row in run(site.sql, ACT, statement, params)? {
        let mut columns = Columns::of(row, ACT);
        let theme: ThemeId = columns.parsed()?;
        let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
        let (praised, criticised, criticised_before) = (count()?, count()?, count()?);
        if praised + criticised > 0 {
            themes.push(HuddleTheme { theme, praised, criticised, criticised_before });
        }
    }
    Ok(themes)
}

/// One for each of the themes that were criticised most, and then whatever else was said.
fn quotes(
    site: &Site<'_>,
    since: Timestamp,
    until: Timestamp,
    themes: &[HuddleTheme],
) -> Result<Vec<Quote>, SiteError> {
    let mut week = Conditions::any();
    week.and("standing IS NULL AND created_at >= ? AND created_at < ?", [Cell::from(since), Cell::from(until)]);
    let mut quotes: Vec<Quote> = Vec::new();
    for theme in themes.iter().filter(|theme| theme.criticised > 0).take(MOST_QUOTES) {
        let criticism = heard_wire::Audience {
            theme: Some(theme.theme.clone()),
            polarity: Some(Polarity::Negative),
            ..heard_wire::Audience::default()
        };
        let said = evidence::quotes(site, &week, &criticism)?;
        quotes.extend(evidence::best(said, 1));
    }
    let rest = evidence::best(evidence::quotes(site, &week, &heard_wire::Audience::default())?, MOST_QUOTES * 2);
    for quote in rest {
        let is_new = !quotes.iter().any(|known| known.response == quote.response);
        if is_new && quotes.len() < MOST_QUOTES {
            quotes.push(quote);
        }
    }
    Ok(quotes)
}

/// Improvements that were changed of late, and how they stand. A past week knows nothing of what was decided after it.
fn decided(site: &Site<'_>, since: Timestamp, until: Timestamp) -> Result<Vec<Improvement>, SiteError> {
    let recent =
        all(site)?.into_iter().filter(|improvement| improvement.updated_at >= since && improvement.created_at <= until);
    recent.take(MOST_IMPROVEMENTS).map(|improvement| Ok(shortened(with_evidence(site, improvement)?))).collect()
}

/// Whom customers praised by name, and how.
pub(super) fn praised(site: &Site<'_>, since: Timestamp, until: Timestamp) -> Result<Vec<Praised>, SiteError> {
    const ACT: &str = "count who was praised";
    let statement = "SELECT found.value ->> '$.name', said.id, said.score, said.comment
         FROM (SELECT id, score, comment, heard, created_at FROM responses
                 WHERE standing IS NULL AND created_at >= ? AND created_at < ?) said,
             json_each(CASE WHEN json_valid(said.heard) THEN said.heard END, '$.people') found
         WHERE found.value ->> '$.polarity' = 'positive' ORDER BY said.created_at DESC LIMIT 500";
    let mut praised: Vec<Praised> = Vec::new();
    for row in query(site.sql, ACT, statement, vec![Cell::from(since), Cell::from(until)])? {
        let mut columns = Columns::of(row, ACT);
        let (name, response, score) = (columns.text()?, columns.parsed()?, columns.integer()?);
        let comment = columns.optional_text()?.unwrap_or_default();
        let score = u8::try_from(score).ok().and_then(heard_wire::Score::new);
        let quote = super::praise::sentence(&comment, &name).zip(score).map(|(quote, score)| Quote {
            response,
            score,
            quote,
            polarity: Polarity::Positive,
            theme: None,
        });
        match praised.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&name)) {
            Some(known) => {
                known.times += 1;
                known.quotes.extend(quote.filter(|_| known.quotes.len() < MOST_QUOTES));
            }
            None => praised.push(Praised { name, times: 1, quotes: quote.into_iter().collect() }),
        }
    }
    praised.sort_by_key(|person| std::cmp::Reverse(person.times));
    praised.truncate(MOST_PRAISED);
    Ok(praised)
}
