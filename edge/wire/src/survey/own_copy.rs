use crate::fields::Fault;
use crate::language::{Language, LanguageTag, primary_subtag};
use crate::survey::copy::SurveyCopy;
use crate::text::is_hidden;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An owner's own words for some of the widget's: by language, and by where the text stands in the survey's `copy`, such as
/// `question` or `why.promoter`.
///
/// ```
/// let own: heard_wire::OwnCopy = serde_json::from_str(r#"{"en":{"question":"Would you send a friend to {name}?"}}"#).unwrap();
/// assert!(own.fault().is_none());
/// let unknown: heard_wire::OwnCopy = serde_json::from_str(r#"{"en":{"headline":"Hello"}}"#).unwrap();
/// assert!(unknown.fault().is_some());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OwnCopy(
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, BTreeMap<String, String>>"))]
    BTreeMap<LanguageTag, BTreeMap<String, String>>,
);

const MAX_LANGUAGES: usize = 50;
const MAX_BYTES: usize = 300;

impl OwnCopy {
    /// Whether the owner uses the widget's words as they are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        if self.0.len() > MAX_LANGUAGES {
            return Some(Fault::at("", format!("must be of at most {MAX_LANGUAGES} languages")));
        }
        // English has every text, and its places.
        let Some(known) = texts_of(Language::English) else { return Some(Fault::at("", "cannot be checked")) };
        self.0.iter().find_map(|(tag, texts)| {
            if tag.primary().parse::<Language>().is_err() {
                return Some(Fault::at(format!("/{tag}"), "must be a language that the widget speaks"));
            }
            texts.iter().find_map(|(name, text)| {
                let Some(usual) = known.get(name) else {
                    let names = known.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
                    return Some(Fault::at(format!("/{tag}"), format!("must have names of texts: {names}")));
                };
                Some(Fault::at(format!("/{tag}/{name}"), fault_in(name, usual, text)?))
            })
        })
    }

    /// The owner's words for one text, by its name, in a language or its family.
    ///
    /// ```
    /// let own: heard_wire::OwnCopy = serde_json::from_str(r#"{"en":{"ask.what_happened":"What could we improve?"}}"#).unwrap();
    /// assert_eq!(own.text("ask.what_happened", "en-GB"), Some("What could we improve?"));
    /// assert_eq!(own.text("ask.what_happened", "de"), None);
    /// ```
    #[must_use]
    pub fn text(&self, name: &str, lang: &str) -> Option<&str> {
        let of_lang = self.0.iter().filter(|(tag, texts)| is_of(tag.as_str(), lang) && texts.contains_key(name));
        let (_, texts) = of_lang.max_by_key(|(tag, _)| tag.as_str().len())?;
        texts.get(name).map(String::as_str)
    }

    /// A survey's texts with the owner's in their places, of the language itself before those of its family.
    #[must_use]
    pub fn put_into(&self, copy: SurveyCopy, lang: &str) -> SurveyCopy {
        let mut own: Vec<_> = self.0.iter().filter(|(tag, _)| is_of(tag.as_str(), lang)).collect();
        own.sort_by_key(|(tag, _)| tag.as_str().len());
        if own.is_empty() {
            return copy;
        }
        let Ok(mut texts) = serde_json::to_value(&copy) else { return copy };
        for (name, text) in own.into_iter().flat_map(|(_, texts)| texts) {
            if let Some(place) = texts.pointer_mut(&format!("/{}", name.replace('.', "/"))) {
                *place = Value::String(text.clone());
            }
        }
        serde_json::from_value(texts).unwrap_or(copy)
    }
}

/// What is wrong with an owner's text in place of the usual one.
fn fault_in(name: &str, usual: &str, text: &str) -> Option<String> {
    if text.trim().is_empty() || text.len() > MAX_BYTES || text.contains(is_hidden) {
        return Some(format!("must be 1 to {MAX_BYTES} bytes on one line"));
    }
    // The site's name may stand anywhere, and be left out.
    let (usual, own) = (places(usual), places(text));
    if let Some(place) = usual.difference(&own).find(|place| **place != "{name}") {
        return Some(format!("must keep {place}"));
    }
    if let Some(place) = own.difference(&usual).find(|place| **place != "{name}") {
        return Some(format!("must not have {place}, which nothing fills in"));
    }
    // Where there is no time, it goes with the blank before it.
    (name == "promise" && !text.contains(" {when}")).then(|| "must have a blank before {when}".to_owned())
}

/// Whether a tag is this language, or one that it is a kind of: `no` is `nb`.
fn is_of(tag: &str, lang: &str) -> bool {
    let spoken = |tag: &str| primary_subtag(tag).parse::<Language>().ok();
    let rest =
        |tag: &str| tag.split_once('-').map(|(_, rest)| format!("{}-", rest.to_ascii_lowercase())).unwrap_or_default();
    spoken(tag).is_some() && spoken(tag) == spoken(lang) && rest(lang).starts_with(&rest(tag))
}

/// Every text of the widget in a language, by its name.
fn texts_of(language: Language) -> Option<BTreeMap<String, String>> {
    let texts: Value = serde_json::from_str(language.texts()).ok()?;
    let mut named = BTreeMap::new();
    for (name, text) in texts.get("widget")?.as_object()? {
        match text {
            Value::String(text) => drop(named.insert(name.clone(), text.clone())),
            Value::Object(inner) => {
                let inner =
                    inner.iter().filter_map(|(part, text)| Some((format!("{name}.{part}"), text.as_str()?.to_owned())));
                named.extend(inner);
            }
            _ => {}
        }
    }
    Some(named)
}

fn places(text: &str) -> BTreeSet<&str> {
    let begins = text.match_indices('{');
    begins.filter_map(|(at, _)| text.get(at..at + text.get(at..)?.find('}')? + 1)).collect()
}
