//! Languages: tags as pages write them, and those that Heard speaks.

use crate::text::{check, checked_text, text_schema};
use strum::VariantArray as _;

checked_text! {
    /// A BCP 47 language tag by its shape: letters first, then subtags of 1 to 8 letters and digits; at most 35 bytes. The
    /// spelling of operating systems is taken, too.
    ///
    /// ```
    /// let tag: heard_wire::LanguageTag = "pt_BR.UTF-8".parse().unwrap();
    /// assert_eq!((tag.as_str(), tag.primary().as_str()), ("pt-BR", "pt"));
    /// assert!("english (UK)".parse::<heard_wire::LanguageTag>().is_err());
    /// ```
    LanguageTag, without_charset, |text| {
        let mut subtags = text.split('-');
        let primary = subtags.next().unwrap_or_default();
        let fits = text.len() <= 35
            && (2..=8).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_alphabetic())
            && subtags.all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()));
        check(fits, "must be a BCP 47 language tag such as en or pt-BR")
    }
}

text_schema!(LanguageTag);

/// `de_DE.UTF-8` and `de_DE@euro` are spellings of `de-DE`.
fn without_charset(text: String) -> String {
    let tag = text.split(['.', '@']).next().unwrap_or_default();
    tag.trim().replace('_', "-")
}

impl LanguageTag {
    /// The primary subtag, in lower case.
    #[must_use]
    pub fn primary(&self) -> String {
        primary_subtag(&self.0)
    }
}

impl From<Language> for LanguageTag {
    fn from(language: Language) -> Self {
        Self(language.as_ref().to_owned())
    }
}

/// The primary subtag of what may be a language tag, in lower case.
#[must_use]
pub fn primary_subtag(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase()
}

/// A language that Heard speaks: one file each in `locales/`, for translators.
///
/// ```
/// use heard_wire::Language;
/// assert_eq!(Language::nearest(["ja", "de-AT", "en"]), Language::German);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::AsRefStr, strum::EnumString, strum::VariantArray)]
pub enum Language {
    /// `en`
    #[default]
    #[strum(serialize = "en")]
    English,
    /// `de`
    #[strum(serialize = "de")]
    German,
    /// `es`
    #[strum(serialize = "es")]
    Spanish,
    /// `fr`
    #[strum(serialize = "fr")]
    French,
    /// `pt`
    #[strum(serialize = "pt")]
    Portuguese,
    /// `nl`
    #[strum(serialize = "nl")]
    Dutch,
    /// `it`
    #[strum(serialize = "it")]
    Italian,
}

impl Language {
    /// All of them, English first.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The language of the first of these tags that is spoken, by its primary subtag; English when none is.
    #[must_use]
    pub fn nearest<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        tags.into_iter().find_map(|tag| primary_subtag(tag).parse().ok()).unwrap_or_default()
    }

    /// Everything said in this language, as JSON with the sections `widget` and `reply`.
    #[must_use]
    pub const fn texts(self) -> &'static str {
        match self {
            Self::English => include_str!("../locales/en.json"),
            Self::German => include_str!("../locales/de.json"),
            Self::Spanish => include_str!("../locales/es.json"),
            Self::French => include_str!("../locales/fr.json"),
            Self::Portuguese => include_str!("../locales/pt.json"),
            Self::Dutch => include_str!("../locales/nl.json"),
            Self::Italian => include_str!("../locales/it.json"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn the_nearest_language_is_chosen() {
        for (tags, nearest) in [
            (["de-AT", "en"], "de"),
            (["PT-br", "en"], "pt"),
            (["ja", "fr"], "fr"),
            (["ja", "ja"], "en"),
            (["", "es"], "es"),
            (["", ""], "en"),
        ] {
            assert_eq!(Language::nearest(tags).as_ref(), nearest, "{tags:?}");
        }
    }
}
