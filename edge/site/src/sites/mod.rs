//! Sites: what their owners set, who may reach them, and which there are.

mod backup;
pub(crate) mod config;
mod directory;
mod keys;
mod visitor_keys;

pub use backup::{BackupPage, BackupPlace, ExportSite, ImportRecords};
pub(crate) use config::create;
pub use config::{ChangeSite, EraseSite, ReadSite, WriteSite};
pub use directory::{DirectoryCommand, directory};
pub(crate) use keys::check_key;
pub use keys::{AddKey, Authorize, ListKeys, RevokeKey};
pub(crate) use visitor_keys::vouches;
pub use visitor_keys::{ReadVisitorKeys, RotateVisitorKey};
