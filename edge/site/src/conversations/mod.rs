//! What owner and customer say to each other after an answer. It knows the case, which only tells it that it was resolved or opened again.

mod mailbox;
mod messages;
mod texts;
mod thread;

pub use mailbox::{ReadNews, RevokeThread, StopNotifying};
pub(crate) use mailbox::{erase, has_mailbox, note_resolution, stub};
pub use messages::{AddMessage, ListMessages, ReplyToCase};
pub(crate) use messages::{EndpointReply, export, keep_resolution, take_over, take_reply, tell_announcement};
pub use texts::way_out_of_mails;
pub(crate) use texts::{no_more_mails, notify_texts};
pub use thread::{ChangeThread, Correction, EraseThread, JudgeCase, MarkRead, ReadThread, WriteToTeam};
