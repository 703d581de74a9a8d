//! How long something may take, and when that time is over: by the customer's clock and by the business's.

use crate::zone::Zone;
use heard_wire::{BusinessHours, DayOfYear, Elapsed, Period, TimeOfDay, TimeUnit, Timestamp, Weekday, Within};
use jiff::civil::{Date, Time};
use std::time::Duration;

/// The hours of a site, in its time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: Zone,
    hours: Option<BusinessHours>,
}

/// Which time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// All of it.
    AllHours,
    /// That in which somebody is there.
    BusinessHours,
    /// Whole days on which somebody is there at some time.
    WorkingDays,
}

/// How far ahead is looked, in days: beyond stand only hours that never come.
const FARTHEST: usize = 3_660;
const DAY: Duration = Duration::from_secs(24 * 3_600);

impl Calendar {
    /// Of a site with these hours; `None` for one where somebody is there at any time.
    #[must_use]
    pub fn new(zone: Zone, hours: Option<BusinessHours>) -> Self {
        Self { zone, hours }
    }

    /// How a time is counted, and how much of it there is.
    #[must_use]
    pub fn amount(within: Within) -> (Counting, Duration) {
        let number = u32::from(within.number);
        match within.unit {
            TimeUnit::Minutes => (Counting::AllHours, Duration::from_secs(60) * number),
            TimeUnit::Hours => (Counting::AllHours, Duration::from_secs(3_600) * number),
            TimeUnit::Days => (Counting::AllHours, DAY * number),
            TimeUnit::BusinessHours => (Counting::BusinessHours, Duration::from_secs(3_600) * number),
            TimeUnit::WorkingDays => (Counting::WorkingDays, DAY * number),
        }
    }

    /// When so much time is over, counted from a moment. What never comes lies ten years ahead.
    #[must_use]
    pub fn after(&self, from: Timestamp, counting: Counting, amount: Duration) -> Timestamp {
        if self.counts_all(counting) {
            return from + amount;
        }
        let mut left = amount;
        for (begins, ends) in self.spans(from, counting) {
            let length = ends.since(begins);
            if left <= length {
                return begins + left;
            }
            left -= length;
        }
        from + DAY * 3_650
    }

    /// How much time that counts lies between two moments.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp, counting: Counting) -> Duration {
        if self.counts_all(counting) {
            return to.since(from);
        }
        let spans = self.spans(from, counting).take_while(|(begins, _)| *begins < to);
        spans.map(|(begins, ends)| ends.min(to).since(begins)).sum()
    }

    /// How long something took, by both clocks.
    #[must_use]
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> Elapsed {
        let business_seconds = self.between(from, to, Counting::BusinessHours).as_secs();
        Elapsed { seconds: to.since(from).as_secs(), business_seconds }
    }

    fn counts_all(&self, counting: Counting) -> bool {
        match counting {
            Counting::AllHours => true,
            Counting::BusinessHours => self.hours.is_none(),
            Counting::WorkingDays => false,
        }
    }

    /// The time that counts from a moment on, in order, in pieces that do not overlap. A day's hours are those that clocks show
    /// on it: where they are put forward in the middle of a period there is an hour less, and where they are put back one more.
    fn spans(&self, from: Timestamp, counting: Counting) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let mut reached = from;
        // A period of the evening before may go on.
        let first = self.zone.day_of(from).and_then(|day| day.yesterday().ok());
        let days = std::iter::successors(first, |day| day.tomorrow().ok()).take(FARTHEST);
        let pieces = days.flat_map(move |day| {
            let mut pieces: Vec<_> = self.periods(day, counting).filter_map(|period| self.span(day, period)).collect();
            pieces.sort_unstable();
            pieces
        });
        pieces.filter_map(move |(begins, ends)| {
            let begins = begins.max(reached);
            reached = reached.max(ends);
            (begins < ends).then_some((begins, ends))
        })
    }

    fn periods(&self, day: Date, counting: Counting) -> impl Iterator<Item = Period> {
        const WHOLE: &[Period] = &[Period { from: TimeOfDay::START, to: TimeOfDay::END }];
        let is_holiday = self.hours.as_ref().is_some_and(|hours| hours.holidays.contains(&DayOfYear(day)));
        let weekday = weekday(day);
        let periods: &[Period] = match &self.hours {
            _ if is_holiday => &[],
            Some(hours) => hours.days.get(&weekday).map_or(&[], Vec::as_slice),
            // People work from Monday to Friday, unless the owner tells otherwise.
            None if matches!(weekday, Weekday::Saturday | Weekday::Sunday) => &[],
            None => WHOLE,
        };
        let periods = if counting == Counting::WorkingDays && !periods.is_empty() { WHOLE } else { periods };
        periods.iter().copied()
    }

    fn span(&self, day: Date, period: Period) -> Option<(Timestamp, Timestamp)> {
        let last = if period.ends_next_day() { day.tomorrow().ok()? } else { day };
        Some((self.at(day, period.from)?, self.at(last, period.to)?))
    }

    /// When clocks there show this time of that day; where they skip it, as much later.
    fn at(&self, day: Date, time: TimeOfDay) -> Option<Timestamp> {
        let (day, minutes) = if time == TimeOfDay::END { (day.tomorrow().ok()?, 0) } else { (day, time.minutes()) };
        let part = |minutes: u16| i8::try_from(minutes).ok();
        let time = Time::new(part(minutes / 60)?, part(minutes % 60)?, 0, 0).ok()?;
        self.zone.moment(day.to_datetime(time))
    }
}

