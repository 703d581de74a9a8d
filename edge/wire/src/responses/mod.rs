//! What customers answered, what was heard in it, and what it adds up to.

mod analysis;
mod filter;
mod metrics;
mod response;

pub use analysis::{Amount, AmountKind, Analysis, Intent, Person, Suggestion, ThemeFound, Topic};
pub use filter::ResponseFilter;
pub use metrics::{Metrics, MetricsBy, Tally};
pub use response::{Response, ResponseCursor, StoredResponse};
