//! A comment in; what was said, and an acknowledgement that proves it, out.
//!
//! Pure: no network, no clock, no randomness. [`Listener::listen`] finds clauses, what they are about and how the
//! customer felt; [`acknowledge`] turns that into one to three sentences. Where the evidence is thin it says less.

mod alike;
mod analysis;
mod lexicon;
mod models;
mod policy;
mod reply;
mod text;

#[doc(hidden)]
pub mod training;

pub use alike::alike;
pub use analysis::aspects::attribution::{ATTRIBUTION_SIGNS, Attribution};
pub use analysis::finding::Finding;
pub use analysis::listener::{Listened, Listener, Point};
pub use analysis::point::ranking::Feeling;
pub use analysis::reading::Grave;
pub use analysis::sentiment::classify::SIGNS;
pub use reply::realise::{Customer, acknowledge};
pub use text::thanks::is_only_thanks;
