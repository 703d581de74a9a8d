use crate::{Configured, SiteError};
use heard_wire::{Survey, SurveyCopy};

/// The languages the widget speaks. One file each, for translators; `{name}` is the site's name.
pub const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../locales/en.json")),
    ("de", include_str!("../locales/de.json")),
    ("es", include_str!("../locales/es.json")),
    ("fr", include_str!("../locales/fr.json")),
    ("pt", include_str!("../locales/pt.json")),
];

/// The offered language nearest to what the page asks for: the tag itself, its primary subtag, the site's own, English.
#[must_use]
pub fn offered_language(asked: Option<&str>, site_language: &str) -> &'static str {
    let offered = |tag: &str| {
        let primary = tag.split('-').next().unwrap_or(tag);
        LANGUAGES.iter().map(|(language, _)| *language).find(|language| language.eq_ignore_ascii_case(primary))
    };
    asked.and_then(offered).or_else(|| offered(site_language)).unwrap_or("en")
}

/// The survey of a site, in one language.
///
/// # Errors
/// When a language file does not read, which a test rules out.
pub fn survey(site: &Configured, language: &'static str) -> Result<Survey, SiteError> {
    let unreadable = SiteError::Unreadable { act: "read a language file" };
    let Some((_, file)) = LANGUAGES.iter().find(|(offered, _)| *offered == language) else {
        return Err(unreadable);
    };
    let mut copy: SurveyCopy = serde_json::from_str(file).map_err(|_| unreadable)?;
    copy.question = copy.question.replace("{name}", &site.settings.name);
    Ok(Survey { site: site.id.clone(), lang: language.to_owned(), ask: site.settings.ask, copy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_file_reads_and_names_the_site() {
        let settings = heard_wire::SiteSettings::from_json(br#"{"name":"Corner Shop"}"#).unwrap();
        let site = Configured { id: "demo".parse().unwrap(), revision: 1, settings };
        for (language, _) in LANGUAGES {
            let survey = survey(&site, language).unwrap();
            assert!(survey.copy.question.contains("Corner Shop"), "{language}");
            assert!(survey.copy.promise.contains("{who}") && survey.copy.promise.contains("{when}"), "{language}");
            let all = serde_json::to_string(&survey.copy).unwrap().to_lowercase();
            assert!(!all.contains("valued") && !all.contains("important to us"), "{language}");
        }
    }

    #[test]
    fn the_nearest_offered_language_is_chosen() {
        for (asked, site, offered) in [
            (Some("de-AT"), "en", "de"),
            (Some("PT-br"), "en", "pt"),
            (Some("ja"), "fr", "fr"),
            (Some("ja"), "ja", "en"),
            (None, "es", "es"),
            (Some(""), "en", "en"),
        ] {
            assert_eq!(offered_language(asked, site), offered);
        }
    }
}
