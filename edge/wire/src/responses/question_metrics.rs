use crate::id::QuestionId;
use crate::responses::metrics::Interval;
use crate::survey::{AnswerValue, QuestionKind};
use serde::{Deserialize, Serialize};

/// What the answers to the owner's own questions add up to: the answer of `GET /v1/sites/{site}/metrics/questions`.
///
/// ```
/// let m: heard_wire::QuestionMetrics = serde_json::from_str(r#"{"questions":[]}"#).unwrap();
/// assert!(m.questions.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionMetrics {
    /// Each question that the site asks, in that order, and then those that it asked once.
    pub questions: Vec<QuestionTally>,
}

/// What the answers to one question add up to.
///
/// ```
/// use heard_wire::{AnswerValue, QuestionKind, QuestionTally, ValueTally};
/// let values = [(2, 10), (5, 30)].map(|(number, answers)| ValueTally { value: AnswerValue::Number(number), answers, nps: None });
/// let tally = QuestionTally::of("staff".parse().unwrap(), Some(QuestionKind::Rating), values.into());
/// assert_eq!((tally.answers, tally.mean), (40, Some(4.25)));
/// assert_eq!(tally.content.unwrap().percent, 75.0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuestionTally {
    /// Which.
    pub id: QuestionId,
    /// What it asks for; `null` where the site asks it no more.
    pub kind: Option<QuestionKind>,
    /// How many answered it.
    pub answers: u64,
    /// The mean, where numbers answer it.
    pub mean: Option<f64>,
    /// How many in a hundred are content: with 4 or 5 of 5, which is the CSAT score, 5 to 7 of 7, or `yes` to whether they felt heard.
    pub content: Option<Interval>,
    /// How often each answer was given, from the lowest on.
    pub values: Vec<ValueTally>,
    /// Whether they felt heard, by what the reply did: `asks_back`, or else its [kind](crate::ReplyKind), such as `praise`,
    /// `criticism`, `both`, `noted`, `idea`, `sorry` or `thanks`; of replies of earlier releases `reads_back` stands for these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_reply: Vec<ReplyTally>,
}

/// How many felt heard by a kind of reply.
///
/// ```
/// let r: heard_wire::ReplyTally = serde_json::from_str(r#"{"reply":"reads_back","answers":40,"content":{"percent":80.0,"low":65.2,"high":89.5}}"#).unwrap();
/// assert_eq!(r.reply, "reads_back");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyTally {
    /// What the reply did.
    pub reply: String,
    /// How many answered.
    pub answers: u64,
    /// How many in a hundred felt heard.
    pub content: Option<Interval>,
}

/// How often an answer was given.
///
/// ```
/// let v: heard_wire::ValueTally = serde_json::from_str(r#"{"value":"shop","answers":3,"nps":33.3}"#).unwrap();
/// assert_eq!(v.answers, 3);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueTally {
    /// The number, or the option's id.
    pub value: AnswerValue,
    /// By how many.
    pub answers: u64,
    /// The Net Promoter Score of those.
    pub nps: Option<f64>,
}

impl QuestionTally {
    /// Adds up.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    pub fn of(id: QuestionId, kind: Option<QuestionKind>, mut values: Vec<ValueTally>) -> Self {
        values.sort_by(|one, other| one.value.cmp(&other.value));
        let numbers = values.iter().filter_map(|tally| match tally.value {
            AnswerValue::Number(number) => Some((number, tally.answers)),
            AnswerValue::Option(_) => None,
        });
        let (mut sum, mut count) = (0, 0);
        for (number, answers) in numbers {
            sum += u64::from(number) * answers;
            count += answers;
        }
        let (mut content, mut told) = (0, 0);
        for tally in &values {
            if let Some(is_content) = kind.and_then(|kind| kind.is_content(&tally.value)) {
                told += tally.answers;
                content += if is_content { tally.answers } else { 0 };
            }
        }
        Self {
            id,
            kind,
            answers: values.iter().map(|tally| tally.answers).sum(),
            mean: (count > 0).then(|| (sum as f64 / count as f64 * 100.0).round() / 100.0),
            content: Interval::share(content, told),
            values,
            by_reply: Vec::new(),
        }
    }
}
