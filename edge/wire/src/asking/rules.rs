use crate::asking::{Targeting, Trigger};
use crate::fields::Fault;
use serde::{Deserialize, Serialize};

/// When to ask, and whom.
///
/// ```
/// let rules: heard_wire::AskRules = serde_json::from_str(r#"{"delay_seconds":3,"triggers":[{"on":"scroll","percent":50}],
///   "targeting":{"pages":[{"is":"prefix","url":"/shop"}],"sample_percent":25},"daily_cap":200}"#).unwrap();
/// assert_eq!((rules.again_after_days, rules.triggers.len()), (90, 1));
/// assert!(rules.fault().is_none() && rules.are_aimed());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AskRules {
    /// Seconds before asking in which somebody sees the page, counted over the pages of a tab; where there are `triggers`,
    /// these decide instead.
    pub delay_seconds: u16,
    /// Days before asking the same visitor again, after an answer.
    pub again_after_days: u16,
    /// Days before asking again who closed the question without an answer.
    pub again_after_closing_days: u16,
    /// Days before asking again who chose a score and went away without a word.
    pub again_after_leaving_days: u16,
    /// The first of these asks; at most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
    /// Who is asked; everybody unless told.
    #[serde(skip_serializing_if = "Targeting::is_everybody")]
    pub targeting: Targeting,
    /// How often the question is shown at most on a day of the site, 1 to 1,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_cap: Option<u32>,
    /// How many answers are enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<Quota>,
}

impl Default for AskRules {
    fn default() -> Self {
        Self {
            delay_seconds: 3,
            again_after_days: 90,
            again_after_closing_days: 30,
            again_after_leaving_days: 1,
            triggers: Vec::new(),
            targeting: Targeting::default(),
            daily_cap: None,
            quota: None,
        }
    }
}

/// How many answers are enough: nobody is asked any more once there are as many.
///
/// ```
/// let quota: heard_wire::Quota = serde_json::from_str(r#"{"answers":400,"days":30}"#).unwrap();
/// assert_eq!(quota.days, Some(30));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Completed answers, 1 to 1,000,000.
    pub answers: u32,
    /// In so many days up to now, 1 to 3,650; absent: in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
}

pub(super) const MAX_TRIGGERS: usize = 10;
const MAX_COUNT: u32 = 1_000_000;

impl AskRules {
    /// What is wrong with them, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        if self.triggers.len() > MAX_TRIGGERS {
            return Some(Fault::at("/triggers", format!("must be at most {MAX_TRIGGERS} triggers")));
        }
        let at_fault =
            |(place, trigger): (usize, &Trigger)| Some(trigger.fault()?.below(&format!("/triggers/{place}")));
        if let Some(fault) = self.triggers.iter().enumerate().find_map(at_fault) {
            return Some(fault);
        }
        if self.daily_cap.is_some_and(|cap| !(1..=MAX_COUNT).contains(&cap)) {
            return Some(Fault::at("/daily_cap", format!("must be from 1 to {MAX_COUNT}")));
        }
        let Quota { answers, days } = self.quota.unwrap_or(Quota { answers: 1, days: None });
        if !(1..=MAX_COUNT).contains(&answers) {
            return Some(Fault::at("/quota/answers", format!("must be from 1 to {MAX_COUNT}")));
        }
        if days.is_some_and(|days| !(1..=3_650).contains(&days)) {
            return Some(Fault::at("/quota/days", "must be from 1 to 3650"));
        }
        Some(self.targeting.fault()?.below("/targeting"))
    }

    /// Whether more than the delay decides.
    #[must_use]
    pub fn are_aimed(&self) -> bool {
        !self.triggers.is_empty() || !self.targeting.is_everybody() || self.want_admission()
    }

    /// Whether the Worker is asked each time before the question is shown.
    #[must_use]
    pub fn want_admission(&self) -> bool {
        self.daily_cap.is_some() || self.quota.is_some()
    }
}
