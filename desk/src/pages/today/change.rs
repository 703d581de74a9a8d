//! What changed since the span before, whether that is more than chance, and where it may come from.

use super::numbers::Numbers;
use crate::calendar::number;
use crate::context::Context;
use crate::texts::{t, tf};
use heard_wire::Tally;
use leptos::prelude::*;

/// How much better or worse it is than the span before, whether that is more than chance, and where it may come from.
pub(super) fn change(numbers: &Numbers) -> AnyView {
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
