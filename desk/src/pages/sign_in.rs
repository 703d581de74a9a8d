//! Signing in: a key, exchanged for a cookie.

use crate::api;
use crate::browser;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{Fault, TextField};
use crate::passkeys;
use crate::texts::t;
use heard_wire::SignedIn;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value, json};

#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let context = expect_context::<Context>();
    let (key, fault, is_busy) = (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(false));
    let named = context.place.with_untracked(|place| place.site.clone());
    let site = RwSignal::new(if named == "new" { String::new() } else { named });
    // A key of a site does not say of which.
    let of_a_site = move || key.with(|key| key.trim().starts_with("hk_"));
    let exchange = move |body: Value, wrong: &'static str| async move {
        match api::send("POST", "/v1/session", &body).plainly().read::<SignedIn>().await {
            Ok(who) => {
                key.set(String::new());
                // A browser that takes no cookie is told so here, and not by an empty desk.
                match api::get("/v1/session").done().await {
                    Ok(()) => {
                        context.is_fresh.set_value(true);
                        context.notice.set(None);
                        context.enter(who);
                    }
                    Err(trouble) if trouble.is_signed_out() => fault.set(t("sign_in.no_cookie")),
                    Err(trouble) => fault.set(trouble.text),
                }
            }
            Err(trouble) if trouble.is_signed_out() => fault.set(t(wrong)),
            Err(trouble) => fault.set(trouble.text),
        }
        is_busy.set(false);
    };
    let sign_in = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut body = json!({ "key": key.get_untracked().trim() });
        if of_a_site() {
            body.put("site", site.get_untracked().trim());
        }
        is_busy.set(true);
        fault.set(String::new());
        spawn_local(async move {
            exchange(body, "sign_in.wrong").await;
            if !fault.with_untracked(String::is_empty) {
                browser::focus("key");
            }
        });
    };
    let by_access = move |_| {
        is_busy.set(true);
        fault.set(String::new());
        spawn_local(exchange(json!({ "access": true }), "sign_in.wrong_access"));
    };
    let show_passkey = move |_| {
        is_busy.set(true);
        fault.set(String::new());
        spawn_local(async move {
            match passkeys::show().await {
                Ok(shown) => exchange(json!({ "passkey": shown }), "sign_in.wrong_passkey").await,
                Err(why) => {
                    fault.set(why);
                    is_busy.set(false);
                }
            }
        });
    };
    view! {
        <main id="main" class="alone" tabindex="-1">
            <form class="card" on:submit=sign_in>
                <p class="mark"><i></i>"Heard"</p>
                <h1>{t("sign_in.title")}</h1>
                <p class="sub">{t("sign_in.how")}</p>
                <label class="field">
                    <span>{t("sign_in.key")}</span>
                    <input id="key" type="password" autocomplete="current-password" required autofocus
                        prop:value=move || key.get() on:input=move |event| key.set(event_target_value(&event)) />
                </label>
                {move || of_a_site().then(|| view! { <TextField label=t("sign_in.site") hint=t("sign_in.site_hint") value=site /> })}
                {move || context.offers_access.get().then(|| view! {
                    <button type="button" class="btn plain" disabled=move || is_busy.get() on:click=by_access>{t("sign_in.access")}</button>
                })}
                <Fault text=fault />
                <div class="row"><button class="btn" disabled=move || is_busy.get()>{t("sign_in.go")}</button>
                    {passkeys::are_known().then(|| view! {
                        <button type="button" class="btn plain" disabled=move || is_busy.get() on:click=show_passkey>{t("sign_in.passkey")}</button>
                    })}</div>
            </form>
        </main>
    }
}
