//! What customers answered, what was heard in it, and what it adds up to.

mod analysis;
mod erasure;
mod experiment_result;
mod filter;
mod follow_up_metrics;
mod metrics;
mod question_metrics;
mod response;
mod response_patch;
mod standing;

pub use analysis::{
    Amount, AmountKind, Analysis, GraveFound, GraveKind, Intent, Person, Suggestion, ThemeFound, Topic,
};
pub use erasure::{ErasedResponse, Erasure};
pub use experiment_result::{Differences, ExperimentResult, FollowUpComparison};
pub use filter::{ResponseFilter, Standings};
pub use follow_up_metrics::{FollowUpMetrics, FollowUpTally};
pub use metrics::{Interval, Metrics, MetricsBy, Tally};
pub use question_metrics::{QuestionMetrics, QuestionTally, ReplyTally, ValueTally};
pub use response::{Response, ResponseCursor, StoredResponse};
pub use response_patch::{CorrectedTheme, ResponsePatch};
pub use standing::{Standing, Suspicion};
