//! Stems as numbers: thousands of phrases are made of some hundred words, and numbers are compared and kept at no cost.

use crate::text::words::{Word, stem, words};
use std::collections::HashMap;

/// A stem, by its place among those that were met.
pub(crate) type Stem = u32;

/// The stems that were met, on top of those that are the same for everybody.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stems {
    below: Option<&'static Stems>,
    by_stem: HashMap<String, Stem>,
    /// Words as they were written, so that each is cut down once.
    by_word: HashMap<String, Stem>,
}

impl Stems {
    /// None but those, which keep their numbers.
    pub(crate) fn beyond(below: &'static Self) -> Self {
        Self { below: Some(below), ..Self::default() }
    }

    /// Of a phrase.
    pub(crate) fn of(&mut self, phrase: &str) -> Vec<Stem> {
        self.of_words(&words(phrase, 0))
    }

    pub(crate) fn of_words(&mut self, words: &[Word]) -> Vec<Stem> {
        words.iter().map(|word| self.note(&word.text)).collect()
    }

    fn note(&mut self, word: &str) -> Stem {
        if let Some(known) = self.of_word(word) {
            return known;
        }
        let stem = stem(word);
        let known = self.of_stem(&stem).unwrap_or_else(|| self.note_stem(stem));
        self.by_word.insert(word.to_owned(), known);
        known
    }

    /// Notes a stem that was not met before.
    pub(crate) fn note_stem(&mut self, stem: String) -> Stem {
        let place = self.len();
        self.by_stem.insert(stem, place);
        place
    }

    /// The stem of a word, where it was met.
    pub(crate) fn find(&self, word: &str) -> Option<Stem> {
        self.of_word(word).or_else(|| self.of_stem(&stem(word)))
    }

    fn of_word(&self, word: &str) -> Option<Stem> {
        self.by_word.get(word).copied().or_else(|| self.below?.of_word(word))
    }

    fn of_stem(&self, stem: &str) -> Option<Stem> {
        self.by_stem.get(stem).copied().or_else(|| self.below?.of_stem(stem))
    }

    fn len(&self) -> Stem {
        let own = Stem::try_from(self.by_stem.len()).unwrap_or(Stem::MAX);
        own.saturating_add(self.below.map_or(0, Self::len))
    }
}
