//! What is written: words, sentences, clauses, phrases, and what of it may be read back.

pub(crate) mod clauses;
pub(crate) mod contact_details;
pub(crate) mod language;
pub(crate) mod never;
pub(crate) mod no_answer;
pub(crate) mod phrases;
pub(crate) mod quotable;
pub(crate) mod quote;
pub(crate) mod segments;
pub(crate) mod sentences;
pub(crate) mod small_words;
pub(crate) mod thanks;
pub(crate) mod words;
