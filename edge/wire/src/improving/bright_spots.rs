use crate::id::ThemeId;
use crate::improving::evidence::Quote;
use crate::improving::huddle::Praised;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What promoters are glad of, and whom customers praise by name, month by month: the answer to
/// `GET /v1/sites/{site}/bright-spots`.
///
/// ```
/// assert!(serde_json::from_str::<heard_wire::BrightSpots>(r#"{"months":[]}"#).unwrap().months.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrightSpots {
    /// The newest first. A month in which nobody answered is left out.
    pub months: Vec<BrightMonth>,
}

/// A month of bright spots, in the site's time zone.
///
/// ```
/// let m: heard_wire::BrightMonth = serde_json::from_str(r#"{"month":"2026-11","since":"2026-11-01T00:00:00.000Z",
///   "until":"2026-12-01T00:00:00.000Z","promoters":40,"with_words":22,"themes":[],"people":[],"quotes":[]}"#).unwrap();
/// assert_eq!(m.promoters, 40);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrightMonth {
    /// Year and month, as in `2026-11`.
    pub month: String,
    /// When it began.
    pub since: Timestamp,
    /// When it ended, or will.
    pub until: Timestamp,
    /// Promoters who answered.
    pub promoters: u64,
    /// How many of them said something.
    pub with_words: u64,
    /// What they praised most; at most 5 themes.
    pub themes: Vec<BrightTheme>,
    /// Whom customers praised by name, whatever their score; at most 10.
    pub people: Vec<Praised>,
    /// What else they praised, in their words; at most 3.
    pub quotes: Vec<Quote>,
}

/// A theme that promoters praised.
///
/// ```
/// let t: heard_wire::BrightTheme = serde_json::from_str(r#"{"theme":"staff","promoters":12,"quotes":[]}"#).unwrap();
/// assert_eq!(t.promoters, 12);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BrightTheme {
    /// Its id.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub theme: ThemeId,
    /// By so many promoters.
    pub promoters: u64,
    /// What says it best; at most 2.
    pub quotes: Vec<Quote>,
}

/// How many months are told of: 1 to 12.
///
/// ```
/// let most: heard_wire::Months = "6".parse().unwrap();
/// assert!(most.get() == 6 && "13".parse::<heard_wire::Months>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Months(u8);

impl Months {
    /// As a number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for Months {
    fn default() -> Self {
        Self(6)
    }
}

impl std::str::FromStr for Months {
    type Err = crate::InvalidText;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse().ok().filter(|number| (1..=12).contains(number));
        number.map(Self).ok_or(crate::InvalidText("must be a whole number from 1 to 12"))
    }
}
