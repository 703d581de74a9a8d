//! What owner and customer say to each other after an answer.

mod message;

pub use message::{MAX_MESSAGE_CHARACTERS, MAX_MESSAGES, Message, NewMessage};
