//! Which of many short texts seem to mean the same: a suggestion, for a person to decide.

use crate::models::drivers::Gist;
use crate::text::words::{stem, words};
use std::collections::BTreeSet;

/// How near two meanings are that seem the same, where the texts share a word that carries meaning, and where they share none.
const NEAR: f32 = 0.6;
const VERY_NEAR: f32 = 0.85;
/// Shorter words seldom carry meaning.
const LETTERS: usize = 4;

struct Said {
    stems: BTreeSet<String>,
    gist: Option<Gist>,
}

impl Said {
    fn of(text: &str) -> Self {
        let words = words(text, 0);
        let carries = |stem: &String| stem.chars().count() >= LETTERS;
        Self {
            stems: words.iter().map(|word| stem(&word.text)).filter(carries).collect(),
            gist: Gist::of_words(&words),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        let shared = self.stems.intersection(&other.stems).count();
        let fewer = self.stems.len().min(other.stems.len());
        if shared > 0 && shared * 2 >= fewer && (shared > 1 || fewer == 1) {
            return true;
        }
        let near = self.gist.as_ref().zip(other.gist.as_ref()).map_or(-1.0, |(one, other)| one.nearness(other));
        near >= VERY_NEAR || near >= NEAR && shared > 0
    }
}

/// The group of each text, counted from 0 in the order in which the groups begin.
///
/// ```
/// let groups = heard_listen::alike(&["open on Sundays", "a bench by the door", "please open on Sunday too"]);
/// assert_eq!(groups, [0, 1, 0]);
/// ```
#[must_use]
pub fn alike(texts: &[&str]) -> Vec<usize> {
    let mut firsts: Vec<Said> = Vec::new();
    let mut groups = Vec::with_capacity(texts.len());
    for text in texts {
        let said = Said::of(text);
        let known = firsts.iter().position(|first| first.is_like(&said));
        groups.push(known.unwrap_or(firsts.len()));
        if known.is_none() {
            firsts.push(said);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::alike;

    #[test]
    fn ideas_that_mean_the_same_stand_together_and_others_apart() {
        let groups = alike(&[
            "put a bench by the entrance",
            "longer opening hours on Sunday",
            "a bench near the entrance would help",
            "accept contactless payment",
            "open longer on Sunday",
            "let us pay contactless",
            "more vegan dishes",
        ]);
        assert_eq!(groups, [0, 1, 0, 2, 1, 2, 3]);
        assert_eq!(alike(&[]), Vec::<usize>::new());
        assert_eq!(alike(&["", ""]), [0, 1], "what says nothing is like nothing");
    }
}
