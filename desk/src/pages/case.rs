//! One customer: their words, what was told and written, and what is to be done.

mod actions;
mod correct;
mod everything;
mod names;
mod side;
mod talk;

pub(crate) use actions::CallForm;

use crate::api;
use crate::context::Context;
use crate::load::{Loaded, load, shown};
use crate::place::{self, Page};
use crate::texts::t;
use everything::{Everything, read};
use heard_wire::{Case, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

/// What is open beside the list.
#[component]
pub(crate) fn Open(id: String, on_next: Callback<()>) -> impl IntoView {
    let context = expect_context::<Context>();
    let wanted = StoredValue::new(id);
    let everything = load(move || {
        context.tick.track();
        read(context, wanted.get_value())
    });
    let back = move || {
        let query = context.place.with(|place| place.query.clone());
        place::to_item(&context.site(), Page::Inbox, "", &query)
    };
    // Its own part of the page, which is not made anew when something comes in: what is being typed stays.
    let case = Memo::new(move |_| {
        everything.value.with(|all| all.as_ref().and_then(|all| all.case.as_ref().map(|case| case.id.to_string())))
    });
    view! {
        <section class="thread" id="case" tabindex="-1" aria-label=t("case.label")>
            <a class="back" href=back>{t("case.back")}</a>
            {shown(everything, move |all| talk::view(context, &all))}
            {move || match case.get() {
                Some(_) if context.may(Scope::Write) => view! { <actions::Actions everything on_next /> }.into_any(),
                Some(_) => ().into_any(),
                None => view! { <NoCase everything /> }.into_any(),
            }}
        </section>
        <aside class="side" aria-label=t("case.about")>{move || everything.value.get().map(|all| side::view(context, &all, everything))}</aside>
    }
}

/// An answer without a case: whoever wants to write opens one.
#[component]
fn NoCase(everything: Loaded<Everything>) -> impl IntoView {
    let context = expect_context::<Context>();
    let open = move |_| {
        let response = everything
            .value
            .with_untracked(|all| all.as_ref().and_then(|all| all.said.last().map(|said| said.response.id.clone())));
        let Some(response) = response else { return };
        spawn_local(async move {
            let assignee = context.me().map(|me| me.id);
            let body = json!({ "response": response, "assignee": assignee });
            match api::send("POST", context.of_site("/cases"), &body).read::<Case>().await {
                Ok(case) => {
                    let query = context.place.with_untracked(|place| place.query.clone());
                    context.go(&place::to_item(&context.site(), Page::Inbox, case.id.as_str(), &query));
                    context.changed();
                }
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    let is_there = move || everything.value.with(Option::is_some) && context.may(Scope::Write);
    move || {
        is_there().then(|| view! { <p class="row"><button class="btn" on:click=open>{t("case.open")}</button><span class="sub">{t("case.open_what")}</span></p> })
    }
}
