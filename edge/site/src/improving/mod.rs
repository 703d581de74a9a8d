//! The outer loop: what many said, what is done about it, who is told, and what changed that nobody asked about.

mod announcements;
mod announcing;
mod audience;
mod bright_spots;
mod calendar;
mod evidence;
mod huddle;
mod ideas;
mod improvements;
mod moving;
mod praise;
mod watch;

pub use announcements::{Announce, ListAnnouncements, ReadAnnouncement, TakeBackAnnouncement};
pub(crate) use announcing::{ANNOUNCING, erase, judge, pending, unquote};
pub use audience::TryAudience;
pub use bright_spots::ReadBrightSpots;
pub(crate) use huddle::HUDDLING;
pub use huddle::ReadHuddle;
pub use ideas::ListIdeas;
pub use improvements::{AddImprovement, ChangeImprovement, ListImprovements, ReadImprovement, RemoveImprovement};
pub(crate) use improvements::{all as all_improvements, disown, restore as restore_improvement};
pub(crate) use moving::{export_announcements, export_told, restore_announcement, restore_told};
pub(crate) use praise::tell as tell_praise;
pub use watch::ListWatches;
pub(crate) use watch::WATCHING;