fn weekday(day: Date) -> Weekday {
    match day.weekday() {
        jiff::civil::Weekday::Monday => Weekday::Monday,
        jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
        jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
        jiff::civil::Weekday::Thursday => Weekday::Thursday,
        jiff::civil::Weekday::Friday => Weekday::Friday,
        jiff::civil::Weekday::Saturday => Weekday::Saturday,
        jiff::civil::Weekday::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(zone: &str, hours: &str) -> Calendar {
        let hours = if hours.is_empty() { None } else { Some(serde_json::from_str(hours).unwrap()) };
        Calendar::new(Zone::named(zone).unwrap(), hours)
    }

    fn at(text: &str) -> Timestamp {
        serde_json::from_str(&format!("\"{text}\"")).unwrap()
    }

    const WEEK: &str = r#"{"days":{"monday":[{"from":"09:00","to":"12:00"},{"from":"13:00","to":"17:30"}],
        "tuesday":[{"from":"09:00","to":"17:30"}],"friday":[{"from":"09:00","to":"17:30"}]},"holidays":["2026-12-25"]}"#;

    #[test]
    fn a_time_is_over_when_it_has_passed_in_the_hours_that_count() {
        let within = |number, unit| Within { number, unit };
        for (zone, hours, from, within, due) in [
            // Friday afternoon and an hour is Monday morning.
            ("Europe/Berlin", WEEK, "2026-11-27T16:00:00Z", within(1, TimeUnit::BusinessHours), "2026-11-30T08:30:00Z"),
            // Over lunch.
            ("Europe/Berlin", WEEK, "2026-11-30T10:30:00Z", within(1, TimeUnit::BusinessHours), "2026-11-30T12:30:00Z"),
            // Over a holiday, which is a Friday.
            ("Europe/Berlin", WEEK, "2026-12-22T16:00:00Z", within(1, TimeUnit::BusinessHours), "2026-12-28T08:30:00Z"),
            // At night, into the next day, over the evening when clocks go back.
            (
                "Europe/Berlin",
                r#"{"days":{"saturday":[{"from":"22:00","to":"06:00"}]}}"#,
                "2026-10-24T20:00:00Z",
                within(9, TimeUnit::BusinessHours),
                "2026-10-25T05:00:00Z",
            ),
            // And forward.
            (
                "Europe/Berlin",
                r#"{"days":{"saturday":[{"from":"22:00","to":"06:00"}]}}"#,
                "2027-03-27T21:00:00Z",
                within(7, TimeUnit::BusinessHours),
                "2027-03-28T04:00:00Z",
            ),
            // All day, to midnight.
            (
                "UTC",
                r#"{"days":{"monday":[{"from":"00:00","to":"24:00"}]}}"#,
                "2026-11-30T23:00:00Z",
                within(2, TimeUnit::BusinessHours),
                "2026-12-07T01:00:00Z",
            ),
            // A leap day is a day.
            ("UTC", "", "2028-02-28T12:00:00Z", within(2, TimeUnit::WorkingDays), "2028-03-01T12:00:00Z"),
            // Two working days over a weekend.
            ("UTC", "", "2026-11-27T12:00:00Z", within(2, TimeUnit::WorkingDays), "2026-12-01T12:00:00Z"),
            ("UTC", "", "2026-11-28T12:00:00Z", within(1, TimeUnit::WorkingDays), "2026-12-01T00:00:00Z"),
            ("Europe/Berlin", WEEK, "2026-11-27T16:00:00Z", within(1, TimeUnit::Hours), "2026-11-27T17:00:00Z"),
            ("UTC", "", "2026-11-27T16:00:00Z", within(5, TimeUnit::BusinessHours), "2026-11-27T21:00:00Z"),
            ("UTC", "", "2026-11-27T16:00:00Z", within(90, TimeUnit::Minutes), "2026-11-27T17:30:00Z"),
        ] {
            let (counting, amount) = Calendar::amount(within);
            let found = calendar(zone, hours).after(at(from), counting, amount);
            assert_eq!(found, at(due), "{from} {within:?} {found}");
        }
    }

    #[test]
    fn hours_that_never_come_lie_far_ahead() {
        let hours = r#"{"days":{"monday":[{"from":"02:00","to":"03:00"}]},"holidays":["2026-11-30"]}"#;
        let due = calendar("UTC", hours).after(at("2026-11-28T00:00:00Z"), Counting::BusinessHours, DAY * 400);
        assert!(due > at("2036-01-01T00:00:00Z"));
    }

    proptest::proptest! {
        /// What is over after an amount took that amount, whatever clocks do in between; and never less than by the wall.
        #[test]
        fn an_amount_is_what_lies_between(
            start in 1_700_000_000_i64..1_900_000_000,
            minutes in 1_u64..20_000,
            periods in proptest::collection::vec((0_u16..7, 0_u16..1_440, 0_u16..=1_440), 1..12),
            zone in 0_usize..5,
            counting in 0_usize..3,
        ) {
            let zone = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "UTC"][zone];
            let counting = [Counting::AllHours, Counting::BusinessHours, Counting::WorkingDays][counting];
            let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
            let mut days = serde_json::Map::new();
            for (day, from, to) in periods {
                let list = days.entry(names[usize::from(day)]).or_insert_with(|| serde_json::json!([]));
                list.as_array_mut().unwrap().push(serde_json::json!({ "from": clock(from), "to": clock(to) }));
            }
            let calendar = calendar(zone, &serde_json::json!({ "days": days, "holidays": ["2026-12-25", "2028-02-29"] }).to_string());
            let (from, amount) = (Timestamp::from_millis(start * 1_000), Duration::from_secs(minutes * 60));
            let due = calendar.after(from, counting, amount);
            if due.since(from) < DAY * 3_600 {
                proptest::prop_assert_eq!(calendar.between(from, due, counting), amount);
                proptest::prop_assert!(due.since(from) >= amount);
                // Stopping on the way changes nothing.
                let half = from + due.since(from) / 2;
                let rest = amount - calendar.between(from, half, counting);
                proptest::prop_assert_eq!(calendar.after(half, counting, rest), due);
            }
        }
    }
}
