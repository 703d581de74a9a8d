//! What customers answered, what was heard in it, and what it adds up to.

mod analysis;
mod erasure;
mod filter;
mod metrics;
mod response;
mod response_patch;
mod standing;

pub use analysis::{
    Amount, AmountKind, Analysis, GraveFound, GraveKind, Intent, Person, Suggestion, ThemeFound, Topic,
};
pub use erasure::{ErasedResponse, Erasure};
pub use filter::{ResponseFilter, Standings};
pub use metrics::{Metrics, MetricsBy, Tally};
pub use response::{Response, ResponseCursor, StoredResponse};
pub use response_patch::{CorrectedTheme, ResponsePatch};
pub use standing::{Standing, Suspicion};
