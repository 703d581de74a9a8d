//! Which answers become cases, whose they are, and how soon somebody answers. The first rule that fits decides.

use super::{number_or_null, save};
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{CheckField, ChoiceField, Fault, TextField};
use crate::texts::t;
use leptos::prelude::*;
use serde_json::{Value, json};

/// A rule as it is being changed. What no field is for stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    number: u32,
    was: StoredValue<Value>,
    name: RwSignal<String>,
    most: RwSignal<String>,
    condition: RwSignal<String>,
    has_words: RwSignal<bool>,
    priority: RwSignal<String>,
    person: RwSignal<String>,
    hours: RwSignal<String>,
    next_hours: RwSignal<String>,
}

/// To whom besides one person: who was named, and everybody in turns.
const NAMED: &str = "named_person";
const IN_TURNS: &str = "round_robin";

/// One thing that a customer does, or that happened to them.
const CONDITIONS: [&str; 6] = ["", "wants_contact", "will_leave", "grave", "has_suggestion", "has_contact"];

impl Row {
    fn of(number: u32, rule: &Value) -> Self {
        let when = &rule.at("when");
        let text = |value: &Value| RwSignal::new(value.as_str().unwrap_or_default().to_owned());
        let number_of =
            |value: &Value| RwSignal::new(value.as_u64().map(|number| number.to_string()).unwrap_or_default());
        let condition = CONDITIONS.into_iter().find(|name| when.at(name) == true).or_else(|| {
            when.at("intents").item(0).as_str().and_then(|intent| CONDITIONS.into_iter().find(|name| *name == intent))
        });
        let priority = rule.at("priority").as_str().unwrap_or("normal").to_owned();
        Self {
            number,
            was: StoredValue::new(rule.clone()),
            name: text(rule.at("name")),
            most: number_of(when.at("score_at_most")),
            condition: RwSignal::new(condition.unwrap_or_default().to_owned()),
            has_words: RwSignal::new(when.at("has_words") == true),
            priority: RwSignal::new(priority),
            person: match rule.at("assign") {
                assign if assign == NAMED => RwSignal::new(NAMED.to_owned()),
                assign if assign.at(IN_TURNS).is_array() => RwSignal::new(IN_TURNS.to_owned()),
                assign => text(assign.at("person")),
            },
            hours: number_of(rule.at("sla").at("first_response").at("number")),
            next_hours: number_of(rule.at("sla").at("next_response").at("number")),
        }
    }

    /// As the API takes it; `people` are those there are.
    fn rule(self, people: &[String]) -> Value {
        let mut rule = self.was.get_value();
        let (mut when, mut sla) = (rule.take_out("when"), rule.take_out("sla"));
        let condition = self.condition.get_untracked();
        when.put("score_at_most", number_or_null(self.most));
        when.put("has_words", yes_or_null(self.has_words.get_untracked()));
        for name in ["grave", "has_suggestion", "has_contact"] {
            when.put(name, yes_or_null(condition == name));
        }
        let is_intent = matches!(condition.as_str(), "wants_contact" | "will_leave");
        when.put("intents", if is_intent { json!([condition]) } else { Value::Null });
        for (name, hours) in [("first_response", self.hours), ("next_response", self.next_hours)] {
            // Business hours unless it said otherwise before.
            let unit = sla.at(name).at("unit").as_str().unwrap_or("business_hours").to_owned();
            let within = match number_or_null(hours) {
                Value::Null => Value::Null,
                number => json!({ "number": number, "unit": unit }),
            };
            sla.put(name, within);
        }
        rule.put("name", self.name.get_untracked().trim());
        rule.put("priority", self.priority.get_untracked());
        let person = self.person.get_untracked();
        let before = rule.at("assign").clone();
        let assign = match person.as_str() {
            // By theme, which no field is for.
            "" if before.at("by_theme").is_object() => before,
            "" => Value::Null,
            NAMED => json!(NAMED),
            // Those who took turns before still do.
            IN_TURNS if before.at(IN_TURNS).is_array() => before,
            IN_TURNS => json!({ IN_TURNS: people }),
            person => json!({ "person": person }),
        };
        rule.put("assign", assign);
        rule.put("when", told(when));
        rule.put("sla", told(sla));
        told(rule)
    }
}

