//! How a clause feels.

pub(crate) mod classify;
pub(crate) mod exclusions;
pub(crate) mod felt_words;
pub(crate) mod lexicon_score;
pub(crate) mod spelling;
