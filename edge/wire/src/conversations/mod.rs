//! What owner and customer say to each other after an answer.

mod message;
mod thread;

pub(crate) use message::message_text;
pub use message::{Author, MAX_MESSAGE_CHARACTERS, MAX_MESSAGES, Message, NewMessage, Then};
pub use thread::{
    CustomerKey, NewThreadMessage, NewVerdict, News, SubmittedResponse, Thread, ThreadCase, ThreadKey, ThreadMessage,
    ThreadPatch, ThreadStub,
};
