use crate::fields::Fault;
use crate::id::{OptionId, QuestionId, ThemeId};
use crate::language::{Language, LanguageTag};
use crate::responses::Analysis;
use crate::survey::acknowledgement::Polarity;
use crate::survey::answers::{AnswerValue, Answers};
use crate::survey::score::Band;
use crate::text::is_line;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A question of the owner's own, beside the score and the why. It comes below the thank-you, is answered with one tap, and
/// may be left alone.
///
/// ```
/// let q: heard_wire::Question = serde_json::from_str(r#"{"id":"staff","kind":"rating","text":{"en":"Our staff"},
///   "bands":["detractor"],"theme":"staff"}"#).unwrap();
/// assert!(q.kind.takes(&serde_json::from_str("5").unwrap(), &q.options));
/// assert!(!q.kind.takes(&serde_json::from_str("6").unwrap(), &q.options));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Short and stable: the name of the webhook's member and of the table's column.
    pub id: QuestionId,
    /// What is asked for.
    pub kind: QuestionKind,
    /// The question by language, each of 1 to 200 bytes on one line; where the page's language is missing, the site's stands
    /// there. `csat`, `ces` and `felt_heard` have the usual wording in every language unless told.
    #[serde(default, skip_serializing_if = "LocalText::is_empty")]
    pub text: LocalText,
    /// For a `choice`: what can be chosen, 2 to 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<QuestionOption>,
    /// Whom it is asked, by their score; empty: everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// The theme that it is about: who has just praised or criticised that is not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub theme: Option<ThemeId>,
}

/// What a question of the owner's asks for.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum QuestionKind {
    /// A driver of the score, rated from 1, poor, to 5, excellent.
    Rating,
    /// Customer satisfaction, from 1, very dissatisfied, to 5, very satisfied.
    Csat,
    /// The customer effort score: how far somebody agrees that it was easy, from 1 to 7.
    Ces,
    /// One of several options.
    Choice,
    /// Whether they felt heard: `yes` or `no`.
    FeltHeard,
}

impl QuestionKind {
    /// The highest number, where numbers answer it.
    #[must_use]
    pub const fn highest(self) -> Option<u8> {
        match self {
            Self::Rating | Self::Csat => Some(5),
            Self::Ces => Some(7),
            Self::Choice | Self::FeltHeard => None,
        }
    }

    /// From which number on somebody is content: the two best of five, the three best of seven.
    #[must_use]
    pub const fn content_from(self) -> Option<u8> {
        match self {
            Self::Rating | Self::Csat => Some(4),
            Self::Ces => Some(5),
            Self::Choice | Self::FeltHeard => None,
        }
    }

    /// Whether who answers so is content, where that can be told.
    #[must_use]
    pub fn is_content(self, value: &AnswerValue) -> Option<bool> {
        match (self, value) {
            (Self::FeltHeard, AnswerValue::Option(chosen)) => Some(chosen.as_str() == "yes"),
            (_, AnswerValue::Number(number)) => self.content_from().map(|from| *number >= from),
            _ => None,
        }
    }

    /// Whether this answers such a question with these options.
    #[must_use]
    pub fn takes(self, value: &AnswerValue, options: &[QuestionOption]) -> bool {
        match (self.highest(), value) {
            (Some(highest), AnswerValue::Number(number)) => (1..=highest).contains(number),
            (None, AnswerValue::Option(chosen)) if self == Self::FeltHeard => matches!(chosen.as_str(), "yes" | "no"),
            (None, AnswerValue::Option(chosen)) => options.iter().any(|option| option.id == *chosen),
            _ => false,
        }
    }
}

/// Something that can be chosen.
///
/// ```
/// let o: heard_wire::QuestionOption = serde_json::from_str(r#"{"id":"shop","text":{"en":"In the shop"}}"#).unwrap();
/// assert_eq!(o.id.as_str(), "shop");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionOption {
    /// Short and stable, for programs.
    pub id: OptionId,
    /// By language, each of 1 to 200 bytes on one line.
    pub text: LocalText,
}

/// A text of the owner's by language.
///
/// ```
/// let text: heard_wire::LocalText = serde_json::from_str(r#"{"en":"Our staff","de":"Unser Team"}"#).unwrap();
/// assert_eq!(text.nearest(["de-AT"]).unwrap().1, "Unser Team");
/// assert_eq!(text.nearest(["nl", "en"]).unwrap().1, "Our staff");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalText(
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, String>"))] BTreeMap<LanguageTag, String>,
);

impl LocalText {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text in the first of these languages that has one, else any.
    pub fn nearest<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> Option<(&LanguageTag, &str)> {
        let of = |tag: &str| {
            let exact = self.0.iter().find(|(own, _)| own.as_str().eq_ignore_ascii_case(tag));
            let language = Language::nearest([tag]);
            exact.or_else(|| self.0.iter().find(|(own, _)| own.primary().parse() == Ok(language)))
        };
        let found = wanted.into_iter().find_map(of).or_else(|| self.0.iter().next());
        found.map(|(tag, text)| (tag, text.as_str()))
    }

    /// Each text with its language.
    pub fn iter(&self) -> impl Iterator<Item = (&LanguageTag, &str)> {
        self.0.iter().map(|(tag, text)| (tag, text.as_str()))
    }

