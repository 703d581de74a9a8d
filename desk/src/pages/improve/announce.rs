//! Telling those who said it: whom it reaches before it goes, and how far it came.

use crate::api;
use crate::calendar;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::field::{AreaField, Fault};
use crate::texts::{t, tf, tn};
use heard_wire::Scope;
use leptos::prelude::*;
use serde_json::{Value, json};

/// Writes an announcement to an improvement's audience, with who that is.
#[component]
pub(super) fn Announce(audience: Value, improvement: String, is_idea: bool, said: String) -> impl IntoView {
    let context = expect_context::<Context>();
    let text = RwSignal::new(said);
    let fault = RwSignal::new(String::new());
    let is_sent = RwSignal::new(false);
    let who = {
        let audience = audience.clone();
        load(move || api::send("POST", context.of_site("/audience"), &json!({ "audience": audience })).read::<Value>())
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let lang =
            context.settings.with_untracked(|settings| settings.at("language").as_str().unwrap_or("en").to_owned());
        let kind = if is_idea { "idea" } else { "done" };
        let new = json!({ "kind": kind, "text": { lang: text.get_untracked() }, "audience": audience, "improvement": improvement });
        let ask = api::send("POST", context.of_site("/announcements"), &new);
        context.hand_in(ask, fault, move |_: Value| {
            is_sent.set(true);
            context.tell(t("announce.sent"));
            context.tick.update(|tick| *tick += 1);
        });
    };
    let told = shown(who, |who: Value| {
        let count = |name: &str| who.at(name).as_u64().unwrap_or_default();
        let languages = who.at("languages").as_object().cloned().unwrap_or_default();
        let languages: Vec<String> = languages.iter().map(|(tag, n)| format!("{tag} {n}")).collect();
        let filled = [("answers", tn("improve.answers", count("responses"))), ("languages", languages.join(", "))];
        let filled = filled.each_ref().map(|(name, text)| (*name, text.as_str()));
        view! { <p class="sub">{tn("announce.who", count("customers"))}" "{tf("announce.of", &filled)}</p> }
    });
    view! {
        <form on:submit=submit>
            <h3>{t(if is_idea { "announce.idea" } else { "announce.done" })}</h3>
            {told}
            <AreaField label=t("announce.text") hint=t("announce.text_hint") value=text rows=3 />
            <Fault text=fault />
            <div class="row"><button class="btn" disabled=move || is_sent.get()>{t("announce.send")}</button></div>
        </form>
    }
}

/// What was announced, and how far it came.
#[component]
pub(super) fn Told() -> impl IntoView {
    let context = expect_context::<Context>();
    let announcements = load(move || {
        context.tick.track();
        api::get(context.of_site("/announcements")).read::<Value>()
    });
    let fault = RwSignal::new(String::new());
    let take_back = move |id: String| {
        if crate::browser::is_sure(&t("announce.sure")) {
            let ask = api::delete(context.of_site(&format!("/announcements/{id}")));
            context.hand_in(ask, fault, move |_: Value| announcements.again());
        }
    };
    let of = move |one: &Value| {
        let id = one.at("id").as_str().unwrap_or_default().to_owned();
        let text = one.at("text").as_object().and_then(|texts| texts.values().next()).and_then(Value::as_str);
        let count = |name: &str| one.at("reach").at(name).as_u64().unwrap_or_default().to_string();
        let reach = ["told", "seen", "better", "not_yet"].map(|name| (name, count(name)));
        let reach = tf("announce.reach", &reach.each_ref().map(|(name, text)| (*name, text.as_str())));
        let when =
            one.at("created_at").as_str().and_then(calendar::of_field).map(|at| calendar::day(at, &context.zone()));
        let back = context.may(Scope::Write).then(|| {
            view! { <button type="button" class="link" on:click=move |_| take_back(id.clone())>{t("announce.take_back")}</button> }
        });
        view! { <li class="one"><p dir="auto">{text.unwrap_or_default().to_owned()}</p><p class="sub">{when}" · "{reach}" "{back}</p></li> }
    };
    let list = shown(announcements, move |list: Value| {
        let each: Vec<_> = list.at("announcements").as_array().into_iter().flatten().map(of).collect();
        (!each.is_empty()).then(|| view! { <section class="card need"><h2>{t("announce.told")}</h2><ul>{each}</ul><Fault text=fault /></section> })
    });
    view! { {list} }
}
