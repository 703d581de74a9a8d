//! Sites: what their owners set, who may reach them, and which there are.

mod backup;
mod directory;
mod key;
mod limits;
mod origin;
mod restoration;
mod session;
mod settings;
mod settings_patch;
mod visitor_key;
mod voice;

pub use backup::{BackupRecord, ImportReport, ImportedRow, LineFault};
pub use directory::SiteSummary;
pub use key::{AddedApiKey, ApiKey, NewApiKey, Scope};
pub use limits::Limits;
pub use origin::Origin;
pub use restoration::{Restoration, Restored};
pub use session::{KeyHolder, NewSession, Session, SessionHolder, SignedIn};
pub use settings::{MAX_THEMES, Promise, SiteConfig, SiteSettings, Theme, TimeUnit, Within};
pub use settings_patch::SettingsPatch;
pub use visitor_key::VisitorKeys;
pub use voice::{Tone, Voice};
