//! Who answers customers.

use crate::api;
use crate::calendar;
use crate::context::Context;
use crate::json::Members as _;
use crate::pages::developers::AddKey;
use crate::parts::field::{Fault, TextField};
use crate::texts::{t, tf};
use heard_wire::{Teammate, Timestamp};
use leptos::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

#[component]
pub(super) fn People() -> impl IntoView {
    let context = expect_context::<Context>();
    let rows = move || {
        let people = context.people.get();
        if people.is_empty() {
            return view! { <p class="sub">{t("people.none")}</p> }.into_any();
        }
        people.into_iter().map(|person| view! { <li><One person /></li> }).collect_view().into_any()
    };
    view! {
        <div class="card"><ul class="list-plain">{rows}</ul></div>
        <Add />
        <details class="card"><summary>{t("people.sign_in")}</summary><p class="sub">{t("people.sign_in_what")}</p><AddKey /></details>
    }
}

/// Does it, and reads the people again.
fn act(context: Context, ask: api::Ask, fault: RwSignal<String>, then: impl Fn() + 'static) {
    context.hand_in(ask, fault, move |_: IgnoredAny| {
        then();
        context.is_dirty.set(false);
        context.read_site();
    });
}

#[component]
fn One(person: Teammate) -> impl IntoView {
    let context = expect_context::<Context>();
    let fault = RwSignal::new(String::new());
    let path = StoredValue::new(context.of_site(&format!("/people/{}", person.id)));
    let until = RwSignal::new(String::new());
    let zone = context.zone();
    let now = Timestamp::from_millis(crate::browser::now());
    let away = person.settings.absent_until.filter(|_| !person.is_there(now));
    let is_away = away.is_some();
    let told = away.map(|until| tf("people.away", &[("until", &calendar::moment(until, &zone))]));
    let leave = move |_| {
        let at = calendar::of_field(&until.get_untracked());
        let value = at.map_or(Value::Null, |at| json!(at));
        act(context, api::send("PATCH", path.get_value(), &json!({ "absent_until": value })), fault, || ());
    };
    let back =
        move |_| act(context, api::send("PATCH", path.get_value(), &json!({ "absent_until": null })), fault, || ());
    let remove = move |_| {
        if crate::browser::is_sure(&t("people.sure")) {
            act(context, api::delete(path.get_value()), fault, || ());
        }
    };
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let name = text(Some(person.settings.name.clone()));
    let role = text(person.settings.role.clone());
    let email = text(person.settings.email.as_ref().map(ToString::to_string));
    let change = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let patch = json!({ "name": name.get_untracked(), "role": super::text_or_null(role), "email": super::text_or_null(email) });
        act(context, api::send("PATCH", path.get_value(), &patch), fault, move || context.tell(t("saved")));
    };
    let about = [person.settings.role.clone(), person.settings.email.as_ref().map(ToString::to_string)];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <p><b>{person.settings.name.clone()}</b>" "<span class="sub">{about}</span>" "<span class="late">{told}</span></p>
        <div class="row">
            {if is_away { view! { <button class="btn plain small" on:click=back>{t("people.back")}</button> }.into_any() } else {
                view! { <TextField label=t("people.until") value=until kind="datetime-local" /><button class="btn plain small" on:click=leave>{t("people.leave")}</button> }.into_any()
            }}
            <button class="btn plain small danger" on:click=remove>{t("people.remove")}</button>
        </div>
        <details><summary>{t("people.change")}</summary>
            <form on:submit=change><WhoTheyAre name role email />
                <div class="row"><button class="btn small">{t("save")}</button></div></form></details>
        <Fault text=fault />
    }
}

#[component]
fn WhoTheyAre(name: RwSignal<String>, role: RwSignal<String>, email: RwSignal<String>) -> impl IntoView {
    view! {
        <TextField label=t("people.name") hint=t("people.name_hint") value=name />
        <TextField label=t("people.role") hint=t("people.role_hint") value=role />
        <TextField label=t("people.email") hint=t("people.email_hint") value=email kind="email" />
    }
}

#[component]
fn Add() -> impl IntoView {
    let context = expect_context::<Context>();
    let text = || RwSignal::new(String::new());
    let (name, role, email, fault) = (text(), text(), text(), text());
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut body = json!({ "name": name.get_untracked() });
        for (member, value) in [("role", role), ("email", email)] {
            let value = super::text_or_null(value);
            if !value.is_null() {
                body.put(member, value);
            }
        }
        let empty = move || [name, role, email].into_iter().for_each(|field| field.set(String::new()));
        act(context, api::send("POST", context.of_site("/people"), &body), fault, empty);
    };
    view! {
        <form class="card" on:submit=add>
            <h2>{t("people.add")}</h2>
            <WhoTheyAre name role email />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("people.add_do")}</button></div>
        </form>
    }
}
