//! What the owner wants to hear about, and a box to try it.

use super::{save, text_or_null};
use crate::api;
use crate::context::Context;
use crate::json::Members as _;
use crate::pages::first_run::{industries, themes_of};
use crate::parts::field::{AreaField, ChoiceField, Fault, TextField};
use crate::parts::said::Words;
use crate::texts::{t, tf};
use leptos::prelude::*;
use serde_json::{Value, json};

/// A theme as it is being changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    number: u32,
    id: RwSignal<String>,
    label: RwSignal<String>,
    phrases: RwSignal<String>,
    when_criticised: RwSignal<String>,
    when_praised: RwSignal<String>,
}

impl Row {
    fn of(number: u32, theme: &Value) -> Self {
        let text = |name: &str| RwSignal::new(theme.text(name));
        let phrases = theme
            .at("phrases")
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        Self {
            number,
            id: text("id"),
            label: text("label"),
            phrases: RwSignal::new(phrases),
            when_criticised: text("when_criticised"),
            when_praised: text("when_praised"),
        }
    }

    fn theme(self) -> Value {
        let label = self.label.get_untracked();
        let id = self.id.get_untracked();
        let id = if id.trim().is_empty() {
            label.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
        } else {
            id
        };
        let phrases: Vec<String> = self
            .phrases
            .get_untracked()
            .split([',', '\n'])
            .map(|phrase| phrase.trim().to_owned())
            .filter(|phrase| !phrase.is_empty())
            .collect();
        let mut theme = json!({ "id": id, "label": label, "phrases": phrases });
        for (name, value) in [("when_criticised", self.when_criticised), ("when_praised", self.when_praised)] {
            let value = text_or_null(value);
            if !value.is_null() {
                theme.put(name, value);
            }
        }
        theme
    }
}

#[component]
pub(super) fn Themes() -> impl IntoView {
    let context = expect_context::<Context>();
    let count = StoredValue::new(0_u32);
    let row = move |theme: &Value| {
        let number = count.get_value() + 1;
        count.set_value(number);
        Row::of(number, theme)
    };
    let there = context.settings.with_untracked(|settings| settings.list("themes"));
    let rows = RwSignal::new(there.iter().map(row).collect::<Vec<_>>());
    let (fault, industry) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let themes: Vec<Value> = rows.get_untracked().into_iter().map(Row::theme).collect();
        save(context, json!({ "themes": themes }), fault);
    };
    let add = move |_| rows.update(|rows| rows.push(row(&json!({}))));
    let start = move |_| {
        let known: Vec<String> = rows.get_untracked().iter().map(|row| row.id.get_untracked()).collect();
        let themes = themes_of(&industry.get_untracked());
        let new = themes
            .as_array()
            .into_iter()
            .flatten()
            .filter(|theme| !known.iter().any(|id| theme.at("id") == id.as_str()));
        let new: Vec<Row> = new.map(row).collect();
        rows.update(|rows| rows.extend(new));
    };
    let each = move |row: Row| {
        view! {
            <details class="theme-row">
                <summary>{move || { let label = row.label.get(); if label.is_empty() { t("themes.new") } else { label } }}</summary>
                <TextField label=t("themes.label") value=row.label />
                <AreaField label=t("themes.phrases") hint=t("themes.phrases_hint") value=row.phrases rows=2 />
                <TextField label=t("themes.when_criticised") hint=t("themes.when_hint") value=row.when_criticised />
                <TextField label=t("themes.when_praised") value=row.when_praised />
                <button type="button" class="link" on:click=move |_| rows.update(|rows| rows.retain(|other| other.number != row.number))>{t("themes.remove")}</button>
            </details>
        }
    };
    view! {
        <form class="card" on:submit=submit>
            <For each=move || rows.get() key=|row| row.number children=each />
            <div class="row"><button type="button" class="btn plain small" on:click=add>{t("themes.add")}</button></div>
            <div class="row"><ChoiceField label=t("themes.start") value=industry options=industries() />
                <button type="button" class="btn plain small" on:click=start>{t("themes.start_do")}</button></div>
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
        <Try />
    }
}

/// Type a comment: what is heard, what would be told, and which rule decides.
#[component]
fn Try() -> impl IntoView {
    let context = expect_context::<Context>();
    let (comment, score, fault) =
        (RwSignal::new(String::new()), RwSignal::new("4".to_owned()), RwSignal::new(String::new()));
    let tried = RwSignal::new(None::<(String, Value)>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let words = comment.get_untracked();
        let body = json!({ "comment": words, "score": score.get_untracked().parse::<u8>().unwrap_or(5) });
        let ask = api::send("POST", context.of_site("/listen"), &body).plainly();
        context.hand_in(ask, fault, move |heard: Value| {
            tried.set(Some((words, heard)));
        });
    };
    let scores = (0..=10).map(|score: u8| (score.to_string(), score.to_string())).collect();
    let shown = move || {
        tried.get().map(|(words, tried)| {
            let themes = tried.at("heard").list("themes");
            let themes: Vec<String> = themes.iter().map(|theme| context.label_of(&theme.text("id"))).collect();
            let themes =
                if themes.is_empty() { t("try.no_theme") } else { tf("try.themes", &[("themes", &themes.join(", "))]) };
            let rule = match tried.at("rule").as_str() {
                Some("default") => tf("try.rule", &[("rule", &t("case.default_rule"))]),
                Some(rule) => tf("try.rule", &[("rule", rule)]),
                None => t("try.no_rule"),
            };
            let told = tried.at("acknowledgement").text("text");
            let question = tried.at("acknowledgement").at("question").as_str().map(|question| format!(" {question}"));
            let heard = serde_json::from_value(tried.at("heard").clone()).ok();
            view! {
                <div role="status">
                    <Words comment=words heard />
                    <p class="sub">{themes}</p>
                    <div class="bubble auto" dir="auto"><small>{t("case.automatic")}</small>{told}{question}</div>
                    <p class="sub">{rule}</p>
                </div>
            }
        })
    };
    view! {
        // What is tried is no setting that could be lost.
        <form class="card" on:submit=submit on:input=|event| event.stop_propagation() on:change=|event| event.stop_propagation()>
            <h2>{t("try.title")}</h2>
            <p class="sub">{t("try.what")}</p>
            <AreaField label=t("try.comment") value=comment rows=2 />
            <ChoiceField label=t("score") value=score options=scores />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("try.do")}</button></div>
            {shown}
        </form>
    }
}
