//! The pages, and what is around all of them.

mod bright;
mod calls;
mod case;
mod data;
mod developers;
mod first_run;
mod huddle;
mod improve;
mod inbox;
mod settings;
mod sign_in;
mod today;

use crate::browser;
use crate::context::Context;
use crate::parts::rail::Rail;
use crate::pending::{Pending, Waiting};
use crate::place::{self, Page};
use crate::texts::t;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, MouseEvent};

/// All of it.
#[component]
pub(crate) fn Desk() -> impl IntoView {
    let context = Context::new();
    provide_context(context);
    provide_context(Pending::new(context));
    context.find_out();
    // A link within the desk goes there without loading the page again.
    let _ = window_event_listener(ev::click, move |event| follow(context, &event));
    Effect::new(move |_| {
        let (site, who) = (context.site(), context.who.with(Option::is_some));
        if who && !site.is_empty() {
            untrack(|| context.read_site());
        }
    });
    let _ = window_event_listener(ev::beforeunload, move |event| {
        if context.is_dirty.get_untracked() {
            event.prevent_default();
        }
    });
    context.keep_looking();
    Effect::new(move |_| {
        let place = context.place.get();
        let page = Page::ALL.into_iter().find(|page| page.name() == place.page);
        let title =
            page.map_or_else(|| "Heard".to_owned(), |page| format!("{} · Heard", t(&format!("nav.{}", page.name()))));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&title);
        }
    });
    let what = Memo::new(move |_| (context.is_known.get(), context.who.with(Option::is_some)));
    view! {
        <a class="skip" href="#main">{t("skip")}</a>
        {move || match what.get() {
            (false, _) => view! { <p class="sub alone" role="status">{t("loading")}</p> }.into_any(),
            (true, false) => view! { <sign_in::SignIn /> }.into_any(),
            (true, true) => view! { <SignedIn /> }.into_any(),
        }}
        <Foot />
    }
}

/// Whoever is signed in sees the rail and a page.
#[component]
fn SignedIn() -> impl IntoView {
    let context = expect_context::<Context>();
    // Which page, and of which site: only then is a page made anew.
    let which = Memo::new(move |_| context.place.with(|place| (place.site.clone(), place.page.clone())));
    Effect::new(move |before: Option<()>| {
        which.track();
        if before.is_some() || context.is_fresh.get_value() {
            browser::focus("main");
        }
    });
    view! {
        <div class="desk">
            <Rail />
            <main id="main" tabindex="-1" class=move || context.place.with(|place| place.page.clone())>
                {move || {
                    let (site, page) = which.get();
                    match (site.as_str(), page.as_str()) {
                        ("", _) => view! { <p class="sub" role="status">{t("loading")}</p> }.into_any(),
                        ("new", _) => view! { <first_run::FirstRun /> }.into_any(),
                        (_, "inbox") => view! { <inbox::Inbox /> }.into_any(),
                        (_, "calls") => view! { <calls::Calls /> }.into_any(),
                        (_, "bright") => view! { <bright::Bright /> }.into_any(),
                        (_, "huddle") => view! { <huddle::Huddle /> }.into_any(),
                        (_, "improve") => view! { <improve::Improve /> }.into_any(),
                        (_, "settings") => view! { <settings::Settings /> }.into_any(),
                        (_, "developers") => view! { <developers::Developers /> }.into_any(),
                        (_, "data") => view! { <data::Data /> }.into_any(),
                        (_, "snippet") => view! { <first_run::Snippet /> }.into_any(),
                        _ => view! { <today::Today /> }.into_any(),
                    }
                }}
            </main>
        </div>
    }
}

/// What is told for a while, what can still be undone, and that the server is away.
#[component]
fn Foot() -> impl IntoView {
    let context = expect_context::<Context>();
    view! {
        <div class="foot" aria-live="polite">
            {move || context.is_away.get().then(|| view! { <p class="told away">{t("trouble.away")}</p> })}
            {move || context.notice.get().map(|text| view! { <p class="told">{text}</p> })}
            <Waiting />
        </div>
    }
}

fn follow(context: Context, event: &MouseEvent) {
    let is_plain =
        event.button() == 0 && !event.meta_key() && !event.ctrl_key() && !event.shift_key() && !event.alt_key();
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
    let Some(link) = link.filter(|link| is_plain && !link.has_attribute("target") && !link.has_attribute("download"))
    else {
        return;
    };
    let address = link.get_attribute("href").unwrap_or_default();
    if address.starts_with("/desk/") && !address.starts_with("/desk/preview/") {
        event.prevent_default();
        if context.is_dirty.get_untracked() && !browser::is_sure(&t("settings.leave")) {
            return;
        }
        context.is_dirty.set(false);
        place::go(context.place, &address);
    }
}
