//! Where events go, and how each attempt went.

use crate::api;
use crate::calendar::{self, moment};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::field::{ChoiceField, Fault, TextField};
use crate::texts::{t, tf};
use heard_wire::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

#[component]
pub(super) fn Endpoints() -> impl IntoView {
    let context = expect_context::<Context>();
    let endpoints = load(move || {
        context.tick.track();
        api::get(context.of_site("/endpoints")).read::<Value>()
    });
    view! {
        <h2 class="apart">{t("endpoints.title")}</h2>
        {shown(endpoints, move |list: Value| {
            let endpoints = list.list("endpoints");
            if endpoints.is_empty() {
                return view! { <p class="card sub">{t("endpoints.none")}</p> }.into_any();
            }
            endpoints.into_iter().map(|endpoint| view! { <One endpoint /> }).collect_view().into_any()
        })}
        {context.may(Scope::Admin).then(|| view! { <Add /> })}
    }
}

/// Does something and tells of it, or of why not.
fn act(context: Context, ask: api::Ask, done: &'static str) {
    spawn_local(async move {
        match ask.done().await {
            Ok(()) => {
                context.tell(t(done));
                context.changed();
            }
            Err(trouble) => context.tell_trouble(trouble),
        }
    });
}

#[component]
fn One(endpoint: Value) -> impl IntoView {
    let context = expect_context::<Context>();
    let zone = context.zone();
    let path = StoredValue::new(context.of_site(&format!("/endpoints/{}", endpoint.text("id"))));
    let (off_since, failing_since) = (endpoint.moment("disabled_at"), endpoint.moment("failing_since"));
    let is_off = off_since.is_some();
    let state = match (off_since, failing_since) {
        (Some(at), _) => {
            let why =
                endpoint.at("disabled_reason").as_str().map(|why| t(&format!("disabled.{why}"))).unwrap_or_default();
            tf("endpoints.off", &[("when", &moment(at, &zone)), ("why", &why)])
        }
        (None, Some(at)) => tf("endpoints.failing", &[("when", &moment(at, &zone))]),
        (None, None) => String::new(),
    };
    let class = if is_off || failing_since.is_some() { "late" } else { "sub" };
    let secret = RwSignal::new(String::new());
    let show_secret = move |_| {
        spawn_local(async move {
            match api::get(format!("{}/secret", path.get_value())).read::<Value>().await {
                Ok(read) => secret
                    .set(read.at("secret").as_str().or(read.at("public_key").as_str()).unwrap_or_default().to_owned()),
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    let test = move |_| {
        let body = json!({ "type": "response.completed" });
        act(context, api::send("POST", format!("{}/test", path.get_value()), &body), "endpoints.tested");
    };
    let replay = move |_| {
        let since = crate::calendar::day_before(1, &context.zone());
        let body = json!({ "since": since, "only_failed": true });
        act(context, api::send("POST", format!("{}/replay", path.get_value()), &body), "endpoints.replayed");
    };
    let switch = move |_| act(context, api::send("PATCH", path.get_value(), &json!({ "enabled": is_off })), "saved");
    let remove = move |_| {
        let is_sure =
            crate::browser::window().and_then(|window| window.confirm_with_message(&t("endpoints.sure")).ok());
        if is_sure == Some(true) {
            act(context, api::delete(path.get_value()), "endpoints.removed");
        }
    };
    let attempts = load(move || {
        context.tick.track();
        api::get(format!("{}/attempts?limit=20", path.get_value())).read::<Value>()
    });
    let is_admin = context.may(Scope::Admin);
    let may_write = context.may(Scope::Write);
    // Where nothing was sent yet, nothing is known to work.
    let state = move || {
        let sent = || attempts.value.with(|page| page.as_ref().is_some_and(|page| !page.list("attempts").is_empty()));
        match state.as_str() {
            "" if sent() => t("endpoints.fine"),
            told => told.to_owned(),
        }
    };
    let is_signed = endpoint.text("format") != "email";
    view! {
        <section class="card endpoint">
            <h3><bdi>{endpoint.text("url")}</bdi></h3>
            <p class=class>{state}" "<span class="sub">{told_types(&endpoint)}</span></p>
            <div class="row">
                {may_write.then(|| view! { <button class="btn plain small" on:click=test>{t("endpoints.test")}</button>
                    <button class="btn plain small" on:click=replay>{t("endpoints.replay")}</button> })}
                {is_admin.then(|| view! {
                    <button class="btn plain small" on:click=switch>{if is_off { t("endpoints.on") } else { t("endpoints.switch_off") }}</button>
                    {is_signed.then(|| view! { <button class="btn plain small" on:click=show_secret>{t("endpoints.secret")}</button> })}
                    <button class="btn plain small danger" on:click=remove>{t("endpoints.remove")}</button> })}
            </div>
            {move || secret.with(|secret| (!secret.is_empty()).then(|| view! { <pre tabindex="0"><code>{secret.clone()}</code></pre> }))}
            <details class="table"><summary>{t("endpoints.attempts")}</summary>
                {shown(attempts, move |page: Value| log(context, path, page.list("attempts")))}
            </details>
        </section>
    }
}

/// Which events an endpoint gets.
fn told_types(endpoint: &Value) -> String {
    let types: Vec<String> =
        endpoint.list("event_types").iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
    if types == ["*"] { t("endpoints.every") } else { types.join(", ") }
}

/// The last attempts. What an endpoint answered is a stranger's text, and shown as text.
fn log(context: Context, path: StoredValue<String>, attempts: Vec<Value>) -> AnyView {
    if attempts.is_empty() {
        return view! { <p class="sub">{t("endpoints.no_attempts")}</p> }.into_any();
    }
    let zone = untrack(|| context.zone());
    let may_write = untrack(|| context.may(Scope::Write));
    let rows = attempts.into_iter().map(|attempt| {
        let status = attempt.at("status").as_u64();
        let is_good = status.is_some_and(|status| (200..300).contains(&status));
        let status = status.map_or_else(|| "–".to_owned(), |status| status.to_string());
        let event = attempt.text("event");
        let resend = {
            let event = event.clone();
            move |_| act(context, api::send("POST", format!("{}/events/{event}/resend", path.get_value()), &json!({})), "endpoints.resent")
        };
        let told = attempt.at("error").as_str().or(attempt.at("answer").as_str()).unwrap_or_default().to_owned();
        // An example is not an event that could be sent again.
        let again = (may_write && attempt.count("sequence") > 0).then(|| view! { <button class="link" on:click=resend>{t("endpoints.resend")}</button> });
        view! {
            <tr><td>{attempt.moment("at").map(|at| calendar::moment(at, &zone))}</td><td>{attempt.text("type")}</td><td class:late=!is_good>{status}</td>
                <td>{format!("{} ms", attempt.count("duration_ms"))}</td><td class="told" dir="auto">{told}</td><td>{again}</td></tr>
        }
    });
    view! {
        <div class="scrolls" tabindex="0" role="group" aria-label=t("endpoints.attempts")><table>
            <thead><tr><th scope="col">{t("endpoints.when")}</th><th scope="col">{t("endpoints.event")}</th><th scope="col">{t("endpoints.status")}</th>
                <th scope="col">{t("endpoints.took")}</th><th scope="col">{t("endpoints.answer")}</th><th scope="col"><span class="unseen">{t("endpoints.resend")}</span></th></tr></thead>
            <tbody>{rows.collect_view()}</tbody></table></div>
    }
    .into_any()
}

#[component]
fn Add() -> impl IntoView {
    let context = expect_context::<Context>();
    let (url, format, fault) =
        (RwSignal::new(String::new()), RwSignal::new("events".to_owned()), RwSignal::new(String::new()));
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let address = url.get_untracked().trim().to_owned();
        let is_mail = format.with_untracked(|format| format == "email") && !address.starts_with("mailto:");
        let mut body = json!({ "url": if is_mail { format!("mailto:{address}") } else { address } });
        if format.with_untracked(|format| format != "events") {
            body.put("format", format.get_untracked());
        }
        let ask = api::send("POST", context.of_site("/endpoints"), &body);
        context.hand_in(ask, fault, move |_: IgnoredAny| {
            url.set(String::new());
            context.changed();
        });
    };
    let formats = ["events", "slack", "teams", "email"]
        .map(|name| (name.to_owned(), t(&format!("endpoints.format_{name}"))))
        .into();
    view! {
        <form class="card narrow" on:submit=add>
            <h3>{t("endpoints.add")}</h3>
            <TextField label=t("endpoints.url") hint=t("endpoints.url_hint") value=url placeholder="https://" />
            <ChoiceField label=t("endpoints.format") value=format options=formats />
            <Fault text=fault />
            <div class="row"><button class="btn">{t("endpoints.add_do")}</button></div>
        </form>
    }
}
