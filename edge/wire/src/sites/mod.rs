//! Sites: what their owners set, who may reach them, and which there are.

mod directory;
mod key;
mod origin;
mod settings;
mod voice;

pub use directory::SiteSummary;
pub use key::{AddedApiKey, ApiKey, NewApiKey, Scope};
pub use origin::Origin;
pub use settings::{MAX_THEMES, Promise, SiteConfig, SiteSettings, Theme};
pub use voice::{Tone, Voice};
