//! As whom a site writes to people.

use crate::zone::Zone;
use heard_wire::Timestamp;

/// What stands at the head of chats and mails, and what clocks they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// What customers call the site.
    pub name: String,
    /// Its time zone, by its name in the IANA database.
    pub time_zone: String,
}

impl Letterhead {
    /// A moment as the clocks there show it, such as `2026-11-23 12:00 Europe/Berlin`.
    pub(super) fn shows(&self, at: Timestamp) -> String {
        // One that a later release knew is UTC.
        let zone = Zone::named(&self.time_zone);
        let name = zone.as_ref().map_or("UTC", |_| self.time_zone.as_str());
        let shown = zone.or_else(|| Zone::named("UTC")).and_then(|zone| zone.shown(at));
        shown.map_or_else(
            || at.to_string(),
            |shown| format!("{} {:02}:{:02} {name}", shown.date(), shown.hour(), shown.minute()),
        )
    }
}
