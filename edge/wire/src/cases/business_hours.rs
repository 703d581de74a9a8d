use crate::text::{InvalidText, as_text, text_schema};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// When somebody is there to answer, in the site's time zone.
///
/// ```
/// let hours: heard_wire::BusinessHours = serde_json::from_str(r#"{"days":{"monday":[{"from":"09:00","to":"12:00"},
///   {"from":"13:00","to":"17:30"}],"friday":[{"from":"22:00","to":"02:00"}]},"holidays":["2026-12-25"]}"#).unwrap();
/// assert_eq!(hours.days[&heard_wire::Weekday::Monday].len(), 2);
/// assert!(hours.fault().is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessHours {
    /// Any number of periods a day; a day that is not named is free.
    pub days: BTreeMap<Weekday, Vec<Period>>,
    /// Days on which nobody is there, such as `2026-12-25`.
    #[serde(default)]
    pub holidays: Vec<DayOfYear>,
}

/// A day of the week.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl<'de> Deserialize<'de> for Weekday {
    /// As a text: serde's way of reading a name of an enum leaves it out of the pointer to a fault below it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        name.parse().map_err(|_| serde::de::Error::custom("must be a day of the week such as monday"))
    }
}

/// From one time to another; one that ends no later than it begins goes on into the next day.
///
/// ```
/// let night: heard_wire::Period = serde_json::from_str(r#"{"from":"22:00","to":"06:00"}"#).unwrap();
/// assert!(night.ends_next_day());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its beginning.
    pub from: TimeOfDay,
    /// Its end, which is not part of it; `24:00` for midnight.
    pub to: TimeOfDay,
}

impl Period {
    /// Whether it goes on into the next day.
    #[must_use]
    pub fn ends_next_day(self) -> bool {
        self.to <= self.from
    }
}

/// What a clock on the wall shows, in minutes since midnight: `00:00` to `24:00`.
///
/// ```
/// assert_eq!("09:30".parse::<heard_wire::TimeOfDay>().unwrap().minutes(), 570);
/// assert!("24:01".parse::<heard_wire::TimeOfDay>().is_err() && "9".parse::<heard_wire::TimeOfDay>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Midnight at the beginning of a day.
    pub const START: Self = Self(0);
    /// Midnight at the end of a day.
    pub const END: Self = Self(24 * 60);

    /// Minutes since midnight.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("must be a time from 00:00 to 24:00");
        let (hours, minutes) =
            text.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2).ok_or(invalid)?;
        let number = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = number(hours).zip(number(minutes)).ok_or(invalid)?;
        let time = Self(hours * 60 + minutes);
        if minutes < 60 && time <= Self::END { Ok(time) } else { Err(invalid) }
    }
}

as_text!(TimeOfDay);
text_schema!(TimeOfDay);

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A day such as `2026-12-25`.
///
/// ```
/// assert_eq!("2028-02-29".parse::<heard_wire::DayOfYear>().unwrap().to_string(), "2028-02-29");
/// assert!("2026-02-29".parse::<heard_wire::DayOfYear>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayOfYear(pub Date);

impl FromStr for DayOfYear {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        // The parser also takes times.
        let day = text.parse().ok().filter(|_| text.len() == 10);
        day.map(Self).ok_or(InvalidText("must be a day such as 2026-12-25"))
    }
}

as_text!(DayOfYear);
text_schema!(DayOfYear);

impl fmt::Display for DayOfYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

const MAX_PERIODS: usize = 10;
const MAX_HOLIDAYS: usize = 400;

impl BusinessHours {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let mut days = self.days.values();
        if days.clone().all(Vec::is_empty) {
            return Some("must have a period on one day at least".to_owned());
        }
        if days.any(|periods| periods.len() > MAX_PERIODS) || self.holidays.len() > MAX_HOLIDAYS {
            return Some(format!("must have at most {MAX_PERIODS} periods a day and {MAX_HOLIDAYS} holidays"));
        }
        let starts_late = |period: &Period| period.from >= TimeOfDay::END;
        self.days.values().flatten().any(starts_late).then(|| "must have periods that begin before 24:00".to_owned())
    }
}
