//! What comes by the calendar: when it was done last, and when it is due again.

use crate::site::Site;
use crate::store::{Cell, SiteError, Sql, run, scalar};
use crate::zone::{Zone, zone_of};
use heard_wire::Timestamp;
use jiff::civil::Weekday;

/// Each day at this hour of the site's clocks, or only on Mondays.
pub(super) struct Round {
    pub(super) name: &'static str,
    pub(super) hour: i8,
    pub(super) weekly: bool,
}

impl Round {
    /// When it is due, where anything was answered since `Self` was done last, or within `patience` days before; a site to which
    /// nobody says anything is left asleep.
    pub(super) fn due(&self, sql: &dyn Sql, patience: i64) -> Result<Option<Timestamp>, SiteError> {
        const ACT: &str = "look when it is due by the calendar";
        let done = scalar(sql, ACT, "SELECT done_at FROM rounds WHERE name = ?", [Cell::from(self.name)])?;
        let newest = scalar(sql, ACT, "SELECT max(created_at) FROM responses", [])?;
        let Some(newest) = newest else { return Ok(None) };
        let since = match done {
            Some(done) if newest + patience * DAY < done => return Ok(None),
            Some(done) => done,
            None => scalar(sql, ACT, "SELECT min(created_at) FROM responses", [])?.unwrap_or(newest),
        };
        Ok(self.after(Timestamp::from_millis(since), &zone_of(sql)?))
    }

    /// The next time after a moment.
    fn after(&self, at: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let mut day = zone.day_of(at)?;
        // A week has seven days, and today's hour may be over.
        for _ in 0..9 {
            let fits = !self.weekly || day.weekday() == Weekday::Monday;
            let moment = zone.moment(day.at(self.hour, 0, 0, 0))?;
            if fits && moment > at {
                return Some(moment);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    pub(super) fn is_done(&self, site: &Site<'_>) -> Result<(), SiteError> {
        let statement = "INSERT INTO rounds (name, done_at) VALUES (?, ?)
             ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at";
        let params = [Cell::from(self.name), Cell::from(site.context.now)];
        run(site.sql, "note what was done by the calendar", statement, params).map(drop)
    }
}

const DAY: i64 = 24 * 3_600_000;
