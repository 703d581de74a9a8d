//! What promoters are glad of, and whom customers praise by name, month by month.

use super::{evidence, huddle};
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::responses::Conditions;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, run};
use crate::zone::Zone;
use heard_wire::{Audience, BrightMonth, BrightSpots, BrightTheme, Months, Polarity, Quote, ThemeId, Timestamp};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const MOST_THEMES: usize = 5;
const MOST_OF_THEME: usize = 2;
const MOST_QUOTES: usize = 3;

/// Reads the bright spots of this month and of those before it.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadBrightSpots {
    /// So many, with this one.
    pub months: Months,
}

impl Operation for ReadBrightSpots {
    type Reply = BrightSpots;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<BrightSpots, Failure> {
        let zone = site.zone()?;
        let Some(today) = zone.day_of(site.context.now) else { return Ok(BrightSpots { months: Vec::new() }) };
        let begins =
            (0..i32::from(self.months.get())).filter_map(|back| today.first_of_month().checked_sub(back.months()).ok());
        let months: Result<Vec<Option<BrightMonth>>, SiteError> =
            begins.map(|begins| of_month(site, &zone, begins)).collect();
        Ok(BrightSpots { months: months?.into_iter().flatten().collect() })
    }
}

fn of_month(site: &Site<'_>, zone: &Zone, begins: Date) -> Result<Option<BrightMonth>, SiteError> {
    let ends = begins.checked_add(1.month()).unwrap_or(begins);
    let at = |day: Date| zone.moment(day.to_datetime(jiff::civil::Time::midnight())).unwrap_or(site.context.now);
    let (since, until) = (at(begins), at(ends));
    let tally = huddle::in_span(site, since, until)?;
    if tally.responses == 0 {
        return Ok(None);
    }
    let happy = || {
        let mut happy = Conditions::any();
        let span = [Cell::from(since), Cell::from(until)];
        happy.and("standing IS NULL AND score >= 9 AND created_at >= ? AND created_at < ?", span);
        happy
    };
    let themes = themes(site, &happy(), since, until)?;
    let told: Vec<&Quote> = themes.iter().flat_map(|theme| &theme.quotes).collect();
    let is_new = |quote: &Quote| {
        quote.polarity == Polarity::Positive && told.iter().all(|known| known.response != quote.response)
    };
    let rest = evidence::quotes(site, &happy(), &Audience::default())?.into_iter().filter(is_new).collect();
    Ok(Some(BrightMonth {
        month: begins.strftime("%Y-%m").to_string(),
        since,
        until,
        promoters: tally.promoters,
        with_words: super::audience::number(
            site,
            &format!("SELECT count(*) FROM responses WHERE {} AND comment <> ''", happy().sql),
            happy().params,
        )?,
        people: huddle::praised(site, since, until)?,
        quotes: evidence::best(rest, MOST_QUOTES),
        themes,
    }))
}

/// What promoters praised, most often first.
fn themes(
    site: &Site<'_>,
    happy: &Conditions,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<BrightTheme>, SiteError> {
    const ACT: &str = "count what promoters praise";
    let statement = "SELECT found.value ->> '$.id', count(DISTINCT said.number)
         FROM (SELECT number, heard FROM responses
                 WHERE standing IS NULL AND score >= 9 AND created_at >= ? AND created_at < ?) said,
             json_each(CASE WHEN json_valid(said.heard) THEN said.heard END, '$.themes') found
         WHERE found.value ->> '$.polarity' = 'positive' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?";
    let mut themes = Vec::new();
    for row in run(site.sql, ACT, statement, [Cell::from(since), Cell::from(until), Cell::count(MOST_THEMES)])? {
        let mut columns = Columns::of(row, ACT);
        let (theme, promoters): (ThemeId, _) = (columns.parsed()?, columns.integer()?);
        let praise = Audience { theme: Some(theme.clone()), polarity: Some(Polarity::Positive), ..Audience::default() };
        let quotes = evidence::best(evidence::quotes(site, happy, &praise)?, MOST_OF_THEME);
        themes.push(BrightTheme { theme, promoters: u64::try_from(promoters).unwrap_or(0), quotes });
    }
    Ok(themes)
}
