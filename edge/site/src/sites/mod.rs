//! Sites: what their owners set, who may reach them, and which there are.

mod config;
mod directory;
mod keys;

pub(crate) use config::create;
pub use config::{ReadSite, WriteSite};
pub use directory::{DirectoryCommand, directory};
pub(crate) use keys::check_key;
pub use keys::{AddKey, Authorize, ListKeys, RevokeKey};
