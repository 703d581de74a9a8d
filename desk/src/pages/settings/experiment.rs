//! Two wordings or moments side by side, and how far they differ.

use super::{number_or_null, save, text_at};
use crate::api;
use crate::calendar::{number, percent, whole};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::field::{Fault, TextField};
use crate::texts::{t, tf};
use leptos::prelude::*;
use serde_json::{Value, json};

#[component]
pub(super) fn Experiment() -> impl IntoView {
    let context = expect_context::<Context>();
    let lang = context.settings.with_untracked(|settings| settings.at("language").as_str().unwrap_or("en").to_owned());
    let question = text_at(context, &format!("/experiment/copy/{lang}/question"));
    let [name, share, delay] =
        ["name", "share_percent", "delay_seconds"].map(|member| text_at(context, &format!("/experiment/{member}")));
    let fault = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let named = name.get_untracked().trim().to_owned();
        let text = question.get_untracked().trim().to_owned();
        let text = if text.is_empty() { Value::Null } else { text.into() };
        let is_nothing = text.is_null() && number_or_null(delay).is_null();
        let experiment = if named.is_empty() && is_nothing {
            Value::Null
        } else {
            json!({ "name": named, "share_percent": number_or_null(share), "delay_seconds": number_or_null(delay), "copy": { &lang: { "question": text } } })
        };
        save(context, json!({ "experiment": experiment }), fault);
    };
    view! {
        <form class="card" on:submit=submit>
            <TextField label=t("experiment.name") hint=t("experiment.name_hint") value=name placeholder="short-question" />
            <TextField label=t("experiment.question") hint=t("experiment.question_hint") value=question />
            <div class="fields">
                <TextField label=t("experiment.delay") value=delay kind="number" />
                <TextField label=t("experiment.share") value=share kind="number" placeholder="50" />
            </div>
            <Fault text=fault />
            <div class="row"><button class="btn">{t("save")}</button></div>
        </form>
        <CameOf />
    }
}

/// Both sides, and the differences with their intervals.
#[component]
fn CameOf() -> impl IntoView {
    let context = expect_context::<Context>();
    let result = load(move || {
        let runs = context.settings.with(|settings| settings.at("experiment").is_object());
        context.tick.track();
        let ask = runs.then(|| api::get(context.of_site("/experiment")).read::<Value>());
        async move {
            match ask {
                Some(ask) => ask.await,
                None => Ok(Value::Null),
            }
        }
    });
    let row = |result: &Value, name: &str, of: fn(&Value) -> Option<String>| {
        let side = |side: &str| of(result.at(side)).unwrap_or_else(|| "–".to_owned());
        let difference = result.at("differences").at(name);
        let end = |name: &str| number(difference.at(name).as_f64().unwrap_or_default(), 1);
        let told = difference.is_object().then(|| {
            let filled = [("by", end("percent")), ("low", end("low")), ("high", end("high"))];
            tf("experiment.by", &filled.each_ref().map(|(name, text)| (*name, text.as_str())))
        });
        view! { <tr><th scope="row">{t(&format!("experiment.{name}"))}</th><td>{side("a")}</td><td>{side("b")}</td><td>{told}</td></tr> }
    };
    let table = shown(result, move |result: Value| {
        result.is_object().then(|| {
            let is_clear = result.at("differences").as_object().is_some_and(|all| {
                all.values().any(|one| one.at("low").as_f64() > Some(0.0) || one.at("high").as_f64().is_some_and(|high| high < 0.0))
            });
            let rows = [
                row(&result, "shown", |side| side.at("shown").as_u64().map(whole)),
                row(&result, "answers", |side| side.at("responses").as_u64().map(whole)),
                row(&result, "response_rate", |side| side.at("response_rate").as_f64().map(percent)),
                row(&result, "comment_rate", |side| rate(side.at("comments"), side.at("responses")).map(percent)),
                row(&result, "nps", |side| side.at("nps").as_f64().map(|nps| number(nps, 0))),
            ];
            view! {
                <section class="card"><h2>{t("experiment.came_of")}</h2>
                    <p>{t(if is_clear { "experiment.clear" } else { "experiment.unclear" })}</p>
                    <div class="scrolls" tabindex="0" role="group" aria-label=t("experiment.came_of")><table>
                        <thead><tr><td></td><th scope="col">"A"</th><th scope="col">"B"</th><th scope="col">{t("experiment.difference")}</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table></div>
                </section>
            }
        })
    });
    view! { {table} }
}

/// In percent; `None` of nothing.
fn rate(part: &Value, whole: &Value) -> Option<f64> {
    Some(part.as_f64()? / whole.as_f64().filter(|whole| *whole > 0.0)? * 100.0)
}
