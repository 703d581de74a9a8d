//! Sentences and the clauses in them, as byte spans into the comment.

use crate::words::{Word, words};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// A stretch of the comment that can be quoted by itself and carries at most one feeling.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    pub(crate) span: Range<usize>,
    pub(crate) words: Vec<Word>,
    /// Whether a contrast ("but", "although") leads into it.
    pub(crate) contrasts: bool,
}

/// Words that turn the feeling around between two clauses.
const CONTRASTS: &[&str] = &[
    "but",
    "however",
    "although",
    "though",
    "yet",
    "except",
    "unfortunately",
    "whereas",
    "despite",
    "nevertheless",
    "otherwise",
    "while",
];

/// Words that concede what the next clause answers.
const CONCEDING: &[&str] = &["although", "though", "while", "whilst", "despite", "whereas", "granted"];

/// All clauses of a comment, in order.
pub(crate) fn clauses(text: &str) -> Vec<Clause> {
    let mut found = Vec::new();
    for span in sentences(text) {
        split_sentence(text, span, &mut found);
    }
    found
}

fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let in_stretch = |range: Range<usize>| {
        let stretch = text.get(range.clone()).unwrap_or_default();
        stretch.split_sentence_bound_indices().map(move |(start, sentence)| (range.start + start, sentence))
    };
    for (start, sentence) in stretches(text).into_iter().flat_map(in_stretch) {
        let mut from = start;
        // Customers end sentences with line breaks, and forget the blank after a full stop.
        for (at, letter) in sentence.char_indices() {
            let next_is_capital =
                sentence.get(at + letter.len_utf8()..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
            if letter == '\n' || (matches!(letter, '.' | '!' | '?') && next_is_capital) || letter == ';' {
                found.extend(trimmed(text, from..start + at + letter.len_utf8()));
                from = start + at + letter.len_utf8();
            }
        }
        found.extend(trimmed(text, from..start + sentence.len()));
    }
    found
}

/// Longest run of anything but letters and digits that a sentence may hold.
const MAX_GAP: usize = 30;

/// The text in stretches without long gaps: the rules for sentences look ahead over a gap from each place in it, so the
/// time for a hostile comment of blanks and accents would grow with its square.
fn stretches(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut from, mut gap) = (0, 0);
    for (at, letter) in text.char_indices() {
        gap = if letter.is_alphanumeric() { 0 } else { gap + 1 };
        if gap > MAX_GAP {
            found.push(from..at);
            (from, gap) = (at, 0);
        }
    }
    found.push(from..text.len());
    found
}

fn split_sentence(text: &str, span: Range<usize>, found: &mut Vec<Clause>) {
    let Some(slice) = text.get(span.clone()) else {
        return;
    };
    let all = words(slice, span.start);
    let mut from = span.start;
    let mut contrasts = false;
    let mut first_of_clause = 0;
    for (at, word) in all.iter().enumerate() {
        if at >= first_of_clause + 3 && begins_next_clause(slice, span.start, &all, at) {
            push(text, from..word.start, &all, contrasts, found);
            // "Although the room was cold, staff were kind": the second answers the first.
            let conceded = all.get(first_of_clause).is_some_and(|word| CONCEDING.contains(&word.text.as_str()));
            // The "and" itself is left out of the quote.
            first_of_clause = if word.text == "and" { at + 1 } else { at };
            from = all.get(first_of_clause).map_or(word.start, |first| first.start);
            contrasts = conceded;
        }
        let begins_contrast = CONTRASTS.contains(&word.text.as_str());
        if !begins_contrast || at == first_of_clause {
            // "But" at the start of a sentence answers the one before; "although" there is answered in this one.
            contrasts |=
                begins_contrast && matches!(word.text.as_str(), "but" | "however" | "unfortunately" | "except");
            continue;
        }
        push(text, from..word.start, &all, contrasts, found);
        contrasts = true;
        // The contrast word itself is left out of the quote when it is a bare "but".
        let bare = matches!(word.text.as_str(), "but" | "however" | "though" | "yet");
        from = if bare { word.end } else { word.start };
        first_of_clause = if bare { at + 1 } else { at };
    }
    push(text, from..span.end, &all, contrasts, found);
}

