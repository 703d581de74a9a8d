//! What a page is asked and answers.

mod admission;
mod closing;
mod experiment;
mod impressions;
mod look;
mod questions;
mod sender;
mod strangers;
mod submission;
#[expect(clippy::module_inception, reason = "the survey itself, in the room named after it")]
mod survey;

pub use admission::{Admitted, AskAdmission};
pub use closing::NoteClosing;
pub(crate) use closing::forget as forget_closings;
pub use experiment::{ReadExperiment, runs};
pub use impressions::CountImpression;
pub(crate) use impressions::{Impressions, PRUNING, impressions};
pub use look::try_look;
pub use sender::{Sender, address_tag, is_automated, is_good_token, issue_token, key_tag, network_tag, token_hour};
pub use strangers::Strangers;
pub use submission::{Accepted, Submit, Submitted};
pub use survey::{copy_in, offered_language, survey};
