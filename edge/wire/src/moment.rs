use crate::text::{InvalidText, as_text};
use crate::timestamp::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The end of a range as it is asked for: a moment (RFC 3339), or a day, which begins when it does in the site's time zone.
///
/// ```
/// use heard_wire::Moment;
/// let day: Moment = "2026-11-22".parse().unwrap();
/// assert_eq!(day.to_string(), "2026-11-22");
/// assert!(matches!("2026-11-22T09:00:00+01:00".parse(), Ok(Moment::At(_))));
/// assert!("yesterday".parse::<Moment>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Moment {
    /// This moment.
    At(Timestamp),
    /// The beginning of this day.
    On(Date),
}

impl FromStr for Moment {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::At(Timestamp::from_millis(at.as_millisecond())));
        }
        // The date parser also takes times, of which no zone is told.
        if let Some(date) = text.parse().ok().filter(|_| text.len() == 10) {
            return Ok(Self::On(date));
        }
        // In a query a plus stands for a blank.
        let was_plus = text.contains('T') && text.replace(' ', "+").parse::<jiff::Timestamp>().is_ok();
        Err(InvalidText(if was_plus {
            "has a + that must be written %2B in an address, as in 2026-11-22T09:00:00%2B01:00"
        } else {
            "must be a day such as 2026-11-22 or a moment such as 2026-11-22T09:00:00Z"
        }))
    }
}

as_text!(Moment);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(at) => at.fmt(f),
            Self::On(date) => date.fmt(f),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A day, or a moment as RFC 3339." })
    }
}