/// Whether a comma and a new subject stand before this word, as in "the room was small, the staff were kind".
fn begins_next_clause(slice: &str, offset: usize, all: &[Word], at: usize) -> bool {
    let text_of = |at: usize| all.get(at).map_or("", |word| word.text.as_str());
    let (Some(before), Some(word)) = (at.checked_sub(1).and_then(|at| all.get(at)), all.get(at)) else {
        return false;
    };
    let between = slice.get(before.end - offset..word.start - offset).unwrap_or_default();
    let subject = if text_of(at) == "and" { text_of(at + 1) } else { text_of(at) };
    if between.contains(',') {
        return SUBJECTS.contains(&subject) && all.len() >= at + 3;
    }
    // Without a comma only where both sides are sentences: "the soup was cold and the waiter did not care".
    let has_verb = |from: usize, to: usize| (from..to.min(all.len())).any(|at| VERBS.contains(&text_of(at)));
    text_of(at) == "and" && OPENERS.contains(&subject) && has_verb(at.saturating_sub(8), at) && has_verb(at + 2, at + 8)
}

/// Words that open a clause of its own after a bare "and".
const OPENERS: &[&str] = &[
    "the",
    "my",
    "our",
    "your",
    "their",
    "his",
    "her",
    "its",
    "they",
    "it",
    "we",
    "i",
    "he",
    "she",
    "you",
    "there",
    "this",
    "these",
    "everything",
    "everyone",
    "nothing",
    "nobody",
    "service",
    "staff",
    "food",
    "prices",
];

/// Forms that tell a sentence from a list.
const VERBS: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "can", "could", "will", "would", "took",
    "came", "went", "got", "made", "gave", "left", "felt", "seemed", "looked", "tasted", "arrived", "wasn't", "isn't",
    "weren't", "aren't", "didn't", "doesn't", "don't", "couldn't", "can't", "won't", "it's", "they're", "loved",
    "liked", "works", "worked", "needs", "tastes", "looks", "feels",
];

/// Words that open a clause of its own after a comma.
const SUBJECTS: &[&str] = &[
    "the",
    "my",
    "our",
    "your",
    "their",
    "his",
    "her",
    "they",
    "it",
    "we",
    "i",
    "he",
    "she",
    "you",
    "there",
    "this",
    "that",
    "these",
    "everything",
    "everyone",
    "nothing",
    "nobody",
    "no",
    "not",
    "very",
    "also",
    "great",
    "good",
    "excellent",
    "friendly",
    "poor",
    "bad",
    "slow",
    "staff",
    "service",
    "food",
    "prices",
    "price",
    "delivery",
    "too",
    "so",
];

fn push(text: &str, span: Range<usize>, all: &[Word], contrasts: bool, found: &mut Vec<Clause>) {
    let Some(span) = trimmed(text, span) else {
        return;
    };
    let words: Vec<Word> =
        all.iter().filter(|word| word.start >= span.start && word.end <= span.end).cloned().collect();
    if !words.is_empty() {
        found.push(Clause { span, words, contrasts });
    }
}

/// The span without white space, list marks and dangling punctuation at its ends; `None` when nothing is left.
fn trimmed(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let slice = text.get(span.clone())?;
    let edge = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '*' | '•' | '.' | '"' | '“' | '”')
    };
    let from_start = slice.trim_start_matches(edge);
    let start = span.start + (slice.len() - from_start.len());
    let kept = from_start.trim_end_matches(edge);
    (!kept.is_empty()).then_some(start..start + kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        clauses(text).into_iter().filter_map(|clause| text.get(clause.span)).collect()
    }

    #[test]
    fn a_contrast_parts_a_sentence() {
        assert_eq!(split("Great food, but slow service."), ["Great food", "slow service"]);
        assert_eq!(
            split("Although the room was cold, staff were kind. Loved it!"),
            ["Although the room was cold", "staff were kind", "Loved it!"]
        );
        assert_eq!(
            split("Good variety.However nothing surprising\nMore seats please"),
            ["Good variety", "However nothing surprising", "More seats please"]
        );
        assert!(split("... !!! —").iter().all(|clause| clause.len() < 4));
    }
}
