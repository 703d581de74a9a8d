//! Today: what needs somebody, how we do, why, and what shines.

use crate::api::{self, Trouble};
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
use heard_wire::{Case, LoopMetrics, Metrics, Response, Tally};
use leptos::prelude::*;
use serde_json::json;

/// The spans that can be chosen, in days.
const SPANS: [i64; 3] = [7, 30, 365];

/// All that the page shows, of one span.
#[derive(Debug, Clone)]
struct Numbers {
    days: i64,
    now: Metrics,
    before: Tally,
    scores: Metrics,
    themes: Metrics,
    themes_before: Metrics,
    new: Option<Tally>,
    closing: LoopMetrics,
    waiting: Vec<Case>,
    waiting_more: bool,
    bright: Vec<Response>,
}

async fn read(context: Context, days: i64, zone: String, last: Option<String>) -> Result<Numbers, Trouble> {
    let (from, before) = (calendar::day_before(days - 1, &zone), calendar::day_before(2 * days - 1, &zone));
    let metrics = |query: String| api::get(context.of_site(&format!("/metrics?{query}"))).read::<Metrics>();
    // A day has too few answers for a line that says something.
    let by = if days > 7 { "week" } else { "day" };
    let bright = api::get(context.of_site(&format!("/responses?band=promoter&has_comment=true&limit=3&since={from}")));
    let waiting = api::get(context.of_site("/cases?unsettled=true&limit=100"));
    let closing = api::get(context.of_site(&format!("/cases/metrics?since={from}")));
    let last = last.map(|last| metrics(format!("since={}", api::part(&last))));
    // All at once: none waits for another.
    let (now, earlier, scores, themes, themes_before, bright, waiting, closing) = join8(
        metrics(format!("since={from}&by={by}")),
        metrics(format!("since={before}&until={from}")),
        metrics(format!("since={from}&by=score")),
        metrics(format!("since={from}&by=theme")),
        metrics(format!("since={before}&until={from}&by=theme")),
        bright.read::<heard_wire::Page<Response>>(),
        waiting.read::<heard_wire::Page<Case>>(),
        closing.read::<LoopMetrics>(),
    )
    .await?;
    let new = match last {
        Some(last) => last.await.ok().map(|metrics| metrics.total),
        None => None,
    };
    let (waiting_more, mut waiting) = (waiting.next_cursor.is_some(), waiting.items);
    clock::by_need(&mut waiting);
    let numbers = Numbers {
        days,
        now,
        before: earlier.total,
        scores,
        themes,
        themes_before,
        new,
        closing,
        waiting,
        waiting_more,
        bright: bright.items,
    };
    Ok(numbers)
}

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
    }
    told.push(match (numbers.waiting.len(), late) {
        (0, _) => t("today.nobody_waits"),
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

/// How much better or worse it is than the span before, whether that is more than chance, and where it may come from.
fn change(numbers: &Numbers) -> AnyView {
    let (now, before) = (&numbers.now.total, &numbers.before);
    let (Some(new), Some(old)) = (now.nps, before.nps) else {
        return view! { <p class="sub">{t("today.no_before")}</p> }.into_any();
    };
    let change = new.round() - old.round();
    let (mark, class) = match change {
        c if c > 0.5 => ("▲", "up"),
        c if c < -0.5 => ("▼", "down"),
        _ => ("=", "sub"),
    };
    let half = |tally: &Tally| (tally.nps_high.unwrap_or(0.0) - tally.nps_low.unwrap_or(0.0)) / 2.0;
    let is_more_than_chance = (new - old).abs() > half(now).hypot(half(before));
    let chance = if is_more_than_chance { t("today.more_than_chance") } else { t("today.chance") };
    let on = tf("today.on_before", &[("days", &numbers.days.to_string())]);
    view! {
        <p>
            <span class=class>{mark}" "{number(change.abs(), 0)}</span>" "{on}<br />
            <span class="sub">{chance}" "{why(numbers)}</span>
        </p>
    }
    .into_any()
}

/// The theme whose criticism changed most by more than chance; or that fewer or more answered.
fn why(numbers: &Numbers) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    let share = |criticised: u64, all: u64| criticised as f64 / all.max(1) as f64;
    let (all, all_before) = (numbers.now.total.responses, numbers.before.responses);
    let mut strongest: Option<(f64, String)> = None;
    for theme in &numbers.themes.groups {
        let key = theme.key.clone().unwrap_or_default();
        let before = numbers.themes_before.groups.iter().find(|other| other.key.as_deref() == Some(&key));
        let (now, old) = (theme.criticised.unwrap_or(0), before.and_then(|before| before.criticised).unwrap_or(0));
        let (p, q) = (share(now, all), share(old, all_before));
        let pooled = share(now + old, all + all_before);
        #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
        let error = (pooled * (1.0 - pooled) * (1.0 / all.max(1) as f64 + 1.0 / all_before.max(1) as f64)).sqrt();
        let strength = if error > 0.0 { (p - q) / error } else { 0.0 };
        if strength.abs() > 1.96 && strongest.as_ref().is_none_or(|(most, _)| strength.abs() > most.abs()) {
            strongest = Some((strength, key));
        }
    }
    let context = expect_context::<Context>();
    match strongest {
        Some((strength, key)) => {
            let name = if strength > 0.0 { "today.more_criticism" } else { "today.less_criticism" };
            tf(name, &[("theme", &context.label_of(&key))])
        }
        None if all_before >= 20 && all * 2 < all_before => t("today.fewer_answers"),
        None => String::new(),
    }
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
    let first = closing.first_response_time;
    let answered = first.map_or_else(|| "–".to_owned(), |spread| duration(spread.business_median));
    let answered_note = first.map_or_else(
        || t("today.no_case"),
        |spread| tf("today.answered_note", &[("p90", &duration(spread.business_p90)), ("n", &whole(spread.of))]),
    );
    let recovered = &closing.recovery_rate;
    let fact = |name: &str, value: String, note: String| {
        view! { <div class="card"><dt>{t(name)}</dt><dd>{value}</dd><dd class="sub">{note}</dd></div> }
    };
    let won = match recovered.of {
        0 => "–".to_owned(),
        of => tf("today.of", &[("count", &whole(recovered.count)), ("of", &whole(of))]),
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
        view! { <ul>{items}</ul><p><a href=place::to_item(&site, Page::Inbox, "", "view=bright")>{t("today.all_bright")}</a></p> }.into_any()
    };
    view! { <section class="card need"><h2>{t("today.bright")}</h2>{body}</section> }.into_any()
}

/// Keeps the numbers, and no words of anybody, for the moment before the program is there next time.
fn remember(numbers: &Numbers, context: Context) {
    let total = &numbers.now.total;
    let value = |nps: Option<f64>| nps.map(|nps| number(nps, 0)).unwrap_or_default();
    let interval = tf("between", &[("low", &value(total.nps_low)), ("high", &value(total.nps_high))]);
    let name = context.settings.with_untracked(|settings| settings.at("name").as_str().unwrap_or_default().to_owned());
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

/// Waits for eight requests at once; the first that fails decides.
#[expect(clippy::too_many_arguments, reason = "eight requests of their own kinds")]
async fn join8<A, B, C, D, E, F, G, H>(
    a: impl Future<Output = Result<A, Trouble>>,
    b: impl Future<Output = Result<B, Trouble>>,
    c: impl Future<Output = Result<C, Trouble>>,
    d: impl Future<Output = Result<D, Trouble>>,
    e: impl Future<Output = Result<E, Trouble>>,
    f: impl Future<Output = Result<F, Trouble>>,
    g: impl Future<Output = Result<G, Trouble>>,
    h: impl Future<Output = Result<H, Trouble>>,
) -> Result<(A, B, C, D, E, F, G, H), Trouble> {
    let (left, right) = futures_util::future::join(
        futures_util::future::try_join4(a, b, c, d),
        futures_util::future::try_join4(e, f, g, h),
    )
    .await;
    let ((a, b, c, d), (e, f, g, h)) = (left?, right?);
    Ok((a, b, c, d, e, f, g, h))
}
