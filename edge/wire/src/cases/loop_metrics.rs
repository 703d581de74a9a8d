use crate::id::TeammateId;
use serde::{Deserialize, Serialize};

/// How well the loop is closed, over the cases that were opened in a time: the answer to `GET /v1/sites/{site}/cases/metrics`.
///
/// ```
/// let m: heard_wire::LoopMetrics = serde_json::from_str(r#"{"opened":2,"settled":1,"closed_loop_rate":{"of":2,"count":1,"rate":0.5},
///   "reopen_rate":{"of":1,"count":0,"rate":0.0},"recovery_rate":{"of":0,"count":0,"rate":null},
///   "sla_attainment":{"first_response":{"of":1,"count":1,"rate":1.0},"next_response":{"of":0,"count":0,"rate":null},
///   "resolution":{"of":0,"count":0,"rate":null}},"first_response_time":null,"next_response_time":null,
///   "time_to_first_close":null,"time_to_last_close":null,"talked_to":[]}"#).unwrap();
/// assert_eq!(m.closed_loop_rate.rate, Some(0.5));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct LoopMetrics {
    /// Cases that were opened.
    pub opened: u64,
    /// Of these, resolved or closed.
    pub settled: u64,
    /// A person answered, of those opened.
    pub closed_loop_rate: Rate,
    /// Opened again at least once, of those that were ever resolved.
    pub reopen_rate: Rate,
    /// The customer gave a better score, of those who were asked again and answered.
    pub recovery_rate: Rate,
    /// In time, of the clocks that ended or were missed. A first response that nobody gave before the case was settled in time counts
    /// on neither side.
    pub sla_attainment: Attainment,
    /// From the opening to the first answer of a person.
    pub first_response_time: Option<Spread>,
    /// From each further message of a customer's to the answer of a person.
    pub next_response_time: Option<Spread>,
    /// From the opening to the first resolution.
    pub time_to_first_close: Option<Spread>,
    /// From the opening to the last resolution.
    pub time_to_last_close: Option<Spread>,
    /// The same by what lay behind, most cases first; at most 20.
    #[serde(default)]
    pub by_root_cause: Vec<CauseRecovery>,
    /// Who wrote to or spoke with how many customers, most first; `null` for keys that are nobody's.
    pub talked_to: Vec<TalkedTo>,
}

/// How many customers came back to a better score, by what lay behind their case.
///
/// ```
/// let c: heard_wire::CauseRecovery = serde_json::from_str(r#"{"root_cause":"One till at noon","cases":9,"recovery_rate":{"of":4,"count":3,"rate":0.75}}"#).unwrap();
/// assert_eq!(c.recovery_rate.count, 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CauseRecovery {
    /// As it was written down.
    pub root_cause: String,
    /// Behind so many cases.
    pub cases: u64,
    /// A better score, of those who were asked again and answered.
    pub recovery_rate: Rate,
}

/// A share, with what it is of.
///
/// ```
/// assert_eq!(heard_wire::LoopRate::of(4, 1).rate, Some(0.25));
/// assert_eq!(heard_wire::LoopRate::of(0, 0).rate, None);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "LoopRate"))]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rate {
    /// Of so many.
    pub of: u64,
    /// So many are.
    pub count: u64,
    /// From 0 to 1; `null` of none.
    pub rate: Option<f64>,
}

impl Rate {
    /// So many of so many.
    #[must_use]
    pub fn of(of: u64, count: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts of cases are small")]
        let rate = (of > 0).then(|| count as f64 / of as f64);
        Self { of, count, rate }
    }
}

/// Clocks that ended in time.
///
/// ```
/// assert_eq!(heard_wire::Attainment::default().resolution.of, 0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Attainment {
    /// First answers.
    pub first_response: Rate,
    /// Further answers.
    pub next_response: Rate,
    /// Resolutions.
    pub resolution: Rate,
}

/// How long things took, in seconds; by the customer's clock and by the business's.
///
/// ```
/// let s: heard_wire::Spread = serde_json::from_str(r#"{"of":3,"median":60,"p90":90,"business_median":60,"business_p90":90}"#).unwrap();
/// assert_eq!(s.of, 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// How many.
    pub of: u64,
    /// Half took no longer.
    pub median: u64,
    /// Nine of ten took no longer.
    pub p90: u64,
    /// Half took no longer, in business hours.
    pub business_median: u64,
    /// Nine of ten took no longer, in business hours.
    pub business_p90: u64,
}

/// Whom somebody talked to.
///
/// ```
/// let t: heard_wire::TalkedTo = serde_json::from_str(r#"{"person":null,"customers":3,"messages":4,"calls":1}"#).unwrap();
/// assert_eq!(t.customers, 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TalkedTo {
    /// Who.
    pub person: Option<TeammateId>,
    /// Cases in which they did, at least once.
    pub customers: u64,
    /// Messages they wrote.
    pub messages: u64,
    /// Calls in which they reached somebody.
    pub calls: u64,
}
