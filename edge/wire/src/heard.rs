use crate::Polarity;
use serde::{Deserialize, Serialize};

/// What listening found in a comment, as stored for the owner and sent in events.
///
/// ```
/// let h: heard_wire::Heard = serde_json::from_str(r#"{"language":"en","informative":true,"overall":"negative",
///   "themes":[{"id":"speed","polarity":"negative","confidence":0.9}],
///   "suggestions":[{"quote":"add a second till"}],"people":[],"intents":["wants_contact"]}"#).unwrap();
/// assert_eq!(h.themes[0].id, "speed");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// BCP 47 language of the comment; `und` when it cannot be told.
    pub language: String,
    /// Whether the comment says anything that can be acted on.
    pub informative: bool,
    /// The comment as a whole.
    pub overall: Polarity,
    /// The owner's themes that were found.
    #[serde(default)]
    pub themes: Vec<ThemeFound>,
    /// Ideas, in the customer's words.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    /// People named, as written.
    #[serde(default)]
    pub people: Vec<String>,
    /// `will_recommend`, `will_not_recommend`, `will_return`, `will_leave`, `wants_contact`, `already_told`.
    #[serde(default)]
    pub intents: Vec<String>,
}

/// One of the owner's themes, found in a comment.
///
/// ```
/// let t: heard_wire::ThemeFound = serde_json::from_str(r#"{"id":"price","polarity":"neutral","confidence":0.5}"#).unwrap();
/// assert!(t.confidence <= 1.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThemeFound {
    /// The theme's id in the site's settings.
    pub id: String,
    /// How the customer felt about it.
    pub polarity: Polarity,
    /// 0 to 1.
    pub confidence: f32,
}

/// An idea, quoted.
///
/// ```
/// let s: heard_wire::Suggestion = serde_json::from_str(r#"{"quote":"open on Sundays"}"#).unwrap();
/// assert_eq!(s.quote, "open on Sundays");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The customer's words, byte for byte.
    pub quote: String,
}
