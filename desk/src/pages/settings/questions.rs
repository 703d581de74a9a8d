//! The owner's own questions beside the score.

use super::answered::{Answered, FollowUps};
use super::save;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{ChoiceField, Fault};
use crate::parts::rows::{Column, Held, Rows, held, told};
use crate::texts::t;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

const KINDS: [&str; 5] = ["rating", "csat", "ces", "choice", "felt_heard"];
const BANDS: [&str; 6] = ["", "detractor", "passive", "promoter", "detractor passive", "passive promoter"];

/// A text in this language, or in any.
fn in_language(text: &Value, lang: &str) -> String {
    let own = text.at(lang).as_str();
    let any = || text.as_object().and_then(|all| all.values().next()).and_then(Value::as_str);
    own.or_else(any).unwrap_or_default().to_owned()
}

/// A question as a row holds it: texts of one language, and the whole beside, so that the others stay. Only in the site's own
/// language another's stand where there are none.
fn row_of(question: &Value, lang: &str, is_own: bool) -> Value {
    let text_in = |text: &Value| {
        if is_own { in_language(text, lang) } else { text.text(lang) }
    };
    let options = question.list("options");
    let options = options
        .iter()
        .map(|option| format!("{}: {}", option.at("id").as_str().unwrap_or_default(), text_in(option.at("text"))));
    let bands = question.list("bands");
    let bands: Vec<&str> = bands.iter().filter_map(Value::as_str).collect();
    json!({
        "id": question.at("id"), "kind": question.at("kind"), "text": text_in(question.at("text")),
        "bands": bands.join(" "), "options": options.collect::<Vec<_>>().join("; "), "theme": question.at("theme"), "whole": question,
    })
}

/// The same as the API takes it.
fn question_of(row: &Value, lang: &str) -> Value {
    let text = |name: &str| row.at(name).as_str().unwrap_or_default().trim().to_owned();
    let text_of = text("text");
    let mut question = if row.at("whole").is_object() { row.at("whole").clone() } else { json!({}) };
    let id = text("id");
    // Some kinds have words of their own, and then nobody need write any.
    let kind = text("kind");
    let named = [id, text_of, kind.clone()].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    question.put("id", short_name(&named));
    question.put("kind", kind);
    question.put("text", with_text(question.at("text"), lang, &text("text")));
    question.put("bands", text("bands").split_whitespace().collect::<Vec<_>>());
    let theme = text("theme");
    question.put("theme", if theme.is_empty() { Value::Null } else { theme.into() });
    let there = question.list("options");
    let typed = text("options");
    let typed = typed.split(';').map(str::trim).filter(|option| !option.is_empty());
    let options = typed.map(|option| {
        let (id, text) = option.split_once(':').map_or((option, option), |(id, text)| (id.trim(), text.trim()));
        let id = short_name(id);
        let known =
            there.iter().find(|option| option.at("id").as_str() == Some(&id)).map(|option| option.at("text").clone());
        json!({ "id": id, "text": with_text(&known.unwrap_or_default(), lang, text) })
    });
    question.put("options", options.collect::<Vec<_>>());
    question
}

/// A name as programs want it, of words as people write them.
fn short_name(words: &str) -> String {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let name: String = words.to_lowercase().chars().map(|letter| if fits(letter) { letter } else { '-' }).collect();
    let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").trim_start_matches('_').chars().take(40).collect::<String>().trim_end_matches('-').to_owned()
}

fn with_text(texts: &Value, lang: &str, text: &str) -> Value {
    let mut texts: Map<String, Value> = texts.as_object().cloned().unwrap_or_default();
    if text.is_empty() {
        texts.remove(lang);
    } else {
        texts.insert(lang.to_owned(), text.into());
    }
    texts.into()
}

