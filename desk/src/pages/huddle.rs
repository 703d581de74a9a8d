//! The huddle: a page for the weekly meeting, which a manager reads aloud from.

use crate::api;
use crate::calendar::{self, number, percent, whole};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::quotes::{Quotes, theirs};
use crate::place::{self, Page};
use crate::texts::{t, tf, tn};
use heard_wire::Timestamp;
use leptos::prelude::*;
use serde_json::Value;

const NUMBERS: [(&str, bool); 5] =
    [("nps", false), ("shown", false), ("responses", false), ("response_rate", true), ("comment_rate", true)];

#[component]
pub(crate) fn Huddle() -> impl IntoView {
    let context = expect_context::<Context>();
    let until = Memo::new(move |_| context.place.with(|place| place.value("until")).unwrap_or_default());
    let week = load(move || {
        context.tick.track();
        let until = until.get();
        let query = if until.is_empty() { String::new() } else { format!("?until={}", api::part(&until)) };
        api::get(context.of_site(&format!("/huddle{query}"))).read::<Value>()
    });
    view! {
        <div class="head">
            <div><h1>{t("nav.huddle")}</h1><p>{move || week.value.with(|week| week.as_ref().map(|week| span(week, &context.zone())))}</p></div>
            <nav class="chips" aria-label=t("huddle.weeks")>
                <a class="chip" href=move || earlier(context, week.value.get())>{t("huddle.before")}</a>
                <a class="chip" class:on=move || until.get().is_empty() href=move || place::to(&context.site(), Page::Huddle)>{t("huddle.now")}</a>
            </nav>
        </div>
        {shown(week, move |week: Value| of_week(context, &week))}
    }
}

fn moment(week: &Value, name: &str) -> Option<Timestamp> {
    calendar::of_field(week.at(name).as_str()?)
}

fn span(week: &Value, zone: &str) -> String {
    let day = |name: &str| moment(week, name).map(|at| calendar::day(at, zone)).unwrap_or_default();
    tf("huddle.span", &[("since", &day("since")), ("until", &day("until"))])
}

/// The week before the one that is shown.
fn earlier(context: Context, week: Option<Value>) -> String {
    let since = week.and_then(|week| week.at("since").as_str().map(api::part)).unwrap_or_default();
    place::to_item(&context.site(), Page::Huddle, "", &format!("until={since}"))
}

fn of_week(context: Context, week: &Value) -> AnyView {
    let facts = NUMBERS.map(|(name, is_percent)| {
        let told = |value: &Value| {
            value.as_f64().map_or_else(|| "–".to_owned(), |value| if is_percent { percent(value) } else { number(value, 0) })
        };
        let (now, before) = (week.at(name).at("now"), week.at(name).at("before"));
        let change = now.as_f64().zip(before.as_f64()).map(|(now, before)| now - before).filter(|by| by.abs() >= 0.5);
        let mark = change.map(|by| if by > 0.0 { "▲ " } else { "▼ " });
        view! { <div><dt>{t(&format!("huddle.{name}"))}</dt><dd>{told(now)}</dd><dd class="sub">{mark}{before.is_number().then(|| tf("huddle.was", &[("before", &told(before))]))}</dd></div> }
    });
    let list = |name: &str| week.list(name);
    let causes = list("root_causes").into_iter().map(|cause| {
        let count = |name: &str| whole(cause.count(name));
        view! { <tr><th scope="row">{cause.text("root_cause")}</th><td>{count("cases")}</td><td>{count("before")}</td></tr> }
    });
    let themes = list("themes").into_iter().map(|theme| {
        let count = |name: &str| whole(theme.count(name));
        let id = theme.at("theme").as_str().unwrap_or_default();
        let href = place::to_item(&context.site(), Page::Inbox, "", &format!("view=all&theme={}", api::part(id)));
        view! { <tr><th scope="row"><a href=href>{context.label_of(id)}</a></th><td>{count("criticised")}</td><td>{count("criticised_before")}</td><td>{count("praised")}</td></tr> }
    });
    let decided = list("improvements").into_iter().map(|improvement| {
        let status = improvement.at("status").as_str().unwrap_or_default();
        let moved = super::improve::moved(improvement.at("evidence").at("change"));
        view! {
            <li class="one"><a class="words" href=place::to(&context.site(), Page::Improve)><b>{improvement.text("title")}</b>" · "{t(&format!("improvement.{status}"))}
                <p class="sub">{improvement.at("what_we_did").as_str().map(str::to_owned)}" "{moved}</p></a></li>
        }
    });
    let praised = list("praised").into_iter().map(|person| {
        let name = person.text("name");
        view! { <li class="one"><p><b>{name}</b>" · "{tn("learn.named", person.count("times"))}</p>{theirs(context, person.at("quotes"))}</li> }
    });
    let talked = list("talked_to").into_iter().map(|talked| {
        let count = |name: &str| whole(talked.count(name));
        let name = talked.at("person").as_str().map_or_else(|| t("me.owner"), |id| context.name_of(id).unwrap_or_else(|| t("case.gone_person")));
        view! { <tr><th scope="row">{name}</th><td>{count("customers")}</td><td>{count("messages")}</td><td>{count("calls")}</td></tr> }
    });
    let (causes, themes, talked) = (causes.collect_view(), themes.collect_view(), talked.collect_view());
    let (decided, praised) = (decided.collect_view(), praised.collect_view());
    let unsettled = week.count("unsettled_cases");
    view! {
        <dl class="facts five">{facts.collect_view()}</dl>
        <section class="two even">
            <div class="stack">
                <section class="card"><h2>{t("huddle.quotes")}</h2>{or_none(&list("quotes"), view! { <Quotes quotes=week.at("quotes").clone() /> }.into_any())}</section>
                <section class="card"><h2>{t("today.themes")}</h2>{table(&list("themes"), &["huddle.theme", "heard.criticism", "huddle.week_before", "heard.praise"], themes.into_any())}</section>
                <section class="card need"><h2>{t("learn.bright")}</h2>{or_none(&list("praised"), view! { <ul>{praised}</ul> }.into_any())}</section>
            </div>
            <div class="stack">
                <section class="card"><h2>{t("learn.causes")}</h2><p class="sub">{t("huddle.causes_how")}</p>
                    {table(&list("root_causes"), &["learn.cause", "huddle.four_weeks", "huddle.four_before"], causes.into_any())}</section>
                <section class="card need"><h2>{t("huddle.decided")}</h2>{or_none(&list("improvements"), view! { <ul>{decided}</ul> }.into_any())}</section>
                <section class="card"><h2>{t("learn.people")}</h2>{table(&list("talked_to"), &["learn.who", "learn.customers", "learn.messages", "learn.calls"], talked.into_any())}
                    <p class="sub"><a href=place::to(&context.site(), Page::Inbox)>{tn("huddle.unsettled", unsettled)}</a></p></section>
            </div>
        </section>
    }
    .into_any()
}

fn or_none(list: &[Value], view: AnyView) -> AnyView {
    if list.is_empty() { view! { <p class="sub">{t("huddle.nothing")}</p> }.into_any() } else { view }
}

fn table(list: &[Value], heads: &[&str], rows: AnyView) -> AnyView {
    let names = heads.iter().map(|name| view! { <th scope="col">{t(name)}</th> }).collect_view();
    let label = heads.first().map(|name| t(name)).unwrap_or_default();
    or_none(list, view! { <div class="scrolls" tabindex="0" role="group" aria-label=label><table><thead><tr>{names}</tr></thead><tbody>{rows}</tbody></table></div> }.into_any())
}
