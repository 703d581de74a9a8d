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
/// assert_eq!(Language::nearest(["cy", "de-AT", "en"]), Language::German);
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
    /// `pl`
    #[strum(serialize = "pl")]
    Polish,
    /// `cs`
    #[strum(serialize = "cs")]
    Czech,
    /// `sv`
    #[strum(serialize = "sv")]
    Swedish,
    /// `da`
    #[strum(serialize = "da")]
    Danish,
    /// `nb`, and pages in `no` and `nn`
    #[strum(serialize = "no", serialize = "nn", to_string = "nb")]
    Norwegian,
    /// `fi`
    #[strum(serialize = "fi")]
    Finnish,
    /// `tr`
    #[strum(serialize = "tr")]
    Turkish,
    /// `uk`
    #[strum(serialize = "uk")]
    Ukrainian,
    /// `ru`
    #[strum(serialize = "ru")]
    Russian,
    /// `ro`
    #[strum(serialize = "ro")]
    Romanian,
    /// `hu`
    #[strum(serialize = "hu")]
    Hungarian,
    /// `el`
    #[strum(serialize = "el")]
    Greek,
    /// `ar`
    #[strum(serialize = "ar")]
    Arabic,
    /// `he`, and `iw` of old
    #[strum(serialize = "iw", to_string = "he")]
    Hebrew,
    /// `ja`
    #[strum(serialize = "ja")]
    Japanese,
    /// `ko`
    #[strum(serialize = "ko")]
    Korean,
    /// `zh`, in simplified characters
    #[strum(serialize = "zh")]
    Chinese,
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
            Self::Polish => include_str!("../locales/pl.json"),
            Self::Czech => include_str!("../locales/cs.json"),
            Self::Swedish => include_str!("../locales/sv.json"),
            Self::Danish => include_str!("../locales/da.json"),
            Self::Norwegian => include_str!("../locales/nb.json"),
            Self::Finnish => include_str!("../locales/fi.json"),
            Self::Turkish => include_str!("../locales/tr.json"),
            Self::Ukrainian => include_str!("../locales/uk.json"),
            Self::Russian => include_str!("../locales/ru.json"),
            Self::Romanian => include_str!("../locales/ro.json"),
            Self::Hungarian => include_str!("../locales/hu.json"),
            Self::Greek => include_str!("../locales/el.json"),
            Self::Arabic => include_str!("../locales/ar.json"),
            Self::Hebrew => include_str!("../locales/he.json"),
            Self::Japanese => include_str!("../locales/ja.json"),
            Self::Korean => include_str!("../locales/ko.json"),
            Self::Chinese => include_str!("../locales/zh.json"),
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
            (["cy", "fr"], "fr"),
            (["cy", "ga"], "en"),
            (["no", "en"], "nb"),
            (["iw-IL", "en"], "he"),
            (["zh-Hant-TW", "en"], "zh"),
            (["", "es"], "es"),
            (["", ""], "en"),
        ] {
            assert_eq!(Language::nearest(tags).as_ref(), nearest, "{tags:?}");
        }
    }
}
