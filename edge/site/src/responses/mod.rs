//! What customers answered, what was heard in it, and what it adds up to.

mod completion;
mod conditions;
mod csv;
mod list;
mod metrics;
mod reanalysis;
mod stored;

pub use completion::COMPLETE_AFTER;
pub(crate) use completion::COMPLETING;
pub(crate) use conditions::{Conditions, bucket};
pub use csv::{csv_header, csv_line};
pub use list::*;
pub use metrics::ReadMetrics;
pub(crate) use reanalysis::REANALYSING;
pub use reanalysis::{REANALYSED_AT_ONCE, StaleComment, next_stale_comment, store_analysis};
pub(crate) use stored::{exists, find, write};
