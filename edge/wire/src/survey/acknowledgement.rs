use crate::id::{QuestionId, ResponseId, ThemeId};
use crate::language::LanguageTag;
use crate::survey::ask::Ask;
use crate::survey::copy::SurveyCopy;
use crate::survey::reference::reference_of;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What the customer reads after sending: a reply that stands on their own words.
///
/// ```
/// let json = r#"{"text":"Thank you. You wrote: “cold soup”. That should not have happened.",
///   "claims":[{"theme":"food","polarity":"negative","quote":"cold soup"}],
///   "ask":"what_would_help","receipt":{"reference":"7K3Q-9F2M"}}"#;
/// let ack: heard_wire::Acknowledgement = serde_json::from_str(json).unwrap();
/// assert_eq!(ack.ask, Some(heard_wire::Ask::WhatWouldHelp));
/// assert!(ack.text.contains(&ack.claims[0].quote));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Plain text, one to three sentences. Never markup: show it as text only.
    pub text: String,
    /// What `text` does with what was said; `None` in answers of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ReplyKind>,
    /// What `text` claims to have understood; every quote stands word for word in the comment and in `text`.
    #[serde(default)]
    pub claims: Vec<Claim>,
    /// The one thing that is missing, if any.
    #[serde(default)]
    pub ask: Option<Ask>,
    /// The language of all texts in here, where it is known: that of the comment, if we write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<LanguageTag>,
    /// `ask` as a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Which of the owner's own questions follow, by their ids: at most three, and none where `ask` asks for something.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub questions: Vec<QuestionId>,
    /// That the text was put together automatically, and who reads the answer, in the same language; where the owner keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<String>,
    /// Every text of the widget in the language of the reply, where that is not the page's; only in the answer to a submission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy: Option<Box<SurveyCopy>>,
    /// What the customer can hold on to.
    pub receipt: Receipt,
}

impl Acknowledgement {
    /// One that says nothing, for an answer that was given elsewhere.
    ///
    /// ```
    /// let id = "0190a5c4-7a1c-7def-8123-456789abcdef".parse().unwrap();
    /// assert_eq!(heard_wire::Acknowledgement::silent(&id).receipt.reference, "CY4T-QKFF");
    /// ```
    #[must_use]
    pub fn silent(id: &ResponseId) -> Self {
        let receipt = Receipt { reference: reference_of(id), answered_by: None, by_when: None, due_at: None };
        let (text, claims) = (String::new(), Vec::new());
        let questions = Vec::new();
        let (kind, copy) = (None, None);
        Self { text, kind, claims, ask: None, lang: None, question: None, questions, disclosure: None, copy, receipt }
    }
}

/// What a reply does with what was said.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReplyKind {
    /// Says thank you and nothing else.
    Thanks,
    /// Reads words back without judging them.
    Noted,
    /// Is glad of praise.
    Praise,
    /// Reads a criticism back.
    Criticism,
    /// Reads back a criticism and praise.
    Both,
    /// Writes an idea down.
    Idea,
    /// Is sorry for harm.
    Sorry,
}

/// One thing the reply says it heard.
///
/// ```
/// let c: heard_wire::Claim = serde_json::from_str(r#"{"theme":null,"polarity":"positive","quote":"Maria was kind"}"#).unwrap();
/// assert!(c.theme.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The owner's theme id, or `null` when the customer's words fit none.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub theme: Option<ThemeId>,
    /// How the customer felt about it.
    pub polarity: Polarity,
    /// The customer's words, byte for byte.
    pub quote: String,
}

/// How a customer felt about something.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Polarity {
    /// Praise.
    Positive,
    /// Criticism.
    Negative,
    /// Mentioned without a feeling we have evidence for.
    Neutral,
}

/// What the customer can hold on to. Promises appear only when the owner configured them.
///
/// ```
/// let r: heard_wire::Receipt = serde_json::from_str(r#"{"reference":"7K3Q-9F2M","answered_by":"Maria","by_when":"within two working days"}"#).unwrap();
/// assert_eq!(r.answered_by.as_deref(), Some("Maria"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Eight characters a person can read out on the phone.
    pub reference: String,
    /// Who answers, in the owner's words; only for who can be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
    /// By when, in the language of the reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_when: Option<String>,
    /// By when, as a moment: the widget tells it in the customer's own time zone, in place of `by_when`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}
