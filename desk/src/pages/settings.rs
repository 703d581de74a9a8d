//! All that an owner sets, a page for each concern, beside the real widget.

mod answered;
mod asking;
mod basics;
mod everything;
mod experiment;
mod hours;
mod look;
mod people;
mod questions;
mod rules;
mod targeting;
mod themes;

use super::first_run::Preview;
use crate::api;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::ChoiceField;
use crate::place::{self, Page};
use crate::texts::t;
use heard_wire::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

const CONCERNS: [&str; 11] = [
    "basics",
    "look",
    "asking",
    "targeting",
    "questions",
    "experiment",
    "themes",
    "people",
    "hours",
    "rules",
    "everything",
];
/// What the preview can show, beside the question itself.
const STATES: [&str; 12] = [
    "variant_b",
    "promoter",
    "passive",
    "detractor",
    "thanks",
    "asks",
    "contact",
    "check_score",
    "failed",
    "waiting",
    "too_long",
    "over",
];

#[component]
pub(crate) fn Settings() -> impl IntoView {
    let context = expect_context::<Context>();
    let concern = Memo::new(move |_| {
        let named = context.place.with(|place| place.item.clone());
        if named.is_empty() { "basics".to_owned() } else { named }
    });
    let links = CONCERNS.map(|name| {
        let is_on = move || concern.get() == name;
        view! { <a class="chip" class:on=is_on aria-current=move || is_on().then_some("true") href=move || place::to_item(&context.site(), Page::Settings, name, "")>{t(&format!("settings.{name}"))}</a> }
    });
    let is_there = context.has_settings();
    let lang = RwSignal::new(String::new());
    let own = (String::new(), t("preview.own_language"));
    let languages: Vec<(String, String)> =
        std::iter::once(own).chain(look::LANGUAGES.map(|tag| (tag.to_owned(), tag.to_owned()))).collect();
    let state = RwSignal::new(String::new());
    let question = (String::new(), t("state.usual"));
    let states: Vec<(String, String)> =
        std::iter::once(question).chain(STATES.map(|state| (state.to_owned(), t(&format!("state.{state}"))))).collect();
    view! {
        <div class="head"><div><h1>{t("nav.settings")}</h1><p>{move || t(&format!("settings.{}_what", concern.get()))}</p></div></div>
        <nav class="chips apart" aria-label=t("nav.settings")>{links.collect_view()}</nav>
        {move || (!context.may(Scope::Admin)).then(|| view! { <p class="card">{t("settings.read_only")}</p> })}
        <section class="two settings">
            <fieldset disabled=move || !context.may(Scope::Admin) on:input=move |_| context.is_dirty.set(true) on:change=move |_| context.is_dirty.set(true)>{move || match (is_there.get(), concern.get().as_str()) {
                (false, _) => view! { <p class="sub" role="status">{t("loading")}</p> }.into_any(),
                (true, "look") => view! { <look::Look /> }.into_any(),
                (true, "targeting") => view! { <targeting::Targeting /> }.into_any(),
                (true, "asking") => view! { <asking::Asking /> }.into_any(),
                (true, "questions") => view! { <questions::Questions /> }.into_any(),
                (true, "experiment") => view! { <experiment::Experiment /> }.into_any(),
                (true, "themes") => view! { <themes::Themes /> }.into_any(),
                (true, "people") => view! { <div on:input=|event| event.stop_propagation() on:change=|event| event.stop_propagation()><people::People /></div> }.into_any(),
                (true, "hours") => view! { <hours::Hours /> }.into_any(),
                (true, "rules") => view! { <rules::Rules /> }.into_any(),
                (true, "everything") => view! { <everything::Everything /> }.into_any(),
                _ => view! { <basics::Basics /> }.into_any(),
            }}</fieldset>
            <div class="card beside"><h2>{t("preview.title")}</h2>
                <ChoiceField label=t("preview.language") value=lang options=languages />
                <ChoiceField label=t("preview.state") value=state options=states />
                <Preview lang state />
                <p class="sub"><a href=move || format!("/desk/{}/snippet", context.site())>{t("snippet.title")}</a></p>
            </div>
        </section>
    }
}

/// Changes some settings, where nobody else has changed any since they were read.
pub(crate) fn save(context: Context, patch: Value, fault: RwSignal<String>) {
    let ask = api::send("PATCH", context.of_site(""), &patch).if_match(context.revision.get_untracked());
    spawn_local(async move {
        match ask.read::<Value>().await {
            Ok(mut config) => {
                context.revision.set(config.at("revision").as_i64().unwrap_or_default());
                context.settings.set(config.take_out("settings"));
                fault.set(String::new());
                context.is_dirty.set(false);
                context.tell(t("saved"));
                context.read_sites_of_owner();
            }
            Err(trouble) if trouble.status == 412 => {
                context.noticed(&trouble);
                fault.set(t("settings.faster"));
                // Its number alone: what was typed stays, and the next try is over what is there by then.
                if let Ok(config) = api::get(context.of_site("")).read::<Value>().await {
                    context.revision.set(config.at("revision").as_i64().unwrap_or_default());
                }
            }
            Err(trouble) => {
                context.noticed(&trouble);
                context.notice.set(None);
                fault.set(trouble.text);
            }
        }
    });
}

/// A setting as text, by its pointer.
pub(super) fn text_at(context: Context, pointer: &str) -> RwSignal<String> {
    let text = context.settings.with_untracked(|settings| match settings.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    });
    RwSignal::new(text)
}

/// The same as JSON takes it: nothing typed is nothing set.
fn text_or_null(value: RwSignal<String>) -> Value {
    let text = value.get_untracked().trim().to_owned();
    if text.is_empty() { Value::Null } else { text.into() }
}

/// A whole number, as JSON takes it.
pub(crate) fn number_or_null(value: RwSignal<String>) -> Value {
    let text = value.get_untracked().trim().to_owned();
    // What is no number is refused by the API, and not taken for another.
    text.parse::<u64>().map_or_else(|_| if text.is_empty() { Value::Null } else { text.into() }, Value::from)
}