fn yes_or_null(is: bool) -> Value {
    if is { true.into() } else { Value::Null }
}

/// Without the members that say nothing.
fn told(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    value
}

#[component]
pub(super) fn Rules() -> impl IntoView {
    let context = expect_context::<Context>();
    let count = StoredValue::new(0_u32);
    let row = move |rule: &Value| {
        let number = count.get_value() + 1;
        count.set_value(number);
        Row::of(number, rule)
    };
    let set = context.settings.with_untracked(|settings| settings.at("cases").at("rules").clone());
    let has_rules = RwSignal::new(set.is_array());
    let rows = RwSignal::new(set.as_array().into_iter().flatten().map(row).collect::<Vec<_>>());
    let fault = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if has_rules.get_untracked() && rows.with_untracked(Vec::is_empty) {
            fault.set(t("rules.need_one"));
            return;
        }
        let rules = if has_rules.get_untracked() {
            let people = context.people.get_untracked();
            let people: Vec<String> = people.into_iter().map(|person| person.id.to_string()).collect();
            rows.get_untracked().into_iter().map(|row| row.rule(&people)).collect()
        } else {
            Value::Null
        };
        save(context, json!({ "cases": { "rules": rules } }), fault);
    };
    let up = move |number: u32| {
        rows.update(|rows| {
            if let Some(at) = rows.iter().position(|row| row.number == number).filter(|at| *at > 0) {
                rows.swap(at, at - 1);
            }
        });
    };
    let priorities =
        || ["urgent", "high", "normal", "low"].map(|name| (name.to_owned(), t(&format!("priority.{name}")))).into();
    let conditions = || {
        CONDITIONS
            .map(|name| (name.to_owned(), t(&format!("rule.when_{}", if name.is_empty() { "any" } else { name }))))
            .into()
    };
    let people = move || {
        let ways = [("", "case.unassigned"), (NAMED, "rules.named"), (IN_TURNS, "rules.in_turns")];
        ways.map(|(way, shown)| (way.to_owned(), t(shown)))
            .into_iter()
            .chain(context.people.get().into_iter().map(|person| (person.id.to_string(), person.settings.name)))
            .collect::<Vec<_>>()
    };
    let each = move |row: Row| {
        view! {
            <details class="theme-row">
                <summary>{move || { let name = row.name.get(); if name.is_empty() { t("rules.new") } else { name } }}</summary>
                <TextField label=t("rules.name") value=row.name />
                <div class="fields"><TextField label=t("rules.most") hint=t("rules.most_hint") value=row.most kind="number" />
                    <ChoiceField label=t("rules.when") value=row.condition options=conditions() /></div>
                <CheckField label=t("rules.has_words") value=row.has_words />
                <div class="fields"><ChoiceField label=t("case.priority") value=row.priority options=priorities() />
                    {move || view! { <ChoiceField label=t("case.assigned") value=row.person options=people() /> }}</div>
                <div class="fields"><TextField label=t("rules.hours") hint=t("rules.hours_hint") value=row.hours kind="number" />
                    <TextField label=t("rules.next_hours") hint=t("rules.hours_hint") value=row.next_hours kind="number" /></div>
                <div class="row"><button type="button" class="link" on:click=move |_| up(row.number)>{t("rules.up")}</button>
                    <button type="button" class="link" on:click=move |_| rows.update(|rows| rows.retain(|other| other.number != row.number))>{t("rules.remove")}</button></div>
            </details>
        }
    };
    let list = move || {
        has_rules.get().then(|| {
            view! {
                <For each=move || rows.get() key=|row| row.number children=each />
                <div class="row"><button type="button" class="btn plain small" on:click=move |_| rows.update(|rows| rows.push(row(&json!({ "when": { "has_words": true } }))))>{t("rules.add")}</button></div>
            }
        })
    };
    view! {
        <form class="card" on:submit=submit>
            <CheckField label=t("rules.own") value=has_rules />
            <p class="sub">{move || if has_rules.get() { t("rules.first") } else { t("rules.default") }}</p>
            {list}
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
    }
}
