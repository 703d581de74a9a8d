//! Sites: what their owners set, who may reach them, and which there are.

mod backup;
mod directory;
mod key;
mod limits;
mod look;
mod origin;
mod passkey;
mod promise;
mod restoration;
mod session;
mod settings;
mod settings_patch;
mod sign_in;
mod theme;
mod visitor_key;
mod voice;

pub use backup::{BackupRecord, ImportReport, ImportedRow, LineFault};
pub use directory::SiteSummary;
pub use key::{AddedApiKey, ApiKey, NewApiKey, Scope};
pub use limits::Limits;
pub use look::{Color, Font, Look, Position, Scheme, Shade, SurveyLook, TriedLook};
pub use origin::Origin;
pub use passkey::{
    MadeCredential, MadeResponse, NewPasskey, Passkey, PasskeyChallenge, ShownCredential, ShownResponse,
};
pub use promise::{Promise, TimeUnit, Within};
pub use restoration::{Restoration, Restored};
pub use session::{KeyHolder, Session, SessionHolder, SignedIn};
pub use settings::{SiteConfig, SiteSettings};
pub use settings_patch::SettingsPatch;
pub(crate) use settings_patch::merge;
pub use sign_in::NewSession;
pub use theme::{MAX_THEMES, Theme};
pub use visitor_key::VisitorKeys;
pub use voice::{Tone, Voice};
