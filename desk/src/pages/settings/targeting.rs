//! Who is asked, at which moment, and how often: and whether somebody would be.

use super::{number_or_null, save, text_at};
use crate::api;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{CheckField, ChoiceField, Fault, TextField};
use crate::parts::rows::{Column, Held, Rows, held, told};
use crate::texts::{t, tf};
use heard_wire::TriedTargeting;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

const TRIGGERS: [&str; 7] = ["time", "time_on_page", "scroll", "exit", "visible", "click", "event"];
const DEVICES: [&str; 3] = ["phone", "tablet", "desktop"];
const NUMBERS: [&str; 4] = ["min_pages", "min_visits", "min_days", "sample_percent"];

/// Which member of a trigger the one field is.
fn member_of(on: &str) -> &'static str {
    match on {
        "time" | "time_on_page" => "seconds",
        "scroll" => "percent",
        "event" => "name",
        _ => "selector",
    }
}

/// What is typed as a number is one; the API says what is wrong with the rest.
fn as_typed(text: &str) -> Value {
    text.trim().parse::<u64>().map_or_else(|_| text.trim().into(), Value::from)
}

/// A trigger as a row holds it.
fn trigger_row(trigger: &Value) -> Value {
    let on = trigger.at("on").as_str().unwrap_or_default();
    let what = trigger.at(member_of(on));
    let what = what.as_str().map_or_else(|| what.as_u64().map(|n| n.to_string()).unwrap_or_default(), str::to_owned);
    json!({ "on": on, "what": what })
}

/// The same as the API takes it.
fn trigger_of(row: &Value) -> Value {
    let on = row.at("on").as_str().unwrap_or_default();
    let mut trigger = json!({ "on": on });
    if on != "exit" {
        let what = row.at("what").as_str().unwrap_or_default();
        let member = member_of(on);
        let is_number = matches!(member, "seconds" | "percent");
        trigger.put(member, if is_number { as_typed(what) } else { what.into() });
    }
    trigger
}

/// Whether pages are asked or left out is a text in a row, and a flag in the API.
fn page_row(page: &Value) -> Value {
    let mut row = page.clone();
    row.put("not", if page.at("not") == &Value::Bool(true) { "not" } else { "" });
    row
}

fn page_of(row: &Value) -> Value {
    let mut page = row.clone();
    page.put("not", row.at("not") == "not");
    page
}

fn choices(group: &str, names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), t(&format!("{group}.{name}")))).collect()
}

fn column(name: &'static str, label: String, choices: Vec<(String, String)>) -> Column {
    Column { name, label, choices, only: None }
}

