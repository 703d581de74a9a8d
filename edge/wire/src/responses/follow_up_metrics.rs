use crate::responses::metrics::Interval;
use crate::survey::Ask;
use serde::{Deserialize, Serialize};

/// What the questions brought that replies ask back: the answer of `GET /v1/sites/{site}/metrics/follow-ups`.
///
/// ```
/// let m: heard_wire::FollowUpMetrics = serde_json::from_str(r#"{"follow_ups":[]}"#).unwrap();
/// assert!(m.follow_ups.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUpMetrics {
    /// By what was asked for.
    pub follow_ups: Vec<FollowUpTally>,
}

/// What one of them brought.
///
/// ```
/// let t = heard_wire::FollowUpTally::of(heard_wire::Ask::WhatHappened, 40, 30, 24);
/// assert_eq!((t.answer_rate.unwrap().percent, t.new_information_rate.unwrap().percent), (75.0, 80.0));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUpTally {
    /// What was asked for: `what_happened`, `what_would_help` or `what_stood_out`. A score that is put right and a way to be reached bring no words.
    pub ask: Ask,
    /// Of how many.
    pub asked: u64,
    /// How many of these answered; the others skipped it.
    pub answered: u64,
    /// The same in percent.
    pub answer_rate: Option<Interval>,
    /// Of the answers, how many in a hundred told a theme, a topic, a person, a time or a price that was not told before.
    pub new_information_rate: Option<Interval>,
}

impl FollowUpTally {
    /// Of so many asked, so many answered, and so many told something new.
    #[must_use]
    pub fn of(ask: Ask, asked: u64, answered: u64, added: u64) -> Self {
        let (answer_rate, new_information_rate) = (Interval::share(answered, asked), Interval::share(added, answered));
        Self { ask, asked, answered, answer_rate, new_information_rate }
    }
}
