//! Today's calls: whom, why, their words before the eyes, and what came of it.

use super::case::CallForm;
use crate::api;
use crate::calendar;
use crate::context::Context;
use crate::load::{load, shown};
use crate::parts::said::{ScoreMark, Words};
use crate::place::{self, Page};
use crate::texts::{t, tf, tn};
use heard_wire::{CallListItem, Case, List, Scope, WhyCall};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

#[component]
pub(crate) fn Calls() -> impl IntoView {
    let context = expect_context::<Context>();
    let calls = load(move || {
        context.tick.track();
        api::get(context.of_site("/call-list?limit=50")).read::<List<CallListItem>>()
    });
    view! {
        <div class="head"><div><h1>{t("nav.calls")}</h1><p>{t("calls.what")}</p></div></div>
        {shown(calls, move |list| {
            if list.items.is_empty() {
                return view! { <div class="card empty"><h2>{t("calls.none")}</h2><p class="sub">{t("calls.none_what")}</p></div> }.into_any();
            }
            let told = tn("calls.count", u64::try_from(list.items.len()).unwrap_or(0));
            let each = list.items.into_iter().map(|item| view! { <li class="card call"><Whom item /></li> });
            let each = each.collect_view();
            view! { <p class="sub">{told}</p><ul class="call-list">{each}</ul> }.into_any()
        })}
    }
}

#[component]
fn Whom(item: CallListItem) -> impl IntoView {
    let context = expect_context::<Context>();
    let zone = context.zone();
    let response = item.response;
    let number = response.contact.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_phone = !number.is_empty() && !number.contains('@');
    let why = match item.why {
        WhyCall::Asked => "calls.asked",
        WhyCall::LeftNumber => "calls.left_number",
        WhyCall::BrightSpot => "calls.bright",
    };
    let waits = tf("calls.since", &[("when", &calendar::moment(item.since, &zone))]);
    let clock = item.local_time.map_or_else(|| t("calls.no_zone"), |time| tf("calls.there", &[("time", &time)]));
    let night = (!item.is_daytime).then(|| view! { <b class="late">" "{t("calls.night")}</b> });
    let dial = if is_phone {
        view! { <a class="btn" href=format!("tel:{}", number.replace(' ', ""))>{tf("calls.dial", &[("number", &number)])}</a> }.into_any()
    } else if number.is_empty() {
        view! { <p class="sub">{t("calls.no_number")}</p> }.into_any()
    } else {
        view! { <a class="btn plain" href=format!("mailto:{number}")>{number.clone()}</a> }.into_any()
    };
    let words = response.comment.clone().filter(|comment| !comment.trim().is_empty());
    let words = words.map(|comment| view! { <Words comment heard=response.heard.clone() /> });
    let case = RwSignal::new(item.case.map(|case| case.id.to_string()));
    let (id, is_logging) = (response.id.clone(), RwSignal::new(false));
    let log = move |_| {
        let body = json!({ "response": id });
        spawn_local(async move {
            // A call is logged on a case, so that colleagues see it.
            if case.get_untracked().is_none() {
                match api::send("POST", context.of_site("/cases"), &body).read::<Case>().await {
                    Ok(opened) => case.set(Some(opened.id.to_string())),
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
        <p class="sub"><ScoreMark score=response.score.get() />" "{t(why)}" · "{waits}</p>
        {words}
        <p class="sub">{clock}{night}</p>
        <div class="row">{dial}
            {context.may(Scope::Write).then(|| view! { <button class="btn plain" on:click=log>{t("calls.log")}</button> })}
            {history}
        </div>
        {form}
    }
}
