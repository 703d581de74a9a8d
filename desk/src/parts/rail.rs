//! The way from page to page, and from site to site.

use crate::api;
use crate::browser;
use crate::context::Context;
use crate::json::Members as _;
use crate::load::load;
use crate::place::{self, Page};
use crate::texts::{language, t, tn};
use heard_wire::Scope;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// As the languages call themselves.
const LANGUAGES: [(&str, &str); 5] =
    [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("pt", "Português")];

#[component]
pub(crate) fn Rail() -> impl IntoView {
    let context = expect_context::<Context>();
    let here = Memo::new(move |_| context.place.with(|place| (place.site.clone(), place.page.clone())));
    // How many wait, looked at again when something happened.
    let waiting = load(move || {
        context.tick.track();
        let site = here.get().0;
        async move {
            if site.is_empty() || site == "new" {
                return Ok((0, false));
            }
            let page = api::get(format!("/v1/sites/{site}/cases?unsettled=true&limit=100"))
                .read::<serde_json::Value>()
                .await?;
            // As `clock::is_owed`, of what is not read as a case.
            let is_owed = |case: &&serde_json::Value| {
                let is_awake = matches!(case.at("status").as_str(), Some("new" | "open"));
                is_awake && (case.at("first_response_at").is_null() || case.at("customer_waits_since").is_string())
            };
            Ok((page.list("cases").iter().filter(is_owed).count(), page.at("next_cursor").is_string()))
        }
    });
    let badge = move || {
        let (count, more) = waiting.value.get().filter(|(count, _)| *count > 0)?;
        let told = tn("nav.waiting", u64::try_from(count).unwrap_or(u64::MAX));
        Some(
            view! { <b><span aria-hidden="true">{count}{more.then_some("+")}</span><span class="unseen">{told}</span></b> },
        )
    };
    Effect::new(move |_| {
        here.track();
        request_animation_frame(|| {
            if let Some(page) = browser::find(".rail [aria-current]") {
                page.scroll_into_view_with_bool(false);
            }
        });
    });
    let pages = move || {
        let (site, page) = here.get();
        if site.is_empty() || site == "new" {
            return ().into_any();
        }
        let each = Page::ALL.map(|each| {
            let is_here = each.name() == page || page.is_empty() && each == Page::Today;
            view! {
                <a href=place::to(&site, each) aria-current=is_here.then_some("page")>
                    <span>{t(&format!("nav.{}", each.name()))}</span>" "{(each == Page::Inbox).then_some(badge)}
                </a>
            }
        });
        view! { <nav aria-label=t("nav.label")>{each.collect_view()}</nav> }.into_any()
    };
    view! {
        <header class="rail">
            <a class="mark" href=move || place::to(&here.get().0, Page::Today)><i></i>"Heard"</a>
            <SiteChoice />
            {pages}
            <Me />
        </header>
    }
}

/// Which site; only the owner has several.
#[component]
fn SiteChoice() -> impl IntoView {
    let context = expect_context::<Context>();
    let go =
        move |id: String| if id == "new" { context.go("/desk/new") } else { context.go(&place::to(&id, Page::Today)) };
    move || {
        let site = context.site();
        if !context.is_owner() {
            let name = context.settings.with(|settings| settings.text("name"));
            return view! { <p class="site">{name}</p> }.into_any();
        }
        let sites = context.sites.get();
        let options = sites.into_iter().map(|each| {
            let id = each.id.to_string();
            view! { <option value=id.clone() selected=id == site>{each.name}</option> }
        });
        let is_new = site == "new";
        view! {
            <label class="site">
                <span class="unseen">{t("site.choose")}</span>
                <select on:change=move |event| go(event_target_value(&event))>
                    {options.collect_view()}
                    <option value="new" selected=is_new>{t("site.new")}</option>
                </select>
            </label>
        }
        .into_any()
    }
}

/// Who one is, in which language, and the way out.
#[component]
fn Me() -> impl IntoView {
    let context = expect_context::<Context>();
    let sign_out = move |_| {
        spawn_local(async move {
            // Gone already is as good.
            let _ = api::delete("/v1/session").done().await;
            browser::forget_all();
            context.who.set(None);
            context.settings.set(serde_json::Value::Null);
        });
    };
    let choose = move |id: String| {
        browser::keep(&format!("me:{}", context.site()), &id);
        context.people.update(|_| ());
        context.changed();
    };
    let by_key = move || context.who.with(|who| who.as_ref().is_some_and(|who| who.person.is_some()));
    let name = move || {
        let people = context.people.get();
        let me = context.me();
        if by_key() || people.is_empty() || !context.may(Scope::Write) {
            let name = me.map_or_else(|| t("me.owner"), |me| me.settings.name);
            return view! { <span>{name}</span> }.into_any();
        }
        let mine = me.map(|me| me.id.to_string()).unwrap_or_default();
        let options = people.into_iter().map(|person| {
            let id = person.id.to_string();
            view! { <option value=id.clone() selected=id == mine>{person.settings.name}</option> }
        });
        view! {
            <label>
                <span class="unseen">{t("me.who")}</span>
                <select on:change=move |event| choose(event_target_value(&event))>
                    <option value="" selected=mine.is_empty()>{t("me.owner")}</option>
                    {options.collect_view()}
                </select>
            </label>
        }
        .into_any()
    };
    let speak = move |event| {
        browser::keep("language", &event_target_value(&event));
        if let Some(window) = browser::window() {
            let _ = window.location().reload();
        }
    };
    let spoken = language();
    let languages =
        LANGUAGES.map(|(tag, name)| view! { <option value=tag lang=tag selected=tag == spoken>{name}</option> });
    view! {
        <div class="me">
            {name}
            <label><span class="unseen">{t("me.language")}</span><select on:change=speak>{languages.collect_view()}</select></label>
            <button class="link" on:click=sign_out>{t("sign_out")}</button>
        </div>
    }
}
