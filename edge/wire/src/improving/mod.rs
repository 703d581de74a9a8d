//! The outer loop: what many said, what is done about it, and who is told.

mod announcement;
mod audience;
mod huddle;
mod idea;
mod improvement;
mod watch;

pub use announcement::{Announcement, AnnouncementKind, AnnouncementVerdict, NewAnnouncement, Reach};
pub use audience::{Audience, AudiencePreview};
pub use huddle::{Change, DigestNumber, Huddle, HuddleCause, HuddleTheme, Praised, Quote};
pub use idea::{IdeaGroup, IdeaSaid, Ideas};
pub use improvement::{
    Evidence, Improvement, ImprovementKind, ImprovementPatch, ImprovementStatus, NewImprovement, RootCause,
};
pub use watch::{Watch, WatchKind};
