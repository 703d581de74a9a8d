//! What stands around a candidate in its sentence, and how some segments feel.

use super::candidates::Candidate;
use crate::analysis::reading::Outline;
use crate::models::encoder::Meaning;
use std::ops::Range;

/// The log odds of praise against criticism, in bounds.
fn praise(meaning: &Meaning) -> f32 {
    meaning.feelings.praise().clamp(-6.0, 6.0)
}

/// How some segments feel, in log odds of praise against criticism.
pub(super) struct Felt {
    pub(super) worst: f32,
    pub(super) best: f32,
    pub(super) feels: f32,
    /// How much of a plain report it is.
    pub(super) plain: f32,
}

pub(super) fn felt(outline: &Outline, range: Range<usize>) -> Felt {
    let (mut worst, mut best, mut sum, mut plain, mut weight) = (f32::INFINITY, f32::NEG_INFINITY, 0.0, 0.0, 0.0);
    for (segment, meaning) in outline.segments.iter().zip(outline.meanings).skip(range.start).take(range.len()) {
        let Some(meaning) = meaning else { continue };
        let felt = praise(meaning);
        let words = count(segment.words.len());
        let feelings = &meaning.feelings;
        (worst, best) = (felt.min(worst), felt.max(best));
        sum += felt * words;
        plain += (feelings.neutral - feelings.positive.max(feelings.negative)).clamp(-6.0, 6.0) * words;
        weight += words;
    }
    if weight > 0.0 {
        Felt { worst, best, feels: sum / weight, plain: plain / weight }
    } else {
        Felt { worst: 0.0, best: 0.0, feels: 0.0, plain: 0.0 }
    }
}

/// What stands in a sentence on one side of a candidate: its words by their places, and how it feels.
pub(super) struct Beside {
    pub(super) words: Range<usize>,
    pub(super) feels: f32,
}

/// Both sides of it.
pub(super) struct Around {
    pub(super) before: Beside,
    pub(super) after: Beside,
}

/// What stands in its sentences before it and after it.
pub(super) fn around(outline: &Outline, candidate: &Candidate) -> Around {
    let segments = outline.segments;
    let Range { start, end } = candidate.segments.clone();
    let sentence_of = |at: usize| segments.get(at).map(|segment| segment.sentence);
    let (first, last) = (sentence_of(start), end.checked_sub(1).and_then(sentence_of));
    let begins = segments.partition_point(|segment| Some(segment.sentence) < first);
    let ends = segments.partition_point(|segment| Some(segment.sentence) <= last);
    let beside = |range: Range<usize>| {
        let here = segments.get(range.clone()).unwrap_or_default();
        let words = here.first().map_or(0, |one| one.words.start)..here.last().map_or(0, |one| one.words.end);
        Beside { words, feels: felt(outline, range).feels }
    };
    Around { before: beside(begins..start), after: beside(end..ends) }
}

/// Whether nothing but blanks stands before a word.
pub(super) fn is_bare(outline: &Outline, word: usize) -> bool {
    let at = |place: usize| outline.words.get(place);
    let gap =
        word.checked_sub(1).and_then(at).zip(at(word)).and_then(|(last, next)| outline.text.get(last.end..next.start));
    gap.is_some_and(|gap| gap.trim().is_empty())
}

#[expect(clippy::cast_precision_loss, reason = "a comment has few words")]
pub(super) fn count(number: usize) -> f32 {
    number as f32
}
