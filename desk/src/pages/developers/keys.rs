//! Keys of the site, and who is signed in.

use crate::api;
use crate::calendar::moment;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::field::{ChoiceField, Fault, TextField};
use crate::texts::{t, tf};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

#[component]
pub(super) fn Keys() -> impl IntoView {
    let context = expect_context::<Context>();
    let keys = load(move || {
        context.tick.track();
        api::get(context.of_site("/keys")).read::<Value>()
    });
    let revoke = move |prefix: String| {
        if !crate::browser::is_sure(&tf("keys_of_site.sure", &[("key", &prefix)])) {
            return;
        }
        spawn_local(async move {
            match api::delete(context.of_site(&format!("/keys/{prefix}"))).done().await {
                Ok(()) => context.changed(),
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    view! {
        <h2 class="apart">{t("keys_of_site.title")}</h2>
        {shown(keys, move |list: Value| {
            let keys = list.list("keys");
            if keys.is_empty() {
                return view! { <p class="card sub">{t("keys_of_site.none")}</p> }.into_any();
            }
            let rows = keys.into_iter().map(move |key| {
                let prefix = key.text("prefix");
                let zone = untrack(|| context.zone());
                let whose = key.at("person").as_str().and_then(|id| context.name_of(id)).unwrap_or_default();
                let used = key.moment("last_used_at").map_or_else(|| t("keys_of_site.never"), |at| moment(at, &zone));
                view! {
                    <tr><th scope="row">{key.text("name")}</th><td><code>{prefix.clone()}"…"</code></td><td>{t(&format!("scope.{}", key.text("scope")))}</td>
                        <td>{whose}</td><td>{used}</td><td><button class="link" on:click=move |_| revoke(prefix.clone())>{t("keys_of_site.revoke")}</button></td></tr>
                }
            });
            let rows = rows.collect_view();
            view! {
                <div class="card scrolls" tabindex="0" role="group" aria-label=t("keys_of_site.title")><table>
                    <thead><tr><th scope="col">{t("keys_of_site.name")}</th><th scope="col">{t("keys_of_site.begins")}</th><th scope="col">{t("keys_of_site.allows")}</th>
                        <th scope="col">{t("keys_of_site.whose")}</th><th scope="col">{t("keys_of_site.used")}</th><th scope="col"><span class="unseen">{t("keys_of_site.revoke")}</span></th></tr></thead>
                    <tbody>{rows}</tbody></table></div>
            }
            .into_any()
        })}
        <AddKey />
    }
}

/// A key for a program or for a colleague, who signs in with it.
#[component]
pub(crate) fn AddKey() -> impl IntoView {
    let context = expect_context::<Context>();
    let text = || RwSignal::new(String::new());
    let (name, person, fault, made) = (text(), text(), text(), text());
    let scope = RwSignal::new("write".to_owned());
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut body = json!({ "name": name.get_untracked(), "scope": scope.get_untracked() });
        if person.with_untracked(|person| !person.is_empty()) {
            body.put("person", person.get_untracked());
        }
        let ask = api::send("POST", context.of_site("/keys"), &body).plainly();
        context.hand_in(ask, fault, move |added: Value| {
            [name, fault].into_iter().for_each(|field| field.set(String::new()));
            made.set(added.text("key"));
            context.changed();
        });
    };
    let scopes = ["read", "write", "admin"].map(|scope| (scope.to_owned(), t(&format!("scope.{scope}")))).into();
    let people = move || {
        let nobody = (String::new(), t("keys_of_site.nobody"));
        let people = context.people.get().into_iter().map(|person| (person.id.to_string(), person.settings.name));
        std::iter::once(nobody).chain(people).collect::<Vec<_>>()
    };
    view! {
        <form class="card narrow" on:submit=add>
            <h3>{t("keys_of_site.add")}</h3>
            <TextField label=t("keys_of_site.name") hint=t("keys_of_site.name_hint") value=name />
            <ChoiceField label=t("keys_of_site.allows") value=scope options=scopes />
            {move || view! { <ChoiceField label=t("keys_of_site.whose") hint=t("keys_of_site.whose_hint") value=person options=people() /> }}
            <Fault text=fault />
            <div class="row"><button class="btn">{t("keys_of_site.add_do")}</button></div>
            {move || made.with(|made| (!made.is_empty()).then(|| view! {
                <p role="status">{t("keys_of_site.once")}</p><pre tabindex="0"><code>{made.clone()}</code></pre>
                <p class="sub">{tf("keys_of_site.sign_in_at", &[("address", &format!("{}/desk/{}", crate::browser::origin(), context.site()))])}</p>
            }))}
        </form>
    }
}

/// Who is signed in, with a way to sign them out.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let context = expect_context::<Context>();
    let sessions = load(move || {
        context.tick.track();
        api::get("/v1/sessions").read::<Value>()
    });
    let end = move |id: String| {
        spawn_local(async move {
            match api::delete(format!("/v1/sessions/{id}")).done().await {
                Ok(()) => context.changed(),
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    view! {
        <h2 class="apart">{t("sessions.title")}</h2>
        {shown(sessions, move |list: Value| {
            let mine = context.who.with_untracked(|who| who.as_ref().map(|who| who.session.id.to_string()));
            let rows = list.list("sessions").into_iter().map(move |session| {
                let zone = untrack(|| context.zone());
                let holder = session.at("holder");
                let prefix = holder.text("prefix");
                let who = if prefix.is_empty() { t("me.owner") } else { format!("{} · {prefix}…", holder.text("site")) };
                let id = session.text("id");
                let is_mine = mine.as_ref() == Some(&id);
                let way = if is_mine { view! { <span class="sub">{t("sessions.this")}</span> }.into_any() } else {
                    view! { <button class="link" on:click=move |_| end(id.clone())>{t("sessions.end")}</button> }.into_any()
                };
                view! { <tr><th scope="row">{who}</th><td>{session.text("browser")}</td><td>{session.moment("created_at").map(|at| moment(at, &zone))}</td><td>{session.moment("last_used_at").map(|at| moment(at, &zone))}</td><td>{way}</td></tr> }
            });
            let rows = rows.collect_view();
            view! {
                <div class="card scrolls" tabindex="0" role="group" aria-label=t("sessions.title")><table>
                    <thead><tr><th scope="col">{t("sessions.who")}</th><th scope="col">{t("sessions.browser")}</th><th scope="col">{t("sessions.since")}</th>
                        <th scope="col">{t("sessions.last")}</th><th scope="col"><span class="unseen">{t("sessions.end")}</span></th></tr></thead>
                    <tbody>{rows}</tbody></table></div>
            }
            .into_any()
        })}
    }
}
