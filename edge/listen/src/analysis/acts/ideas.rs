//! Whether an English clause proposes something that the business could do: by how it is put, and by what it says.
//!
//! What each sign says is learnt (`train/ideas.py`), see `model/en/ideas.tsv`.

use crate::analysis::acts::intents::asks_for_a_person;
use crate::analysis::acts::suggestions::{holds_no_idea, is_suggestion};
use crate::models::drivers::Gist;
use crate::models::encoder::{Does, Meaning};
use crate::models::logistic::{Weights, flag};
use crate::text::clauses::Clause;
use std::sync::LazyLock;

/// What an idea is known by, in the order of [`signs`].
pub(crate) const IDEA_SIGNS: [&str; COUNT] = [
    "a turn of phrase that proposes",
    "a turn of phrase that proposes nothing",
    "drivers: an idea",
    "encoder: an idea",
    "encoder: a tip for other customers",
    "encoder: a warning to other customers",
    "encoder: a request",
    "encoder: a question",
    "encoder: tells nothing",
    "encoder: will leave",
    "encoder: told before",
    "encoder: a complaint of a person",
    "how it feels",
    "both propose",
    "length in words",
    "asks",
    "says you",
    "asks for what a person has to do",
];

const COUNT: usize = 18;

/// What speaks for an idea in a clause.
#[expect(clippy::cast_precision_loss, reason = "a clause has few words")]
pub(crate) fn signs(clause: &Clause, gist: Option<&Gist>, meaning: Option<&Meaning>, feels: f32) -> [f32; COUNT] {
    let by_drivers = gist.map_or(0.5, |gist| gist.idea).clamp(0.002, 0.998);
    let by_drivers = (by_drivers / (1.0 - by_drivers)).ln();
    let does = |what: Does| meaning.map_or(-3.0, |meaning| meaning.does(what)).clamp(-6.0, 6.0);
    let cue = flag(is_suggestion(clause.words));
    let says_you = clause.words.iter().any(|word| matches!(word.text.as_str(), "you" | "your" | "u"));
    [
        cue,
        flag(holds_no_idea(clause.words)),
        by_drivers,
        does(Does::Idea),
        does(Does::Tip),
        does(Does::WarningToOthers),
        does(Does::Request),
        does(Does::Question),
        does(Does::NothingTold),
        does(Does::Leaving),
        does(Does::AlreadyTold),
        does(Does::ComplainsOfPerson),
        feels.clamp(-4.0, 4.0),
        cue * does(Does::Idea).max(0.0),
        (clause.words.len().max(1) as f32).ln(),
        flag(clause.asks),
        flag(says_you),
        flag(asks_for_a_person(clause.words)),
    ]
}

/// The log odds of an idea.
pub(crate) fn idea(signs: &[f32; COUNT]) -> f32 {
    let [odds] = WEIGHTS.weigh(signs);
    odds
}

const TABLE: &str = include_str!("../../../model/en/ideas.tsv");

static WEIGHTS: LazyLock<Weights<COUNT, 1>> = LazyLock::new(|| Weights::read(TABLE, IDEA_SIGNS));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_been_learnt() {
        assert!(WEIGHTS.are_complete(TABLE));
    }
}
