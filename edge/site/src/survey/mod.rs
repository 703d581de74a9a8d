//! What a page is asked and answers.

mod impressions;
mod submission;
#[expect(clippy::module_inception, reason = "the survey itself, in the room named after it")]
mod survey;

pub use impressions::CountImpression;
pub(crate) use impressions::{Impressions, impressions};
pub use submission::{Submit, Submitted};
pub use survey::{offered_language, survey};
