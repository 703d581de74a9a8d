//! Ideas of customers, those that seem to mean the same together: a person decides.

use super::revision_of;
use crate::api;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{Loaded, load, shown};
use crate::parts::field::Fault;
use crate::parts::quotes::theirs;
use crate::texts::{t, tn};
use heard_wire::Scope;
use leptos::prelude::*;
use serde_json::{Value, json};

/// Groups that are shown.
const SHOWN: usize = 12;

#[component]
pub(super) fn Ideas(improvements: Loaded<Value>) -> impl IntoView {
    let context = expect_context::<Context>();
    let ideas = load(move || {
        context.tick.track();
        api::get(context.of_site("/ideas")).read::<Value>()
    });
    let fault = RwSignal::new(String::new());
    let take = move |group: Value| {
        let said = group.list("said");
        let responses: Vec<Value> = said.iter().map(|idea| idea.at("response").clone()).collect();
        let title = said.first().map(|idea| idea.at("quote").clone()).unwrap_or_default();
        let new = json!({ "title": title, "kind": "idea", "audience": { "responses": responses } });
        let ask = api::send("POST", context.of_site("/improvements"), &new);
        context.hand_in(ask, fault, move |_: Value| {
            improvements.again();
            ideas.again();
        });
    };
    let add = move |one: &Value, group: &Value| {
        let mut responses = one.at("audience").list("responses");
        responses.extend(group.list("said").iter().map(|idea| idea.at("response").clone()));
        let path = context.of_site(&format!("/improvements/{}", one.text("id")));
        // Who joined another meanwhile is not taken out again.
        let ask =
            api::send("PATCH", path, &json!({ "audience": { "responses": responses } })).if_match(revision_of(one));
        context.hand_in(ask, fault, move |_: Value| {
            improvements.again();
            ideas.again();
        });
    };
    let of = move |group: &Value| {
        let is_decided = group.at("improvement").is_string();
        let own = group.clone();
        let act = if is_decided {
            view! { <span class="chip">{t("ideas.decided")}</span> }.into_any()
        } else {
            // One that is put otherwise, or in another language, goes to those that it means the same as.
            let others =
                improvements.value.with(|all| all.as_ref().map(|all| all.list("improvements")).unwrap_or_default());
            let others: Vec<Value> = others.into_iter().filter(|one| one.text("kind") == "idea").collect();
            let options = others
                .iter()
                .map(|one| view! { <option value=one.text("id")>{one.text("title")}</option> })
                .collect_view();
            let (all, more) = (others.clone(), group.clone());
            let join = move |event| {
                let id = event_target_value(&event);
                if let Some(one) = all.iter().find(|one| one.text("id") == id) {
                    add(one, &more);
                }
            };
            let joined = (!others.is_empty()).then(|| {
                view! { <select class="small" aria-label=t("ideas.join") disabled=!context.may(Scope::Write) on:change=join><option value="">{t("ideas.join")}</option>{options}</select> }
            });
            view! { <button type="button" class="btn plain small" disabled=!context.may(Scope::Write) on:click=move |_| take(own.clone())>{t("ideas.take")}</button>" "{joined} }.into_any()
        };
        view! { <li class="one">{theirs(context, group.at("said"))}<p class="sub">{tn("ideas.customers", group.count("customers"))}" "{act}</p></li> }
    };
    let list = shown(ideas, move |list: Value| {
        let each: Vec<_> = list.at("ideas").as_array().into_iter().flatten().take(SHOWN).map(of).collect();
        if each.is_empty() {
            return view! { <p class="sub">{t("learn.no_ideas")}</p> }.into_any();
        }
        view! { <ul>{each}</ul> }.into_any()
    });
    view! { <section class="card need"><h2>{t("learn.ideas")}</h2><p class="sub">{t("ideas.what")}</p><Fault text=fault />{list}</section> }
}
