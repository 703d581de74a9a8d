//! All that one site knows: its settings, responses, the outbox of events and their deliveries.
//!
//! Pure over [`Sql`]: SQLite in a Durable Object in production, rusqlite in native tests. Moments and random bytes
//! come in as arguments. Every public function leaves the tables consistent when all its statements commit together,
//! which a Durable Object guarantees as long as nothing is awaited between them.

mod address;
mod command;
mod csv;
mod deliveries;
mod directory;
mod endpoints;
mod examples;
mod filter;
mod keys;
mod messages;
mod metrics;
mod once;
mod outbox;
mod relisten;
mod responses;
mod schema;
mod settings;
mod shown;
mod signing;
mod sql;
mod survey;

pub use address::refusal;
pub use command::{Command, EndpointAct, Reply, apply};
pub use csv::{csv_header, csv_line};
pub use deliveries::{Attempted, DISABLE_AFTER_MILLIS, KEPT_ANSWER_BYTES, next_attempt, record_attempt};
pub use directory::{DirectoryCommand, directory};
pub use examples::example_event;
pub use keys::Allowed;
pub use outbox::{Delivery, KEEP_MILLIS, MAX_EVENT_BYTES, due, forget_old, next_wake, next_wake_after};
pub use relisten::{Comment, hear_again, unheard};
pub use responses::{COMPLETE_AFTER_MILLIS, Stored, complete_abandoned, submit};
pub use schema::upgrade;
pub use settings::{Configured, configured};
pub use signing::Signer;
pub use sql::{Cell, Row, Sql, SqlError};
pub use survey::{LANGUAGES, offered_language, survey};

/// Why a site could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// SQLite refused a statement.
    #[error("{act}: {source}")]
    Sql {
        /// What was being done.
        act: &'static str,
        /// What SQLite said.
        source: SqlError,
    },
    /// A stored row does not read back.
    #[error("{act}: a stored row does not read back")]
    Unreadable {
        /// What was being done.
        act: &'static str,
    },
}

/// What the shell brings in: the moment and fresh random bytes.
pub struct Moment<'a> {
    /// The moment.
    pub now: heard_wire::Timestamp,
    /// Sixteen fresh random bytes at each call.
    pub random: &'a mut dyn FnMut() -> [u8; 16],
}
