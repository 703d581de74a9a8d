//! What can be learnt: ideas, what shines and who made it shine, what lay behind, and who talks to customers.

use crate::api::{self, Trouble};
use crate::calendar::{self, duration, whole};
use crate::context::Context;
use crate::load::{load, shown};
use crate::parts::said::ScoreMark;
use crate::place::{self, Page};
use crate::texts::{t, tn};
use heard_wire::{Case, LoopMetrics, Response};
use leptos::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
struct Learnt {
    ideas: Vec<Response>,
    bright: Vec<Response>,
    settled: Vec<Case>,
    closing: LoopMetrics,
}

async fn read(context: Context, since: String) -> Result<Learnt, Trouble> {
    let at = |path: String| api::get(context.of_site(&path));
    let ideas =
        at(format!("/responses?has_suggestion=true&limit=50&since={since}")).read::<heard_wire::Page<Response>>();
    let bright = at(format!("/responses?band=promoter&has_comment=true&limit=100&since={since}"))
        .read::<heard_wire::Page<Response>>();
    let settled = at(format!("/cases?unsettled=false&limit=100&since={since}")).read::<heard_wire::Page<Case>>();
    let closing = at(format!("/cases/metrics?since={since}")).read::<LoopMetrics>();
    let (ideas, bright, settled, closing) = futures_util::future::try_join4(ideas, bright, settled, closing).await?;
    Ok(Learnt { ideas: ideas.items, bright: bright.items, settled: settled.items, closing })
}

#[component]
pub(crate) fn Learn() -> impl IntoView {
    let context = expect_context::<Context>();
    let learnt = load(move || {
        context.tick.track();
        read(context, calendar::day_before(89, &context.zone()))
    });
    view! {
        <div class="head"><div><h1>{t("nav.learn")}</h1><p>{t("learn.what")}</p></div></div>
        {shown(learnt, move |learnt| view! {
            <section class="two even">
                {ideas(context, &learnt)}
                {praised(context, &learnt)}
                {causes(&learnt)}
                {people(context, &learnt)}
            </section>
        })}
    }
}

fn ideas(context: Context, learnt: &Learnt) -> AnyView {
    let site = context.place.with_untracked(|place| place.site.clone());
    let mut seen: Vec<String> = Vec::new();
    // The same words stand once, as the newest said them.
    let mut is_new = move |idea: &str| {
        let is_new = !seen.iter().any(|known| known == idea);
        seen.push(idea.to_owned());
        is_new
    };
    let newest: Vec<&Response> = learnt
        .ideas
        .iter()
        .filter(|response| response.heard.iter().flat_map(|heard| &heard.suggestions).any(|idea| is_new(&idea.quote)))
        .collect();
    let each = newest.into_iter().take(12).flat_map(|response| {
        let href = place::to_item(&site, Page::Inbox, response.id.as_str(), "view=ideas");
        let score = response.score.get();
        let ideas = response.heard.iter().flat_map(|heard| heard.suggestions.clone());
        ideas.map(move |idea| view! { <li><ScoreMark score /><a class="words" href=href.clone()><p dir="auto">{idea.quote}</p></a></li> })
    });
    let each = each.collect_view();
    let body = if learnt.ideas.is_empty() {
        view! { <p class="sub">{t("learn.no_ideas")}</p> }.into_any()
    } else {
        view! { <ul>{each}</ul> }.into_any()
    };
    view! { <section class="card need"><h2>{t("learn.ideas")}</h2>{body}</section> }.into_any()
}

/// Who is named by whom is happy, most often first.
fn praised(context: Context, learnt: &Learnt) -> AnyView {
    let site = context.place.with_untracked(|place| place.site.clone());
    let mut named: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for response in &learnt.bright {
        for person in response.heard.iter().flat_map(|heard| &heard.people) {
            let entry =
                named.entry(person.name.clone()).or_insert_with(|| (0, response.comment.clone().unwrap_or_default()));
            entry.0 += 1;
        }
    }
    let mut named: Vec<_> = named.into_iter().collect();
    named.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let rows = named.iter().take(10).map(|(name, (count, words))| {
        let href = place::to_item(&site, Page::Inbox, "", &format!("view=all&band=promoter&q={}", api::part(name)));
        view! { <li class="one"><a class="words" href=href><b>{name.clone()}</b>" · "{tn("learn.named", *count)}<p class="excerpt sub" dir="auto">{words.clone()}</p></a></li> }
    });
    let rows = rows.collect_view();
    let body = if named.is_empty() {
        view! { <p class="sub">{t("learn.nobody_named")}</p> }.into_any()
    } else {
        view! { <ul>{rows}</ul> }.into_any()
    };
    view! { <section class="card need"><h2>{t("learn.bright")}</h2>{body}</section> }.into_any()
}

fn causes(learnt: &Learnt) -> AnyView {
    let mut causes: BTreeMap<String, u64> = BTreeMap::new();
    for case in &learnt.settled {
        *causes.entry(case.root_cause.clone().unwrap_or_else(|| t("learn.no_cause"))).or_default() += 1;
    }
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let rows = causes
        .iter()
        .map(|(cause, count)| view! { <tr><th scope="row">{cause.clone()}</th><td>{whole(*count)}</td></tr> })
        .collect_view();
    let body = if causes.is_empty() {
        view! { <p class="sub">{t("learn.nothing_settled")}</p> }.into_any()
    } else {
        view! { <div class="scrolls" tabindex="0" role="group" aria-label=t("learn.causes")><table><thead><tr><th scope="col">{t("learn.cause")}</th><th scope="col">{t("learn.cases")}</th></tr></thead><tbody>{rows}</tbody></table></div> }.into_any()
    };
    view! { <section class="card"><h2>{t("learn.causes")}</h2>{body}</section> }.into_any()
}

fn people(context: Context, learnt: &Learnt) -> AnyView {
    let rows = learnt.closing.talked_to.iter().map(|talked| {
        let name = talked.person.as_ref().map_or_else(|| t("me.owner"), |id| context.name_of(id.as_str()).unwrap_or_else(|| t("case.gone_person")));
        view! { <tr><th scope="row">{name}</th><td>{whole(talked.customers)}</td><td>{whole(talked.messages)}</td><td>{whole(talked.calls)}</td></tr> }
    });
    let rows = rows.collect_view();
    let body = if learnt.closing.talked_to.is_empty() {
        view! { <p class="sub">{t("learn.nobody_talked")}</p> }.into_any()
    } else {
        view! { <div class="scrolls" tabindex="0" role="group" aria-label=t("learn.people")><table><thead><tr><th scope="col">{t("learn.who")}</th><th scope="col">{t("learn.customers")}</th><th scope="col">{t("learn.messages")}</th><th scope="col">{t("learn.calls")}</th></tr></thead><tbody>{rows}</tbody></table></div> }.into_any()
    };
    let answered = learnt.closing.first_response_time.map(|spread| {
        let told = crate::texts::tf(
            "learn.answered",
            &[("median", &duration(spread.business_median)), ("n", &whole(spread.of))],
        );
        view! { <p class="sub">{told}</p> }
    });
    view! { <section class="card"><h2>{t("learn.people")}</h2>{body}{answered}</section> }.into_any()
}
