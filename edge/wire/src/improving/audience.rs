use crate::fields::{Fault, Fields};
use crate::id::{ResponseId, ThemeId};
use crate::moment::Moment;
use crate::problem::Problem;
use crate::responses::Response;
use crate::survey::{Band, Polarity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Those who said something: whom an improvement is for, and an announcement goes to. All that is told must hold; the
/// `responses` are meant beside those. One of `theme`, `words`, `root_cause`, `has_suggestion` and `responses` must be there:
/// what nobody said is announced to nobody.
///
/// ```
/// let a: heard_wire::Audience = serde_json::from_str(r#"{"theme":"waiting","polarity":"negative","since":"2026-09-01"}"#).unwrap();
/// assert!(a.fault().is_none());
/// assert!(serde_json::from_str::<heard_wire::Audience>(r#"{"band":"detractor"}"#).unwrap().fault().is_some());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// Who spoke of this theme, as far as listening is sure of it: a confidence of 0.35 and more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub theme: Option<ThemeId>,
    /// And felt so about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub polarity: Option<Polarity>,
    /// Who used all of these words, as `q` finds them; at most 200 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Whose case had this root cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<String>,
    /// Who had an idea.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_suggestion: bool,
    /// Who gave such a score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<Band>,
    /// On this day or at this moment, or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Moment>,
    /// Before this day or moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// These, too; at most 1,000.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<ResponseId>,
}

const MAX_RESPONSES: usize = 1_000;

impl Audience {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        if !self.says_something() && self.responses.is_empty() {
            return Some(Fault::at("", "must have a theme, words, a root_cause, has_suggestion or responses"));
        }
        if self.polarity.is_some() && self.theme.is_none() {
            return Some(Fault::at("/polarity", "must come with a theme"));
        }
        for (pointer, text) in [("/words", &self.words), ("/root_cause", &self.root_cause)] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty() || text.len() > 200) {
                return Some(Fault::at(pointer, "must be 1 to 200 bytes"));
            }
        }
        // Words without a letter would let everybody through.
        if self.words.as_ref().is_some_and(|words| !words.contains(char::is_alphanumeric)) {
            return Some(Fault::at("/words", "must have a letter or a digit"));
        }
        let too_many = self.responses.len() > MAX_RESPONSES;
        too_many.then(|| Fault::at("/responses", format!("must be at most {MAX_RESPONSES} responses")))
    }

    /// Whether it is told by what was said, and not by ids alone.
    #[must_use]
    pub fn says_something(&self) -> bool {
        self.theme.is_some() || self.words.is_some() || self.root_cause.is_some() || self.has_suggestion
    }

    /// Reads and checks a body: `{"audience": {...}}`.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let audience = Self::read(&mut fields);
        fields.finish(|| audience)
    }

    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        let audience: Option<Self> = fields.required_as("audience");
        if let Some(fault) = audience.as_ref().and_then(Self::fault) {
            fields.invalid_within("audience", &fault);
        }
        audience
    }
}

/// Who is meant, and how many: the answer to `POST /v1/sites/{site}/audience`.
///
/// ```
/// let p: heard_wire::AudiencePreview = serde_json::from_str(r#"{"responses":3,"customers":2,"promoters":0,"passives":1,
///   "detractors":2,"languages":{"en":3},"sample":[]}"#).unwrap();
/// assert_eq!(p.customers, 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudiencePreview {
    /// Answers that say it.
    pub responses: u64,
    /// Of these, how many customers can be told where they wrote: their browser has the key to it.
    pub customers: u64,
    /// Scores 9 and 10.
    pub promoters: u64,
    /// Scores 7 and 8.
    pub passives: u64,
    /// Scores 0 to 6.
    pub detractors: u64,
    /// Answers among these whose customer was told something before.
    #[serde(default)]
    pub told_before: u64,
    /// How many wrote in which language, in which they will read it if there is a text in it.
    pub languages: BTreeMap<String, u64>,
    /// The newest, at most 10.
    pub sample: Vec<Response>,
}
