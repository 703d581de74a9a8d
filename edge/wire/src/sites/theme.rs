use crate::id::ThemeId;
use crate::text::is_line;
use serde::{Deserialize, Serialize};

/// A topic the owner wants to hear about, in their own words.
///
/// ```
/// let t: heard_wire::Theme = serde_json::from_str(r#"{"id":"price","label":"our prices","phrases":["expensive","value"],
///   "when_criticised":"Lunch costs what it did two years ago."}"#).unwrap();
/// assert_eq!(t.phrases.len(), 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Short and stable, for programs.
    pub id: ThemeId,
    /// As the owner calls it.
    pub label: String,
    /// Words and phrases customers use for it.
    #[serde(default)]
    pub phrases: Vec<String>,
    /// What to tell a customer who criticised it, in the site's language: "We added two tills in May."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_criticised: Option<String>,
    /// What to tell a customer who praised it, in the site's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when_praised: Option<String>,
}

impl Theme {
    /// A theme that is known by its label alone.
    #[must_use]
    pub fn labelled(id: ThemeId, label: &str) -> Self {
        Self { id, label: label.to_owned(), phrases: Vec::new(), when_criticised: None, when_praised: None }
    }
}

/// Themes of a site.
pub const MAX_THEMES: usize = 60;
const MAX_PHRASES: usize = 60;

/// What is wrong with a site's themes, if anything.
pub(super) fn fault_in_themes(themes: &[Theme]) -> Option<String> {
    if themes.len() > MAX_THEMES {
        return Some(format!("must be at most {MAX_THEMES} themes"));
    }
    let mut ids: Vec<&ThemeId> = themes.iter().map(|theme| &theme.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair.first() == pair.last()) {
        return Some("must not have the same id twice".to_owned());
    }
    let long = |text: &String| text.is_empty() || text.len() > 200;
    let bad = |theme: &Theme| long(&theme.label) || theme.phrases.len() > MAX_PHRASES || theme.phrases.iter().any(long);
    if themes.iter().any(bad) {
        return Some(format!("must have ids, labels and at most {MAX_PHRASES} phrases of 1 to 200 bytes each"));
    }
    let bad_line = |line: &Option<String>| line.as_ref().is_some_and(|line| !is_line(line, 200));
    themes
        .iter()
        .any(|theme| bad_line(&theme.when_criticised) || bad_line(&theme.when_praised))
        .then(|| "must have lines for criticism and praise of 1 to 200 bytes without line breaks".to_owned())
}