#[component]
pub(super) fn Questions() -> impl IntoView {
    let context = expect_context::<Context>();
    let (there, lang, themes) = context.settings.with_untracked(|settings| {
        let themes = settings.list("themes");
        let lang = settings.at("language").as_str().unwrap_or("en").to_owned();
        (settings.list("questions"), lang, themes)
    });
    let own = StoredValue::new(lang.clone());
    let rows: Held = held(there.iter().map(|question| row_of(question, &lang, true)));
    let fault = RwSignal::new(String::new());
    // The language whose texts are shown, and what they come to.
    let shown_in = RwSignal::new(lang.clone());
    let typed = move |lang: &str| told(rows).iter().map(|row| question_of(row, lang)).collect::<Vec<Value>>();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save(context, json!({ "questions": typed(&shown_in.get_untracked()) }), fault);
    };
    Effect::new(move |before: Option<String>| {
        let lang = shown_in.get();
        if let Some(before) = before.filter(|before| *before != lang) {
            let is_own = lang == own.get_value();
            let questions = typed(&before);
            rows.update(|rows| {
                for ((_, row), question) in rows.iter().zip(&questions) {
                    row.set(row_of(question, &lang, is_own));
                }
            });
        }
        lang
    });
    let own = lang;
    let languages: Vec<(String, String)> = std::iter::once(own.clone())
        .chain(super::look::LANGUAGES.iter().filter(|tag| **tag != own).map(|tag| (*tag).to_owned()))
        .map(|tag| (tag.clone(), tag))
        .collect();
    let choices = |group: &str, names: &[&str]| {
        names.iter().map(|name| ((*name).to_owned(), t(&format!("{group}.{}", name.replace(' ', "_"))))).collect()
    };
    let column = |name, choices| Column { name, label: t(&format!("questions.{name}")), choices, only: None };
    let named = themes.iter().filter_map(|theme| {
        let label = theme.at("label").as_str()?;
        Some((theme.at("id").as_str()?.to_owned(), label.to_owned()))
    });
    let named = std::iter::once((String::new(), t("questions.no_theme"))).chain(named).collect();
    let columns = vec![
        column("kind", choices("kind", &KINDS)),
        column("text", Vec::new()),
        Column { only: Some(("kind", "choice")), ..column("options", Vec::new()) },
        column("bands", choices("asked", &BANDS)),
        column("theme", named),
        column("id", Vec::new()),
    ];
    let fresh = json!({ "id": "", "kind": "rating", "text": "", "bands": "", "options": "" });
    view! {
        <form class="card" on:submit=submit>
            <ChoiceField label=t("questions.language") hint=t("questions.language_hint") value=shown_in options=languages />
            <Rows label=t("questions.label") hint=t("questions.hint") rows columns fresh labelled=true />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
        <Answered />
        <FollowUps />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_changes_one_language_and_leaves_the_others() {
        let question = json!({ "id": "where", "kind": "choice", "text": { "en": "Where?", "de": "Wo?" }, "bands": ["promoter"],
            "options": [{ "id": "shop", "text": { "en": "Shop", "de": "Laden" } }, { "id": "web", "text": { "en": "Web" } }] });
        let mut row = row_of(&question, "en", true);
        assert_eq!(row.at("options"), "shop: Shop; web: Web");
        assert_eq!(row_of(&question, "fr", false).at("text"), "");
        assert_eq!(short_name("Was it easy — really?"), "was-it-easy-really");
        let own = question_of(
            &json!({ "id": "", "kind": "choice", "text": "Where?", "options": "In the shop; By phone" }),
            "en",
        );
        assert_eq!((own.at("id"), own.at("options").item(1).at("id")), (&json!("where"), &json!("by-phone")));
        let felt = question_of(&json!({ "id": "", "kind": "felt_heard", "text": "" }), "en");
        assert_eq!(felt.at("id"), "felt_heard");
        row.put("text", "Where, please?");
        row.put("options", "shop: In the shop; phone: By phone");
        let changed = question_of(&row, "en");
        assert_eq!(changed.at("text"), &json!({ "en": "Where, please?", "de": "Wo?" }));
        let wanted = json!([{ "id": "shop", "text": { "en": "In the shop", "de": "Laden" } }, { "id": "phone", "text": { "en": "By phone" } }]);
        assert_eq!((changed.at("options"), changed.at("bands")), (&wanted, &json!(["promoter"])));
    }
}
