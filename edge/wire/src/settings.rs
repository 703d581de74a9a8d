use crate::{AskRules, Problem, Voice, fields::Fields, submission::is_language_tag};
use serde::{Deserialize, Serialize};

/// What an owner sets for a site: the body of `PUT /v1/sites/{site}`.
///
/// ```
/// let s = heard_wire::SiteSettings::from_json(r#"{"name":"Corner Café","origins":["https://cafe.example"],
///   "themes":[{"id":"coffee","label":"coffee","phrases":["espresso","flat white"]}],
///   "promise":{"answered_by":"Maria","by_when":"within two working days"}}"#.as_bytes()).unwrap();
/// assert_eq!(s.language, "en");
/// assert!(s.allows_origin("https://cafe.example"));
/// assert!(!s.allows_origin("https://evil.example"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// What customers call it, as in "recommend Corner Café".
    pub name: String,
    /// Origins that may show the survey, such as `https://shop.example` or `https://*.shop.example`; empty: all.
    pub origins: Vec<String>,
    /// BCP 47 language used when the page's is not offered.
    pub language: String,
    /// What the owner wants to hear about.
    pub themes: Vec<Theme>,
    /// How replies sound.
    #[serde(default)]
    pub voice: Voice,
    /// Printed on the receipt, only when the owner means it.
    pub promise: Option<Promise>,
    /// When to ask.
    pub ask: AskRules,
    /// Asks nobody any more and takes no answers; what is there can still be read.
    #[serde(default)]
    pub archived: bool,
}

/// A topic the owner wants to hear about, in their own words.
///
/// ```
/// let t: heard_wire::Theme = serde_json::from_str(r#"{"id":"price","label":"our prices","phrases":["expensive","value"],
///   "when_criticised":"Lunch costs what it did two years ago."}"#).unwrap();
/// assert_eq!(t.phrases.len(), 2);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Short and stable, for programs.
    pub id: String,
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

/// What the owner promises on the receipt, in their own words.
///
/// ```
/// let p: heard_wire::Promise = serde_json::from_str(r#"{"answered_by":"Maria","by_when":"by Friday"}"#).unwrap();
/// assert_eq!(p.by_when.as_deref(), Some("by Friday"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// Who answers.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// By when.
    #[serde(default)]
    pub by_when: Option<String>,
}

const MAX_THEMES: usize = 60;
const MAX_PHRASES: usize = 60;
const MAX_ORIGINS: usize = 100;

impl SiteSettings {
    /// Reads and checks a body; what is absent gets its default.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let name = fields.required_text("name", 200).map(|name| name.trim().to_owned());
        if name.as_deref().is_some_and(str::is_empty) {
            fields.invalid("name", "must not be empty");
        }
        let origins: Vec<String> = fields.optional("origins").unwrap_or_default();
        if origins.len() > MAX_ORIGINS || origins.iter().any(|origin| !is_origin(origin)) {
            let detail = "must be at most 100 origins such as https://shop.example, without a path";
            fields.invalid("origins", detail);
        }
        let language = fields.optional_text("language", 35).unwrap_or_else(|| "en".to_owned());
        if !is_language_tag(&language) {
            fields.invalid("language", "must be a BCP 47 language tag such as en or pt-BR");
        }
        let themes: Vec<Theme> = fields.optional("themes").unwrap_or_default();
        if let Some(detail) = fault_in_themes(&themes) {
            fields.invalid("themes", detail);
        }
        let voice: Voice = fields.optional("voice").unwrap_or_default();
        if voice.reader.as_ref().is_some_and(|reader| !is_line(reader, 80)) {
            fields.invalid("voice", "must have a reader of 1 to 80 bytes on one line");
        }
        let promise: Option<Promise> = fields.optional("promise");
        let ask: AskRules = fields.optional("ask").unwrap_or_default();
        let archived = fields.optional("archived").unwrap_or_default();
        fields.finish()?;
        Ok(Self { name: name.unwrap_or_default(), origins, language, themes, voice, promise, ask, archived })
    }

    /// A site with this name and everything else as it comes.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            origins: Vec::new(),
            language: "en".to_owned(),
            themes: Vec::new(),
            voice: Voice::default(),
            promise: None,
            ask: AskRules::default(),
            archived: false,
        }
    }

    /// Whether a page of this origin may show the survey. Schemes and hosts compare without case.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|allowed| matches_origin(allowed, origin))
    }
}

