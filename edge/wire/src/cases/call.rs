use crate::cases::case::Case;
use crate::cases::case_patch::is_text;
use crate::fields::Fields;
use crate::page::{Listed, NoCursor};
use crate::problem::Problem;
use crate::responses::Response;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// A call to a customer, as it is logged.
///
/// ```
/// let call: heard_wire::Call = serde_json::from_str(r#"{"reached":true,"minutes":12,"learnt":"The queue is worst at noon.",
///   "promised":"I ring again on Friday."}"#).unwrap();
/// assert!(call.reached);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Whether the customer was spoken to: only then it counts as an answer.
    pub reached: bool,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// What was learnt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<String>,
    /// What was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<String>,
}

impl Call {
    /// Reads and checks the body of `POST /v1/sites/{site}/cases/{case}/calls`.
    ///
    /// ```
    /// assert!(heard_wire::Call::from_json(br#"{"reached":false}"#).is_ok());
    /// assert!(heard_wire::Call::from_json(br#"{"minutes":3}"#).is_err());
    /// ```
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let reached = fields.required_as("reached");
        let minutes = fields.optional("minutes");
        let mut text = |name| {
            let text = fields.optional_text(name, usize::MAX).map(|text| text.trim().to_owned());
            if text.as_ref().is_some_and(|text| !is_text(text, 2_000)) {
                fields.invalid(name, "must be 1 to 2,000 characters of plain text");
            }
            text
        };
        let (learnt, promised) = (text("learnt"), text("promised"));
        fields.finish(|| Some(Self { reached: reached?, minutes, learnt, promised }))
    }
}

/// Somebody worth a call.
///
/// ```
/// assert_eq!("asked".parse(), Ok(heard_wire::WhyCall::Asked));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallListItem {
    /// Why.
    pub why: WhyCall,
    /// What they said, and what was heard in it.
    pub response: Response,
    /// Their case, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Case>,
    /// What clocks show where they are, by their browser's time zone; absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_time: Option<String>,
    /// Whether it is daytime there, from 9 to 20 o'clock; where their zone is not known, at the site.
    pub is_daytime: bool,
    /// Since when they wait.
    pub since: Timestamp,
}

impl Listed for CallListItem {
    const MEMBER: &'static str = "calls";
    const PAGE: &'static str = "CallList";
    type Cursor = NoCursor;
}

/// Why somebody is worth a call.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WhyCall {
    /// They asked for one, or for somebody to get in touch.
    Asked,
    /// They left a number.
    LeftNumber,
    /// They are happy and did not say with what: a bright spot to learn from.
    BrightSpot,
}
