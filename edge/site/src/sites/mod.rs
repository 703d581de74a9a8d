//! Sites: what their owners set, who may reach them, and which there are.

mod backup;
pub(crate) mod config;
mod directory;
mod keys;
mod passkeys;
mod sessions;
mod visitor_keys;

pub use backup::{BackupPage, BackupPlace, ExportSite, ImportRecords};
pub use config::{ChangeSite, EraseSite, ReadSite, WriteSite};
pub(crate) use config::{create, forget_teammate};
pub use directory::{DirectoryCommand, directory};
pub use keys::{AddKey, Authorize, Introduce, ListKeys, RevokeKey};
pub(crate) use keys::{Proof, check_key};
pub(crate) use passkeys::forget_passkeys_of;
pub use passkeys::{
    CHALLENGE_GOOD_FOR, Ceremony, CeremonyKind, KeptPasskey, MOST_PASSKEYS, PasskeyCommand, PasskeysFound,
    is_good_challenge, make_challenge, passkeys, raw_signature,
};
pub use sessions::{SessionCommand, SessionsFound, sessions};
pub use visitor_keys::{ReadVisitorKeys, RotateVisitorKey};
pub(crate) use visitor_keys::{speaks_for, visitor_key, vouches};
