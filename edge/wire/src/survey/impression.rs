use crate::fields::Fields;
use crate::language::LanguageTag;
use crate::page_url::PageUrl;
use crate::problem::Problem;
use crate::survey::token::SurveyToken;
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/sites/{site}/shown`: the question was shown, which is only counted.
///
/// ```
/// let s = heard_wire::Impression::from_json(br#"{"page":"https://shop.example/","lang":"en"}"#).unwrap();
/// assert_eq!(s.lang.as_str(), "en");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Shown"))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impression {
    /// Absolute URL, at most 2,048 bytes.
    pub page: PageUrl,
    /// BCP 47, at most 35 bytes.
    pub lang: LanguageTag,
    /// The `token` of the survey that the page was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SurveyToken>,
}

impl Impression {
    /// Reads and checks a body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let (page, lang) = (fields.required_checked("page"), fields.required_checked("lang"));
        let token = fields.optional_checked("token");
        fields.finish(|| Some(Self { page: page?, lang: lang?, token }))
    }
}
