//! "Not right?": what a person heard takes the place of what was heard automatically.

use crate::api;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{ChoiceField, Fault};
use crate::texts::t;
use leptos::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// Each theme of the site, with how the customer feels about it; `found` is what was heard.
#[component]
pub(super) fn Correct(id: String, found: Vec<(String, String)>) -> impl IntoView {
    let context = expect_context::<Context>();
    let themes = context.settings.with_untracked(|settings| settings.list("themes"));
    let of = |id: &str| {
        found.iter().find(|(theme, _)| theme == id).map(|(_, polarity)| polarity.clone()).unwrap_or_default()
    };
    let rows: Vec<(String, String, RwSignal<String>)> = themes
        .iter()
        .map(|theme| {
            let text = |name: &str| theme.text(name);
            (text("id"), text("label"), RwSignal::new(of(&text("id"))))
        })
        .collect();
    let fault = RwSignal::new(String::new());
    let (rows, id) = (StoredValue::new(rows), StoredValue::new(id));
    let save = move |_| {
        let heard = rows
            .get_value()
            .into_iter()
            .filter(|(_, _, polarity)| polarity.with_untracked(|polarity| !polarity.is_empty()));
        let themes: Vec<Value> =
            heard.map(|(theme, _, polarity)| json!({ "id": theme, "polarity": polarity.get_untracked() })).collect();
        let ask = api::send(
            "PATCH",
            context.of_site(&format!("/responses/{}", id.get_value())),
            &json!({ "themes": themes }),
        );
        context.hand_in(ask, fault, move |_: IgnoredAny| {
            context.tell(t("correct.thanks"));
            context.changed();
        });
    };
    let feelings = || {
        ["", "positive", "negative", "neutral"]
            .map(|name| (name.to_owned(), t(&format!("feeling.{}", if name.is_empty() { "none" } else { name }))))
            .to_vec()
    };
    let fields = rows
        .get_value()
        .into_iter()
        .map(|(_, label, polarity)| view! { <ChoiceField label value=polarity options=feelings() /> });
    view! {
        <details class="correct"><summary>{t("correct.title")}</summary>
            <div class="fields">{fields.collect_view()}</div>
            <Fault text=fault />
            <div class="row"><button class="btn small" on:click=save>{t("correct.save")}</button></div>
        </details>
    }
}
