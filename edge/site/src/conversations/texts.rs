//! What stands around a conversation, in the customer's language.

use heard_wire::{AnnouncementKind, Language};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A language's texts, of which the conversation shows these.
#[derive(Deserialize, Default)]
pub(super) struct Texts {
    pub(super) thread: BTreeMap<String, String>,
    pub(super) notify: NotifyTexts,
    announced: BTreeMap<String, String>,
    widget: WidgetTexts,
}

/// Of the widget's texts, the one that a conversation shares with it.
#[derive(Deserialize, Default)]
struct WidgetTexts {
    by: String,
}

/// The texts of a mail.
#[derive(Deserialize, Default)]
pub(super) struct NotifyTexts {
    pub(super) subject: String,
    pub(super) text: String,
}

/// Puts what an announcement says in place of what a case says.
pub(super) fn announced(language: Language, kind: AnnouncementKind, copy: &mut BTreeMap<String, String>) {
    let own = texts(language).announced.into_iter();
    // What was done is asked about as what was put right is.
    copy.extend(own.filter(|(name, _)| kind == AnnouncementKind::Idea || name == "mark"));
}

/// A test reads every language's.
pub(super) fn texts(language: Language) -> Texts {
    let mut texts: Texts = serde_json::from_str(language.texts()).unwrap_or_default();
    texts.thread.insert("by".to_owned(), texts.widget.by.clone());
    texts
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
            let announced: Vec<&str> = texts.announced.keys().map(String::as_str).collect();
            assert_eq!(announced, ["better", "glad", "mark", "not_yet", "reopened", "why", "yes"], "{language:?}");
            assert!(texts.announced.values().all(|text| !text.is_empty()), "{language:?}");
            assert!(texts.thread.values().all(|text| !text.is_empty()), "{language:?}");
        }
    }
}
