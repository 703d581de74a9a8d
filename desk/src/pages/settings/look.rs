//! How the widget looks, and the owner's own words for it.

use super::{number_or_null, save, text_at, text_or_null};
use crate::api;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{CheckField, ChoiceField, Fault, TextField};
use crate::parts::rows::{Column, Held, Rows, held, told};
use crate::texts::{t, tf};
use heard_wire::TriedLook;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value, json};

/// Texts that an owner may want to word; the rest goes by the API.
const TEXTS: [&str; 14] = [
    "question",
    "low",
    "high",
    "why.promoter",
    "why.passive",
    "why.detractor",
    "send",
    "done",
    "review",
    "ask.what_happened",
    "ask.what_would_help",
    "ask.what_stood_out",
    "ask.contact",
    "promise",
];

/// The languages that the widget speaks.
pub(crate) const LANGUAGES: [&str; 24] = [
    "en", "de", "es", "fr", "pt", "nl", "it", "pl", "cs", "sv", "da", "nb", "fi", "tr", "uk", "ru", "ro", "hu", "el",
    "ar", "he", "ja", "ko", "zh",
];

fn options(group: &str, names: &[&str]) -> Vec<(String, String)> {
    let usual = (String::new(), t(&format!("{group}.usual")));
    std::iter::once(usual).chain(names.iter().map(|name| ((*name).to_owned(), t(&format!("{group}.{name}"))))).collect()
}

