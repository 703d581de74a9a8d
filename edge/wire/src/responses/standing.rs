use serde::{Deserialize, Serialize};

/// Whether a response counts: in lists, metrics, exports and webhooks, unless others are asked for.
///
/// ```
/// assert_eq!("suspect".parse(), Ok(heard_wire::Standing::Suspect));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standing {
    /// It counts.
    #[default]
    Counted,
    /// Something about how it was sent looks wrong. It is kept apart for 30 days, for somebody to look at.
    Suspect,
    /// Sent to try the survey out. It is kept apart for 30 days.
    Test,
}

/// What looked wrong about how an answer was sent.
///
/// ```
/// use heard_wire::Suspicion;
/// assert_eq!(serde_json::from_str::<Suspicion>("\"no_token\"").unwrap(), Suspicion::NoToken);
/// // One that a later release stored.
/// assert_eq!(serde_json::from_str::<Suspicion>("\"full_moon\"").unwrap(), Suspicion::Unknown);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// The site lists origins, and the answer named none, as browsers do.
    NoOrigin,
    /// It did not bring what the survey gives to the page that asks.
    NoToken,
    /// It says that it was asked on a page that the site's origins do not allow.
    WrongPage,
    /// Its words came before anybody could have written them.
    TooFast,
    /// More came from one address, or for the site, than in an hour is usual.
    TooMany,
    /// A program sent it, not a person's browser.
    Automated,
    /// It did not pass the challenge that the owner set up.
    ChallengeFailed,
    /// The owner put it aside.
    ByOwner,
    /// One that this release does not know.
    #[serde(other)]
    Unknown,
}
