//! Events, where they go, and how they got there.

mod address;
mod attempts;
mod chat;
mod deliveries;
mod dispatch;
mod edge_errors;
mod endpoints;
mod events;
mod examples;
mod history;
mod letterhead;
mod mail;
mod replay;
mod signing;
mod told;

pub use address::refusal;
pub use attempts::{
    AttemptOutcome, DISABLE_AFTER, KEPT_ANSWER_BYTES, ListAttempts, next_attempt, record_attempt, record_cut_short,
    retry_after,
};
pub use chat::body_of;
pub(crate) use deliveries::DELIVERING;
pub use deliveries::{Delivery, Pace, due, next_due_after};
pub use dispatch::{AT_ONCE_EACH, Dispatcher, Place, Turn};
pub use edge_errors::edge_error;
pub(crate) use endpoints::export;
pub use endpoints::{
    AddEndpoint, ChangeEndpoint, ListEndpoints, ReadEndpoint, ReadSecret, RemoveEndpoint, RotateSecret,
};
pub(crate) use events::{Audience, FORGETTING, emit, keep_sequence};
pub use events::{KEEP, MAX_EVENT_BYTES};
pub use examples::example_event;
pub use history::{ListDeliveries, ListEvents, ReadEvent};
pub use letterhead::Letterhead;
pub use mail::{Mail, MailError, mail_error, mail_of};
pub use replay::{ReplayEvents, Resend, SendTest};
pub use signing::Signer;
