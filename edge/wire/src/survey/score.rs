use serde::{Deserialize, Serialize};

/// An answer to "how likely are you to recommend us", 0 to 10.
///
/// ```
/// use heard_wire::{Band, Score};
/// let s: Score = serde_json::from_str("9").unwrap();
/// assert_eq!(s.band(), Band::Promoter);
/// assert!(serde_json::from_str::<Score>("11").is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(#[cfg_attr(feature = "schema", schemars(range(min = 0, max = 10)))] u8);

/// The three groups of the Net Promoter Score (Reichheld, "The One Number You Need to Grow", HBR 2003).
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Band {
    /// 0 to 6.
    Detractor,
    /// 7 and 8.
    Passive,
    /// 9 and 10.
    Promoter,
}

impl Score {
    /// A score, or `None` above 10.
    #[must_use]
    pub const fn new(value: u8) -> Option<Self> {
        if value <= 10 { Some(Self(value)) } else { None }
    }

    /// 0 to 10.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The group this score falls into.
    #[must_use]
    pub const fn band(self) -> Band {
        match self.0 {
            0..=6 => Band::Detractor,
            7 | 8 => Band::Passive,
            _ => Band::Promoter,
        }
    }
}

impl TryFrom<u8> for Score {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("a score is a whole number from 0 to 10")
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}
