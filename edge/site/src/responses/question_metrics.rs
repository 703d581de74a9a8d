//! What the answers to the owner's own questions add up to.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::conditions::{Conditions, in_band};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, query};
use crate::zone::Zone;
use heard_wire::{
    AnswerValue, Band, Interval, QuestionId, QuestionKind, QuestionMetrics, QuestionTally, ReplyTally, ResponseFilter,
    Tally, ValueTally,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Adds up the answers to the owner's own questions, over the responses that a filter lets through.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadQuestionMetrics {
    /// Which.
    pub filter: ResponseFilter,
    /// In whose days, by its name; `None` for the site's own.
    #[serde(default)]
    pub time_zone: Option<String>,
}

impl Operation for ReadQuestionMetrics {
    type Reply = QuestionMetrics;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<QuestionMetrics, Failure> {
        const ACT: &str = "add up answers to the owner's questions";
        let zone = match self.time_zone {
            Some(name) => Zone::named(&name).ok_or(Refusal::UnknownTimeZone)?,
            None => site.zone()?,
        };
        let asked = site.config()?.settings.questions;
        let Conditions { sql: conditions, params } = Conditions::of(&self.filter, &zone);
        let of_band = |band| format!("sum({})", in_band(band));
        let [promoters, passives, detractors] = [Band::Promoter, Band::Passive, Band::Detractor].map(of_band);
        let statement = format!(
            "SELECT answer.key, json_quote(answer.value), {promoters}, {passives}, {detractors}
             FROM (SELECT score, answers FROM responses WHERE answers IS NOT NULL AND {conditions}) said,
                 json_each(CASE WHEN json_valid(said.answers) THEN said.answers END) answer
             GROUP BY 1, 2"
        );
        let mut tallies: BTreeMap<QuestionId, Vec<ValueTally>> = BTreeMap::new();
        for row in query(site.sql, ACT, &statement, params.clone())? {
            let mut columns = Columns::of(row, ACT);
            let (id, value) = (columns.text()?, columns.text()?);
            let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
            let tally = Tally::of(None, count()?, count()?, count()?, 0, 0);
            // What does not read comes from a later release.
            let (Ok(id), Ok(value)) = (id.parse(), serde_json::from_str::<AnswerValue>(&value)) else { continue };
            tallies.entry(id).or_default().push(ValueTally { value, answers: tally.responses, nps: tally.nps });
        }
        let of_the_site = asked.into_iter().map(|question| {
            let mut values = tallies.remove(&question.id).unwrap_or_default();
            // Another kind of question may have had its name.
            values.retain(|tally| question.kind.takes(&tally.value, &question.options));
            QuestionTally::of(question.id, Some(question.kind), values)
        });
        let mut questions: Vec<QuestionTally> = of_the_site.collect();
        for tally in questions.iter_mut().filter(|tally| tally.kind == Some(QuestionKind::FeltHeard)) {
            tally.by_reply = by_reply(site, &tally.id, &conditions, &params)?;
        }
        questions.extend(tallies.into_iter().map(|(id, values)| QuestionTally::of(id, None, values)));
        Ok(QuestionMetrics { questions })
    }
}

/// Whether customers felt heard, by what the reply to them did.
fn by_reply(site: &Site<'_>, id: &QuestionId, conditions: &str, params: &[Cell]) -> Result<Vec<ReplyTally>, SiteError> {
    const ACT: &str = "add up who felt heard";
    // The name of a question is of letters, digits and hyphens.
    let statement = format!(
        "SELECT CASE WHEN reply ->> '$.ask' IS NOT NULL THEN 'asks_back' WHEN reply ->> '$.kind' IS NOT NULL THEN reply ->> '$.kind'
                 WHEN json_array_length(reply, '$.claims') > 0 THEN 'reads_back' ELSE 'thanks' END,
             count(*), sum(felt = 'yes')
         FROM (SELECT answers ->> '$.\"{id}\"' AS felt, acknowledgement AS reply FROM responses
             WHERE json_valid(answers) AND json_valid(acknowledgement) AND {conditions})
         WHERE felt IN ('yes', 'no') GROUP BY 1 ORDER BY 2 DESC"
    );
    let mut tallies = Vec::new();
    for row in query(site.sql, ACT, &statement, params.to_vec())? {
        let mut columns = Columns::of(row, ACT);
        let reply = columns.text()?;
        let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
        let (answers, content) = (count()?, count()?);
        tallies.push(ReplyTally { reply, answers, content: Interval::share(content, answers) });
    }
    Ok(tallies)
}
