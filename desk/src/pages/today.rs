//! Today: what needs somebody, how we do, why, and what shines.

mod change;
mod numbers;
mod watches;

use crate::api;
use crate::browser;
use crate::calendar::{self, duration, number, percent, whole};
use crate::context::Context;
use crate::json::Members as _;
use crate::load::{load, shown};
use crate::parts::charts::{Distribution, Feeling, Feelings, Trend};
use crate::parts::clock;
use crate::parts::said::{Excerpt, ScoreMark};
use crate::place::{self, Page};
use crate::texts::{t, tf, tn};
use change::change;
use heard_wire::Tally;
use leptos::prelude::*;
use numbers::{Numbers, read};
use serde_json::json;

/// The spans that can be chosen, in days.
const SPANS: [i64; 3] = [7, 30, 365];

#[component]
pub(crate) fn Today() -> impl IntoView {
    let context = expect_context::<Context>();
    let days = Memo::new(move |_| {
        let wanted = context.place.with(|place| place.value("days")).and_then(|days| days.parse().ok());
        wanted.filter(|days| SPANS.contains(days)).unwrap_or(30)
    });
    // As it was when this visit began; from now on this one counts.
    let visit = format!("visit:{}", context.place.with_untracked(|place| place.site.clone()));
    let last = browser::recall(&visit);
    let this = js_sys::Date::new_0().to_iso_string();
    browser::keep(&visit, &String::from(this));
    let told = StoredValue::new(last.clone());
    let zone = Memo::new(move |_| context.zone());
    let numbers = load(move || {
        context.tick.track();
        let (days, zone) = (days.get(), zone.get());
        read(context, days, zone, told.get_value())
    });
    let spans = SPANS.map(|span| {
        let href = move || place::to_item(&context.site(), Page::Today, "", &format!("days={span}"));
        view! {
            <a class="chip" class:on=move || days.get() == span aria-current=move || (days.get() == span).then_some("true") href=href>
                {t(&format!("today.days_{span}"))}
            </a>
        }
    });
    view! {
        <div class="head">
            <div>
                <h1>{move || greeting(context)}</h1>
                <p>{move || numbers.value.with(|numbers| numbers.as_ref().map(|numbers| since_last(numbers, last.as_ref(), &context.zone())))}</p>
            </div>
            <div class="chips">{spans.collect_view()}<span class="chip quiet">{move || context.zone()}</span></div>
        </div>
        {shown(numbers, move |numbers| view_numbers(context, numbers))}
    }
}

fn greeting(context: Context) -> String {
    let part = match calendar::hour(&context.zone()) {
        5..=11 => "today.morning",
        12..=17 => "today.afternoon",
        _ => "today.evening",
    };
    context.people.track();
    let name = context.me().and_then(|me| me.settings.name.split_whitespace().next().map(str::to_owned));
    match name {
        Some(name) => tf("today.greeting", &[("hello", &t(part)), ("name", &name)]),
        None => t(part),
    }
}

/// What happened since the last visit, and what waits.
fn since_last(numbers: &Numbers, last: Option<&String>, zone: &str) -> String {
    let late = numbers.waiting.iter().filter(|case| clock::is_late(case)).count();
    // Who was answered, and whose case is open still, waits for no answer.
    let owed = numbers.waiting.iter().filter(|case| clock::is_owed(case)).count();
    let mut told = Vec::new();
    if let (Some(new), Some(last)) = (&numbers.new, last)
        && let Some(at) = calendar::of_field(last)
    {
        let when = calendar::moment(at, zone);
        let answers = tn("today.answers", new.responses);
        told.push(match new.responses {
            0 => tf("today.nothing_since", &[("when", &when)]),
            _ if new.detractors == 0 => tf("today.since", &[("when", &when), ("answers", &answers)]),
            _ => {
                let unhappy = tn("today.unhappy_among", new.detractors);
                tf("today.since_unhappy", &[("when", &when), ("answers", &answers), ("unhappy", &unhappy)])
            }
        });
        // Who has waited since then wrote since then.
        let wrote =
            numbers.waiting.iter().filter(|case| case.customer_waits_since.is_some_and(|since| since > at)).count();
        told.extend((wrote > 0).then(|| tn("today.wrote_back", count(wrote))));
    }
    told.push(match (owed, late) {
        (0, 0) => t("today.nobody_waits"),
        (waiting, 0) => tn("today.waiting", count(waiting)),
        (_, late) => tn("today.late", count(late)),
    });
    told.join(" ")
}

