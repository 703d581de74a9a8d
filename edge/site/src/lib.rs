//! All that one site knows: its settings, responses, the outbox of events and their deliveries.
//!
//! Pure over [`Sql`]: SQLite in a Durable Object in production, rusqlite in native tests. Moments and random bytes
//! come in as arguments. Every public function leaves the tables consistent when all its statements commit together,
//! which a Durable Object guarantees as long as nothing is awaited between them.

mod call;
pub mod cases;
mod chore;
mod context;
pub mod conversations;
mod idempotency;
pub mod improving;
mod operation;
mod outcome;
mod refusal;
mod rehearsal;
pub mod responses;
pub mod schedule;
mod site;
pub mod sites;
mod store;
pub mod survey;
pub mod webhooks;
mod zone;

pub use call::{Answered, ByName, Call, Credential, Known, Mind, answer};
pub use chore::{Chore, Work, failed, went_well};
pub use context::Context;
pub use operation::{Effect, Operation};
pub use outcome::Outcome;
pub use refusal::{Failure, Refusal, Thing};
pub use rehearsal::Stage;
pub use site::Site;
pub use store::{Cell, Row, SiteError, Sql, SqlError, Tables, upgrade};
pub use zone::Zone;
