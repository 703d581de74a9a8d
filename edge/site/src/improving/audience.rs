//! Those who said something, as conditions over the responses.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::{self, Conditions, counts, tallies};
use crate::site::Site;
use crate::sites;
use crate::store::{Cell, Columns, SiteError, query};
use crate::zone::Zone;
use heard_wire::{Audience, AudiencePreview, Problem, ResponseFilter, Tally};
use serde::{Deserialize, Serialize};

/// Answers that a preview shows.
const SAMPLE: usize = 10;

/// Of a hundred, how sure a theme has to be for customers to be told that they spoke of it: below, it is right less often than not.
const LEAST_SURE: i64 = 35;

/// The language of the words where it was heard, else that of the page: the first two by which a text is chosen.
const WRITTEN_IN: &str = "coalesce(nullif((CASE WHEN json_valid(heard) THEN heard END) ->> '$.language', 'und'), lang)";

/// Tells who is meant, and how many they are. Nothing is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct TryAudience {
    /// As validated.
    pub audience: Audience,
}

impl Operation for TryAudience {
    type Reply = AudiencePreview;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<AudiencePreview, Failure> {
        const ACT: &str = "look who said something";
        check_theme(site, &self.audience)?;
        let conditions = of(&self.audience, &site.zone()?);
        let (tally, customers) = count(site, &conditions)?;
        let Conditions { sql, params } = conditions;
        let languages = format!("SELECT {WRITTEN_IN}, count(*) FROM responses WHERE {sql} GROUP BY 1");
        let told = format!(
            "SELECT count(*) FROM responses WHERE {sql} AND EXISTS
                 (SELECT 1 FROM announced WHERE told = responses.id OR response = responses.id)"
        );
        let mut preview = AudiencePreview {
            responses: tally.responses,
            customers,
            promoters: tally.promoters,
            passives: tally.passives,
            detractors: tally.detractors,
            told_before: number(site, &told, params.clone())?,
            languages: Default::default(),
            sample: Vec::new(),
        };
        for row in query(site.sql, ACT, &languages, params.clone())? {
            let mut columns = Columns::of(row, ACT);
            preview.languages.insert(columns.text()?, u64::try_from(columns.integer()?).unwrap_or(0));
        }
        let newest = format!("{sql} ORDER BY created_at DESC LIMIT {SAMPLE}");
        for row in responses::select(site, ACT, &newest, params)? {
            // One that does not read back hides no other.
            preview.sample.extend(responses::read(row, &site.id).map(|stored| stored.response));
        }
        Ok(preview)
    }
}

/// The answers of those who are meant. What is put aside says nothing.
pub(super) fn of(audience: &Audience, zone: &Zone) -> Conditions {
    let Audience { theme, polarity, words, root_cause, has_suggestion, band, since, until, responses } = audience;
    let mut said = Conditions::any();
    if audience.says_something() {
        let filter = ResponseFilter {
            theme: theme.clone(),
            q: words.clone(),
            band: *band,
            has_suggestion: has_suggestion.then_some(true),
            since: *since,
            until: *until,
            ..ResponseFilter::default()
        };
        said = Conditions::of(&filter, zone);
        if let Some(theme) = theme {
            let felt = "EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(heard) THEN heard END, '$.themes')
                 WHERE value ->> '$.id' = ? AND value ->> '$.polarity' = coalesce(?, value ->> '$.polarity')
                     AND 100 * coalesce(value ->> '$.confidence', 1) >= ?)";
            let polarity = polarity.map(<&str>::from);
            said.and(felt, [Cell::from(theme.as_str()), Cell::from(polarity), Cell::from(LEAST_SURE)]);
        }
        if let Some(cause) = root_cause {
            let caused = "id IN (SELECT belonging.response FROM case_responses belonging JOIN cases c
                 ON c.id = belonging.case_id WHERE c.document ->> '$.root_cause' = ?)";
            said.and(caused, [Cell::from(cause.as_str())]);
        }
    } else {
        said.sql = "0".to_owned();
    }
    if !responses.is_empty() {
        let ids: Vec<&str> = responses.iter().map(heard_wire::ResponseId::as_str).collect();
        // A list of texts is always JSON.
        let ids = serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned());
        said.sql = format!("({} OR id IN (SELECT value FROM json_each(?)))", said.sql);
        said.params.push(Cell::from(ids));
    }
    said.and("standing IS NULL", []);
    said
}

/// Refuses a theme that the site does not have and nobody ever spoke of: a slip of the pen would find nobody, and say nothing.
pub(super) fn check_theme(site: &Site<'_>, audience: &Audience) -> Result<(), Failure> {
    let Some(theme) = &audience.theme else { return Ok(()) };
    if site.config()?.settings.themes.iter().any(|known| known.id == *theme) {
        return Ok(());
    }
    let spoken_of = Audience { theme: Some(theme.clone()), ..Audience::default() };
    let (said, _) = count(site, &of(&spoken_of, &site.zone()?))?;
    if said.responses > 0 {
        return Ok(());
    }
    let problem = Problem::of_field("/audience/theme", "must be a theme of this site's settings");
    Err(Refusal::Invalid { problem: Box::new(problem) }.into())
}

/// What they add up to, and how many customers can be told where they wrote.
pub(super) fn count(site: &Site<'_>, conditions: &Conditions) -> Result<(Tally, u64), SiteError> {
    let Conditions { sql, params } = conditions;
    let statement = format!("SELECT NULL, {} FROM responses WHERE {sql}", counts());
    let tally = tallies(site.sql, &statement, params.clone())?.into_iter().next();
    let mut reached = params.clone();
    reached.push(Cell::from(i64::from(sites::visitor_key(site)?.is_some())));
    let reachable = number(site, &customers_of(sql), reached)?;
    Ok((tally.unwrap_or_else(|| Tally::of(None, 0, 0, 0, 0, 0)), reachable))
}

/// Counts the customers of some answers who can be told, as an announcement finds them: by the last answer of each browser, to
/// which it has the key, and whom the owner's server vouches for by who they are. A last parameter tells whether it can.
fn customers_of(sql: &str) -> String {
    format!(
        "WITH RECURSIVE walk(start, id, depth) AS (
             SELECT id, id, 0 FROM responses WHERE {sql}
             UNION ALL
             SELECT walk.start, next.id, walk.depth + 1 FROM walk JOIN responses next ON next.earlier = walk.id
                 WHERE next.standing IS NULL AND walk.depth < 50),
         last AS (SELECT id, max(depth) FROM walk GROUP BY start)
         SELECT count(DISTINCT CASE WHEN verified = 1 THEN 'v' || visitor ELSE responses.id END)
         FROM last CROSS JOIN responses ON responses.id = last.id
         WHERE length(coalesce(secret, '')) > 1 OR verified = 1 AND ?"
    )
}

/// The number that a statement gives; 0 where it gives none.
pub(super) fn number(site: &Site<'_>, statement: &str, params: Vec<Cell>) -> Result<u64, SiteError> {
    const ACT: &str = "count";
    let row = query(site.sql, ACT, statement, params)?.into_iter().next();
    let number = row.map_or(Ok(None), |row| Columns::of(row, ACT).optional_integer())?;
    Ok(number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0))
}
