//! What stands behind an improvement: how many said it, what lay behind their cases, what says it best, and whether it moved.

use super::audience;
use crate::responses::{self, Conditions};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, query};
use heard_wire::{Analysis, Audience, Change, Evidence, Polarity, Quote, Response, RootCause, ThemeId, Timestamp};
use std::time::Duration;

/// How long before and after something was done is looked at.
const SPAN: Duration = Duration::from_secs(90 * 24 * 3_600);
/// Answers that are looked through for what says it best, the newest.
const READ: usize = 80;
const MOST_CAUSES: usize = 5;
const MOST_QUOTES: usize = 3;

/// All of it, as it is now.
pub(super) fn of(site: &Site<'_>, audience: &Audience, done_at: Option<Timestamp>) -> Result<Evidence, SiteError> {
    let conditions = audience::of(audience, &site.zone()?);
    let (tally, customers) = audience::count(site, &conditions)?;
    let Conditions { sql, params } = &conditions;
    let theirs = format!(
        "FROM cases WHERE id IN (SELECT case_id FROM case_responses WHERE response IN (SELECT id FROM responses WHERE {sql}))"
    );
    let cases = audience::number(site, &format!("SELECT count(*) {theirs}"), params.clone())?;
    let unsettled = format!("SELECT count(*) {theirs} AND status NOT IN ('resolved', 'closed')");
    let unsettled_cases = audience::number(site, &unsettled, params.clone())?;
    let causes = format!(
        "SELECT document ->> '$.root_cause', count(*) {theirs} AND document ->> '$.root_cause' IS NOT NULL
         GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_CAUSES}"
    );
    const ACT: &str = "read what lay behind cases";
    let mut root_causes = Vec::new();
    for row in query(site.sql, ACT, &causes, params.clone())? {
        let mut columns = Columns::of(row, ACT);
        let (root_cause, cases) = (columns.text()?, u64::try_from(columns.integer()?).unwrap_or(0));
        root_causes.push(RootCause { root_cause, cases });
    }
    let quotes = best(quotes(site, &conditions, audience)?, MOST_QUOTES);
    let change = audience.theme.as_ref().zip(done_at).map(|(theme, at)| change(site, theme, at)).transpose()?;
    Ok(Evidence {
        responses: tally.responses,
        customers,
        promoters: tally.promoters,
        passives: tally.passives,
        detractors: tally.detractors,
        nps: tally.nps,
        cases,
        unsettled_cases,
        root_causes,
        quotes,
        change,
    })
}

/// What the newest of these answers say, one quote each: of the theme, or else what there is.
pub(super) fn quotes(site: &Site<'_>, conditions: &Conditions, audience: &Audience) -> Result<Vec<Quote>, SiteError> {
    let Conditions { sql, params } = conditions;
    let newest = format!("{sql} AND comment <> '' ORDER BY created_at DESC LIMIT {READ}");
    let rows = responses::select(site, "read what says it best", &newest, params.clone())?;
    let stored = rows.into_iter().filter_map(|row| responses::read(row, &site.id).ok());
    Ok(stored.filter_map(|stored| quote(&stored.response, audience)).collect())
}

/// What an answer says of what an audience is about: of its theme, with its words, or else whatever was heard.
pub(super) fn quote(response: &Response, audience: &Audience) -> Option<Quote> {
    let of = |quote: String, polarity: Polarity, theme: Option<ThemeId>| {
        Some(Quote { response: response.id.clone(), score: response.score, quote, polarity, theme })
    };
    if let (None, Some(words)) = (&audience.theme, &audience.words) {
        let comment = response.comment.as_deref().unwrap_or_default();
        let found = words.split_whitespace().find_map(|word| super::praise::sentence(comment, word));
        if let Some(sentence) = found {
            return of(sentence, response.heard.as_ref().map_or(Polarity::Neutral, |heard| heard.overall), None);
        }
    }
    let (quote, polarity, theme) = said(response.heard.as_ref()?, audience.theme.as_ref(), audience.polarity)?;
    let comment = response.comment.as_deref().unwrap_or_default();
    of(in_a_sentence(comment, quote), polarity, theme)
}

/// A word or two say nothing by themselves: "cake" is what a sentence is about.
fn in_a_sentence(comment: &str, quote: String) -> String {
    const TELLS: usize = 3;
    let is_short = quote.split_whitespace().count() < TELLS;
    let whole = is_short.then(|| super::praise::sentence(comment, &quote)).flatten();
    whole.filter(|whole| whole.contains(&quote)).unwrap_or(quote)
}

fn said(
    heard: &Analysis,
    theme: Option<&ThemeId>,
    polarity: Option<Polarity>,
) -> Option<(String, Polarity, Option<ThemeId>)> {
    let fits = |found: Polarity| polarity.is_none_or(|wanted| wanted == found);
    if let Some(theme) = theme {
        let found =
            heard.themes.iter().find(|found| found.id == *theme && fits(found.polarity) && !found.quote.is_empty());
        return found.map(|found| (found.quote.clone(), found.polarity, Some(theme.clone())));
    }
    if let Some(idea) = heard.suggestions.first() {
        return Some((idea.quote.clone(), Polarity::Neutral, None));
    }
    let felt = heard.themes.iter().find(|found| found.polarity != Polarity::Neutral && !found.quote.is_empty());
    let felt = felt.map(|found| (found.quote.clone(), found.polarity, Some(found.id.clone())));
    felt.or_else(|| heard.topics.first().map(|topic| (topic.quote.clone(), topic.polarity, None)))
}

/// Those that a reader takes in at a glance: neither a word or two, nor a paragraph; none twice.
pub(super) fn best(mut quotes: Vec<Quote>, most: usize) -> Vec<Quote> {
    const GOOD: usize = 14;
    quotes.sort_by_key(|quote| quote.quote.split_whitespace().count().abs_diff(GOOD));
    let mut best: Vec<Quote> = Vec::new();
    for quote in quotes {
        let is_new = !best.iter().any(|other| other.quote.eq_ignore_ascii_case(&quote.quote));
        if is_new && best.len() < most {
            best.push(quote);
        }
    }
    best
}

/// How often a theme is criticised, before something was done and after.
fn change(site: &Site<'_>, theme: &ThemeId, at: Timestamp) -> Result<Change, SiteError> {
    let since = SPAN.min(site.context.now.since(at));
    let counted = |from: Timestamp, to: Timestamp| -> Result<(u64, u64), SiteError> {
        let span = || vec![Cell::from(from), Cell::from(to)];
        let spoken = "FROM responses WHERE standing IS NULL AND comment <> '' AND created_at >= ? AND created_at < ?";
        let criticised = format!(
            "SELECT count(*) {spoken} AND EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(heard) THEN heard END, '$.themes')
                 WHERE value ->> '$.id' = ? AND value ->> '$.polarity' = 'negative')"
        );
        let params = [span(), vec![Cell::from(theme.as_str())]].concat();
        Ok((
            audience::number(site, &criticised, params)?,
            audience::number(site, &format!("SELECT count(*) {spoken}"), span())?,
        ))
    };
    Ok(Change::of(counted(at - SPAN, at)?, counted(at, at + since)?))
}
