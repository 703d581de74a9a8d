//! Dates, times and numbers, written by the browser in the language and the time zone that count.

use crate::browser;
use crate::texts::{language, t, tf};
use heard_wire::Timestamp;
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

fn locale() -> Array {
    Array::of1(&JsValue::from(language()))
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&options, &JsValue::from(*name), &JsValue::from(*value));
    }
    options
}

fn written(at: Timestamp, zone: &str, pairs: &[(&str, &str)], locale: &Array) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let date = Date::new(&JsValue::from(at.as_millis() as f64));
    let with_zone = [pairs, &[("timeZone", zone)]].concat();
    let format = Intl::DateTimeFormat::new(locale, &options(&with_zone)).format();
    let text = format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string());
    text.unwrap_or_default()
}

/// `24 Nov, 18:02`, in the zone.
pub(crate) fn moment(at: Timestamp, zone: &str) -> String {
    let pairs = [("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")];
    written(at, zone, &pairs, &locale())
}

/// The same in full, with weekday and year.
pub(crate) fn full_moment(at: Timestamp, zone: &str) -> String {
    written(at, zone, &[("dateStyle", "full"), ("timeStyle", "short")], &locale())
}

/// The date alone.
pub(crate) fn day(at: Timestamp, zone: &str) -> String {
    written(at, zone, &[("day", "numeric"), ("month", "short")], &locale())
}

/// `November 2026`, in the zone.
pub(crate) fn month(at: Timestamp, zone: &str) -> String {
    written(at, zone, &[("month", "long"), ("year", "numeric")], &locale())
}

/// A day of the calendar such as `2026-11-22`, as the language writes it.
pub(crate) fn named_day(iso: &str) -> String {
    let at = Date::parse(iso);
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let at = Timestamp::from_millis(at as i64);
    day(at, "UTC")
}

/// The Monday of a week of ISO 8601, as the language writes it.
pub(crate) fn monday_of(year: i32, week: i64) -> String {
    // The fourth of January lies in the first week.
    let fourth = Date::new(&JsValue::from(format!("{year}-01-04")));
    let weekday = i64::from(fourth.get_utc_day() + 6) % 7;
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let fourth = fourth.get_time() as i64;
    day(Timestamp::from_millis(fourth + ((week - 1) * 7 - weekday) * 86_400_000), "UTC")
}

/// The day in the zone that lies so many days back, as `2026-11-22`.
pub(crate) fn day_before(days: i64, zone: &str) -> String {
    let at = Timestamp::from_millis(browser::now() - days * 86_400_000);
    // Sweden writes days as ISO 8601 does.
    let sweden = Array::of1(&JsValue::from("sv-SE"));
    written(at, zone, &[("year", "numeric"), ("month", "2-digit"), ("day", "2-digit")], &sweden)
}

/// The hour in the zone, for a greeting.
pub(crate) fn hour(zone: &str) -> u32 {
    let at = Timestamp::from_millis(browser::now());
    let text = written(at, zone, &[("hour", "2-digit"), ("hourCycle", "h23")], &Array::of1(&JsValue::from("en-GB")));
    text.trim().parse().unwrap_or(12)
}

/// The zone of this browser.
pub(crate) fn own_zone() -> String {
    let resolved = Intl::DateTimeFormat::new(&locale(), &Object::new()).resolved_options();
    Reflect::get(&resolved, &"timeZone".into()).ok().and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".into())
}

/// A whole number, as the language writes it.
pub(crate) fn whole(n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    number(n as f64, 0)
}

/// A number with at most so many digits behind the point.
pub(crate) fn number(n: f64, digits: u32) -> String {
    let options = Object::new();
    let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &JsValue::from(digits));
    let format = Intl::NumberFormat::new(&locale(), &options).format();
    let text = format.call1(&JsValue::UNDEFINED, &JsValue::from(n)).ok().and_then(|text| text.as_string());
    // A minus that is one.
    text.unwrap_or_default().replace('-', "\u{2212}")
}

/// From 0 to 100, in percent.
pub(crate) fn percent(n: f64) -> String {
    tf("percent", &[("n", &number(n, 0))])
}

/// How long something takes, in the two largest units that count.
pub(crate) fn duration(seconds: u64) -> String {
    let minutes = seconds / 60;
    let (days, hours, rest) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    let part = |n: u64, name: &str| tf(name, &[("n", &whole(n))]);
    match (days, hours) {
        (0, 0) if rest == 0 => t("duration.moment"),
        (0, 0) => part(rest, "duration.minutes"),
        (0, _) if rest == 0 || hours > 9 => part(hours, "duration.hours"),
        (0, _) => format!("{} {}", part(hours, "duration.hours"), part(rest, "duration.minutes")),
        (_, 0) => part(days, "duration.days"),
        (1..=3, _) => format!("{} {}", part(days, "duration.days"), part(hours, "duration.hours")),
        _ => part(days, "duration.days"),
    }
}

/// Seconds from one moment to another, none where it lies before.
pub(crate) fn seconds_between(from: i64, to: i64) -> u64 {
    u64::try_from((to - from) / 1_000).unwrap_or(0)
}

/// A moment as it is written, without a zone in the browser's own: as a field for date and time gives it.
pub(crate) fn of_field(text: &str) -> Option<Timestamp> {
    let millis = Date::new(&JsValue::from(text)).get_time();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    millis.is_finite().then(|| Timestamp::from_millis(millis as i64))
}
