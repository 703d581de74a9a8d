//! What of a comment could be read back: runs of neighbouring segments.

use crate::text::contact_details::offers_contact;
use crate::text::never::holds_never;
use crate::text::quotable::is_quotable;
use crate::text::segments::{Joint, Segment};
use crate::text::sentences::trimmed;
use crate::text::small_words::{Role, SmallWords};
use crate::text::words::Word;
use std::ops::Range;

/// Words that could be read back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    /// Its bytes, without the word that joins it on and without loose ends.
    pub(crate) span: Range<usize>,
    /// Its segments, by their places.
    pub(crate) segments: Range<usize>,
    /// Its words, by their places in the comment.
    pub(crate) words: Range<usize>,
    /// What stands before and after it.
    pub(crate) starts: Joint,
    pub(crate) ends: Joint,
}

/// What no clause ends with.
const ENDS_NOTHING: [Role; 9] =
    [Role::And, Role::But, Role::Because, Role::So, Role::Which, Role::When, Role::That, Role::Det, Role::Prep];

/// Segments, words and bytes of the longest.
const MOST_SEGMENTS: usize = 6;
pub(crate) const MOST_WORDS: usize = 26;
const MOST_BYTES: usize = 160;
/// Words of two whole sentences that may be read back together.
const MOST_WORDS_OF_TWO: usize = 20;
/// Segments that are looked at: beyond this a comment is a letter.
const LAST_SEGMENT: usize = 120;

/// All candidates, in the order of the comment. What must never be read back is in none.
pub(crate) fn candidates(text: &str, words: &[Word], segments: &[Segment], language: &str) -> Vec<Candidate> {
    let segments = segments.get(..LAST_SEGMENT).unwrap_or(segments);
    let small = SmallWords::of(language);
    let does = |at: usize, roles: &[Role]| {
        words.get(at).is_some_and(|word| roles.iter().any(|role| small.is(&word.text, *role)))
    };
    let mut found = Vec::new();
    for (first, opens) in segments.iter().enumerate() {
        for (last, closes) in segments.iter().enumerate().skip(first).take(MOST_SEGMENTS) {
            let ends = segments.get(last + 1).map_or(Joint::Sentence, |next| next.before);
            let is_of_two = closes.sentence != opens.sentence;
            let are_whole = opens.before == Joint::Sentence && ends == Joint::Sentence;
            if is_of_two && !(are_whole && closes.sentence == opens.sentence + 1) {
                continue;
            }
            // Up to two words that only join it on are left out: "and so".
            // "Dommage que ça ferme" opens nothing without its first word.
            let goes_on = does(opens.words.start + 1, &[Role::That, Role::Which]);
            let joined = usize::from(opens.is_joined && !goes_on);
            let from = opens.words.start + joined;
            let most = if is_of_two { MOST_WORDS_OF_TWO } else { MOST_WORDS };
            if closes.words.end.saturating_sub(from) > most {
                break;
            }
            let start = if joined > 0 { words.get(from).map(|word| word.start) } else { Some(opens.span.start) };
            let Some(span) = start.and_then(|start| trimmed(text, start..closes.span.end)) else { continue };
            let Some(written) = text.get(span.clone()) else { continue };
            if written.len() > MOST_BYTES || !is_quotable(written) || offers_contact(written) {
                continue;
            }
            // "a queue for the", "which was cold".
            let is_cut = ends != Joint::Sentence
                && closes.words.end.checked_sub(1).is_some_and(|last| does(last, &ENDS_NOTHING));
            if is_cut || opens.before != Joint::Sentence && does(from, &[Role::Which, Role::That]) {
                continue;
            }
            if words.get(from..closes.words.end).is_some_and(|words| holds_never(words, language)) {
                continue;
            }
            let (starts, segments, words) = (opens.before, first..last + 1, from..closes.words.end);
            found.push(Candidate { span, segments, words, starts, ends });
        }
    }
    found
}
