//! What the owner's own questions, and those that replies ask back, add up to.

use crate::api;
use crate::calendar::{number, percent, whole};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::texts::t;
use leptos::prelude::*;
use serde_json::Value;

/// What the answers add up to.
#[component]
pub(super) fn Answered() -> impl IntoView {
    let context = expect_context::<Context>();
    let tallies = load(move || {
        context.revision.track();
        api::get(context.of_site("/metrics/questions")).read::<Value>()
    });
    let of = move |tally: &Value| {
        let id = tally.text("id");
        let asked = context.question(&id);
        let answers = whole(tally.count("answers"));
        let mean = tally.at("mean").as_f64().map(|mean| number(mean, 2));
        let content = share(tally.at("content"));
        let values = tally.list("values");
        let values = values.iter().map(|value| {
            let name = value
                .at("value")
                .as_str()
                .map_or_else(|| value.at("value").to_string(), |chosen| context.chosen(&id, chosen));
            format!("{name}: {}", whole(value.count("answers")))
        });
        let values = values.collect::<Vec<_>>().join(" · ");
        // Whether they felt heard, by what the reply did.
        let by_reply = tally.list("by_reply").into_iter().map(|reply| {
            let did = t(&format!("reply.{}", reply.text("reply")));
            view! { <tr><th scope="row" class="sub">{did}</th><td>{whole(reply.count("answers"))}</td><td></td><td>{share(reply.at("content"))}</td><td></td></tr> }
        });
        let by_reply = by_reply.collect_view();
        view! { <tr><th scope="row">{asked}</th><td>{answers}</td><td>{mean}</td><td>{content}</td><td>{values}</td></tr>{by_reply} }
    };
    let table = shown(tallies, move |tallies: Value| {
        let rows = tallies.list("questions").iter().map(of).map(IntoAny::into_any).collect();
        table("questions.answered", &["question", "answers", "mean", "content", "values"], rows)
    });
    view! { {table} }
}

/// What the questions brought that replies ask back.
#[component]
pub(super) fn FollowUps() -> impl IntoView {
    let context = expect_context::<Context>();
    let tallies = load(move || {
        context.revision.track();
        api::get(context.of_site("/metrics/follow-ups")).read::<Value>()
    });
    let of = |tally: &Value| {
        let asked = t(&format!("follow_up.{}", tally.text("ask")));
        let (answered, brought) = (share(tally.at("answer_rate")), share(tally.at("new_information_rate")));
        view! { <tr><th scope="row">{asked}</th><td>{whole(tally.count("asked"))}</td><td>{answered}</td><td>{brought}</td></tr> }
    };
    let table = shown(tallies, move |tallies: Value| {
        let rows = tallies.list("follow_ups").iter().map(of).map(IntoAny::into_any).collect();
        table("questions.asked_back", &["question", "asked", "answered_back", "brought"], rows)
    });
    view! { {table} }
}

fn table(label: &str, heads: &[&str], rows: Vec<AnyView>) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let heads = heads.iter().map(|name| view! { <th scope="col">{t(&format!("questions.{name}"))}</th> });
    Some(
        view! {
            <section class="card"><h2>{t(label)}</h2>
                <div class="scrolls" tabindex="0" role="group" aria-label=t(label)><table><thead><tr>{heads.collect_view()}</tr></thead><tbody>{rows}</tbody></table></div>
            </section>
        }
        .into_any(),
    )
}

/// A share with its interval; nothing of none.
fn share(of: &Value) -> Option<String> {
    let end = |name: &str| percent(of.at(name).as_f64().unwrap_or_default());
    of.is_object().then(|| format!("{} ({} – {})", end("percent"), end("low"), end("high")))
}
