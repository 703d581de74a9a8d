//! Who the site is, where it may ask, and how it speaks.

use super::{number_or_null, save, text_at, text_or_null};
use crate::context::Context;
use crate::json::Members as _;
use crate::pages::first_run::{origin_of, tones};
use crate::parts::field::{AreaField, CheckField, ChoiceField, Fault, TextField};
use crate::texts::t;
use leptos::prelude::*;
use serde_json::{Value, json};

#[component]
pub(super) fn Basics() -> impl IntoView {
    let context = expect_context::<Context>();
    let at = |pointer| text_at(context, pointer);
    let (name, language, zone) = (at("/name"), at("/language"), at("/time_zone"));
    let (tone, reader) = (at("/voice/tone"), at("/voice/reader"));
    let (answered_by, within, unit) =
        (at("/promise/answered_by"), at("/promise/within/number"), at("/promise/within/unit"));
    let (contact_text, contact_url) = (at("/contact/text"), at("/contact/url"));
    let lines = context.settings.with_untracked(|settings| {
        let origins = settings.at("origins").as_array();
        origins.into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
    });
    let origins = RwSignal::new(lines);
    let is_on = |pointer: &str| {
        RwSignal::new(context.settings.with_untracked(|settings| settings.pointer(pointer) == Some(&Value::Bool(true))))
    };
    let (disclosure, archived) = (is_on("/voice/disclosure"), is_on("/archived"));
    if unit.with_untracked(String::is_empty) {
        unit.set("working_days".to_owned());
    }
    let fault = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let origins: Vec<String> = origins.get_untracked().split_whitespace().map(origin_of).collect();
        let within = match number_or_null(within) {
            Value::Null => Value::Null,
            number => json!({ "number": number, "unit": unit.get_untracked() }),
        };
        let answered_by = text_or_null(answered_by);
        let promise = if within.is_null() && answered_by.is_null() {
            Value::Null
        } else {
            json!({ "answered_by": answered_by, "within": within })
        };
        let patch = json!({
            "name": name.get_untracked(), "origins": origins, "language": language.get_untracked(), "time_zone": zone.get_untracked(),
            "voice": { "tone": tone.get_untracked(), "reader": text_or_null(reader), "disclosure": disclosure.get_untracked() },
            "promise": promise, "contact": { "text": text_or_null(contact_text), "url": text_or_null(contact_url) },
            "archived": archived.get_untracked(),
        });
        save(context, patch, fault);
    };
    let units = ["hours", "days", "working_days"].map(|unit| (unit.to_owned(), t(&format!("unit.{unit}")))).into();
    view! {
        <form class="card" on:submit=submit>
            <TextField label=t("settings.name") hint=t("settings.name_hint") value=name />
            <AreaField label=t("settings.origins") hint=t("settings.origins_hint") value=origins />
            <TextField label=t("settings.language") hint=t("settings.language_hint") value=language />
            <TextField label=t("settings.time_zone") hint=t("settings.time_zone_hint") value=zone />
            <h2>{t("settings.voice")}</h2>
            <ChoiceField label=t("settings.tone") hint=t("settings.tone_hint") value=tone options=tones() />
            <TextField label=t("settings.reader") hint=t("settings.reader_hint") value=reader />
            <CheckField label=t("settings.disclosure") value=disclosure />
            <h2>{t("settings.promise")}</h2>
            <p class="sub">{t("settings.promise_hint")}</p>
            <TextField label=t("settings.answered_by") value=answered_by />
            <div class="fields"><TextField label=t("settings.within") value=within kind="number" /><ChoiceField label=t("settings.unit") value=unit options=units /></div>
            <h2>{t("settings.contact")}</h2>
            <TextField label=t("settings.contact_text") hint=t("settings.contact_hint") value=contact_text />
            <TextField label=t("settings.contact_url") value=contact_url kind="url" placeholder="https://" />
            <CheckField label=t("settings.archived") value=archived />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
    }
}
