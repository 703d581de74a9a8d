use crate::asking::{AskRules, Device, RuleVerdict};
use crate::fields::Fields;
use crate::language::LanguageTag;
use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A visitor on a page, as far as it matters to whether they are asked. What is absent is as on a first visit.
///
/// ```
/// let at: heard_wire::Situation = serde_json::from_str(r#"{"page":"https://shop.example/","device":"phone","visits":3}"#).unwrap();
/// assert_eq!((at.pages, at.visits), (1, 3));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Situation {
    /// The whole address, `?` and `#` included; at most 2,048 bytes.
    pub page: String,
    /// What they use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// Of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub language: Option<LanguageTag>,
    /// What the page told of them; numbers and flags as text.
    pub properties: BTreeMap<String, String>,
    /// Pages of this visit, this one among them.
    pub pages: u32,
    /// Visits, this one among them.
    pub visits: u32,
    /// Days since the first one.
    pub days: u32,
    /// Their place among a hundred, from 0, which stays the same.
    pub place: f64,
    /// Whether their browser asks not to be tracked.
    pub privacy_signal: bool,
    /// Days since they answered, closed the question, or left it with a score alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_days_ago: Option<f64>,
    /// The same of closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_days_ago: Option<f64>,
    /// The same of leaving.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_days_ago: Option<f64>,
}

impl Default for Situation {
    fn default() -> Self {
        Self {
            page: String::new(),
            device: None,
            language: None,
            properties: BTreeMap::new(),
            pages: 1,
            visits: 1,
            days: 0,
            place: 0.0,
            privacy_signal: false,
            answered_days_ago: None,
            closed_days_ago: None,
            left_days_ago: None,
        }
    }
}

/// The body of `POST /v1/sites/{site}/targeting`: whether somebody would be asked. Nothing of it is kept.
///
/// ```
/// let trial = heard_wire::TargetingTrial::from_json(br#"{"visitor":{"page":"https://shop.example/"}}"#).unwrap();
/// assert!(trial.ask.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetingTrial {
    /// Who, and where.
    pub visitor: Situation,
    /// By these rules; the site's own unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<AskRules>,
}

impl TargetingTrial {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let visitor: Option<Situation> = fields.required_as("visitor");
        if visitor.as_ref().is_some_and(|visitor| visitor.page.len() > 2_048) {
            fields.invalid("visitor", "must have a page of at most 2048 bytes");
        }
        if visitor.as_ref().is_some_and(|visitor| visitor.device == Some(Device::Unknown)) {
            fields.invalid("visitor", "must have a device that is phone, tablet or desktop");
        }
        let ask: Option<AskRules> = fields.optional_object("ask");
        if let Some(fault) = ask.as_ref().and_then(AskRules::fault) {
            fields.invalid_within("ask", &fault);
        }
        fields.finish(|| Some(Self { visitor: visitor?, ask }))
    }
}

/// Whether somebody would be asked.
///
/// ```
/// let tried: heard_wire::TriedTargeting = serde_json::from_str(r#"{"asks":false,
///   "rules":[{"rule":"pages","passes":false,"wants":"/shop…","is":"/cart"}]}"#).unwrap();
/// assert_eq!(tried.rules.len(), 1);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedTargeting {
    /// Whether every rule holds.
    pub asks: bool,
    /// What each decided.
    pub rules: Vec<RuleVerdict>,
}
