use serde::{Deserialize, Serialize};

/// What the answers add up to: the answer of `GET /v1/sites/{site}/metrics`.
///
/// ```
/// let m: heard_wire::Metrics = serde_json::from_str(r#"{"total":{"key":null,"responses":3,"promoters":2,"passives":0,
///   "detractors":1,"nps":33.3,"nps_low":-45.0,"nps_high":84.0,"comments":1,"completed":3},"groups":[]}"#).unwrap();
/// assert_eq!(m.total.promoters, 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Of all responses that the filter lets through.
    pub total: Tally,
    /// The same by day, week, theme, page or language, as asked for; at most 1,000 groups.
    pub groups: Vec<Tally>,
}

/// Counts of responses, and their Net Promoter Score.
///
/// ```
/// let t = heard_wire::Tally::of(None, 60, 30, 10, 40, 100);
/// assert_eq!(t.nps, Some(50.0));
/// assert!(t.nps_low.unwrap() < 50.0 && t.nps_high.unwrap() > 50.0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// The day (`2026-11-22`), ISO week (`2026-W47`), theme, page or language; `null` for the total.
    pub key: Option<String>,
    /// All responses.
    pub responses: u64,
    /// Scores 9 and 10.
    pub promoters: u64,
    /// Scores 7 and 8.
    pub passives: u64,
    /// Scores 0 to 6.
    pub detractors: u64,
    /// Percent of promoters less percent of detractors, -100 to 100; `null` without responses.
    pub nps: Option<f64>,
    /// Lower end of its 95 % confidence interval.
    pub nps_low: Option<f64>,
    /// Upper end.
    pub nps_high: Option<f64>,
    /// Responses with a comment.
    pub comments: u64,
    /// Responses that were sent, or left alone for 30 minutes.
    pub completed: u64,
    /// Percent of responses that are completed; `null` without responses.
    #[serde(default)]
    pub completion_rate: Option<f64>,
    /// How often the question was shown, counted by the hour. `null` where that is not known: by theme, with a filter by
    /// anything but time, page and language, and for a time before counting began.
    #[serde(default)]
    pub shown: Option<u64>,
    /// Responses in percent of `shown`; `null` where it was never shown.
    #[serde(default)]
    pub response_rate: Option<f64>,
    /// By theme: responses in which it was praised. One that praises and criticises it counts as both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub praised: Option<u64>,
    /// By theme: responses in which it was criticised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criticised: Option<u64>,
}

impl Tally {
    /// Adds up.
    ///
    /// The interval is an adjusted Wald interval (B. Rocks, "Interval Estimation for the Net Promoter Score", The
    /// American Statistician 70(4), 2016): three answers are added, three quarters each of a promoter and a detractor
    /// and one and a half passives, which keeps it honest for few answers and for all alike.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn of(
        key: Option<String>,
        promoters: u64,
        passives: u64,
        detractors: u64,
        comments: u64,
        completed: u64,
    ) -> Self {
        let responses = promoters + passives + detractors;
        let share = |promoters: f64, detractors: f64, all: f64| (promoters - detractors) / all;
        let (up, down, all) = (promoters as f64 + 0.75, detractors as f64 + 0.75, responses as f64 + 3.0);
        let middle = share(up, down, all);
        let margin = 1.96 * (((up + down) / all - middle * middle) / all).sqrt();
        let nps = share(promoters as f64, detractors as f64, responses.max(1) as f64);
        let percent = |value: f64| (responses > 0).then(|| (value.clamp(-1.0, 1.0) * 1_000.0).round() / 10.0);
        Self {
            key,
            responses,
            promoters,
            passives,
            detractors,
            nps: percent(nps),
            // Of few answers that are all alike, the score itself lies at the end.
            nps_low: percent((middle - margin).min(nps)),
            nps_high: percent((middle + margin).max(nps)),
            comments,
            completed,
            completion_rate: rate(completed, responses),
            shown: None,
            response_rate: None,
            praised: None,
            criticised: None,
        }
    }

    /// With how often the question was shown: at least as often as it was answered.
    #[must_use]
    pub fn with_shown(self, shown: u64) -> Self {
        let shown = shown.max(self.responses);
        Self { shown: Some(shown), response_rate: rate(self.responses, shown), ..self }
    }
}

/// A share or a difference in percent, with the interval in which it lies with 95 % confidence.
///
/// ```
/// let i: heard_wire::Interval = serde_json::from_str(r#"{"percent":75.0,"low":59.8,"high":85.8}"#).unwrap();
/// assert!(i.low < i.percent);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The value.
    pub percent: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// A share with its interval, which is Wilson's; `None` of nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn share(part: u64, whole: u64) -> Option<Self> {
        const Z: f64 = 1.96;
        if whole == 0 {
            return None;
        }
        let (all, share) = (whole as f64, part.min(whole) as f64 / whole as f64);
        let spread = 1.0 + Z * Z / all;
        let middle = (share + Z * Z / (2.0 * all)) / spread;
        let margin = Z / spread * (share * (1.0 - share) / all + Z * Z / (4.0 * all * all)).sqrt();
        let percent = |value: f64| (value.clamp(0.0, 1.0) * 1_000.0).round() / 10.0;
        Some(Self { percent: percent(share), low: percent(middle - margin), high: percent(middle + margin) })
    }

    /// The second less the first, by the intervals of each (R. Newcombe, "Interval estimation for the difference between
    /// independent proportions", Statistics in Medicine 17, 1998: method 10).
    #[must_use]
    pub fn between(a: Self, b: Self) -> Self {
        let difference = b.percent - a.percent;
        let margin = |one: f64, other: f64| one.hypot(other);
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        let low = difference - margin(b.percent - b.low, a.high - a.percent);
        let high = difference + margin(b.high - b.percent, a.percent - a.low);
        Self { percent: tenth(difference), low: tenth(low), high: tenth(high) }
    }
}

/// In percent, to a tenth.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| (part as f64 / whole as f64 * 1_000.0).round() / 10.0)
}

/// What metrics are grouped by.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MetricsBy {
    /// The day in UTC.
    Day,
    /// The ISO week in UTC.
    Week,
    /// Each of the owner's themes that was found.
    Theme,
    /// The score, 0 to 10.
    Score,
    /// The page's address.
    Page,
    /// The page's language.
    Language,
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn an_interval_is_wide_for_few_answers_and_narrow_for_many() {
        let width = |tally: &Tally| tally.nps_high.unwrap() - tally.nps_low.unwrap();
        let (one, many) = (Tally::of(None, 1, 0, 0, 0, 0), Tally::of(None, 10_000, 0, 0, 0, 0));
        assert!(width(&one) > 80.0 && width(&many) < 1.0, "{one:?} {many:?}");
        assert_eq!((one.nps, many.nps), (Some(100.0), Some(100.0)));
        let none = Tally::of(None, 0, 0, 0, 0, 0);
        assert_eq!((none.nps, none.nps_low), (None, None));
        assert_eq!((none.completion_rate, none.with_shown(3).response_rate), (None, Some(0.0)));
    }
}