fn view_numbers(context: Context, numbers: Numbers) -> AnyView {
    remember(&numbers, context);
    let site = context.place.with_untracked(|place| place.site.clone());
    if numbers.now.total.responses == 0 && numbers.before.responses == 0 && numbers.waiting.is_empty() {
        return view! {
            <div class="card empty">
                <h2>{t("today.empty")}</h2>
                <p class="sub">{t("today.empty_what")}</p>
                <a class="btn" href=format!("/desk/{site}/snippet")>{t("today.empty_do")}</a>
            </div>
        }
        .into_any();
    }
    let since = calendar::day_before(numbers.days - 1, &context.zone());
    let found = place::to_item(&site, Page::Inbox, "", &format!("view=all&since={since}"));
    let facts = facts(&numbers);
    let themes = feelings(context, &numbers, &since);
    view! {
        <section class="now">
            {score_card(&numbers, &found)}
            {waiting_card(context, &numbers)}
        </section>
        <watches::Watches />
        <dl class="facts">{facts}</dl>
        <section class="two">
            <figure class="card">
                <h2>{t("today.themes")}</h2>
                <p class="sub">{t("today.themes_how")}</p>
                {themes}
            </figure>
            {bright_card(context, &numbers)}
        </section>
    }
    .into_any()
}

fn score_card(numbers: &Numbers, found: &str) -> AnyView {
    let total = &numbers.now.total;
    let mut counts = [0_u64; 11];
    for group in &numbers.scores.groups {
        let score = group.key.as_deref().and_then(|key| key.parse::<usize>().ok());
        if let Some(count) = score.and_then(|score| counts.get_mut(score)) {
            *count = group.responses;
        }
    }
    let value = |nps: Option<f64>| nps.map_or_else(|| "–".to_owned(), |nps| number(nps, 0));
    let interval = tf("between", &[("low", &value(total.nps_low)), ("high", &value(total.nps_high))]);
    let of = |part: u64| percent(crate::parts::charts::share(part, total.responses));
    let takeaway = tf(
        "today.bands",
        &[
            ("detractors", &of(total.detractors)),
            ("passives", &of(total.passives)),
            ("promoters", &of(total.promoters)),
        ],
    );
    view! {
        <figure class="card">
            <div class="nps">
                <div>
                    <h2>{t("nps_long")}</h2>
                    <strong>{value(total.nps)}</strong>
                    <p class="sub">{interval}" · "{tn("today.answers", total.responses)}</p>
                </div>
                {change(numbers)}
            </div>
            <Distribution counts=counts to=found.to_owned() />
            <figcaption class="sub">{takeaway}</figcaption>
            <h2 class="apart">{t("today.trend")}</h2>
            <Trend groups=numbers.now.groups.clone() />
        </figure>
    }
    .into_any()
}

fn waiting_card(context: Context, numbers: &Numbers) -> AnyView {
    let site = context.place.with_untracked(|place| place.site.clone());
    let zone = context.zone();
    if numbers.waiting.is_empty() {
        return view! { <section class="card need"><h2>{t("today.waiting_title")}</h2><p class="sub">{t("today.nobody_waits_long")}</p></section> }
            .into_any();
    }
    let first =
        numbers.waiting.first().map(|case| place::to_item(&site, Page::Inbox, case.id.as_str(), "view=waiting"));
    let items = numbers.waiting.iter().take(4).map(|case| {
        let said = case.said.clone();
        let score = said.as_ref().map(|said| view! { <ScoreMark score=said.score.get() /> });
        let themes = said.as_ref().map(|said| said.themes.iter().map(|theme| context.label_of(theme)).collect::<Vec<_>>().join(", "));
        let href = place::to_item(&site, Page::Inbox, case.id.as_str(), "view=waiting");
        let class = if clock::is_late(case) { "late" } else { "" };
        view! {
            <li>
                {score}
                <div><a class="words" href=href><Excerpt comment=said.and_then(|said| said.comment) /></a><p class="sub">{themes}</p></div>
                <span class=class>{clock::told(case, &zone)}</span>
            </li>
        }
    });
    let more = numbers.waiting.len().saturating_sub(4);
    let more = (more > 0).then(|| {
        let plus = if numbers.waiting_more { "+" } else { "" };
        view! { <a href=place::to_item(&site, Page::Inbox, "", "view=waiting")>{tn("today.more_wait", count(more))}{plus}</a> }
    });
    view! {
        <section class="card need">
            <h2>{t("today.waiting_title")}</h2>
            <ul>{items.collect_view()}</ul>
            <p class="row"><a class="btn" href=first>{t("today.answer_first")}</a>{more}</p>
        </section>
    }
    .into_any()
}

