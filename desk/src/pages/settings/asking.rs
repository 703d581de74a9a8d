//! When somebody is asked, and when again.

use super::{number_or_null, save, text_at};
use crate::context::Context;
use crate::parts::field::{Fault, TextField};
use crate::texts::t;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

const RULES: [&str; 4] = ["delay_seconds", "again_after_days", "again_after_closing_days", "again_after_leaving_days"];

#[component]
pub(super) fn Asking() -> impl IntoView {
    let context = expect_context::<Context>();
    let values = RULES.map(|name| (name, text_at(context, &format!("/ask/{name}"))));
    let (recovery, share) = (text_at(context, "/cases/recovery_days"), text_at(context, "/limits/answers_per_address"));
    let fault = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let ask: Map<String, Value> =
            values.iter().map(|(name, value)| ((*name).to_owned(), number_or_null(*value))).collect();
        let patch = json!({
            "ask": ask, "cases": { "recovery_days": number_or_null(recovery) }, "limits": { "answers_per_address": number_or_null(share) },
        });
        save(context, patch, fault);
    };
    let fields = values.map(|(name, value)| view! { <TextField label=t(&format!("ask.{name}")) hint=t(&format!("ask.{name}_hint")) value kind="number" /> });
    view! {
        <form class="card" on:submit=submit>
            {fields.collect_view()}
            <TextField label=t("ask.recovery") hint=t("ask.recovery_hint") value=recovery kind="number" />
            <TextField label=t("ask.share") hint=t("ask.share_hint") value=share kind="number" />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
    }
}
