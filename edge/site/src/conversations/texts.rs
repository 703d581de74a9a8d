//! What stands around a conversation, in the customer's language.

use heard_wire::Language;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A language's texts, of which the conversation shows these.
#[derive(Deserialize, Default)]
pub(super) struct Texts {
    pub(super) thread: BTreeMap<String, String>,
    pub(super) notify: NotifyTexts,
}

/// The texts of a mail.
#[derive(Deserialize, Default)]
pub(super) struct NotifyTexts {
    pub(super) subject: String,
    pub(super) text: String,
}

/// A test reads every language's.
pub(super) fn texts(language: Language) -> Texts {
    serde_json::from_str(language.texts()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_texts() {
        let names = |language| texts(language).thread.into_keys().collect::<Vec<_>>();
        let english = names(Language::English);
        assert!(english.len() > 30);
        for language in Language::ALL {
            assert_eq!(names(*language), english, "{language:?}");
            let texts = texts(*language);
            assert!(texts.notify.subject.contains("{name}") && !texts.notify.text.is_empty(), "{language:?}");
            assert!(texts.thread.values().all(|text| !text.is_empty()), "{language:?}");
        }
    }
}
