use crate::fields::Fault;
use crate::id::{OptionId, QuestionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a customer answered to the owner's own questions, by the question's id.
///
/// ```
/// let answers: heard_wire::Answers = serde_json::from_str(r#"{"staff":4,"channel":"shop"}"#).unwrap();
/// assert_eq!(answers.iter().count(), 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, serde_json::Value>"))]
    BTreeMap<QuestionId, AnswerValue>,
);

/// An answer to one of the owner's own questions.
///
/// ```
/// assert_eq!(serde_json::from_str::<heard_wire::AnswerValue>("4").unwrap(), heard_wire::AnswerValue::Number(4));
/// assert_eq!(serde_json::from_str::<heard_wire::AnswerValue>("\"shop\"").unwrap().to_string(), "shop");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged, expecting = "a number, or the id of an option")]
pub enum AnswerValue {
    /// A rating.
    Number(u8),
    /// What was chosen.
    Option(OptionId),
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for AnswerValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AnswerValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["integer", "string"] })
    }
}

impl std::fmt::Display for AnswerValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Option(option) => option.fmt(f),
        }
    }
}

/// Questions that one customer answers at most.
const MAX_ANSWERS: usize = 12;

impl Answers {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each answer, by the id of its question.
    pub fn iter(&self) -> impl Iterator<Item = (&QuestionId, &AnswerValue)> {
        self.0.iter()
    }

    /// The answer to this question.
    #[must_use]
    pub fn get(&self, id: &QuestionId) -> Option<&AnswerValue> {
        self.0.get(id)
    }

    /// With those of a later revision in their places.
    pub fn take_over(&mut self, later: Self) {
        self.0.extend(later.0);
    }

    /// Without those that do not fit.
    pub fn retain(&mut self, mut fits: impl FnMut(&QuestionId, &AnswerValue) -> bool) {
        self.0.retain(|id, value| fits(id, value));
    }

    pub(crate) fn fault(&self) -> Option<Fault> {
        (self.0.len() > MAX_ANSWERS).then(|| Fault::at("", format!("must be at most {MAX_ANSWERS} answers")))
    }
}
