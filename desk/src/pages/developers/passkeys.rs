//! With what one signs in without a key.

use crate::api;
use crate::calendar::moment;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::field::{Fault, TextField};
use crate::passkeys;
use crate::texts::{t, tf};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

#[component]
pub(super) fn Passkeys() -> impl IntoView {
    let context = expect_context::<Context>();
    let kept = load(move || {
        context.tick.track();
        api::get("/v1/passkeys").read::<Value>()
    });
    let remove = move |id: String, name: &str| {
        if !crate::browser::is_sure(&tf("passkeys.sure", &[("name", name)])) {
            return;
        }
        spawn_local(async move {
            match api::delete(format!("/v1/passkeys/{id}")).done().await {
                Ok(()) => context.changed(),
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    view! {
        <h2 class="apart">{t("passkeys.title")}</h2>
        {shown(kept, move |list: Value| {
            let kept = list.list("passkeys");
            if kept.is_empty() {
                return view! { <p class="card sub">{t("passkeys.none")}</p> }.into_any();
            }
            let rows = kept.into_iter().map(move |passkey| {
                let zone = untrack(|| context.zone());
                let (id, name, prefix) = (passkey.text("id"), passkey.text("name"), passkey.at("holder").text("prefix"));
                let stands_for = if prefix.is_empty() { t("me.owner") } else { format!("{prefix}…") };
                let used = passkey.moment("last_used_at").map_or_else(|| t("keys_of_site.never"), |at| moment(at, &zone));
                let called = name.clone();
                view! {
                    <tr><th scope="row">{name}</th><td>{stands_for}</td><td>{used}</td>
                        <td><button class="link" on:click=move |_| remove(id.clone(), &called)>{t("passkeys.remove")}</button></td></tr>
                }
            });
            let rows = rows.collect_view();
            view! {
                <div class="card scrolls" tabindex="0" role="group" aria-label=t("passkeys.title")><table>
                    <thead><tr><th scope="col">{t("keys_of_site.name")}</th><th scope="col">{t("sessions.who")}</th>
                        <th scope="col">{t("keys_of_site.used")}</th><th scope="col"><span class="unseen">{t("passkeys.remove")}</span></th></tr></thead>
                    <tbody>{rows}</tbody></table></div>
            }
            .into_any()
        })}
        {if passkeys::are_known() { view! { <Add /> }.into_any() } else { view! { <p class="sub">{t("passkeys.unknown")}</p> }.into_any() }}
    }
}

/// The browser is asked for one; what it asks then is its own affair.
#[component]
fn Add() -> impl IntoView {
    let context = expect_context::<Context>();
    let (name, fault, is_busy) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        is_busy.set(true);
        fault.set(String::new());
        spawn_local(async move {
            let called = name.get_untracked();
            match passkeys::make(&called).await {
                Ok(credential) => {
                    let body = json!({ "name": called, "credential": credential });
                    match api::send("POST", "/v1/passkeys", &body).plainly().done().await {
                        Ok(()) => {
                            name.set(String::new());
                            context.tell(t("passkeys.added"));
                            context.changed();
                        }
                        Err(trouble) => fault.set(trouble.text),
                    }
                }
                Err(why) => fault.set(why),
            }
            is_busy.set(false);
        });
    };
    view! {
        <form class="card narrow" on:submit=add>
            <h3>{t("passkeys.add")}</h3>
            <p class="sub">{t("passkeys.how")}</p>
            <TextField label=t("keys_of_site.name") hint=t("passkeys.name_hint") value=name />
            <Fault text=fault />
            <div class="row"><button class="btn" disabled=move || is_busy.get() || name.with(|name| name.trim().is_empty())>{t("passkeys.add_do")}</button></div>
        </form>
    }
}
