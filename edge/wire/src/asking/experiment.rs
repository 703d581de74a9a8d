use crate::asking::rules::MAX_TRIGGERS;
use crate::asking::trigger::Trigger;
use crate::fields::Fault;
use crate::id::ExperimentName;
use crate::survey::OwnCopy;
use crate::text::{InvalidText, as_text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Another wording or moment that some visitors get, to be held against the one that the others get.
///
/// ```
/// let e: heard_wire::Experiment = serde_json::from_str(r#"{"name":"short","copy":{"en":{"question":"Would you send a friend?"}}}"#).unwrap();
/// assert_eq!(e.share_percent, 50);
/// assert!(e.fault().is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// Under which its answers are kept; a new one begins anew.
    pub name: ExperimentName,
    /// How many visitors in a hundred get B, 1 to 99.
    #[serde(default = "half")]
    pub share_percent: u8,
    /// B's words in place of the others, by language and by the name of the text.
    #[serde(default, skip_serializing_if = "OwnCopy::is_empty")]
    pub copy: OwnCopy,
    /// B's seconds before asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_seconds: Option<u16>,
    /// B's triggers; at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
}

const fn half() -> u8 {
    50
}

impl Experiment {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        if !(1..=99).contains(&self.share_percent) {
            return Some(Fault::at("/share_percent", "must be from 1 to 99"));
        }
        if self.triggers.len() > MAX_TRIGGERS {
            return Some(Fault::at("/triggers", format!("must be at most {MAX_TRIGGERS} triggers")));
        }
        let mut triggers = self.triggers.iter().enumerate();
        if let Some(fault) = triggers.find_map(|(place, one)| Some(one.fault()?.below(&format!("/triggers/{place}")))) {
            return Some(fault);
        }
        if self.copy.is_empty() && self.delay_seconds.is_none() && self.triggers.is_empty() {
            return Some(Fault::at("", "must have a copy, delay_seconds or triggers that differ"));
        }
        Some(self.copy.fault()?.below("/copy"))
    }
}

/// An experiment as a page needs it, in one language.
///
/// ```
/// let e: heard_wire::SurveyExperiment = serde_json::from_str(r#"{"name":"short","share_percent":50,"copy":{"question":"?"}}"#).unwrap();
/// assert_eq!(e.copy["question"], "?");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyExperiment {
    /// Its name.
    pub name: ExperimentName,
    /// How many visitors in a hundred get B.
    pub share_percent: u8,
    /// B's words, by the name of the text, such as `why.promoter`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub copy: BTreeMap<String, String>,
    /// B's seconds before asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_seconds: Option<u16>,
    /// B's triggers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub triggers: Vec<Trigger>,
}

/// What a visitor got of an experiment: its name, a colon, and `a` or `b`.
///
/// ```
/// let v: heard_wire::Variant = "short:b".parse().unwrap();
/// assert_eq!((v.experiment.as_str(), v.arm), ("short", heard_wire::Arm::B));
/// assert!("short:c".parse::<heard_wire::Variant>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Variant {
    /// Of which experiment.
    pub experiment: ExperimentName,
    /// Which of the two.
    pub arm: Arm,
}

/// One of the two sides of an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arm {
    /// As the site's settings are.
    A,
    /// With what differs.
    B,
}

impl std::str::FromStr for Variant {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("must be the name of an experiment, a colon, and a or b");
        let (experiment, arm) = text.split_once(':').ok_or(invalid)?;
        let arm = match arm {
            "a" => Arm::A,
            "b" => Arm::B,
            _ => return Err(invalid),
        };
        Ok(Self { experiment: experiment.parse().map_err(|_| invalid)?, arm })
    }
}

as_text!(Variant);
crate::text::text_schema!(Variant);

impl std::fmt::Display for Variant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let arm = match self.arm {
            Arm::A => "a",
            Arm::B => "b",
        };
        write!(f, "{}:{arm}", self.experiment)
    }
}
