use crate::cases::case::Priority;
use crate::cases::clock::SlaPolicy;
use crate::id::{TeammateId, ThemeId};
use crate::responses::{Intent, Response};
use crate::sites::TimeUnit;
use crate::survey::{Band, Polarity, Score};
use crate::text::is_hidden;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// When an answer becomes a case, and what happens around it.
///
/// ```
/// let cases: heard_wire::CaseSettings = serde_json::from_str(r#"{"rules":[{"name":"Harm","when":{"grave":true},
///   "priority":"urgent","sla":{"first_response":{"number":1,"unit":"hours"}}},{"name":"Unhappy","when":{"bands":["detractor"],
///   "has_words":true}}]}"#).unwrap();
/// assert!(cases.fault().is_none());
/// assert_eq!(cases.recovery_days, 30);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseSettings {
    /// The first that matches decides. Absent: whoever is unhappy and said something, asks for something, or was harmed gets a
    /// case. An empty list opens none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<CaseRule>>,
    /// Days after a resolution in which the customer is not asked for a score again, 0 to 3,650.
    pub recovery_days: u16,
    /// Days after a resolution after which the case is closed, 1 to 365.
    pub close_after_days: u16,
}

impl Default for CaseSettings {
    fn default() -> Self {
        Self { rules: None, recovery_days: 30, close_after_days: 14 }
    }
}

/// What becomes of answers that fit.
///
/// ```
/// let rule: heard_wire::CaseRule = serde_json::from_str(r#"{"name":"Leaving","when":{"intents":["will_leave"]},
///   "assign":{"round_robin":["per_00000000000000000000000000000000"]},"sla":{"next_response":{"number":2,"unit":"working_days"}}}"#).unwrap();
/// assert!(rule.opens && rule.sla.next_response.is_some());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRule {
    /// In the owner's words, at most 80 bytes; stamped on the case.
    pub name: String,
    /// Which answers.
    #[serde(default)]
    pub when: CaseConditions,
    /// Whether they get a case; `false` for those that are to get none whatever comes below.
    #[serde(default = "yes")]
    pub opens: bool,
    /// How urgent.
    #[serde(default)]
    pub priority: Priority,
    /// Who sees to it; nobody where they are away, or not there any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assign: Option<Assignment>,
    /// How soon.
    #[serde(default)]
    pub sla: SlaPolicy,
}

const fn yes() -> bool {
    true
}

/// All of these must hold; what is absent or empty holds for every answer.
///
/// ```
/// let when: heard_wire::CaseConditions = serde_json::from_str(r#"{"score_at_most":3,"themes":[{"id":"waiting","polarity":"negative"}]}"#).unwrap();
/// assert!(when.score_at_least.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CaseConditions {
    /// This score or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_at_least: Option<Score>,
    /// This score or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score_at_most: Option<Score>,
    /// Any of these score bands.
    pub bands: Vec<Band>,
    /// Any of these themes.
    pub themes: Vec<ThemeCondition>,
    /// Any of these acts, by the names that responses have them under.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub intents: Vec<Intent>,
    /// Whether harm was told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grave: Option<bool>,
    /// Whether an idea was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_suggestion: Option<bool>,
    /// Whether somebody was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names_person: Option<bool>,
    /// Whether something was said at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_words: Option<bool>,
    /// Whether the customer told where to be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_contact: Option<bool>,
}

/// A theme, and how the customer felt about it.
///
/// ```
/// let theme: heard_wire::ThemeCondition = serde_json::from_str(r#"{"id":"price"}"#).unwrap();
/// assert!(theme.polarity.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeCondition {
    /// Of the theme, in the site's settings.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub id: ThemeId,
    /// Only with this feeling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polarity: Option<Polarity>,
}

/// Who sees to a case.
///
/// ```
/// let to: heard_wire::Assignment = serde_json::from_str("\"named_person\"").unwrap();
/// assert_eq!(to, heard_wire::Assignment::NamedPerson);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// This person.
    Person(TeammateId),
    /// One after another.
    RoundRobin(Vec<TeammateId>),
    /// The person whom the customer named, by first name or whole name, unless it is a complaint about them.
    NamedPerson,
    /// Who sees to the first of these themes that was found.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, TeammateId>"))]
    ByTheme(BTreeMap<ThemeId, TeammateId>),
}

const MAX_RULES: usize = 50;
const MAX_IN_A_LIST: usize = 60;

impl CaseConditions {
    /// Whether an answer fits.
    #[must_use]
    pub fn fit(&self, response: &Response) -> bool {
        let heard = response.heard.as_ref();
        let themes = || heard.into_iter().flat_map(|heard| &heard.themes);
        let is_found = |wanted: &ThemeCondition| {
            themes()
                .any(|found| found.id == wanted.id && wanted.polarity.is_none_or(|polarity| polarity == found.polarity))
        };
        let does = |intent: &Intent| heard.is_some_and(|heard| heard.intents.contains(intent));
        let is = |wanted: Option<bool>, fact: bool| wanted.is_none_or(|wanted| wanted == fact);
        self.score_at_least.is_none_or(|least| response.score >= least)
            && self.score_at_most.is_none_or(|most| response.score <= most)
            && (self.bands.is_empty() || self.bands.contains(&response.band))
            && (self.themes.is_empty() || self.themes.iter().any(is_found))
            && (self.intents.is_empty() || self.intents.iter().any(does))
            && is(self.grave, heard.is_some_and(|heard| heard.grave.is_some()))
            && is(self.has_suggestion, heard.is_some_and(|heard| !heard.suggestions.is_empty()))
            && is(self.names_person, heard.is_some_and(|heard| !heard.people.is_empty()))
            && is(self.has_words, response.has_words())
            && is(self.has_contact, response.contact.is_some())
    }
}

