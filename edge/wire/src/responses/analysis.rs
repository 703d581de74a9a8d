use crate::id::ThemeId;
use crate::survey::Polarity;
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

/// What listening found in a comment, as stored for the owner and sent in events.
///
/// ```
/// let h: heard_wire::Analysis = serde_json::from_str(r#"{"language":"en","informative":true,"overall":"negative",
///   "themes":[{"id":"speed","polarity":"negative","confidence":0.9,"quote":"waited 40 minutes at the till"}],
///   "suggestions":[{"quote":"add a second till"}],"people":[{"name":"Tom","polarity":"positive"}],
///   "amounts":[{"kind":"duration","quote":"40 minutes"}],"intents":["wants_contact"]}"#).unwrap();
/// assert_eq!(h.themes[0].id.as_str(), "speed");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Heard"))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// BCP 47 language of the comment; `und` when it cannot be told.
    pub language: String,
    /// Whether the comment says anything that can be acted on.
    pub informative: bool,
    /// The comment as a whole.
    pub overall: Polarity,
    /// The owner's themes that were found.
    #[serde(default)]
    pub themes: Vec<ThemeFound>,
    /// What else was praised or criticised, where no theme of the owner's was named. At most five.
    #[serde(default)]
    pub topics: Vec<Topic>,
    /// Ideas, in the customer's words.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    /// People named.
    #[serde(default)]
    pub people: Vec<Person>,
    /// Durations and prices.
    #[serde(default)]
    pub amounts: Vec<Amount>,
    /// `will_recommend`, `will_not_recommend`, `will_return`, `will_leave`, `wants_contact` (also for a refund or the like,
    /// which only a person can see to), `already_told`, `request`, `question`, `warns_others`, `thanks_person`,
    /// `complains_of_person`, `declines`, `refuses_contact`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub intents: Vec<Intent>,
    /// When a person corrected the themes; absent where they are as they were heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<Timestamp>,
    /// Harm that the customer told of, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grave: Option<GraveFound>,
}

/// What a customer means to do, or wants done.
///
/// ```
/// use heard_wire::Intent;
/// assert_eq!(serde_json::from_str::<Intent>("\"wants_contact\"").unwrap(), Intent::WantsContact);
/// // One that a later release stored.
/// assert_eq!(serde_json::from_str::<Intent>("\"will_sue\"").unwrap(), Intent::Unknown);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Intent {
    /// "I tell all my friends."
    WillRecommend,
    /// "Nobody should go there."
    WillNotRecommend,
    /// "See you next week."
    WillReturn,
    /// "I am cancelling."
    WillLeave,
    /// "Call me", and what only a person can see to, such as a refund.
    WantsContact,
    /// "As I told you twice."
    AlreadyTold,
    /// "Send me the missing part": something for their own case.
    Request,
    /// "Do you open on Sundays?"
    Question,
    /// "Avoid this place."
    WarnsOthers,
    /// "Maria was so kind."
    ThanksPerson,
    /// "The man at the desk shouted at me."
    ComplainsOfPerson,
    /// "I would rather not say."
    Declines,
    /// "Do not call me."
    RefusesContact,
    /// One that this release does not know.
    #[serde(other)]
    Unknown,
}

/// Harm that a customer told of.
///
/// ```
/// let g: heard_wire::GraveFound = serde_json::from_str(r#"{"kind":"injury","quote":"I slipped on your stairs"}"#).unwrap();
/// assert_eq!(g.kind, heard_wire::GraveKind::Injury);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraveFound {
    /// Of which kind.
    pub kind: GraveKind,
    /// The customer's words, byte for byte.
    pub quote: String,
}

/// What a customer was harmed by.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum GraveKind {
    /// Somebody was hurt, or fell ill.
    Injury,
    /// Somebody died.
    Bereavement,
    /// Somebody thinks of ending their life.
    SelfHarm,
    /// Somebody was treated worse for what they are.
    Discrimination,
    /// Somebody was harassed.
    Harassment,
    /// A real danger.
    Safety,
    /// Somebody was threatened, or threatens.
    Threat,
    /// One that this release does not know.
    #[serde(other)]
    Unknown,
}

/// One of the owner's themes, found in a comment.
///
/// ```
/// let t: heard_wire::ThemeFound = serde_json::from_str(
///   r#"{"id":"price","polarity":"neutral","confidence":0.5,"quote":"I paid by card"}"#).unwrap();
/// assert!(t.confidence <= 1.0);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThemeFound {
    /// The theme's id in the site's settings.
    pub id: ThemeId,
    /// How the customer felt about it.
    pub polarity: Polarity,
    /// 0 to 1, for theme and feeling together: of a hundred found with 0.7, about seventy are right in both.
    pub confidence: f32,
    /// The customer's words that say it, byte for byte.
    #[serde(default)]
    pub quote: String,
}

/// Something that is on no list of the owner's, in the customer's words.
///
/// ```
/// let t: heard_wire::Topic = serde_json::from_str(r#"{"quote":"parking garage","polarity":"negative"}"#).unwrap();
/// assert_eq!(t.quote, "parking garage");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// The customer's words, byte for byte.
    pub quote: String,
    /// How the customer felt about it.
    pub polarity: Polarity,
}

/// Somebody a customer named.
///
/// ```
/// let p: heard_wire::Person = serde_json::from_str(r#"{"name":"Tom","polarity":"positive"}"#).unwrap();
/// assert_eq!(p.name, "Tom");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As written.
    pub name: String,
    /// How the customer felt where they were named.
    pub polarity: Polarity,
}

/// A number with its unit.
///
/// ```
/// let a: heard_wire::Amount = serde_json::from_str(r#"{"kind":"price","quote":"£4.50"}"#).unwrap();
/// assert_eq!(a.kind, heard_wire::AmountKind::Price);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// What it measures.
    pub kind: AmountKind,
    /// The customer's words, byte for byte.
    pub quote: String,
}

/// What an [`Amount`] measures.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountKind {
    /// "Two weeks", "40 min".
    Duration,
    /// "£4.50", "30 euros".
    Price,
}

/// An idea, quoted.
///
/// ```
/// let s: heard_wire::Suggestion = serde_json::from_str(r#"{"quote":"open on Sundays"}"#).unwrap();
/// assert_eq!(s.quote, "open on Sundays");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The customer's words, byte for byte.
    pub quote: String,
}
