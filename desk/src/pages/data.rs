//! All that is kept: taken out, taken in, and erased.

use crate::api;
use crate::browser;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{CheckField, Fault, TextField};
use crate::texts::{t, tf, tn};
use heard_wire::{Erasure, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::JsFuture;

#[component]
pub(crate) fn Data() -> impl IntoView {
    let context = expect_context::<Context>();
    let is_there = context.has_settings();
    let export = |name: &str, path: &str| {
        let href = context.of_site(path);
        let download = format!("{}-{}", context.site(), path.trim_start_matches('/'));
        view! { <li><a href=href download=download>{t(name)}</a><p class="sub">{t(&format!("{name}_what"))}</p></li> }
    };
    let exports = view! { {export("data.csv", "/responses.csv")}{export("data.ndjson", "/responses.ndjson")} };
    view! {
        <div class="head"><div><h1>{t("nav.data")}</h1><p>{t("data.what")}</p></div></div>
        <section class="two even">
            <section class="card"><h2>{t("data.export")}</h2><ul class="list-plain">{exports}
                {context.may(Scope::Admin).then(|| export("data.backup", "/backup"))}</ul></section>
            {context.may(Scope::Admin).then(|| view! { <Import /> <Erase /> })}
            {context.may(Scope::Admin).then_some(move || is_there.get().then(|| view! { <Keep /> }))}
            {context.is_owner().then(|| view! { <Restore /> })}
        </section>
    }
}

/// Another tool's table, looked at first and taken in then.
#[component]
fn Import() -> impl IntoView {
    let context = expect_context::<Context>();
    let (table, name, told, fault) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(None::<Value>),
        RwSignal::new(String::new()),
    );
    let day_first = RwSignal::new(false);
    let choose = move |event: leptos::ev::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
        name.set(file.name());
        told.set(None);
        spawn_local(async move {
            if let Ok(text) = JsFuture::from(file.text()).await {
                table.set(text.as_string().unwrap_or_default());
            }
        });
    };
    let send = move |dry: bool| {
        let query = format!("?dry_run={dry}&day_first={}", day_first.get_untracked());
        let ask = api::send("POST", context.of_site(&format!("/responses.csv{query}")), &json!(null)).plainly();
        context.hand_in(ask.with_text(table.get_untracked(), "text/csv"), fault, move |report: Value| {
            if dry {
                told.set(Some(report));
            } else {
                told.set(None);
                context.tell(tf("data.imported", &[("n", &report.at("added").to_string())]));
                context.changed();
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t("data.import")}</h2>
            <p class="sub">{t("data.import_what")}</p>
            <label class="field"><span>{t("data.file")}</span><input type="file" accept=".csv,text/csv" on:change=choose /></label>
            <CheckField label=t("data.day_first") value=day_first />
            <Fault text=fault />
            {move || told.get().map(|report| {
                let added = tf("data.would_add", &[("n", &report.at("added").to_string())]);
                let faults = report.list("faults");
                let faults = faults.into_iter().map(|fault| {
                    let line = fault.at("line").to_string();
                    let why = fault.text("detail");
                    view! { <li class="late">{tf("data.line", &[("line", &line), ("why", &why)])}</li> }
                });
                let columns = report.at("columns").as_object().cloned().unwrap_or_default();
                let columns = columns.into_iter().map(|(name, column)| format!("{name} = {}", column.as_str().unwrap_or_default()));
                let columns = columns.collect::<Vec<_>>().join(", ");
                view! { <p>{t("data.would")}" "<span class="sub">{columns}</span></p><p>{added}</p><ul class="list-plain">{faults.collect_view()}</ul> }
            })}
            <div class="row">
                <button class="btn plain" disabled=move || table.with(String::is_empty) on:click=move |_| send(true)>{t("data.look")}</button>
                <button class="btn" disabled=move || told.with(Option::is_none) on:click=move |_| send(false)>{t("data.take_in")}</button>
            </div>
        </section>
    }
}

/// A customer who wants to be forgotten, by the owner's own id or by the reference they were given.
#[component]
fn Erase() -> impl IntoView {
    let context = expect_context::<Context>();
    let (who, is_sure, fault) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(String::new()));
    let erase = move |by_reference: bool| {
        let text = who.get_untracked().trim().to_owned();
        if text.is_empty() || !is_sure.get_untracked() {
            fault.set(t("data.be_sure"));
            return;
        }
        let path = if by_reference {
            format!("/responses?reference={}", api::part(&text))
        } else {
            format!("/visitors/{}/responses", api::part(&text))
        };
        context.hand_in(api::delete(context.of_site(&path)), fault, move |erasure: Erasure| {
            [who, fault].into_iter().for_each(|field| field.set(String::new()));
            is_sure.set(false);
            if erasure.erased == 0 {
                fault.set(t("data.nobody"));
            } else {
                context.tell(tn("data.erased", erasure.erased));
                context.changed();
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t("data.erase")}</h2>
            <p class="sub">{t("data.erase_what")}</p>
            <TextField label=t("data.whom") value=who />
            <CheckField label=t("data.sure") value=is_sure />
            <Fault text=fault />
            <div class="row">
                <button class="btn danger" on:click=move |_| erase(false)>{t("data.erase_visitor")}</button>
                <button class="btn danger" on:click=move |_| erase(true)>{t("data.erase_reference")}</button>
            </div>
        </section>
    }
}

/// After how many days answers go by themselves.
#[component]
fn Keep() -> impl IntoView {
    let context = expect_context::<Context>();
    let (days, fault) = (super::settings::text_at(context, "/keep_days"), RwSignal::new(String::new()));
    let save = move |_| {
        let wanted = super::settings::number_or_null(days);
        let Some(kept) = wanted.as_i64() else {
            return super::settings::save(context, json!({ "keep_days": wanted }), fault);
        };
        spawn_local(async move {
            // What is older goes at once, and nothing brings it back.
            let until = crate::calendar::day_before(kept, &untrack(|| context.zone()));
            let path = context.of_site(&format!("/metrics?standing=any&until={until}"));
            let gone = api::get(path).read::<Value>().await.map_or(0, |metrics| metrics.at("total").count("responses"));
            if gone == 0 || browser::is_sure(&tn("data.keep_sure", gone)) {
                super::settings::save(context, json!({ "keep_days": wanted }), fault);
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t("data.keep")}</h2>
            <p class="sub">{t("data.keep_what")}</p>
            <TextField label=t("data.days") value=days kind="number" />
            <Fault text=fault />
            <div class="row"><button class="btn" on:click=save>{t("save")}</button></div>
        </section>
    }
}

/// Back to a moment of the last 30 days, where the runtime keeps them.
#[component]
fn Restore() -> impl IntoView {
    let context = expect_context::<Context>();
    let (at, fault) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let restore = move |_| {
        let Some(to) = crate::calendar::of_field(&at.get_untracked()) else {
            fault.set(t("data.no_moment"));
            return;
        };
        spawn_local(async move {
            let ask = api::send("POST", context.of_site("/restore"), &json!({ "to": to })).plainly();
            match ask.read::<Value>().await {
                Ok(restored) => {
                    fault.set(String::new());
                    browser::copy(restored.at("undo").as_str().unwrap_or_default());
                    context.tell(t("data.restored"));
                    context.changed();
                }
                Err(trouble) => fault.set(trouble.text),
            }
        });
    };
    view! {
        <section class="card">
            <h2>{t("data.restore")}</h2>
            <p class="sub">{t("data.restore_what")}</p>
            <TextField label=t("data.moment") value=at kind="datetime-local" />
            <Fault text=fault />
            <div class="row"><button class="btn danger" on:click=restore>{t("data.restore_do")}</button></div>
        </section>
    }
}
