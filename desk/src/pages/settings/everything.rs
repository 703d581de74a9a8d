//! All settings as the API takes them, for what no form here is for.

use super::save;
use crate::context::Context;
use crate::parts::field::{AreaField, Fault};
use crate::texts::{t, tf};
use leptos::prelude::*;
use serde_json::Value;

#[component]
pub(super) fn Everything() -> impl IntoView {
    let context = expect_context::<Context>();
    let text = context.settings.with_untracked(|settings| serde_json::to_string_pretty(settings).unwrap_or_default());
    let (text, fault) = (RwSignal::new(text), RwSignal::new(String::new()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match serde_json::from_str::<Value>(&text.get_untracked()) {
            Ok(patch) => save(context, patch, fault),
            Err(error) => fault.set(tf("settings.no_json", &[("line", &error.line().to_string())])),
        }
    };
    view! {
        <form class="card" on:submit=submit>
            <AreaField label=t("settings.json") hint=t("settings.json_hint") value=text rows=24 />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button><a href="/docs" target="_blank">{t("developers.docs")}</a></div>
        </form>
    }
}
