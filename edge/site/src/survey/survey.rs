use crate::store::SiteError;
use heard_wire::{Language, SiteConfig, Survey, SurveyCopy, SurveyToken};
use serde::Deserialize;

/// A language's texts, of which the widget shows these.
#[derive(Deserialize)]
struct Texts {
    widget: SurveyCopy,
}

/// The language in which a page is asked: the one it asks for, else the site's own, else English.
#[must_use]
pub fn offered_language(asked: Option<&str>, site: &SiteConfig) -> Language {
    Language::nearest(asked.into_iter().chain([site.settings.language.as_str()]))
}

/// The survey of a site, in one language and with the token for a page; `{name}` stands for the site's name.
///
/// # Errors
/// When a language file does not read, which a test rules out.
pub fn survey(site: &SiteConfig, language: Language, token: Option<SurveyToken>) -> Result<Survey, SiteError> {
    let unreadable = |_| SiteError::Unreadable { act: "read a language file" };
    let Texts { widget: mut copy } = serde_json::from_str(language.texts()).map_err(unreadable)?;
    copy.question = copy.question.replace("{name}", &site.settings.name);
    Ok(Survey {
        site: site.id.clone(),
        lang: language.into(),
        ask: site.settings.ask,
        copy,
        contact: site.settings.contact.clone(),
        token,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_file_reads_and_names_the_site() {
        let settings = heard_wire::SiteSettings::from_json(br#"{"name":"Corner Shop"}"#).unwrap();
        let site = SiteConfig { id: "demo".parse().unwrap(), revision: 1, settings };
        for language in Language::ALL {
            let survey = survey(&site, *language, None).unwrap();
            assert!(survey.copy.question.contains("Corner Shop"), "{language:?}");
            assert!(survey.copy.promise.contains("{who}") && survey.copy.promise.contains("{when}"), "{language:?}");
            let all = serde_json::to_string(&survey.copy).unwrap().to_lowercase();
            assert!(!all.contains("valued") && !all.contains("important to us"), "{language:?}");
        }
    }
}
