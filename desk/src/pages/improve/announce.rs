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

/// Languages that a form has texts for.
const MOST_LANGUAGES: usize = 6;

/// Writes an announcement to an improvement's audience, with who that is.
#[component]
pub(super) fn Announce(
    audience: Value,
    improvement: String,
    is_idea: bool,
    said: String,
    sent: Callback<()>,
) -> impl IntoView {
    let context = expect_context::<Context>();
    let own = context.settings.with_untracked(|settings| settings.at("language").as_str().unwrap_or("en").to_owned());
    // One for each language that they wrote in; the site's own first, which whoever has none of theirs reads.
    let texts = RwSignal::new(vec![(own, RwSignal::new(said))]);
    let fault = RwSignal::new(String::new());
    let is_sent = RwSignal::new(false);
    let who = {
        let audience = audience.clone();
        load(move || api::send("POST", context.of_site("/audience"), &json!({ "audience": audience })).read::<Value>())
    };
    Effect::new(move |_| {
        let languages = who.value.with(|who| who.as_ref().and_then(|who| who.at("languages").as_object().cloned()));
        for tag in languages.into_iter().flatten().map(|(tag, _)| tag) {
            let primary = tag.split('-').next().unwrap_or_default().to_owned();
            let is_there =
                texts.with_untracked(|texts| texts.iter().any(|(known, _)| known.split('-').next() == Some(&primary)));
            if !is_there && texts.with_untracked(Vec::len) < MOST_LANGUAGES {
                texts.update(|texts| texts.push((primary, RwSignal::new(String::new()))));
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let kind = if is_idea { "idea" } else { "done" };
        let mut text = json!({});
        for (tag, words) in texts.get_untracked() {
            if !words.get_untracked().trim().is_empty() {
                text.put(&tag, words.get_untracked());
            }
        }
        let new = json!({ "kind": kind, "text": text, "audience": audience, "improvement": improvement });
        let ask = api::send("POST", context.of_site("/announcements"), &new);
        context.hand_in(ask, fault, move |_: Value| {
            is_sent.set(true);
            context.is_dirty.set(false);
            context.tell(t("announce.sent"));
            sent.run(());
            context.tick.update(|tick| *tick += 1);
        });
    };
    let told = shown(who, |who: Value| {
        let count = |name: &str| who.count(name);
        let languages = who.at("languages").as_object().cloned().unwrap_or_default();
        let languages: Vec<String> = languages.iter().map(|(tag, n)| format!("{tag} {n}")).collect();
        let filled = [("answers", tn("improve.answers", count("responses"))), ("languages", languages.join(", "))];
        let filled = filled.each_ref().map(|(name, text)| (*name, text.as_str()));
        let before = (count("told_before") > 0)
            .then(|| view! { <p class="fault">{tn("announce.before", count("told_before"))}</p> });
        view! { <p class="sub">{tn("announce.who", count("customers"))}" "{tf("announce.of", &filled)}</p>{before} }
    });
    let fields = move || {
        let all = texts.get();
        let many = all.len() > 1;
        let each = all.into_iter().map(move |(tag, words)| {
            let label = if many { format!("{} ({tag})", t("announce.text")) } else { t("announce.text") };
            view! { <AreaField label hint=t("announce.text_hint") value=words rows=3 /> }
        });
        each.collect_view()
    };
    view! {
        <form on:submit=submit on:input=move |_| context.is_dirty.set(true)>
            <h3>{t(if is_idea { "announce.idea" } else { "announce.done" })}</h3>
            {told}
            {fields}
            <Fault text=fault />
            <div class="row"><button class="btn" disabled=move || is_sent.get()>{t(if is_idea { "announce.ask" } else { "announce.send" })}</button></div>
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
        let id = one.text("id");
        let text = one.at("text").as_object().and_then(|texts| texts.values().next()).and_then(Value::as_str);
        let count = |name: &str| one.at("reach").count(name).to_string();
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