fn facts(numbers: &Numbers) -> AnyView {
    let (now, before, closing) = (&numbers.now.total, &numbers.before, &numbers.closing);
    let rate = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), percent);
    let points = |new: Option<f64>, old: Option<f64>| match (new, old) {
        (Some(new), Some(old)) if (new - old).abs() >= 0.5 => {
            let mark = if new > old { "▲" } else { "▼" };
            format!("{mark} {}", tf("today.points", &[("n", &number((new - old).abs(), 0))]))
        }
        (Some(_), Some(_)) => t("today.unchanged"),
        _ => t("today.no_before"),
    };
    let comments =
        |tally: &Tally| (tally.responses > 0).then(|| crate::parts::charts::share(tally.comments, tally.responses));
    let first = closing.at("first_response_time");
    let (answered, answered_note) = if first.is_object() {
        let filled = [("p90", duration(first.count("business_p90"))), ("n", whole(first.count("of")))];
        let note = tf("today.answered_note", &filled.each_ref().map(|(name, text)| (*name, text.as_str())));
        (duration(first.count("business_median")), note)
    } else {
        ("–".to_owned(), t("today.no_case"))
    };
    let recovered = closing.at("recovery_rate");
    let fact = |name: &str, value: String, note: String| {
        view! { <div class="card"><dt>{t(name)}</dt><dd>{value}</dd><dd class="sub">{note}</dd></div> }
    };
    let won = match recovered.count("of") {
        0 => "–".to_owned(),
        of => tf("today.of", &[("count", &whole(recovered.count("count"))), ("of", &whole(of))]),
    };
    view! {
        {fact("today.response_rate", rate(now.response_rate), points(now.response_rate, before.response_rate))}
        {fact("today.comment_rate", rate(comments(now)), points(comments(now), comments(before)))}
        {fact("today.first_answer", answered, answered_note)}
        {fact("today.won_back", won, t("today.won_back_note"))}
    }
    .into_any()
}

fn feelings(context: Context, numbers: &Numbers, since: &str) -> AnyView {
    let site = context.place.with_untracked(|place| place.site.clone());
    let themes: Vec<Feeling> = numbers
        .themes
        .groups
        .iter()
        .take(8)
        .map(|group| {
            let key = group.key.clone().unwrap_or_default();
            Feeling {
                label: context.label_of(&key),
                praised: group.praised.unwrap_or(0),
                criticised: group.criticised.unwrap_or(0),
                to: place::to_item(
                    &site,
                    Page::Inbox,
                    "",
                    &format!("view=all&theme={}&since={since}", api::part(&key)),
                ),
            }
        })
        .collect();
    if themes.is_empty() {
        return view! { <p class="sub">{t("today.no_themes")}</p> }.into_any();
    }
    view! { <Feelings themes /> }.into_any()
}

fn bright_card(context: Context, numbers: &Numbers) -> AnyView {
    let site = context.place.with_untracked(|place| place.site.clone());
    let items = numbers.bright.iter().map(|response| {
        let named = response.heard.as_ref().map(|heard| heard.people.iter().map(|person| person.name.clone()).collect::<Vec<_>>().join(", "));
        let href = place::to_item(&site, Page::Inbox, response.id.as_str(), "view=bright");
        view! {
            <li>
                <ScoreMark score=response.score.get() />
                <div><a class="words" href=href><Excerpt comment=response.comment.clone() /></a><p class="sub">{named}</p></div>
            </li>
        }
    });
    let items = items.collect_view();
    let body = if numbers.bright.is_empty() {
        view! { <p class="sub">{t("today.no_bright")}</p> }.into_any()
    } else {
        view! { <ul>{items}</ul><p><a href=place::to(&site, Page::Bright)>{t("today.all_bright")}</a></p> }.into_any()
    };
    view! { <section class="card need"><h2>{t("today.bright")}</h2>{body}</section> }.into_any()
}

/// Keeps the numbers, and no words of anybody, for the moment before the program is there next time.
fn remember(numbers: &Numbers, context: Context) {
    let total = &numbers.now.total;
    let value = |nps: Option<f64>| nps.map(|nps| number(nps, 0)).unwrap_or_default();
    let interval = tf("between", &[("low", &value(total.nps_low)), ("high", &value(total.nps_high))]);
    let name = context.settings.with_untracked(|settings| settings.text("name"));
    let lines = json!([
        ["h1", name],
        ["big", format!("{} {}", t("nps"), value(total.nps))],
        ["sub", format!("{interval} · {}", tn("today.answers", total.responses))],
        ["sub", since_last(numbers, None, &context.zone())],
        ["sub", t("as_of_last_visit")],
    ]);
    browser::keep("seen", &lines.to_string());
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}