    fn fault(&self) -> Option<Fault> {
        if self.0.len() > MAX_LANGUAGES {
            return Some(Fault::at("", format!("must be of at most {MAX_LANGUAGES} languages")));
        }
        self.0.iter().find_map(|(tag, text)| {
            if tag.primary().parse::<Language>().is_err() {
                return Some(Fault::at(format!("/{tag}"), "must be a language that the widget speaks"));
            }
            let fits = is_line(text, MAX_TEXT);
            (!fits).then(|| Fault::at(format!("/{tag}"), format!("must be 1 to {MAX_TEXT} bytes on one line")))
        })
    }
}

const MAX_LANGUAGES: usize = 50;
const MAX_TEXT: usize = 200;
const MAX_QUESTIONS: usize = 12;
const MAX_OPTIONS: usize = 8;

/// As many are asked of one customer at most.
pub const ASKED_AT_ONCE: usize = 3;

/// What is wrong with a site's own questions, if anything.
pub(crate) fn fault_in_questions(questions: &[Question]) -> Option<Fault> {
    if questions.len() > MAX_QUESTIONS {
        return Some(Fault::at("", format!("must be at most {MAX_QUESTIONS} questions")));
    }
    let mut ids = BTreeSet::new();
    questions.iter().enumerate().find_map(|(place, question)| {
        if !ids.insert(&question.id) {
            return Some(Fault::at(format!("/{place}/id"), "must not be that of another question"));
        }
        Some(question.fault()?.below(&format!("/{place}")))
    })
}

impl Question {
    fn fault(&self) -> Option<Fault> {
        let has_usual = matches!(self.kind, QuestionKind::Csat | QuestionKind::Ces | QuestionKind::FeltHeard);
        if self.text.is_empty() && !has_usual {
            return Some(Fault::at("/text", "must have the question in one language at least"));
        }
        if let Some(fault) = self.text.fault() {
            return Some(fault.below("/text"));
        }
        let wanted = if self.kind == QuestionKind::Choice { 2..=MAX_OPTIONS } else { 0..=0 };
        if !wanted.contains(&self.options.len()) {
            let must_be = if self.kind == QuestionKind::Choice {
                "must be 2 to 8 options"
            } else {
                "must be empty but for a choice"
            };
            return Some(Fault::at("/options", must_be));
        }
        let mut ids = BTreeSet::new();
        self.options.iter().enumerate().find_map(|(place, option)| {
            if !ids.insert(&option.id) {
                return Some(Fault::at(format!("/options/{place}/id"), "must not be that of another option"));
            }
            if option.text.is_empty() {
                return Some(Fault::at(format!("/options/{place}/text"), "must have a text in one language at least"));
            }
            Some(option.text.fault()?.below(&format!("/options/{place}/text")))
        })
    }

    /// Whether it is asked of who gave such a score, and said this.
    fn is_for(&self, band: Band, heard: Option<&Analysis>) -> bool {
        let felt = |theme: &ThemeId| {
            let mut found = heard.into_iter().flat_map(|heard| &heard.themes);
            found.any(|found| found.id == *theme && found.polarity != Polarity::Neutral)
        };
        (self.bands.is_empty() || self.bands.contains(&band)) && !self.theme.as_ref().is_some_and(felt)
    }
}

/// Which of a site's own questions a customer is asked, at most [`ASKED_AT_ONCE`]: those for their score, without what they
/// have just told.
#[must_use]
pub fn questions_for(questions: &[Question], band: Band, heard: Option<&Analysis>) -> Vec<QuestionId> {
    let asked = questions.iter().filter(|question| question.is_for(band, heard));
    asked.take(ASKED_AT_ONCE).map(|question| question.id.clone()).collect()
}

/// What is wrong with answers to a site's own questions, if anything.
#[must_use]
pub fn fault_in_answers(questions: &[Question], answers: &Answers) -> Option<Fault> {
    answers.iter().find_map(|(id, value)| {
        let Some(question) = questions.iter().find(|question| question.id == *id) else {
            return Some(Fault::at(format!("/{id}"), "must be one of the site's questions"));
        };
        if question.kind.takes(value, &question.options) {
            return None;
        }
        let must_be = question.kind.highest().map_or_else(
            || {
                if question.kind == QuestionKind::FeltHeard {
                    return "must be yes or no".to_owned();
                }
                let options: Vec<&str> = question.options.iter().map(|option| option.id.as_str()).collect();
                format!("must be one of {}", options.join(", "))
            },
            |highest| format!("must be a whole number from 1 to {highest}"),
        );
        Some(Fault::at(format!("/{id}"), must_be))
    })
}

/// A question of the owner's as a page shows it, in one language.
///
/// ```
/// let q: heard_wire::SurveyQuestion = serde_json::from_str(r#"{"id":"staff","kind":"rating","text":"Our staff","low":"Poor","high":"Excellent"}"#).unwrap();
/// assert_eq!(q.high.as_deref(), Some("Excellent"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyQuestion {
    /// Which.
    pub id: QuestionId,
    /// What is asked for.
    pub kind: QuestionKind,
    /// The question.
    pub text: String,
    /// The language of `text` and `options`, where it is not the survey's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub lang: Option<LanguageTag>,
    /// What the lowest number means, where numbers answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// What the highest means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// What can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<SurveyOption>,
}

/// Something that can be chosen, in one language.
///
/// ```
/// let o: heard_wire::SurveyOption = serde_json::from_str(r#"{"id":"shop","text":"In the shop"}"#).unwrap();
/// assert_eq!(o.text, "In the shop");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyOption {
    /// What is sent.
    pub id: OptionId,
    /// What the customer reads.
    pub text: String,
}
