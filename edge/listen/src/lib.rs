//! A comment in; what was said, and an acknowledgement that proves it, out.
//!
//! Pure: no network, no clock, no randomness. [`Listener::listen`] finds clauses, what they are about and how the
//! customer felt; [`acknowledge`] turns that into one to three sentences. Where the evidence is thin it says less.

mod amounts;
mod attribution;
mod clauses;
mod compose;
mod contacts;
mod doubts;
mod driver_model;
mod intents;
mod judgement;
mod language;
mod lexicon;
mod listener;
mod messages;
mod network;
mod people;
mod phrases;
mod polarity;
mod polarity_model;
mod profile;
mod said;
mod sentences;
mod signs;
mod spelling;
mod suggestions;
mod themes;
mod told;
mod topics;
mod unquotable;
mod words;

pub use attribution::{ATTRIBUTION_SIGNS, Attribution};
pub use compose::acknowledge;
pub use judgement::SIGNS;
pub use listener::{Finding, Listened, Listener};
