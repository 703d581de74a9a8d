//! Fixed sequences of words, found without trying each at each place.

use crate::text::words::Word;
use std::collections::HashMap;

/// Phrases with what they stand for.
#[derive(Debug)]
pub(crate) struct Phrases<T> {
    /// By their first word, the longest first.
    by_first: HashMap<&'static str, Vec<(Vec<&'static str>, T)>>,
}

impl<T: Copy> Phrases<T> {
    /// Phrases of words parted by blanks.
    pub(crate) fn new(phrases: impl IntoIterator<Item = (&'static str, T)>) -> Self {
        let mut by_first: HashMap<&str, Vec<(Vec<&str>, T)>> = HashMap::new();
        for (phrase, value) in phrases {
            let words: Vec<&str> = phrase.split(' ').collect();
            if let Some(first) = words.first() {
                by_first.entry(first).or_default().push((words, value));
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// Every phrase that begins at a word, the longest first, with how many words it has.
    pub(crate) fn at<'a>(&'a self, words: &'a [Word], at: usize) -> impl Iterator<Item = (usize, T)> + 'a {
        let candidates = words.get(at).and_then(|word| self.by_first.get(word.text.as_str()));
        candidates.into_iter().flatten().filter_map(move |(phrase, value)| {
            let here = words.get(at..at + phrase.len())?;
            here.iter().zip(phrase).all(|(word, part)| word.text == *part).then_some((phrase.len(), *value))
        })
    }

    /// What every phrase anywhere in the words stands for.
    pub(crate) fn within<'a>(&'a self, words: &'a [Word]) -> impl Iterator<Item = T> + 'a {
        (0..words.len()).flat_map(|at| self.at(words, at).map(|(_, value)| value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn the_longest_comes_first_and_all_are_found() {
        let phrases = Phrases::new([("not", 1), ("not at all", 2), ("all good", 3)]);
        let text = words("not at all good", 0);
        assert_eq!(phrases.at(&text, 0).collect::<Vec<_>>(), [(3, 2), (1, 1)]);
        assert_eq!(phrases.within(&text).collect::<Vec<_>>(), [2, 1, 3]);
        assert_eq!(phrases.within(&[]).count(), 0);
    }
}
