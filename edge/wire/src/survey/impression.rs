use crate::asking::Variant;
use crate::fields::Fields;
use crate::id::VisitorId;
use crate::language::LanguageTag;
use crate::page_url::PageUrl;
use crate::problem::Problem;
use crate::survey::token::{SurveyToken, VisitorProof};
use crate::timestamp::Timestamp;
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
    /// What was shown of an experiment, as `short:b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// Whether a visitor whom the page knows has closed it without an answer: then nothing is counted, and they are left alone
    /// in every browser.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// To whom, where the page knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<VisitorId>,
    /// That the owner's server vouches for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_proof: Option<VisitorProof>,
    /// Whether it is only about to be shown, and the answer is an [`Admission`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub admission: bool,
}

/// Whether the question may be shown, by what no browser knows: the site's daily cap and quota, and answers of the same visitor
/// elsewhere.
///
/// ```
/// let told: heard_wire::Admission = serde_json::from_str(r#"{"admitted":false,"until":"2026-11-30T00:00:00.000Z"}"#).unwrap();
/// assert!(!told.admitted && told.until.is_some());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Whether it may; then it is counted.
    pub admitted: bool,
    /// When to ask again, where it may not.
    pub until: Option<Timestamp>,
    /// Why it may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<NotAdmitted>,
}

/// Why a question may not be shown.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotAdmitted {
    /// The day has had its share.
    DailyCap,
    /// There are answers enough.
    Quota,
    /// This visitor has answered or closed it, in whatever browser.
    Answered,
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
        let visitor = fields.optional_checked("visitor");
        let visitor_proof = fields.optional_text("visitor_proof", usize::MAX);
        let visitor_proof =
            visitor_proof.and_then(|proof| fields.checked("visitor_proof", &proof.trim().to_ascii_lowercase()));
        let admission = fields.optional("admission").unwrap_or_default();
        let variant = fields.optional_checked("variant");
        let closed = fields.optional("closed").unwrap_or_default();
        if closed && (admission || visitor.is_none()) {
            fields.invalid("closed", "must come with a visitor, and without admission");
        }
        fields.finish(|| {
            Some(Self { page: page?, lang: lang?, token, variant, closed, visitor, visitor_proof, admission })
        })
    }
}
