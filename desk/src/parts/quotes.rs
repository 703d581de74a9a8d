//! What customers said, each leading to the whole of it.

use crate::context::Context;
use crate::json::Members as _;
use crate::parts::said::ScoreMark;
use crate::place::{self, Page};
use leptos::prelude::*;
use serde_json::Value;

/// Quotes that a list shows at most.
const SHOWN: usize = 3;

/// Quotes in a list, with their scores.
#[component]
pub(crate) fn Quotes(quotes: Value) -> impl IntoView {
    theirs(expect_context::<Context>(), &quotes)
}

/// The same within other views.
pub(crate) fn theirs(context: Context, quotes: &Value) -> AnyView {
    // The same words stand once.
    let mut new: Vec<&Value> = Vec::new();
    for quote in quotes.as_array().into_iter().flatten() {
        if !new.iter().any(|known| known.at("quote") == quote.at("quote")) {
            new.push(quote);
        }
    }
    let each = new.into_iter().take(SHOWN).map(|quote| {
        let text = |name: &str| quote.text(name);
        let href = place::to_item(&context.site(), Page::Inbox, &text("response"), "view=all");
        let score = u8::try_from(quote.count("score")).unwrap_or_default();
        view! { <li><ScoreMark score /><a class="words" href=href><p dir="auto">{text("quote")}</p></a></li> }
    });
    view! { <ul class="quotes">{each.collect_view()}</ul> }.into_any()
}
