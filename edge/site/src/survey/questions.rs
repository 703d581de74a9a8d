//! The owner's own questions, in the language of a page.

use crate::store::SiteError;
use heard_wire::{Language, LanguageTag, Question, QuestionKind, SiteConfig, SurveyOption, SurveyQuestion};
use serde::Deserialize;

/// What a language file says of questions: the usual wordings, and what numbers mean.
#[derive(Deserialize)]
struct Texts {
    questions: Wordings,
}

#[derive(Deserialize)]
struct Wordings {
    rating: Ends,
    csat: Usual,
    ces: Usual,
    felt_heard: FeltHeard,
}

#[derive(Deserialize)]
struct FeltHeard {
    text: String,
    yes: String,
    no: String,
}

#[derive(Deserialize)]
struct Ends {
    low: String,
    high: String,
}

#[derive(Deserialize)]
struct Usual {
    text: String,
    low: String,
    high: String,
}

/// A site's own questions in the language offered for the one that is asked for; where the owner wrote none in it, in the
/// site's.
pub(super) fn questions(site: &SiteConfig, asked: &str, language: Language) -> Result<Vec<SurveyQuestion>, SiteError> {
    if site.settings.questions.is_empty() {
        return Ok(Vec::new());
    }
    let unreadable = |_| SiteError::Unreadable { act: "read a language file" };
    let Texts { questions: usual } = serde_json::from_str(language.texts()).map_err(unreadable)?;
    let wanted = [asked, language.as_ref(), site.settings.language.as_str(), "en"];
    Ok(site.settings.questions.iter().filter_map(|question| shown(question, wanted, language, &usual, site)).collect())
}

fn shown(
    question: &Question,
    wanted: [&str; 4],
    language: Language,
    usual: &Wordings,
    site: &SiteConfig,
) -> Option<SurveyQuestion> {
    let (usual_text, ends) = match question.kind {
        QuestionKind::Rating => (None, Some((&usual.rating.low, &usual.rating.high))),
        QuestionKind::Csat => (Some(&usual.csat.text), Some((&usual.csat.low, &usual.csat.high))),
        QuestionKind::Ces => (Some(&usual.ces.text), Some((&usual.ces.low, &usual.ces.high))),
        QuestionKind::FeltHeard => (Some(&usual.felt_heard.text), None),
        QuestionKind::Choice => (None, None),
    };
    let own = question.text.nearest(wanted);
    // The usual words in the page's language are better than the owner's in another.
    let own = own.filter(|(tag, _)| usual_text.is_none() || tag.primary().parse() == Ok(language));
    let (lang, text) = match own {
        Some((tag, text)) => (foreign(tag, language), text),
        None => (None, usual_text?.as_str()),
    };
    let options = question.options.iter().filter_map(|option| {
        let (_, text) = option.text.nearest(wanted)?;
        Some(SurveyOption { id: option.id.clone(), text: text.to_owned() })
    });
    let mut options: Vec<SurveyOption> = options.collect();
    if question.kind == QuestionKind::FeltHeard {
        for (id, text) in [("yes", &usual.felt_heard.yes), ("no", &usual.felt_heard.no)] {
            options.extend(id.parse().map(|id| SurveyOption { id, text: text.clone() }));
        }
    }
    let (low, high) = ends.map_or((None, None), |(low, high)| (Some(low.clone()), Some(high.clone())));
    Some(SurveyQuestion {
        id: question.id.clone(),
        kind: question.kind,
        text: text.replace("{name}", &site.settings.name),
        lang,
        low,
        high,
        options,
    })
}

/// The language of a text, where it is not the page's.
fn foreign(tag: &LanguageTag, language: Language) -> Option<LanguageTag> {
    (tag.primary().parse() != Ok(language)).then(|| tag.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use heard_wire::SiteSettings;

    #[test]
    fn every_language_has_the_usual_wordings_and_an_owners_own_stand_before_them() {
        let settings = SiteSettings::from_json(
            r#"{"name":"Corner Shop","language":"de","questions":[
                {"id":"csat","kind":"csat"},{"id":"heard","kind":"felt_heard"},{"id":"ces","kind":"ces","text":{"nl":"Dat ging makkelijk."}},
                {"id":"staff","kind":"rating","text":{"en":"Our staff","de":"Unser Team"}},
                {"id":"where","kind":"choice","text":{"en":"Where?"},"options":[
                    {"id":"shop","text":{"en":"In the shop","nl":"In de winkel"}},{"id":"web","text":{"en":"Online"}}]}]}"#
                .as_bytes(),
        )
        .unwrap();
        let site = SiteConfig { id: "demo".parse().unwrap(), revision: 1, settings };
        for language in Language::ALL {
            let all = questions(&site, language.as_ref(), *language).unwrap();
            assert_eq!((all.len(), all[1].options.len()), (5, 2), "{language:?}");
            assert!(
                !all.iter().any(|question| question.text.is_empty() || question.text.contains('{')),
                "{language:?}"
            );
            assert!(all[0].lang.is_none() && all[0].low.is_some(), "{language:?}");
        }
        let dutch = questions(&site, "nl-BE", Language::Dutch).unwrap();
        assert_eq!((dutch[2].text.as_str(), dutch[2].lang.as_ref()), ("Dat ging makkelijk.", None));
        assert_eq!((dutch[3].text.as_str(), dutch[3].lang.as_ref().unwrap().as_str()), ("Unser Team", "de"));
        assert_eq!((dutch[4].options[0].text.as_str(), dutch[4].options[1].text.as_str()), ("In de winkel", "Online"));
        let greek = questions(&site, "el", Language::Greek).unwrap();
        assert!(greek[2].lang.is_none() && !greek[2].text.contains("makkelijk"), "{greek:?}");
    }
}
