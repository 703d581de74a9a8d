//! Times as other tools write them into tables.

use crate::zone::Zone;
use heard_wire::{Moment, Timestamp};

/// How times of a table are read.
pub(crate) struct Clock {
    /// Of those without one.
    pub(crate) zone: Option<Zone>,
    /// Whether 03/04 is in April.
    pub(crate) day_first: bool,
}

/// Whether dates with strokes begin with the day, as one whose other number is no month tells; `None` where none does.
pub(crate) fn is_day_first<'a>(mut dates: impl Iterator<Item = &'a str>) -> Option<bool> {
    dates.find_map(|date| {
        let mut numbers = date.trim().split('/').map(|part| part.parse::<u8>().ok());
        match (numbers.next()??, numbers.next()??) {
            (13..=31, _) => Some(true),
            (_, 13..=31) => Some(false),
            _ => None,
        }
    })
}

/// How other tools write times; those without a zone are in the site's.
const FORMS: [&str; 11] = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%b %d, %Y %I:%M %p",
    "%d %b %Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
];
const DAYS: [&str; 3] = ["%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d"];

/// The moment that a cell tells.
pub(crate) fn moment(text: &str, clock: &Clock) -> Option<Timestamp> {
    let zone = clock.zone.as_ref();
    // The forms with strokes begin with the month.
    let swapped = clock.day_first.then(|| text.split_once('/')).flatten();
    let swapped =
        swapped.and_then(|(day, rest)| rest.split_once('/').map(|(month, rest)| format!("{month}/{day}/{rest}")));
    let text = swapped.as_deref().unwrap_or(text);
    if let Some(utc) = text.strip_suffix(" UTC") {
        let time = FORMS.iter().find_map(|form| jiff::civil::DateTime::strptime(form, utc).ok())?;
        let at = time.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        return Some(Timestamp::from_millis(at.as_millisecond()));
    }
    if let Some(seconds) = text.parse::<i64>().ok().filter(|seconds| *seconds > 100_000_000) {
        // Milliseconds have three digits more.
        let millis = if seconds > 100_000_000_000 { seconds } else { seconds * 1_000 };
        return Some(Timestamp::from_millis(millis));
    }
    let zone = zone.cloned().or_else(|| Zone::named("UTC"))?;
    if let Ok(moment) = text.parse::<Moment>() {
        return Some(zone.begins(moment));
    }
    if let Ok(with_zone) = jiff::Timestamp::strptime("%Y-%m-%d %H:%M:%S %z", text) {
        return Some(Timestamp::from_millis(with_zone.as_millisecond()));
    }
    let time = FORMS.iter().find_map(|form| jiff::civil::DateTime::strptime(form, text).ok());
    let day = || DAYS.iter().find_map(|form| jiff::civil::Date::strptime(form, text).ok()).map(Moment::On);
    match time {
        Some(time) => zone.moment(time),
        None => day().map(|day| zone.begins(day)),
    }
}
