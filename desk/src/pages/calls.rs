//! Today's calls: whom, why, their words before the eyes, and what came of it.

use super::case::CallForm;
use crate::api;
use crate::calendar;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::said::{ScoreMark, Words};
use crate::place::{self, Page};
use crate::texts::{t, tf, tn};
use heard_wire::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

#[component]
pub(crate) fn Calls() -> impl IntoView {
    let context = expect_context::<Context>();
    let calls = load(move || {
        context.tick.track();
        api::get(context.of_site("/call-list?limit=50")).read::<Value>()
    });
    view! {
        <div class="head"><div><h1>{t("nav.calls")}</h1><p>{t("calls.what")}</p></div></div>
        {shown(calls, move |list: Value| {
            let calls = list.list("calls");
            if calls.is_empty() {
                return view! { <div class="card empty"><h2>{t("calls.none")}</h2><p class="sub">{t("calls.none_what")}</p></div> }.into_any();
            }
            let told = tn("calls.count", u64::try_from(calls.len()).unwrap_or(0));
            let each = calls.into_iter().map(|item| view! { <li class="card call"><Whom item /></li> });
            let each = each.collect_view();
            view! { <p class="sub">{told}</p><ul class="call-list">{each}</ul> }.into_any()
        })}
    }
}

#[component]
fn Whom(item: Value) -> impl IntoView {
    let context = expect_context::<Context>();
    let zone = context.zone();
    let response = item.at("response");
    let number = response.text("contact");
    let is_phone = !number.is_empty() && !number.contains('@');
    let why = match item.at("why").as_str() {
        Some("asked") => "calls.asked",
        Some("left_number") => "calls.left_number",
        _ => "calls.bright",
    };
    let since = item.moment("since").map(|at| calendar::moment(at, &zone)).unwrap_or_default();
    let waits = tf("calls.since", &[("when", &since)]);
    let clock = item.at("local_time").as_str();
    let clock = clock.map_or_else(|| t("calls.no_zone"), |time| tf("calls.there", &[("time", time)]));
    let night = (item.at("is_daytime") != true).then(|| view! { <b class="late">" "{t("calls.night")}</b> });
    let dial = if is_phone {
        view! { <a class="btn" href=format!("tel:{}", number.replace(' ', ""))>{tf("calls.dial", &[("number", &number)])}</a> }.into_any()
    } else if number.is_empty() {
        view! { <p class="sub">{t("calls.no_number")}</p> }.into_any()
    } else {
        view! { <a class="btn plain" href=format!("mailto:{number}")>{number.clone()}</a> }.into_any()
    };
    let comment = response.text("comment");
    let heard = serde_json::from_value(response.at("heard").clone()).ok();
    let words = (!comment.trim().is_empty()).then(|| view! { <Words comment heard /> });
    let case = RwSignal::new(item.at("case").at("id").as_str().map(str::to_owned));
    let (id, is_logging) = (response.text("id"), RwSignal::new(false));
    let score = u8::try_from(response.count("score")).unwrap_or_default();
    let log = move |_| {
        let body = json!({ "response": id });
        spawn_local(async move {
            // A call is logged on a case, so that colleagues see it.
            if case.get_untracked().is_none() {
                match api::send("POST", context.of_site("/cases"), &body).read::<Value>().await {
                    Ok(opened) => case.set(Some(opened.text("id"))),
                    Err(trouble) => return context.tell_trouble(trouble),
                }
            }
            is_logging.set(true);
        });
    };
    let history = move || {
        case.get().map(|case| view! { <a href=place::to_item(&context.site(), Page::Inbox, &case, "view=waiting")>{t("calls.history")}</a> })
    };
    let form = move || match (is_logging.get(), case.get()) {
        (true, Some(case)) => {
            let saved = Callback::new(move |()| {
                is_logging.set(false);
                context.tell(t("action.call_saved"));
            });
            view! { <CallForm case saved /> }.into_any()
        }
        _ => ().into_any(),
    };
    view! {
        <p class="sub"><ScoreMark score />" "{t(why)}" · "{waits}</p>
        {words}
        <p class="sub">{clock}{night}</p>
        <div class="row">{dial}
            {context.may(Scope::Write).then(|| view! { <button class="btn plain" on:click=log>{t("calls.log")}</button> })}
            {history}
        </div>
        {form}
    }
}
