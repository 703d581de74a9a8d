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

/// The questions that replies ask back for reasons: one wording of B's stands for all.
const ASKED_BACK: [&str; 3] = ["ask.what_happened", "ask.what_would_help", "ask.what_stood_out"];

#[component]
pub(super) fn Experiment() -> impl IntoView {
    let context = expect_context::<Context>();
    let lang = context.settings.with_untracked(|settings| settings.at("language").as_str().unwrap_or("en").to_owned());
    let question = text_at(context, &format!("/experiment/copy/{lang}/question"));
    let asks_back = text_at(context, &format!("/experiment/copy/{lang}/{}", ASKED_BACK[0]));
    let [name, share, delay] =
        ["name", "share_percent", "delay_seconds"].map(|member| text_at(context, &format!("/experiment/{member}")));
    let fault = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let named = name.get_untracked().trim().to_owned();
        let text = question.get_untracked().trim().to_owned();
        let or_null = |text: String| if text.is_empty() { Value::Null } else { text.into() };
        let (text, back) = (or_null(text), or_null(asks_back.get_untracked().trim().to_owned()));
        let is_nothing = text.is_null() && back.is_null() && number_or_null(delay).is_null();
        let mut copy = json!({ "question": text });
        for name in ASKED_BACK {
            copy.put(name, back.clone());
        }
        let experiment = if named.is_empty() && is_nothing {
            Value::Null
        } else {
            json!({ "name": named, "share_percent": number_or_null(share), "delay_seconds": number_or_null(delay), "copy": { &lang: copy } })
        };
        save(context, json!({ "experiment": experiment }), fault);
    };
    view! {
        <form class="card" on:submit=submit>
            <TextField label=t("experiment.name") hint=t("experiment.name_hint") value=name placeholder="short-question" />
            <TextField label=t("experiment.question") hint=t("experiment.question_hint") value=question />
            <TextField label=t("experiment.asks_back") hint=t("experiment.asks_back_hint") value=asks_back />
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
        let told = by(result.at("differences").at(name));
        view! { <tr><th scope="row">{t(&format!("experiment.{name}"))}</th><td>{side("a")}</td><td>{side("b")}</td><td>{told}</td></tr> }
    };
    let table = shown(result, move |result: Value| {
        result.is_object().then(|| {
            let is_clear = result.at("differences").as_object().is_some_and(|all| {
                all.values().any(|one| one.at("low").as_f64() > Some(0.0) || one.at("high").as_f64().is_some_and(|high| high < 0.0))
            });
            let back = result.list("follow_ups");
            let back = back.iter().flat_map(|one| ["answer_rate", "new_information_rate"].map(|rate| of_follow_up(one, rate)));
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
                        <tbody>{rows}{back.collect_view()}</tbody>
                    </table></div>
                </section>
            }
        })
    });
    view! { {table} }
}

/// What a question that was asked back brought on either side.
fn of_follow_up(one: &Value, rate: &str) -> AnyView {
    let asked = t(&format!("follow_up.{}", one.at("a").at("ask").as_str().unwrap_or_default()));
    let side = |side: &str| one.at(side).at(rate).at("percent").as_f64().map_or_else(|| "–".to_owned(), percent);
    view! { <tr><th scope="row">{tf(&format!("experiment.{rate}s"), &[("asked", &asked)])}</th><td>{side("a")}</td><td>{side("b")}</td><td>{by(one.at(rate))}</td></tr> }
        .into_any()
}

/// A difference with its interval.
fn by(difference: &Value) -> Option<String> {
    let end = |name: &str| number(difference.at(name).as_f64().unwrap_or_default(), 1);
    let filled = [("by", end("percent")), ("low", end("low")), ("high", end("high"))];
    difference.is_object().then(|| tf("experiment.by", &filled.each_ref().map(|(name, text)| (*name, text.as_str()))))
}

/// In percent; `None` of nothing.
fn rate(part: &Value, whole: &Value) -> Option<f64> {
    Some(part.as_f64()? / whole.as_f64().filter(|whole| *whole > 0.0)? * 100.0)
}
