use crate::fields::Fields;
use crate::language::LanguageTag;
use crate::problem::Problem;
use crate::responses::Analysis;
use crate::survey::submission::{read_comment, read_score};
use crate::survey::{Acknowledgement, Score};
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/sites/{site}/listen`: a comment to try listening with. Nothing of it is kept.
///
/// ```
/// let trial = heard_wire::Trial::from_json(br#"{"comment":"The soup was cold.","score":4}"#).unwrap();
/// assert_eq!(trial.score.get(), 4);
/// let fault = heard_wire::Trial::from_json(br#"{"comment":"The soup was cold.","score":11}"#).unwrap_err();
/// assert_eq!(fault.code, heard_wire::Code::ScoreOutOfRange);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// As a customer would write it.
    #[serde(default)]
    pub comment: String,
    /// 0 to 10.
    pub score: Score,
    /// The language of the page; the site's own unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<LanguageTag>,
}

impl Trial {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let (comment, score) = (read_comment(&mut fields).unwrap_or_default(), read_score(&mut fields));
        let lang = fields.optional_checked("lang");
        fields.finish(|| Some(Self { comment, score: score?, lang }))
    }
}

/// What would become of an answer.
///
/// ```
/// let tried: heard_wire::Tried = serde_json::from_str(r#"{"heard":null,"acknowledgement":{"text":"Thank you.",
///   "receipt":{"reference":"7K3Q-9F2M"}},"rule":"default"}"#).unwrap();
/// assert_eq!(tried.rule.as_deref(), Some("default"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// What is heard in it.
    pub heard: Option<Analysis>,
    /// What the customer would read.
    pub acknowledgement: Acknowledgement,
    /// The rule by which it would become a case, if it did; `default` where the owner set none.
    pub rule: Option<String>,
}
