//! One customer: their words, what was told and written, and what is to be done.

mod actions;
mod correct;
mod side;
mod talk;

pub(crate) use actions::CallForm;

use crate::api::{self, Trouble};
use crate::context::Context;
use crate::load::{Loaded, load, shown};
use crate::place::{self, Page};
use crate::texts::t;
use heard_wire::{Case, CaseEntry, List, Message, Scope, StoredResponse};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

/// All that there is about one case, or about an answer without one.
#[derive(Debug, Clone)]
pub(crate) struct Everything {
    pub(crate) case: Option<Case>,
    /// Oldest first.
    pub(crate) said: Vec<StoredResponse>,
    pub(crate) messages: Vec<Message>,
    pub(crate) history: Vec<CaseEntry>,
}

async fn read(context: Context, id: String) -> Result<Everything, Trouble> {
    let at = |path: String| api::get(context.of_site(&path));
    let case = if id.starts_with("case_") {
        Some(at(format!("/cases/{id}")).read::<Case>().await?)
    } else {
        let page = at(format!("/cases?response={}&limit=1", api::part(&id))).read::<heard_wire::Page<Case>>().await?;
        page.items.into_iter().next()
    };
    let ids = case.as_ref().map_or_else(|| vec![id], |case| case.responses.iter().map(ToString::to_string).collect());
    let (mut said, mut messages) = (Vec::new(), Vec::new());
    for id in ids {
        said.push(at(format!("/responses/{id}")).read::<StoredResponse>().await?);
        messages.extend(at(format!("/responses/{id}/messages")).read::<List<Message>>().await?.items);
    }
    let history = match &case {
        Some(case) => at(format!("/cases/{}/history", case.id)).read::<List<CaseEntry>>().await?.items,
        None => Vec::new(),
    };
    Ok(Everything { case, said, messages, history })
}

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
