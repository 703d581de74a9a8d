//! Charts: our own SVG, hidden from screen readers, each beside a table that holds the same and a sentence that says it.
//!
//! No crate draws accessible ones (leptos-chartistry, plotters and charming have no table and no names); these three kinds
//! are less than any of them weighs.

use crate::calendar::{named_day, number, percent, whole};
use crate::texts::{t, tf};
use heard_wire::Tally;
use leptos::prelude::*;

/// How often each score was given. Each bar leads to its answers.
#[component]
pub(crate) fn Distribution(counts: [u64; 11], to: String) -> impl IntoView {
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let all: u64 = counts.iter().sum();
    let bars = counts.iter().enumerate().map(|(score, count)| {
        let class = match score {
            0..=6 => "bar d",
            7 | 8 => "bar n",
            _ => "bar p",
        };
        let height = share(*count, most);
        let told = tf("chart.bar", &[("score", &score.to_string()), ("n", &whole(*count))]);
        let href = format!("{to}&score={score}");
        view! {
            <a class="column" href=href aria-label=told.clone() title=told>
                <svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
                    <rect class=class x="0" width="10" y=number(100.0 - height, 2).replace(',', ".") height=number(height.max(1.0), 2).replace(',', ".") />
                </svg>
                <span aria-hidden="true">{score}</span>
            </a>
        }
    });
    let rows = counts.iter().enumerate().map(|(score, count)| {
        view! { <tr><th scope="row">{score}</th><td>{whole(*count)}</td><td>{percent(share(*count, all.max(1)))}</td></tr> }
    });
    let table = view! {
        <thead><tr><th scope="col">{t("score")}</th><th scope="col">{t("answers")}</th><th scope="col">{t("share")}</th></tr></thead>
        <tbody>{rows.collect_view()}</tbody>
    };
    view! {
        <div class="dist">{bars.collect_view()}</div>
        <AsTable>{table}</AsTable>
    }
}

/// The score over time, with its interval as a band.
#[component]
pub(crate) fn Trend(groups: Vec<Tally>) -> impl IntoView {
    let points: Vec<Tally> = groups.into_iter().filter(|tally| tally.nps.is_some()).collect();
    if points.len() < 2 {
        return view! { <p class="sub">{t("chart.too_few")}</p> }.into_any();
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
    let x = |at: usize| at as f64 / (points.len() - 1) as f64 * 600.0;
    let y = |nps: f64| 60.0 - nps * 0.6;
    let line = |of: fn(&Tally) -> Option<f64>| {
        let each = points
            .iter()
            .enumerate()
            .filter_map(|(at, tally)| of(tally).map(|nps| format!("{:.1},{:.1}", x(at), y(nps))));
        each.collect::<Vec<_>>()
    };
    let (high, mut low) = (line(|tally| tally.nps_high), line(|tally| tally.nps_low));
    low.reverse();
    let band = [high, low].concat().join(" ");
    let middle = line(|tally| tally.nps).join(" ");
    let rows = points.iter().map(|tally| {
        let value = |nps: Option<f64>| nps.map(|nps| number(nps, 0)).unwrap_or_default();
        let between = tf("between", &[("low", &value(tally.nps_low)), ("high", &value(tally.nps_high))]);
        let day = tally.key.as_deref().map(name_of).unwrap_or_default();
        view! { <tr><th scope="row">{day}</th><td>{value(tally.nps)}</td><td>{between}</td><td>{whole(tally.responses)}</td></tr> }
    });
    let ends = [points.first(), points.last()]
        .map(|tally| tally.and_then(|tally| tally.key.as_deref()).map(name_of).unwrap_or_default());
    let [first, last] = ends;
    let table = view! {
        <thead><tr><th scope="col">{t("chart.when")}</th><th scope="col">{t("nps")}</th><th scope="col">{t("chart.interval")}</th>
            <th scope="col">{t("answers")}</th></tr></thead>
        <tbody>{rows.collect_view()}</tbody>
    };
    view! {
        <svg class="trend" viewBox="0 0 600 120" preserveAspectRatio="none" aria-hidden="true">
            <line class="zero" x1="0" x2="600" y1="60" y2="60" />
            <polygon class="interval" points=band />
            <polyline class="line" points=middle />
        </svg>
        <p class="ends sub" aria-hidden="true"><span>{first}</span><span>{last}</span></p>
        <AsTable>{table}</AsTable>
    }
    .into_any()
}

/// A theme with how often it was praised and criticised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feeling {
    pub(crate) label: String,
    pub(crate) praised: u64,
    pub(crate) criticised: u64,
    pub(crate) to: String,
}

/// Criticism to the left, praise to the right.
#[component]
pub(crate) fn Feelings(themes: Vec<Feeling>) -> impl IntoView {
    let most = themes.iter().flat_map(|theme| [theme.praised, theme.criticised]).max().unwrap_or(0).max(1);
    let bars = themes.iter().map(|theme| {
        let (bad, good) = (share(theme.criticised, most), share(theme.praised, most));
        view! {
            <a class="theme" href=theme.to.clone()>
                <span>{theme.label.clone()}</span>
                <svg viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="bar d" x=format!("{:.1}", 99.0 - bad * 0.99) width=format!("{:.1}", bad * 0.99) height="12" />
                    <rect class="bar p" x="101" width=format!("{:.1}", good * 0.99) height="12" />
                </svg>
                <span class="numbers"><b class="bad">{whole(theme.criticised)}<span class="unseen">" "{t("criticised")}</span></b>" "<b class="good">{whole(theme.praised)}<span class="unseen">" "{t("praised")}</span></b></span>
            </a>
        }
    });
    let rows = themes.iter().map(|theme| {
        view! { <tr><th scope="row">{theme.label.clone()}</th><td>{whole(theme.criticised)}</td><td>{whole(theme.praised)}</td></tr> }
    });
    let table = view! {
        <thead><tr><th scope="col">{t("theme")}</th><th scope="col">{t("criticised")}</th><th scope="col">{t("praised")}</th></tr></thead>
        <tbody>{rows.collect_view()}</tbody>
    };
    view! {
        <div class="feelings">{bars.collect_view()}</div>
        <AsTable>{table}</AsTable>
    }
}

/// The same as a table, which anybody can open.
#[component]
pub(crate) fn AsTable(children: Children) -> impl IntoView {
    view! {
        <details class="table">
            <summary>{t("as_table")}</summary>
            <div class="scrolls" tabindex="0" role="group" aria-label=t("as_table")><table>{children()}</table></div>
        </details>
    }
}

/// A day as the language writes it; a week by its Monday.
fn name_of(key: &str) -> String {
    let week = key.split_once("-W").and_then(|(year, week)| Some((year.parse().ok()?, week.parse().ok()?)));
    match week {
        Some((year, week)) => crate::calendar::monday_of(year, week),
        None => named_day(key),
    }
}

/// From 0 to 100.
#[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
pub(crate) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 }
}
