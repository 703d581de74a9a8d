//! What the end-to-end tests stand on: a running Heard, a receiver, pages of other origins and a browser.

mod browser;
mod host;
mod program;
mod world;

pub use browser::Browser;
pub use host::HostPages;
pub use program::Program;
pub use world::{OWNER_KEY, World, free_port, new_response_id, until, until_within};
