//! Whether a clause is about a theme that it names, or that it seems to mean: "I called from the parking lot" names parking
//! and is about none.
//!
//! What each sign says is learnt, see `model/en/attribution.tsv`.

use crate::analysis::aspects::themes::Named;
use crate::models::logistic::{Weights, flag};
use crate::text::clauses::Clause;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a theme is attributed by, in the order of [`Attribution::signs`].
pub const ATTRIBUTION_SIGNS: [&str; COUNT] = [
    "the owner's own words",
    "the theme's label",
    "phrases of the theme",
    "words in the longest phrase",
    "place in the clause",
    "words that name another theme too",
    "themes in the clause",
    "named first",
    "length in words",
    "other clauses that name it",
    "other clauses that name it in the owner's words",
    "number of clauses",
    "themes in the comment",
    "another theme in the owner's words",
    "named in words",
    "drivers in common",
    "drivers in common, of all themes",
    "drivers in common, behind the closest theme",
    "drivers in common, log odds",
    "near in meaning",
    "near in meaning, behind the nearest theme",
    "named, drivers in common, log odds",
    "named, drivers in common, behind the closest theme",
    "named, near in meaning",
];

const COUNT: usize = 24;

/// A clause and a theme that it names or may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attribution {
    /// The theme's place among the owner's.
    pub theme: usize,
    /// Whether words of the clause name it.
    pub is_named: bool,
    /// How likely the clause is about it, 0 to 1.
    pub about: f32,
    /// What that was judged by, one number for each of [`ATTRIBUTION_SIGNS`].
    pub signs: [f32; COUNT],
}

/// How likely a clause has to be about a theme for the theme to be stored.
const STORED_ABOUT: f32 = 0.33;

impl Attribution {
    /// Whether the clause is likely enough about the theme to be stored as that.
    pub(crate) fn is_stored(&self) -> bool {
        self.about >= STORED_ABOUT
    }
}

/// For each clause the themes it names or may mean, and how likely it is about each.
#[expect(clippy::cast_precision_loss, reason = "a comment has few clauses of few words")]
pub(crate) fn attributed(clauses: &[Clause], named: &[Vec<Named>]) -> Vec<Vec<Attribution>> {
    // For each theme, how many clauses name it, and how many of them in the owner's words.
    let mut mentions: HashMap<usize, (usize, usize)> = HashMap::new();
    for one in named.iter().flatten().filter(|named| named.is_in_words()) {
        let (all, own) = mentions.entry(one.theme).or_default();
        *all += 1;
        *own += usize::from(one.own);
    }
    let attribute = |clause: &Clause, here: &[Named], place: usize, one: &Named| {
        // A clause that names several themes speaks for sure of one: the first in the owner's own words.
        let first = here.iter().position(|named| named.own).unwrap_or(0);
        let is_named = one.is_in_words();
        let (all, own) = mentions.get(&one.theme).copied().unwrap_or_default();
        let (behind, odds) = (one.kinship.shared - one.closest.shared, log_odds(one.kinship.shared));
        let words = clause.words.len() as f32;
        let signs = [
            flag(one.own),
            flag(one.label),
            one.matches.min(3) as f32,
            one.longest as f32,
            one.at as f32 / words.max(1.0),
            flag(one.shared),
            here.iter().filter(|named| named.is_in_words()).count() as f32,
            flag(is_named && place == first),
            words.max(1.0).ln(),
            all.saturating_sub(usize::from(is_named)).min(3) as f32,
            own.saturating_sub(usize::from(one.own)).min(3) as f32,
            (clauses.len().max(1) as f32).ln(),
            mentions.len() as f32,
            flag(here.iter().any(|other| other.own && other.theme != one.theme)),
            flag(is_named),
            one.kinship.shared,
            one.kinship.shared / (one.all_shared + 0.3),
            behind,
            odds,
            one.kinship.near,
            one.kinship.near - one.closest.near,
            flag(is_named) * odds,
            flag(is_named) * behind,
            flag(is_named) * one.kinship.near,
        ];
        let [odds] = WEIGHTS.weigh(&signs);
        Attribution { theme: one.theme, is_named, about: 1.0 / (1.0 + (-odds).exp()), signs }
    };
    clauses
        .iter()
        .zip(named)
        .map(|(clause, here)| here.iter().enumerate().map(|(place, one)| attribute(clause, here, place, one)).collect())
        .collect()
}

/// The same of a segment that the encoder read, by plain odds: nothing was learnt for it.
pub(crate) fn attributed_plainly(named: &[Named]) -> Vec<Attribution> {
    let attribute = |one: &Named| {
        let is_named = one.is_in_words();
        let is_closest = one.kinship.shared >= one.closest.shared;
        let about = match (is_named && one.own, is_named) {
            (true, _) => 0.85,
            (false, true) => 0.5,
            (false, false) if is_closest => 0.8 * one.kinship.shared,
            (false, false) => 0.5 * one.kinship.shared,
        };
        Attribution { theme: one.theme, is_named, about, signs: [0.0; COUNT] }
    };
    named.iter().map(attribute).filter(Attribution::is_stored).collect()
}

fn log_odds(likely: f32) -> f32 {
    ((likely + 0.02) / (1.02 - likely)).ln()
}

const TABLE: &str = include_str!("../../../model/en/attribution.tsv");

static WEIGHTS: LazyLock<Weights<COUNT, 1>> = LazyLock::new(|| Weights::read(TABLE, ATTRIBUTION_SIGNS));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_been_learnt() {
        assert!(WEIGHTS.are_complete(TABLE));
    }
}
