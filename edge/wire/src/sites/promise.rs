use serde::{Deserialize, Serialize};

/// What the owner promises on the receipt, in their own words.
///
/// ```
/// let p: heard_wire::Promise = serde_json::from_str(r#"{"answered_by":"Maria","by_when":"by Friday"}"#).unwrap();
/// assert_eq!(p.by_when.as_deref(), Some("by Friday"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Who answers.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// By when, in the site's language: told to customers who read that one.
    #[serde(default)]
    pub by_when: Option<String>,
    /// The same as a number, which is told in every language, in place of `by_when`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}

/// A time in which somebody answers.
///
/// ```
/// let within: heard_wire::Within = serde_json::from_str(r#"{"number":2,"unit":"working_days"}"#).unwrap();
/// assert_eq!((within.number, within.unit), (2, heard_wire::TimeUnit::WorkingDays));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    /// How many, 1 to 1,000.
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub number: u16,
    /// Of what.
    pub unit: TimeUnit,
}

/// What a time is counted in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Hours in which people work; hours where the site tells no business hours.
    BusinessHours,
    /// Days.
    Days,
    /// Days on which people work.
    WorkingDays,
}