impl CaseSettings {
    /// What is wrong with them, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        if self.recovery_days > 3_650 || !(1..=365).contains(&self.close_after_days) {
            return Some("must have recovery_days up to 3650 and close_after_days from 1 to 365".to_owned());
        }
        let rules = self.rules.iter().flatten();
        if rules.clone().count() > MAX_RULES {
            return Some(format!("must have at most {MAX_RULES} rules"));
        }
        rules.enumerate().find_map(|(place, rule)| Some(format!("must have a rule {place} that {}", rule.fault()?)))
    }
}

impl CaseRule {
    /// Everybody whom it names.
    pub fn people(&self) -> impl Iterator<Item = &TeammateId> {
        let assigned: Vec<&TeammateId> = match &self.assign {
            Some(Assignment::Person(person)) => vec![person],
            Some(Assignment::RoundRobin(people)) => people.iter().collect(),
            Some(Assignment::ByTheme(themes)) => themes.values().collect(),
            Some(Assignment::NamedPerson) | None => Vec::new(),
        };
        assigned.into_iter().chain(&self.sla.escalate_to)
    }

    /// The same rule without somebody who has gone.
    pub fn without(&mut self, gone: &TeammateId) {
        match &mut self.assign {
            Some(Assignment::Person(person)) if person == gone => self.assign = None,
            Some(Assignment::RoundRobin(people)) => people.retain(|person| person != gone),
            Some(Assignment::ByTheme(themes)) => themes.retain(|_, person| person != gone),
            Some(Assignment::Person(_) | Assignment::NamedPerson) | None => {}
        }
        let is_empty = match &self.assign {
            Some(Assignment::RoundRobin(people)) => people.is_empty(),
            Some(Assignment::ByTheme(themes)) => themes.is_empty(),
            Some(Assignment::Person(_) | Assignment::NamedPerson) | None => false,
        };
        if is_empty {
            self.assign = None;
        }
        self.sla.escalate_to.take_if(|person| person == gone);
    }

    /// Every theme that it names.
    pub fn themes(&self) -> impl Iterator<Item = &ThemeId> {
        let assigned = match &self.assign {
            Some(Assignment::ByTheme(themes)) => themes.keys().collect(),
            _ => Vec::new(),
        };
        self.when.themes.iter().map(|theme| &theme.id).chain(assigned)
    }

    fn fault(&self) -> Option<String> {
        if self.name.trim().is_empty() || self.name.len() > 80 || self.name.contains(is_hidden) {
            return Some("has a name of 1 to 80 bytes on one line".to_owned());
        }
        let SlaPolicy { first_response, next_response, resolution, .. } = &self.sla;
        let mut times = [first_response, next_response, resolution].into_iter().flatten();
        if times.any(|within| !(1..=1_000).contains(&within.number)) {
            return Some("has times with a number from 1 to 1000".to_owned());
        }
        let CaseConditions { bands, themes, intents, .. } = &self.when;
        let assigned = match &self.assign {
            Some(Assignment::RoundRobin(people)) => people.len(),
            Some(Assignment::ByTheme(themes)) => themes.len(),
            Some(Assignment::Person(_) | Assignment::NamedPerson) | None => 0,
        };
        let CaseConditions { score_at_least, score_at_most, .. } = &self.when;
        if score_at_least.zip(*score_at_most).is_some_and(|(least, most)| least > most) {
            return Some("has a score_at_least that is no more than score_at_most".to_owned());
        }
        if matches!(&self.assign, Some(Assignment::RoundRobin(_) | Assignment::ByTheme(_))) && assigned == 0 {
            return Some("names somebody in assign".to_owned());
        }
        let has_time = [first_response, next_response, resolution].into_iter().any(Option::is_some);
        if self.sla.escalate_to.is_some() && !has_time {
            return Some("has a time that can be missed beside escalate_to".to_owned());
        }
        if intents.contains(&Intent::Unknown) {
            return Some("has acts by the names that responses have them under, such as will_leave".to_owned());
        }
        [bands.len(), themes.len(), intents.len(), assigned]
            .into_iter()
            .any(|length| length > MAX_IN_A_LIST)
            .then(|| format!("has lists of at most {MAX_IN_A_LIST}"))
    }
}

impl TimeUnit {
    /// Whether a customer can be told a time in it.
    #[must_use]
    pub fn is_promised(self) -> bool {
        matches!(self, Self::Hours | Self::Days | Self::WorkingDays)
    }
}