#[component]
pub(super) fn Targeting() -> impl IntoView {
    let context = expect_context::<Context>();
    let list = |pointer: &str| {
        let there = context.settings.with_untracked(|settings| settings.pointer(pointer).cloned().unwrap_or_default());
        there.as_array().cloned().unwrap_or_default()
    };
    let triggers: Held = held(list("/ask/triggers").iter().map(trigger_row));
    let pages: Held = held(list("/ask/targeting/pages").iter().map(page_row));
    let properties: Held = held(list("/ask/targeting/properties"));
    let there = list("/ask/targeting/devices");
    let devices = DEVICES.map(|device| (device, RwSignal::new(there.iter().any(|one| one == device))));
    let there = list("/ask/targeting/languages");
    let languages = RwSignal::new(there.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "));
    let numbers = NUMBERS.map(|name| (name, text_at(context, &format!("/ask/targeting/{name}"))));
    let respects = context.settings.with_untracked(|settings| {
        settings.pointer("/ask/targeting/respect_privacy_signals") == Some(&Value::Bool(true))
    });
    let respects = RwSignal::new(respects);
    let (cap, quota, days) = (
        text_at(context, "/ask/daily_cap"),
        text_at(context, "/ask/quota/answers"),
        text_at(context, "/ask/quota/days"),
    );
    let fault = RwSignal::new(String::new());
    // What is typed so far, saved or not.
    let rules = move || {
        let picked: Vec<&str> =
            devices.iter().filter(|(_, is)| is.get_untracked()).map(|(device, _)| *device).collect();
        let spoken: Vec<String> =
            languages.get_untracked().replace(',', " ").split_whitespace().map(str::to_owned).collect();
        let mut targeting: Map<String, Value> =
            numbers.iter().map(|(name, value)| ((*name).to_owned(), number_or_null(*value))).collect();
        targeting.insert("pages".to_owned(), told(pages).iter().map(page_of).collect());
        targeting.insert("properties".to_owned(), told(properties).into());
        targeting.insert("devices".to_owned(), picked.into());
        targeting.insert("languages".to_owned(), spoken.into());
        targeting.insert("respect_privacy_signals".to_owned(), respects.get_untracked().into());
        let quota = match number_or_null(quota) {
            Value::Null => Value::Null,
            answers => json!({ "answers": answers, "days": number_or_null(days) }),
        };
        let triggers: Vec<Value> = told(triggers).iter().map(trigger_of).collect();
        json!({ "triggers": triggers, "targeting": targeting, "daily_cap": number_or_null(cap), "quota": quota })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save(context, json!({ "ask": rules() }), fault);
    };
    let when = vec![
        column("on", t("targeting.moment"), choices("trigger", &TRIGGERS)),
        column("what", t("targeting.moment_what"), Vec::new()),
    ];
    let nots = vec![(String::new(), t("targeting.on")), ("not".to_owned(), t("targeting.not_on"))];
    let addresses = vec![
        column("not", t("targeting.pages"), nots),
        column("is", t("targeting.how"), choices("match", &["prefix", "exact", "glob", "regex"])),
        column("url", t("targeting.url"), Vec::new()),
    ];
    let compared = choices("compare", &["equal", "not_equal", "contains", "at_least", "at_most", "known"]);
    let known = vec![
        column("name", t("targeting.property"), Vec::new()),
        column("is", t("targeting.how"), compared),
        column("value", t("targeting.value"), Vec::new()),
    ];
    let fields =
        numbers.map(|(name, value)| view! { <TextField label=t(&format!("targeting.{name}")) value kind="number" /> });
    let checks = devices.map(|(device, is)| view! { <CheckField label=t(&format!("device.{device}")) value=is /> });
    view! {
        <form class="card" on:submit=submit>
            <Rows label=t("targeting.moments") hint=t("targeting.moments_hint") rows=triggers columns=when fresh=json!({ "on": "time", "what": "" }) />
            <Rows label=t("targeting.pages") hint=t("targeting.pages_hint") rows=pages columns=addresses fresh=json!({ "not": "", "is": "prefix", "url": "" }) />
            <fieldset class="rows"><legend>{t("targeting.devices")}</legend><small>{t("targeting.devices_hint")}</small><div class="row">{checks.collect_view()}</div></fieldset>
            <TextField label=t("targeting.languages") hint=t("targeting.languages_hint") value=languages placeholder="de fr-CH" />
            <Rows label=t("targeting.properties") hint=t("targeting.properties_hint") rows=properties columns=known fresh=json!({ "name": "", "is": "equal", "value": "" }) />
            <div class="fields">{fields.collect_view()}</div>
            <CheckField label=t("targeting.respect") value=respects />
            <div class="fields">
                <TextField label=t("targeting.cap") hint=t("targeting.cap_hint") value=cap kind="number" />
                <TextField label=t("targeting.quota") hint=t("targeting.quota_hint") value=quota kind="number" />
                <TextField label=t("targeting.quota_days") hint=t("targeting.quota_days_hint") value=days kind="number" />
            </div>
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
        <Try rules=Callback::new(move |()| rules()) />
    }
}

/// Would this page and visitor be asked, and why not: by what is typed above.
#[component]
fn Try(rules: Callback<(), Value>) -> impl IntoView {
    let context = expect_context::<Context>();
    let text = |value: &str| RwSignal::new(value.to_owned());
    let (page, device, language) = (text("https://"), text("desktop"), text(""));
    let (pages, visits, days, asked) = (text("1"), text("1"), text("0"), text(""));
    let fault = RwSignal::new(String::new());
    let tried = RwSignal::new(None::<TriedTargeting>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut visitor = json!({ "page": page.get_untracked(), "device": device.get_untracked() });
        for (name, value) in [("pages", pages), ("visits", visits), ("days", days), ("answered_days_ago", asked)] {
            let value = number_or_null(value);
            if !value.is_null() {
                visitor.put(name, value);
            }
        }
        if !language.get_untracked().is_empty() {
            visitor.put("language", language.get_untracked());
        }
        // Absent is not null here: what is empty is left out.
        let mut ask = rules.run(());
        if let Some(members) = ask.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        if let Some(members) = ask.get_mut("targeting").and_then(Value::as_object_mut) {
            members.retain(|_, value| !value.is_null());
        }
        let ask =
            api::send("POST", context.of_site("/targeting"), &json!({ "ask": ask, "visitor": visitor })).plainly();
        context.hand_in(ask, fault, move |told: TriedTargeting| tried.set(Some(told)));
    };
    let shown = move || {
        tried.get().map(|TriedTargeting { asks, rules }| {
            let each = rules.into_iter().map(|rule| {
                let name: &'static str = rule.rule.into();
                let filled = [("wants", rule.wants.as_str()), ("is", rule.is.as_str())];
                let text = tf(if rule.passes { "targeting.passes" } else { "targeting.fails" }, &filled);
                view! { <li class:fault=!rule.passes><b>{t(&format!("rule.{name}"))}</b>" "{text}</li> }
            });
            let answer = if asks { t("targeting.yes") } else { t("targeting.no") };
            view! { <div role="status"><p><b>{answer}</b></p><ul class="verdicts">{each.collect_view()}</ul></div> }
        })
    };
    view! {
        <form class="card" on:submit=submit on:input=|event| event.stop_propagation() on:change=|event| event.stop_propagation()>
            <h2>{t("targeting.try")}</h2>
            <p class="sub">{t("targeting.try_what")}</p>
            <TextField label=t("targeting.url") value=page />
            <div class="fields"><ChoiceField label=t("targeting.device") value=device options=choices("device", &DEVICES) />
                <TextField label=t("targeting.language") value=language placeholder="de" />
                <TextField label=t("targeting.asked") value=asked kind="number" /></div>
            <div class="fields"><TextField label=t("rule.min_pages") value=pages kind="number" /><TextField label=t("rule.min_visits") value=visits kind="number" />
                <TextField label=t("rule.min_days") value=days kind="number" /></div>
            <Fault text=fault />
            <div class="row"><button class="btn">{t("targeting.do")}</button></div>
            {shown}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_the_api_mean_the_same() {
        for trigger in [
            json!({ "on": "time", "seconds": 30 }),
            json!({ "on": "scroll", "percent": 50 }),
            json!({ "on": "exit" }),
            json!({ "on": "click", "selector": ".paid" }),
            json!({ "on": "event", "name": "paid" }),
        ] {
            assert_eq!(trigger_of(&trigger_row(&trigger)), trigger);
        }
        assert_eq!(
            trigger_of(&json!({ "on": "scroll", "what": "half" })),
            json!({ "on": "scroll", "percent": "half" })
        );
        let page = json!({ "is": "prefix", "url": "/shop", "not": true });
        assert_eq!(page_of(&page_row(&page)), page);
    }
}
