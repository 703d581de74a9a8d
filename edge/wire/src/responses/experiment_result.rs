use crate::id::ExperimentName;
use crate::responses::follow_up_metrics::FollowUpTally;
use crate::responses::metrics::{Interval, Tally};
use serde::{Deserialize, Serialize};

/// What came of an experiment: the answer of `GET /v1/sites/{site}/experiment`.
///
/// ```
/// use heard_wire::{ExperimentResult, Tally};
/// let (a, b) = (Tally::of(None, 40, 40, 20, 60, 100).with_shown(1_000), Tally::of(None, 90, 40, 20, 90, 150).with_shown(1_000));
/// let told = ExperimentResult::of("short".parse().unwrap(), a, b);
/// let rate = told.differences.response_rate.unwrap();
/// assert!(rate.percent == 5.0 && rate.low > 0.0, "B is answered more often: {rate:?}");
/// assert!(told.differences.nps.unwrap().low > 0.0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentResult {
    /// Which.
    pub name: ExperimentName,
    /// Of who got the site's settings as they are.
    pub a: Tally,
    /// Of who got what differs.
    pub b: Tally,
    /// B less A.
    pub differences: Differences,
    /// What the questions brought that replies asked back, where both sides were asked.
    #[serde(default)]
    pub follow_ups: Vec<FollowUpComparison>,
}

/// What a question brought on either side, that a reply asked back: B may have had a wording of its own.
///
/// ```
/// use heard_wire::{Ask, FollowUpComparison, FollowUpTally};
/// let of = |answered, added| FollowUpTally::of(Ask::WhatHappened, 400, answered, added);
/// let told = FollowUpComparison::of(of(300, 240), of(120, 30));
/// assert!(told.answer_rate.unwrap().high < 0.0 && told.new_information_rate.unwrap().percent == -55.0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUpComparison {
    /// Of who got the site's settings as they are.
    pub a: FollowUpTally,
    /// Of who got what differs.
    pub b: FollowUpTally,
    /// Of answers in a hundred that were asked for: B less A, in points.
    pub answer_rate: Option<Interval>,
    /// Of answers in a hundred that told something new: B less A, in points.
    pub new_information_rate: Option<Interval>,
}

impl FollowUpComparison {
    /// Holds one against the other.
    #[must_use]
    pub fn of(a: FollowUpTally, b: FollowUpTally) -> Self {
        let less = |rate: fn(&FollowUpTally) -> Option<Interval>| Some(Interval::between(rate(&a)?, rate(&b)?));
        let (answer_rate, new_information_rate) = (less(|one| one.answer_rate), less(|one| one.new_information_rate));
        Self { a, b, answer_rate, new_information_rate }
    }
}

/// B less A, each with the interval in which the difference lies with 95 % confidence; `null` where one of them has no answers.
/// Where an interval holds 0, nothing is shown yet.
///
/// ```
/// let d: heard_wire::Differences = serde_json::from_str(r#"{"response_rate":null,"comment_rate":null,"nps":null}"#).unwrap();
/// assert!(d.nps.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Differences {
    /// Of answers in a hundred that were shown the question, in points.
    pub response_rate: Option<Interval>,
    /// Of comments in a hundred answers, in points.
    pub comment_rate: Option<Interval>,
    /// Of the Net Promoter Scores, in points.
    pub nps: Option<Interval>,
}

impl ExperimentResult {
    /// Holds one against the other.
    #[must_use]
    pub fn of(name: ExperimentName, a: Tally, b: Tally) -> Self {
        let rates = |part: fn(&Tally) -> u64, whole: fn(&Tally) -> u64| {
            Some(Interval::between(Interval::share(part(&a), whole(&a))?, Interval::share(part(&b), whole(&b))?))
        };
        let shown = |tally: &Tally| tally.shown.unwrap_or(0);
        let differences = Differences {
            response_rate: rates(|tally| tally.responses, shown),
            comment_rate: rates(|tally| tally.comments, |tally| tally.responses),
            nps: of_scores(&a).zip(of_scores(&b)).map(|(a, b)| Interval::between(a, b)),
        };
        Self { name, a, b, differences, follow_ups: Vec::new() }
    }

    /// With what was asked back on either side.
    #[must_use]
    pub fn with_follow_ups(mut self, a: &[FollowUpTally], b: &[FollowUpTally]) -> Self {
        let both = a.iter().filter_map(|one| Some((one, b.iter().find(|other| other.ask == one.ask)?)));
        self.follow_ups = both.map(|(a, b)| FollowUpComparison::of(a.clone(), b.clone())).collect();
        self
    }
}

fn of_scores(tally: &Tally) -> Option<Interval> {
    Some(Interval { percent: tally.nps?, low: tally.nps_low?, high: tally.nps_high? })
}
