//! The outer loop: what many said, what is done about it, and who is told.

mod announcement;
mod audience;
mod bright_spots;
mod evidence;
mod huddle;
mod idea;
mod improvement;
mod watch;

pub use announcement::{Announcement, AnnouncementKind, AnnouncementVerdict, NewAnnouncement, Reach};
pub use audience::{Audience, AudiencePreview};
pub use bright_spots::{BrightMonth, BrightSpots, BrightTheme, Months};
pub use evidence::{Change, Evidence, Quote, RootCause};
pub use huddle::{DigestNumber, Huddle, HuddleCause, HuddleTheme, Praised};
pub use idea::{IdeaGroup, IdeaSaid, Ideas};
pub use improvement::{Improvement, ImprovementKind, ImprovementPatch, ImprovementStatus, NewImprovement};
pub use watch::{Watch, WatchKind};
