//! What stands around a conversation, in the customer's language.

use heard_wire::{AnnouncementKind, Language, LanguageTag};
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
pub(crate) struct NotifyTexts {
    pub(crate) subject: String,
    pub(crate) text: String,
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

/// What a mail says, of a site that customers call by this name.
pub(crate) fn notify_texts(language: Language, name: &str) -> NotifyTexts {
    let NotifyTexts { subject, text } = texts(language).notify;
    NotifyTexts { subject: subject.replace("{name}", name), text: text.replace("{name}", name) }
}

/// The page behind the link that ends mails, and its language: a button, or that it was pressed. It names who writes them; for
/// whom it is, stands in its address alone, since programs open it too.
#[must_use]
pub fn way_out_of_mails(name: &str, accepted_languages: &str, is_done: bool) -> (String, String) {
    let tags = accepted_languages.split(',').map(|tag| tag.split(';').next().unwrap_or_default().trim());
    let language = Language::nearest(tags);
    let Texts { mut thread, .. } = texts(language);
    let mut text = |name: &str| thread.remove(name).unwrap_or_default();
    let (stop, saved) = (text("stop"), text("saved"));
    let tag = LanguageTag::from(language).to_string();
    let inside = match is_done {
        true => format!("<h1>{stop}</h1><p role=\"status\">{saved}</p>"),
        false => format!("<h1>{stop}?</h1><form method=\"post\"><button>{stop}</button></form>"),
    };
    let name = name.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><html lang=\"{tag}\" dir=\"auto\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
         <title>{stop} · {name}</title><style>{WAY_OUT}</style><main><p>{name}</p>{inside}</main></html>\n"
    );
    (tag, page)
}

const WAY_OUT: &str = "html{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}main{max-width:24rem;margin:15vh auto;padding:0 1rem}\
     h1{font-size:1.5rem}button{font:inherit;padding:.75rem 1.25rem;border-radius:.5rem;border:1px solid;cursor:pointer}";

/// What stands on the way out of mails.
pub(crate) fn no_more_mails(language: Language) -> String {
    texts(language).thread.remove("stop").unwrap_or_default()
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