#[component]
pub(super) fn Look() -> impl IntoView {
    let context = expect_context::<Context>();
    let at = |pointer| text_at(context, pointer);
    let (accent, radius, font) = (at("/look/accent"), at("/look/radius"), at("/look/font"));
    let (scheme, position, logo) = (at("/look/scheme"), at("/look/position"), at("/look/logo"));
    let tab = context.settings.with_untracked(|settings| settings.pointer("/look/tab") == Some(&Value::Bool(true)));
    let tab = RwSignal::new(tab);
    let (review, to) = (at("/review/url"), at("/review/to"));
    let fault = RwSignal::new(String::new());
    let tried = RwSignal::new(None::<TriedLook>);
    // A colour is tried while it is chosen.
    Effect::new(move |_| {
        let accent = accent.get();
        let is_whole = accent.len() == 7 && accent.starts_with('#');
        if !is_whole {
            tried.set(None);
            return;
        }
        spawn_local(async move {
            let ask = api::send("POST", context.of_site("/look"), &json!({ "accent": accent })).plainly();
            tried.try_set(ask.read::<TriedLook>().await.ok());
        });
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let look = json!({
            "accent": text_or_null(accent), "radius": number_or_null(radius), "font": text_or_null(font),
            "scheme": text_or_null(scheme), "position": text_or_null(position), "logo": text_or_null(logo), "tab": tab.get_untracked(),
        });
        let review = match text_or_null(review) {
            Value::Null => Value::Null,
            url => json!({ "url": url, "to": text_or_null(to) }),
        };
        save(context, json!({ "look": look, "review": review }), fault);
    };
    let shades = move || {
        tried.get().map(|TriedLook { light, dark, .. }| {
            let each = [("light", light), ("dark", dark)].map(|(name, shade)| {
                let text = if shade.corrected { "look.corrected" } else { "look.kept" };
                let filled = [("color", shade.accent.as_str()), ("ink", shade.ink.as_str()), ("contrast", &format!("{:.1}", shade.contrast))];
                let (accent, on) = (shade.accent.to_string(), shade.on.to_string());
                view! {
                    <p><svg class="swatch" width="72" height="28" aria-hidden="true"><rect width="72" height="28" rx="6" fill=accent></rect><text x="36" y="19" text-anchor="middle" fill=on>"9 10"</text></svg>
                        " "<b>{t(&format!("scheme.{name}"))}</b>" "{tf(text, &filled)}</p>
                }
            });
            view! { <div role="status">{each.collect_view()}</div> }
        })
    };
    let positions = ["bottom-right", "bottom-left", "top-right", "top-left", "center", "bar"];
    view! {
        <form class="card" on:submit=submit>
            <div class="fields"><TextField label=t("look.accent") hint=t("look.accent_hint") value=accent placeholder="#1f4fd1" />
                <label class="field"><span>{t("look.pick")}</span><small>" "</small>
                    <input type="color" prop:value=move || { let accent = accent.get(); if accent.len() == 7 { accent } else { "#1f4fd1".to_owned() } }
                        on:input=move |event| accent.set(event_target_value(&event)) /></label></div>
            {shades}
            <div class="fields"><TextField label=t("look.radius") hint=t("look.radius_hint") value=radius kind="number" />
                <ChoiceField label=t("look.font") value=font options=options("font", &["page"]) /></div>
            <div class="fields"><ChoiceField label=t("look.scheme") value=scheme options=options("scheme", &["light", "dark", "auto"]) />
                <ChoiceField label=t("look.position") value=position options=options("position", &positions) /></div>
            <CheckField label=t("look.tab") value=tab />
            <TextField label=t("look.logo") hint=t("look.logo_hint") value=logo kind="url" placeholder="https://" />
            <h2>{t("review.title")}</h2>
            <p class="sub">{t("review.what")}</p>
            <TextField label=t("review.url") value=review kind="url" placeholder="https://" />
            <ChoiceField label=t("review.to") value=to options=["promoters", "everyone"].map(|to| (to.to_owned(), t(&format!("review.{to}")))).into() />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
        <Words />
    }
}

/// The owner's own words, a text a row.
#[component]
fn Words() -> impl IntoView {
    let context = expect_context::<Context>();
    let own = context.settings.with_untracked(|settings| settings.at("copy").as_object().cloned().unwrap_or_default());
    let language =
        context.settings.with_untracked(|settings| settings.at("language").as_str().unwrap_or("en").to_owned());
    let there = own.iter().flat_map(|(lang, texts)| {
        let texts = texts.as_object().into_iter().flatten();
        texts.map(move |(name, text)| json!({ "lang": lang, "name": name, "text": text }))
    });
    let rows: Held = held(there);
    let fault = RwSignal::new(String::new());
    // What the widget says now is how its texts are called.
    let usual = RwSignal::new(Value::Null);
    spawn_local(async move {
        if let Ok(survey) = api::get(context.of_site("/survey")).read::<Value>().await {
            usual.try_set(survey.at("copy").clone());
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut copy = Map::new();
        for row in told(rows) {
            let of = |name: &str| row.at(name).as_str().unwrap_or_default().trim().to_owned();
            let texts = copy.entry(of("lang")).or_insert_with(|| json!({}));
            texts.put(&of("name"), of("text"));
        }
        // A patch merges: what is gone since it was read or saved last is taken out by name.
        let own =
            context.settings.with_untracked(|settings| settings.at("copy").as_object().cloned().unwrap_or_default());
        for (lang, texts) in &own {
            let kept = copy.entry(lang.clone()).or_insert(Value::Null);
            for name in texts.as_object().into_iter().flat_map(|texts| texts.keys()) {
                if kept.is_object() && kept.at(name).is_null() {
                    kept.put(name, Value::Null);
                }
            }
        }
        save(context, json!({ "copy": copy }), fault);
    };
    let list = move || {
        let usual = usual.get();
        let name = |name: &str| {
            usual.pointer(&format!("/{}", name.replace('.', "/"))).and_then(Value::as_str).unwrap_or(name).to_owned()
        };
        let tags = LANGUAGES.map(|tag| (tag.to_owned(), tag.to_owned())).into();
        let names = TEXTS.map(|text| (text.to_owned(), name(text))).into();
        let columns = vec![
            Column { name: "lang", label: t("words.language"), choices: tags, only: None },
            Column { name: "name", label: t("words.instead_of"), choices: names, only: None },
            Column { name: "text", label: t("words.own"), choices: Vec::new(), only: None },
        ];
        view! { <Rows label=t("words.title") hint=t("words.hint") rows columns fresh=json!({ "lang": language.clone(), "name": "question", "text": "" }) /> }
    };
    view! {
        <form class="card" on:submit=submit>
            {list}
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
    }
}
