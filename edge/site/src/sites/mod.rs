//! Sites: what their owners set, who may reach them, and which there are.

mod backup;
pub(crate) mod config;
mod directory;
mod keys;

pub use backup::{BackupPage, BackupPlace, ExportSite, ImportRecords};
pub(crate) use config::create;
pub use config::{ChangeSite, EraseSite, ReadSite, WriteSite};
pub use directory::{DirectoryCommand, directory};
pub(crate) use keys::check_key;
pub use keys::{AddKey, Authorize, ListKeys, RevokeKey};
