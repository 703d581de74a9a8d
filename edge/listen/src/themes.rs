//! Which of the owner's themes a clause is about, by the stems of the owner's own words.

use crate::words::{Word, stem, words};
use heard_wire::Theme;
use std::collections::HashMap;

/// The owner's themes, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct ThemeIndex {
    ids: Vec<String>,
    /// First stem of a phrase to the phrases that begin with it.
    by_first: HashMap<String, Vec<(Vec<String>, usize)>>,
}

/// Words too common to stand for a theme by themselves.
const COMMON: &[&str] = &[
    "a", "an", "and", "at", "be", "for", "from", "get", "had", "i", "in", "is", "it", "my", "not", "of", "on", "or",
    "so", "that", "the", "time", "to", "was", "we", "with", "you", "your",
];

impl ThemeIndex {
    pub(crate) fn new(themes: &[Theme]) -> Self {
        let mut index = Self { ids: themes.iter().map(|theme| theme.id.clone()).collect(), ..Self::default() };
        for (place, theme) in themes.iter().enumerate() {
            for phrase in theme.phrases.iter().chain([&theme.label]) {
                let stems: Vec<String> = words(phrase, 0).iter().map(|word| stem(&word.text)).collect();
                if let Some(first) = stems.first()
                    && stems.iter().any(|stem| !COMMON.contains(&stem.as_str()))
                {
                    index.by_first.entry(first.clone()).or_default().push((stems, place));
                }
            }
        }
        index
    }

    pub(crate) fn id(&self, place: usize) -> Option<&str> {
        self.ids.get(place).map(String::as_str)
    }

    /// The themes a clause names, in order of first mention.
    pub(crate) fn find(&self, clause: &[Word]) -> Vec<usize> {
        let stems: Vec<String> = clause.iter().map(|word| stem(&word.text)).collect();
        let mut found = Vec::new();
        for (at, first) in stems.iter().enumerate() {
            for (phrase, place) in self.by_first.get(first).into_iter().flatten() {
                let here = stems.get(at..at + phrase.len());
                if here == Some(phrase.as_slice()) && !found.contains(place) {
                    found.push(*place);
                }
            }
        }
        found
    }
}
