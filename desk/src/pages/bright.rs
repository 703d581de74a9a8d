//! Bright spots: what promoters are glad of and whom customers name, month by month.

use crate::api;
use crate::calendar;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::quotes::theirs;
use crate::place::{self, Page};
use crate::texts::{t, tf, tn};
use leptos::prelude::*;
use serde_json::Value;

#[component]
pub(crate) fn Bright() -> impl IntoView {
    let context = expect_context::<Context>();
    let months = load(move || {
        context.tick.track();
        api::get(context.of_site("/bright-spots?months=12")).read::<Value>()
    });
    view! {
        <div class="head"><div><h1>{t("today.bright")}</h1><p>{t("bright.what")}</p></div></div>
        {shown(months, move |told: Value| {
            let months = told.list("months");
            if months.is_empty() {
                return view! { <p class="card sub">{t("today.no_bright")}</p> }.into_any();
            }
            months.iter().map(|month| of_month(context, month)).collect_view().into_any()
        })}
    }
}

fn of_month(context: Context, month: &Value) -> AnyView {
    let site = context.site();
    let begins = month.at("since").as_str().and_then(calendar::of_field);
    let name = begins.map(|at| calendar::month(at, &context.zone())).unwrap_or_default();
    let count = |of: &Value, name: &str| of.count(name);
    let list = |name: &str| month.list(name);
    let (with_words, promoters) = (count(month, "with_words"), count(month, "promoters"));
    let said = tf("bright.said", &[("n", &calendar::whole(with_words)), ("m", &calendar::whole(promoters))]);
    // To the answers of this month.
    let span = format!("since={}&until={}", part(month, "since"), part(month, "until"));
    let themes = list("themes").into_iter().map(|theme| {
        let id = theme.at("theme").as_str().unwrap_or_default();
        let query = format!("view=bright&theme={}&{span}", api::part(id));
        let href = place::to_item(&site, Page::Inbox, "", &query);
        let by = tn("bright.by", count(&theme, "promoters"));
        view! { <li class="one"><p><a href=href><b>{context.label_of(id)}</b></a>" · "{by}</p>{theirs(context, theme.at("quotes"))}</li> }
    });
    let people = list("people").into_iter().map(|person| {
        let name = person.text("name");
        let times = tn("learn.named", count(&person, "times"));
        view! { <li class="one"><p><b>{name}</b>" · "{times}</p>{theirs(context, person.at("quotes"))}</li> }
    });
    let card = |title: &str, items: Vec<AnyView>| {
        (!items.is_empty()).then(|| view! { <section class="card need"><h3>{t(title)}</h3><ul>{items}</ul></section> })
    };
    let themes = card("today.themes", themes.map(IntoAny::into_any).collect());
    let people = card("learn.bright", people.map(IntoAny::into_any).collect());
    let else_said = (!list("quotes").is_empty()).then(|| {
        view! { <section class="card need"><h3>{t("bright.else")}</h3>{theirs(context, month.at("quotes"))}</section> }
    });
    view! {
        <section class="month">
            <h2>{name}</h2><p class="sub">{said}</p>
            <div class="two even"><div class="stack">{themes}</div><div class="stack">{people}{else_said}</div></div>
        </section>
    }
    .into_any()
}

fn part(month: &Value, name: &str) -> String {
    api::part(month.at(name).as_str().unwrap_or_default())
}
