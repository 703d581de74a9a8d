//! A site's time zone: when its days begin.

use crate::site::Site;
use crate::store::{SiteError, Sql, one};
use heard_wire::{Moment, Timestamp};
use jiff::tz::TimeZone;

/// A time zone of the IANA database.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of this name, if there is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// The moment that is meant: a day begins when it does here.
    pub(crate) fn begins(&self, moment: Moment) -> Timestamp {
        match moment {
            Moment::At(at) => at,
            Moment::On(day) => {
                let begins = day.to_zoned(self.0.clone()).map(|begins| begins.timestamp());
                // At the ends of the calendar, where zones end, a day begins as it does in UTC: people write "no end" so.
                begins.map_or_else(|_| begins_in_utc(day), |at| Timestamp::from_millis(at.as_millisecond()))
            }
        }
    }

    /// The beginnings of the day that it is here, and of the next.
    pub(crate) fn day_around(&self, at: Timestamp) -> (Timestamp, Timestamp) {
        let Some(today) = self.day_of(at) else { return (at, at) };
        let begins = |day: jiff::civil::Date| self.moment(day.to_datetime(jiff::civil::Time::midnight())).unwrap_or(at);
        (begins(today), begins(today.tomorrow().unwrap_or(today)))
    }

    /// The day that it is here.
    pub(crate) fn day_of(&self, at: Timestamp) -> Option<jiff::civil::Date> {
        self.shown(at).map(jiff::civil::DateTime::date)
    }

    /// What clocks here show.
    pub(crate) fn shown(&self, at: Timestamp) -> Option<jiff::civil::DateTime> {
        let at = jiff::Timestamp::from_millisecond(at.as_millis()).ok()?;
        Some(self.0.to_datetime(at))
    }

    /// The beginning of the hour, as clocks here count it: in some zones that is half past elsewhere.
    pub(crate) fn hour_of(&self, at: Timestamp) -> Timestamp {
        let Some(shown) = self.shown(at) else { return at };
        let since =
            i64::from(shown.minute()) * 60_000 + i64::from(shown.second()) * 1_000 + i64::from(shown.millisecond());
        at.plus_millis(-since)
    }

    /// When clocks here showed this.
    pub(crate) fn moment(&self, shown: jiff::civil::DateTime) -> Option<Timestamp> {
        let at = shown.to_zoned(self.0.clone()).ok()?.timestamp();
        Some(Timestamp::from_millis(at.as_millisecond()))
    }

    /// An expression for what is to be added, in seconds, to a column of milliseconds for the time that clocks here showed:
    /// exact from `since` to `until`.
    pub(crate) fn offset(&self, column: &str, since: Timestamp, until: Timestamp) -> String {
        let moment = |at: Timestamp| jiff::Timestamp::from_millisecond(at.as_millis()).ok();
        let seconds = |at: jiff::Timestamp| self.0.to_offset(at).seconds();
        let Some(first) = moment(since) else { return "0".to_owned() };
        let changes =
            self.0.following(first).take_while(|change| change.timestamp().as_millisecond() < until.as_millis());
        let mut cases = String::new();
        let mut before = seconds(first);
        // Two a year, and never more than SQLite takes.
        for change in changes.take(200) {
            cases.push_str(&format!(" WHEN {column} < {} THEN {before}", change.timestamp().as_millisecond()));
            before = change.offset().seconds();
        }
        if cases.is_empty() { before.to_string() } else { format!("CASE{cases} ELSE {before} END") }
    }
}

fn begins_in_utc(day: jiff::civil::Date) -> Timestamp {
    let days = jiff::civil::date(1970, 1, 1).until(day).map_or(0, |span| span.get_days());
    Timestamp::from_millis(i64::from(days) * 86_400_000)
}

impl Site<'_> {
    /// The zone in which the site's days begin. One that a later release knew is UTC.
    pub(crate) fn zone(&self) -> Result<Zone, SiteError> {
        zone_of(self.sql)
    }
}

/// The same of the site whose tables these are.
pub(crate) fn zone_of(sql: &dyn Sql) -> Result<Zone, SiteError> {
    let statement = "SELECT CASE WHEN json_valid(settings) THEN settings ->> '$.time_zone' END FROM site";
    let name = one(sql, "read the time zone", statement, [])?;
    let name = name.map_or(Ok(None), |mut columns| columns.optional_text())?;
    Ok(name.and_then(|name| Zone::named(&name)).unwrap_or(Zone(TimeZone::UTC)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_when_they_do_there() {
        let at = |text: &str| match text.parse().unwrap() {
            Moment::At(at) => at,
            Moment::On(_) => panic!("{text}"),
        };
        for (zone, day, begins) in [
            ("UTC", "2026-11-22", "2026-11-22T00:00:00Z"),
            ("Europe/Berlin", "2026-11-22", "2026-11-21T23:00:00Z"),
            ("Europe/Berlin", "2026-07-01", "2026-06-30T22:00:00Z"),
            ("America/New_York", "2026-11-22", "2026-11-22T05:00:00Z"),
            // Its clocks went forward at midnight.
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
            ("Asia/Kolkata", "2026-11-22", "2026-11-21T18:30:00Z"),
            ("UTC", "9999-12-30", "9999-12-30T00:00:00Z"),
        ] {
            assert_eq!(Zone::named(zone).unwrap().begins(day.parse().unwrap()), at(begins), "{zone} {day}");
        }
        // The last day that there is, which people write for "no end".
        let last = Zone::named("Europe/Berlin").unwrap().begins("9999-12-31".parse().unwrap());
        assert_eq!(last, Timestamp::from_millis(253_402_214_400_000));
        assert!(Zone::named("Mars/Olympus").is_none());
    }

    #[test]
    fn an_offset_changes_with_the_clocks() {
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let (spring, autumn) = (Timestamp::from_millis(1_767_225_600_000), Timestamp::from_millis(1_796_000_000_000));
        let offset = berlin.offset("at", spring, autumn);
        assert_eq!(offset, "CASE WHEN at < 1774746000000 THEN 3600 WHEN at < 1792890000000 THEN 7200 ELSE 3600 END");
        assert_eq!(Zone::named("UTC").unwrap().offset("at", spring, autumn), "0");
    }
}
