//! Ideas of customers.

use super::improvements::all;
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, Columns, run};
use heard_wire::{IdeaSaid, ImprovementId, ResponseId, Score};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The newest that are looked at.
const MOST: usize = 500;

/// The newest ideas, each with the improvement that it is a part of.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListIdeas {}

impl Operation for ListIdeas {
    type Reply = Vec<IdeaSaid>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Vec<IdeaSaid>, Failure> {
        const ACT: &str = "list the ideas";
        let mut parts: HashMap<ResponseId, ImprovementId> = HashMap::new();
        for improvement in all(site)? {
            let responses = improvement.settings.audience.responses.into_iter();
            parts.extend(responses.map(|response| (response, improvement.id.clone())));
        }
        let statement = "SELECT said.id, said.score, found.value ->> '$.quote', said.created_at
             FROM (SELECT id, score, heard, created_at FROM responses
                     WHERE standing IS NULL AND (CASE WHEN json_valid(heard) THEN heard END) ->> '$.suggestions[0].quote' IS NOT NULL
                     ORDER BY created_at DESC LIMIT ?) said,
                 json_each(said.heard, '$.suggestions') found ORDER BY said.created_at DESC LIMIT ?";
        let mut ideas = Vec::new();
        for row in run(site.sql, ACT, statement, [Cell::count(MOST), Cell::count(MOST)])? {
            let mut columns = Columns::of(row, ACT);
            let (response, score): (ResponseId, _) = (columns.parsed()?, columns.integer()?);
            let (quote, created_at) = (columns.text()?, columns.timestamp()?);
            let Some(score) = u8::try_from(score).ok().and_then(Score::new) else { continue };
            let improvement = parts.get(&response).cloned();
            ideas.push(IdeaSaid { response, score, quote, created_at, improvement });
        }
        Ok(ideas)
    }
}
