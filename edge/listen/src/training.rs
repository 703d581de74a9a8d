//! What the scripts of `train/` read, cut as the listener cuts it.

use crate::analysis::acts::ideas::IDEA_SIGNS;
use crate::analysis::listener::Listener;
use crate::analysis::point::features;
use crate::models::encoder;
use crate::text::words::words;
use heard_wire::Score;
use std::ops::Range;

/// The rows of each word of a text, in the encoder's table.
#[must_use]
pub fn rows(text: &str) -> Vec<Vec<u16>> {
    encoder::rows_of_words(&words(text, 0))
}

/// The names of what a candidate is ranked by.
#[must_use]
pub fn feature_names() -> Vec<String> {
    features::names()
}

/// What of a comment could be read back: its bytes, and what it is ranked by.
#[must_use]
pub fn candidates(
    listener: &Listener,
    text: &str,
    score: Option<Score>,
    page_language: &str,
) -> Vec<(Range<usize>, Vec<f32>)> {
    let found = listener.candidates(text, score, page_language);
    found.into_iter().map(|(candidate, features)| (candidate.span, features)).collect()
}

/// The names of what an idea is known by.
#[must_use]
pub fn idea_names() -> Vec<&'static str> {
    IDEA_SIGNS.to_vec()
}

/// The clauses of an English comment: their bytes, and what speaks for an idea in each.
#[must_use]
pub fn idea_signs(listener: &Listener, text: &str, score: Option<Score>) -> Vec<(Range<usize>, Vec<f32>)> {
    listener.idea_signs(text, score)
}

/// The sentences of a comment: their bytes, and the log odds of all that each could do, as `train/acts/names.tsv` lists it.
#[must_use]
pub fn acts(listener: &Listener, text: &str, page_language: &str) -> Vec<(Range<usize>, Vec<f32>)> {
    listener.acts(text, page_language)
}
