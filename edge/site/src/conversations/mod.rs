//! What owner and customer say to each other after an answer.

mod messages;

pub use messages::{AddMessage, ListMessages};
pub(crate) use messages::{EndpointReply, export, take_reply};