fn matches_origin(allowed: &str, origin: &str) -> bool {
    match allowed.split_once("://*.") {
        None => allowed.eq_ignore_ascii_case(origin),
        Some((scheme, domain)) => origin
            .split_once("://")
            .filter(|(origin_scheme, _)| origin_scheme.eq_ignore_ascii_case(scheme))
            .and_then(|(_, host)| host.split_once('.').map(|_| host.to_ascii_lowercase()))
            .is_some_and(|host| host.ends_with(&format!(".{}", domain.to_ascii_lowercase()))),
    }
}

fn is_origin(text: &str) -> bool {
    text.len() <= 300
        && text.split_once("://").is_some_and(|(scheme, host)| {
            !scheme.is_empty() && !host.is_empty() && !host.contains(['/', '?', '#', ' ', '@'])
        })
}

fn fault_in_themes(themes: &[Theme]) -> Option<&'static str> {
    if themes.len() > MAX_THEMES {
        return Some("must be at most 60 themes");
    }
    let mut ids: Vec<&str> = themes.iter().map(|theme| theme.id.as_str()).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair.first() == pair.last()) {
        return Some("must not have the same id twice");
    }
    let long = |text: &String| text.is_empty() || text.len() > 200;
    let bad = |theme: &Theme| {
        long(&theme.id) || long(&theme.label) || theme.phrases.len() > MAX_PHRASES || theme.phrases.iter().any(long)
    };
    if themes.iter().any(bad) {
        return Some("must have ids, labels and at most 60 phrases of 1 to 200 bytes each");
    }
    let bad_line = |line: &Option<String>| line.as_ref().is_some_and(|line| !is_line(line, 200));
    themes
        .iter()
        .any(|theme| bad_line(&theme.when_criticised) || bad_line(&theme.when_praised))
        .then_some("must have lines for criticism and praise of 1 to 200 bytes without line breaks")
}

/// Whether a customer can be shown this as one line.
fn is_line(text: &str, max_bytes: usize) -> bool {
    !text.trim().is_empty() && text.len() <= max_bytes && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_match_exactly_or_below_a_star() {
        for (allowed, origin, fits) in [
            ("https://a.example", "https://a.example", true),
            ("https://A.example", "https://a.EXAMPLE", true),
            ("https://a.example", "http://a.example", false),
            ("https://a.example", "https://a.example.evil.example", false),
            ("https://a.example", "https://a.example:8443", false),
            ("https://*.a.example", "https://shop.a.example", true),
            ("https://*.a.example", "https://a.example", false),
            ("https://*.a.example", "https://evila.example", false),
            ("https://*.a.example", "http://shop.a.example", false),
            ("https://a.example", "null", false),
        ] {
            assert_eq!(matches_origin(allowed, origin), fits, "{allowed} {origin}");
        }
    }

    #[test]
    fn settings_at_fault_are_named() {
        for (body, pointer) in [
            (r#"{}"#, "/name"),
            (r#"{"name":"  "}"#, "/name"),
            (r#"{"name":"a","origins":["https://a.example/path"]}"#, "/origins"),
            (r#"{"name":"a","themes":[{"id":"x","label":"x"},{"id":"x","label":"y"}]}"#, "/themes"),
            (r#"{"name":"a","themes":[{"id":"x","label":"x","colour":1}]}"#, "/themes"),
            (r#"{"name":"a","themes":[{"id":"x","label":"x","when_praised":""}]}"#, "/themes"),
            (r#"{"name":"a","voice":{"tone":"shouting"}}"#, "/voice"),
            (r#"{"name":"a","voice":{"reader":"Maria\nEve"}}"#, "/voice"),
            (r#"{"name":"a","ask":{"delay_seconds":-1}}"#, "/ask"),
            (r#"{"name":"a","colour":1}"#, "/colour"),
        ] {
            let problem = SiteSettings::from_json(body.as_bytes()).unwrap_err();
            assert_eq!(problem.errors[0].pointer, pointer, "{body}");
        }
    }

    #[test]
    fn the_starter_themes_are_settings_as_they_stand() {
        for themes in [
            include_str!("../../../examples/themes/finance.json"),
            include_str!("../../../examples/themes/health.json"),
            include_str!("../../../examples/themes/restaurants.json"),
            include_str!("../../../examples/themes/retail.json"),
            include_str!("../../../examples/themes/saas.json"),
            include_str!("../../../examples/themes/travel.json"),
        ] {
            let body = format!(r#"{{"name":"a","themes":{themes}}}"#);
            assert!(SiteSettings::from_json(body.as_bytes()).unwrap().themes.len() >= 8);
        }
    }
}
