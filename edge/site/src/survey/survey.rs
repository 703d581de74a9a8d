use crate::store::SiteError;
use crate::survey::look::look;
use crate::survey::questions::questions;
use heard_wire::{Experiment, Language, SiteConfig, Survey, SurveyCopy, SurveyExperiment, SurveyToken, WhyPrompts};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

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

/// The survey of a site, in the language offered for the one that is asked for, with the token for a page; `{name}` stands for
/// the site's name.
///
/// # Errors
/// When a language file does not read, which a test rules out.
pub fn survey(
    site: &SiteConfig,
    asked: Option<&str>,
    language: Language,
    token: Option<SurveyToken>,
) -> Result<Survey, SiteError> {
    // A page in Austrian German reads the owner's words for that, where there are any.
    let asked = asked.filter(|tag| Language::nearest([*tag]) == language).unwrap_or(language.as_ref());
    let copy = own_copy(site, asked, language)?;
    let experiment = site.settings.experiment.as_ref().map(|experiment| tried(site, experiment, &copy, asked));
    let copy = named(site, copy);
    Ok(Survey {
        questions: questions(site, asked, language)?,
        site: site.id.clone(),
        lang: language.into(),
        aimed: site.settings.ask.are_aimed() || experiment.is_some(),
        experiment,
        admission: site.settings.ask.want_admission(),
        ask: site.settings.ask.clone(),
        tab: (site.settings.look.tab == Some(true)).then(|| copy.label.clone()),
        look: look(&site.settings.look),
        copy,
        review: site.settings.review.clone(),
        contact: site.settings.contact.clone(),
        token,
    })
}

/// Every text of the widget, with the owner's own in their places.
fn own_copy(site: &SiteConfig, asked: &str, language: Language) -> Result<SurveyCopy, SiteError> {
    let unreadable = |_| SiteError::Unreadable { act: "read a language file" };
    let Texts { widget: copy } = serde_json::from_str(language.texts()).map_err(unreadable)?;
    Ok(site.settings.copy.put_into(copy, asked))
}

/// Every text of a site's widget in a language, as [`survey`] tells them.
///
/// # Errors
/// When a language file does not read, which a test rules out.
pub fn copy_in(site: &SiteConfig, language: Language) -> Result<SurveyCopy, SiteError> {
    Ok(named(site, own_copy(site, language.as_ref(), language)?))
}

/// The site's name where it belongs.
fn named(site: &SiteConfig, mut copy: SurveyCopy) -> SurveyCopy {
    let name = |text: &mut String| *text = text.replace("{name}", &site.settings.name);
    let WhyPrompts { promoter, passive, detractor } = &mut copy.why;
    [&mut copy.question, &mut copy.label, promoter, passive, detractor].into_iter().for_each(name);
    copy
}

/// An experiment with those words that differ, in one language.
fn tried(site: &SiteConfig, experiment: &Experiment, copy: &SurveyCopy, asked: &str) -> SurveyExperiment {
    let other = named(site, experiment.copy.put_into(copy.clone(), asked));
    let texts = |copy: &SurveyCopy| serde_json::to_value(copy).map(|copy| texts_in(&copy)).unwrap_or_default();
    let usual = texts(&named(site, copy.clone()));
    SurveyExperiment {
        name: experiment.name.clone(),
        share_percent: experiment.share_percent,
        copy: texts(&other).into_iter().filter(|(name, text)| usual.get(name) != Some(text)).collect(),
        delay_seconds: experiment.delay_seconds,
        triggers: experiment.triggers.clone(),
    }
}

/// Texts by their names, such as `why.promoter`.
fn texts_in(copy: &Value) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (name, text) in copy.as_object().into_iter().flatten() {
        let inner = text.as_object().into_iter().flatten();
        all.extend(inner.filter_map(|(part, text)| Some((format!("{name}.{part}"), text.as_str()?.to_owned()))));
        all.extend(text.as_str().map(|text| (name.clone(), text.to_owned())));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_file_reads_and_names_the_site() {
        let settings = heard_wire::SiteSettings::from_json(br#"{"name":"Corner Shop"}"#).unwrap();
        let site = SiteConfig { id: "demo".parse().unwrap(), revision: 1, settings };
        for language in Language::ALL {
            let survey = survey(&site, None, *language, None).unwrap();
            assert!(survey.copy.question.contains("Corner Shop"), "{language:?}");
            assert!(survey.copy.promise.contains("{who}") && survey.copy.promise.contains("{when}"), "{language:?}");
            let all = serde_json::to_string(&survey.copy).unwrap().to_lowercase();
            assert!(!all.contains("valued") && !all.contains("important to us"), "{language:?}");
        }
    }
}
