//! What changed that nobody asked about, with the rows behind it.

use crate::api;
use crate::calendar::number;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::place::{self, Page};
use crate::texts::{t, tf};
use leptos::prelude::*;
use serde_json::Value;

#[component]
pub(super) fn Watches() -> impl IntoView {
    let context = expect_context::<Context>();
    let watches = load(move || {
        context.tick.track();
        api::get(context.of_site("/watches")).read::<Value>()
    });
    let of = move |watch: &Value| {
        let text = |name: &str| watch.text(name);
        let value = |name: &str| number(watch.at(name).as_f64().unwrap_or_default(), 0);
        let subject = text("subject");
        let subject = if text("kind") == "new_topic" { context.label_of(&subject) } else { subject };
        let filled = [("now", value("now")), ("before", value("before")), ("subject", subject)];
        let told =
            tf(&format!("watch.{}", text("kind")), &filled.each_ref().map(|(name, text)| (*name, text.as_str())));
        let href = place::to_item(&context.site(), Page::Inbox, "", &format!("view=all&{}", text("query")));
        view! { <li class="one"><a class="words" href=href>{told}</a></li> }
    };
    let list = shown(watches, move |list: Value| {
        let each: Vec<_> = list.at("watches").as_array().into_iter().flatten().take(5).map(of).collect();
        (!each.is_empty())
            .then(|| view! { <section class="card need"><h2>{t("watch.title")}</h2><ul>{each}</ul></section> })
    });
    view! { {list} }
}
