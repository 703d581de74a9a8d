//! When somebody is there, day by day.

use super::save;
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::field::{AreaField, CheckField, Fault, TextField};
use crate::texts::t;
use leptos::prelude::*;
use serde_json::{Map, Value, json};

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Periods as they are typed, such as `09:00-12:00 13:00-17:30`.
fn typed(periods: &Value) -> String {
    let periods = periods.as_array().into_iter().flatten();
    let each = periods.map(|period| {
        format!("{}-{}", period.at("from").as_str().unwrap_or_default(), period.at("to").as_str().unwrap_or_default())
    });
    each.collect::<Vec<_>>().join(" ")
}

/// What was typed as periods; the API says what is wrong with them.
fn periods(text: &str) -> Value {
    let each = text.replace('–', "-").replace(',', " ");
    each.split_whitespace()
        .map(|period| {
            let (from, to) = period.split_once('-').unwrap_or((period, ""));
            json!({ "from": clock(from), "to": clock(to) })
        })
        .collect()
}

/// What a clock shows, in the form of the API: "9", "9:00" and "9.00" are 09:00. What is none stays as it was typed.
fn clock(typed: &str) -> String {
    let (hour, minute) = typed.split_once([':', '.', 'h']).unwrap_or((typed, "00"));
    let minute = if minute.is_empty() { "00" } else { minute };
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let is_clock = matches!(hour.len(), 1 | 2) && minute.len() == 2 && is_number(hour) && is_number(minute);
    if is_clock { format!("{hour:0>2}:{minute}") } else { typed.to_owned() }
}

#[component]
pub(super) fn Hours() -> impl IntoView {
    let context = expect_context::<Context>();
    let hours = context.settings.with_untracked(|settings| settings.at("business_hours").clone());
    let has_hours = RwSignal::new(!hours.is_null());
    let days = DAYS.map(|day| {
        let told = typed(hours.at("days").at(day));
        let usual = if matches!(day, "saturday" | "sunday") { "" } else { "09:00-17:00" };
        (day, RwSignal::new(if hours.is_null() { usual.to_owned() } else { told }))
    });
    let holidays =
        hours.at("holidays").as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    let holidays = RwSignal::new(holidays);
    let fault = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !has_hours.get_untracked() {
            return save(context, json!({ "business_hours": null }), fault);
        }
        // A patch merges: a day without hours is taken out by name.
        let days: Map<String, Value> = days
            .iter()
            .map(|(day, value)| {
                let value = value.get_untracked();
                ((*day).to_owned(), if value.trim().is_empty() { Value::Null } else { periods(&value) })
            })
            .collect();
        let holidays: Vec<String> =
            holidays.get_untracked().replace(',', " ").split_whitespace().map(str::to_owned).collect();
        save(context, json!({ "business_hours": { "days": days, "holidays": holidays } }), fault);
    };
    let fields = move || {
        has_hours.get().then(|| {
            let fields = days.map(|(day, value)| view! { <TextField label=t(&format!("day.{day}")) value placeholder="09:00-12:00 13:00-17:30" /> });
            view! { <p class="sub">{t("hours.how")}</p>{fields.collect_view()}<AreaField label=t("hours.holidays") hint=t("hours.holidays_hint") value=holidays rows=2 /> }
        })
    };
    view! {
        <form class="card" on:submit=submit>
            <CheckField label=t("hours.has") value=has_hours />
            {fields}
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_typed_and_read_alike() {
        let text = "09:00-12:00 13:00-17:30";
        assert_eq!(typed(&periods(text)), text);
        assert_eq!(periods("9:00–12:00, 13:00-17:00").as_array().map(Vec::len), Some(2));
        assert_eq!(periods(" "), json!([]));
        assert_eq!(typed(&periods("9-12 13:30–17h 8.15-24:00")), "09:00-12:00 13:30-17:00 08:15-24:00");
        assert_eq!(typed(&periods("noon-5pm 9:5-10")), "noon-5pm 9:5-10:00", "the API says what is wrong");
    }
}
