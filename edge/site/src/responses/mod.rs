//! What customers answered, what was heard in it, and what it adds up to.

mod completion;
mod conditions;
mod csv;
mod erasure;
mod follow_up_metrics;
mod list;
mod metrics;
mod question_metrics;
mod reanalysis;
mod review;
mod stored;
mod table;
mod times;

pub use completion::COMPLETE_AFTER;
pub(crate) use completion::COMPLETING;
pub(crate) use conditions::{Conditions, bucket};
pub use csv::CsvDialect;
pub use erasure::{ERASED_AT_ONCE, EraseResponse, EraseResponses, EraseVisitor};
pub(crate) use erasure::{ERASING, erase_one, forget_told, is_erased};
pub use follow_up_metrics::ReadFollowUpMetrics;
pub(crate) use follow_up_metrics::follow_ups;
pub use list::*;
pub use metrics::ReadMetrics;
pub(crate) use metrics::{counts, offset, tallies};
pub use question_metrics::ReadQuestionMetrics;
pub use reanalysis::{REANALYSED_AT_ONCE, StaleComment, next_stale_comment, store_analysis};
pub(crate) use reanalysis::{REANALYSING, hear_all_again};
pub use review::ReviewResponse;
pub(crate) use stored::{
    Beside, Kept, exists, export, find, find_kept, forget_secrets, hash, hash_with_key, latest_of_customer,
    latest_of_vouched, opens, read, select, write,
};
pub use table::{Column, Table, read_table};
