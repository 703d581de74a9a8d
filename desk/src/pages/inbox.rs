//! The inbox: what waits and what was said, one beside the other.

use super::case::Open;
use crate::api::{self, Trouble};
use crate::browser;
use crate::calendar;
use crate::context::Context;
use crate::load::{load, shown};
use crate::parts::clock;
use crate::parts::keys::{Shortcuts, is_shortcut};
use crate::parts::said::{Excerpt, ScoreMark};
use crate::place::{self, Page, Place};
use crate::texts::{t, tf};
use heard_wire::{Case, Response};
use leptos::ev;
use leptos::prelude::*;

/// The saved views, in the order of their chips.
const VIEWS: [&str; 10] =
    ["waiting", "mine", "unassigned", "overdue", "asleep", "settled", "all", "unhappy", "bright", "ideas"];

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Of a case, or of an answer that has none.
    pub(crate) id: String,
    score: Option<u8>,
    comment: Option<String>,
    /// Of themes, and of who sees to it; named when they are shown.
    themes: Vec<String>,
    assignee: Option<Option<String>>,
    is_urgent: bool,
    right: String,
    is_late: bool,
}

#[derive(Debug, Clone)]
struct Listed {
    items: Vec<Item>,
    next: Option<String>,
}

fn is_of_cases(view: &str) -> bool {
    matches!(view, "waiting" | "mine" | "unassigned" | "overdue" | "asleep" | "settled")
}

/// What the API is asked for what the address says.
fn query_of(context: Context, place: &Place) -> String {
    let view = place.value("view").unwrap_or_else(|| "waiting".to_owned());
    let mut query = match view.as_str() {
        "waiting" | "asleep" => "unsettled=true".to_owned(),
        "mine" => {
            let me = context.me().map(|me| me.id.to_string()).unwrap_or_default();
            format!("unsettled=true&assignee={me}")
        }
        "unassigned" => "unsettled=true&unassigned=true".to_owned(),
        "overdue" => "unsettled=true&overdue=true".to_owned(),
        "settled" => "unsettled=false".to_owned(),
        "unhappy" => "band=detractor".to_owned(),
        "bright" => "band=promoter&has_comment=true".to_owned(),
        "ideas" => "has_suggestion=true".to_owned(),
        _ => String::new(),
    };
    if !is_of_cases(&view) {
        for name in ["score", "theme", "q", "since", "until", "band"] {
            if let Some(value) = place.value(name).filter(|value| !value.is_empty()) {
                query.push_str(&format!("&{name}={}", api::part(&value)));
            }
        }
    }
    query
}

async fn read(context: Context, place: Place, cursor: Option<String>) -> Result<Listed, Trouble> {
    let view = place.value("view").unwrap_or_else(|| "waiting".to_owned());
    let (query, zone) = (untrack(|| query_of(context, &place)), untrack(|| context.zone()));
    let cursor = cursor.map(|cursor| format!("&cursor={}", api::part(&cursor))).unwrap_or_default();
    if view == "mine" && untrack(|| context.me()).is_none() {
        return Ok(Listed { items: Vec::new(), next: None });
    }
    if is_of_cases(&view) {
        let path = context.of_site(&format!("/cases?{query}&limit=100{cursor}"));
        let mut page = api::get(path).read::<heard_wire::Page<Case>>().await?;
        match view.as_str() {
            // Whoever was answered is somebody's, or nobody's, and waits for no word.
            "waiting" => page.items.retain(|case| clock::is_owed(case) || clock::is_late(case)),
            "asleep" => page.items.retain(|case| !clock::is_awake(case)),
            _ => {}
        }
        if view != "settled" {
            clock::by_need(&mut page.items);
        }
        let items = page.items.iter().map(|case| of_case(case, &zone)).collect();
        return Ok(Listed { items, next: page.next_cursor.map(|cursor| cursor.to_string()) });
    }
    let path = context.of_site(&format!("/responses?{}&limit=50{cursor}", query.trim_start_matches('&')));
    let page = api::get(path).read::<heard_wire::Page<Response>>().await?;
    let items = page.items.iter().map(|response| of_response(response, &zone)).collect();
    Ok(Listed { items, next: page.next_cursor.map(|cursor| cursor.to_string()) })
}

fn of_case(case: &Case, zone: &str) -> Item {
    let said = case.said.as_ref();
    Item {
        id: case.id.to_string(),
        score: said.map(|said| said.score.get()),
        comment: said.and_then(|said| said.comment.clone()),
        themes: said.map(|said| said.themes.iter().take(2).cloned().collect()).unwrap_or_default(),
        assignee: Some(case.assignee.as_ref().map(ToString::to_string)),
        is_urgent: case.priority == heard_wire::Priority::Urgent,
        right: clock::told(case, zone),
        is_late: clock::is_late(case),
    }
}

fn of_response(response: &Response, zone: &str) -> Item {
    let themes = response.heard.iter().flat_map(|heard| &heard.themes).map(|theme| theme.id.to_string());
    let mut themes: Vec<String> = themes.collect();
    themes.dedup();
    themes.truncate(3);
    Item {
        id: response.id.to_string(),
        score: Some(response.score.get()),
        comment: response.comment.clone(),
        themes,
        assignee: None,
        is_urgent: false,
        right: calendar::moment(response.created_at, zone),
        is_late: false,
    }
}

#[component]
pub(crate) fn Inbox() -> impl IntoView {
    let context = expect_context::<Context>();
    // What is listed does not change with what is open.
    let wanted = Memo::new(move |_| context.place.with(|place| Place { item: String::new(), ..place.clone() }));
    let more = RwSignal::new(Vec::<Item>::new());
    let next = RwSignal::new(None::<String>);
    let listed = load(move || {
        context.tick.track();
        let place = wanted.get();
        async move {
            let listed = read(context, place, None).await?;
            more.set(Vec::new());
            next.set(listed.next.clone());
            Ok(listed)
        }
    });
    let items = Memo::new(move |_| {
        let mut items =
            listed.value.with(|listed| listed.as_ref().map(|listed| listed.items.clone()).unwrap_or_default());
        items.extend(more.get());
        items
    });
    let read_more = move |_| {
        let cursor = next.get_untracked();
        leptos::task::spawn_local(async move {
            match read(context, wanted.get_untracked(), cursor).await {
                Ok(listed) => {
                    next.set(listed.next);
                    more.update(|more| more.extend(listed.items));
                }
                Err(trouble) => context.tell_trouble(trouble),
            }
        });
    };
    let opened = Memo::new(move |_| context.place.with(|place| place.item.clone()));
    let open = move |id: &str| {
        let query = context.place.with_untracked(|place| place.query.clone());
        context.go(&place::to_item(&context.site(), Page::Inbox, id, &query));
    };
    let step = move |by: isize| {
        let items = items.get_untracked();
        let at = items.iter().position(|item| item.id == opened.get_untracked());
        let to = match at {
            Some(at) => at.checked_add_signed(by),
            None => Some(0),
        };
        if let Some(item) = to.and_then(|to| items.get(to)) {
            open(&item.id);
            browser::focus("case");
        }
    };
    let keys = window_event_listener(ev::keydown, move |event| {
        if !is_shortcut(&event) {
            return;
        }
        match event.key().as_str() {
            "j" => step(1),
            "k" => step(-1),
            "/" => browser::focus("find"),
            "Escape" => open(""),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
    let on_next = Callback::new(move |()| {
        let items = items.get_untracked();
        let at = items.iter().position(|item| item.id == opened.get_untracked()).map_or(0, |at| at + 1);
        let next = items.get(at).map(|item| item.id.clone()).unwrap_or_default();
        open(&next);
        browser::focus(if next.is_empty() { "find" } else { "case" });
    });
    view! {
        <section class="list" class:behind=move || !opened.with(String::is_empty)>
            <header>
                <h1>{t("nav.inbox")}</h1>
                <Search />
                <Views />
            </header>
            {shown(listed, move |_| view_items(context, items, opened, next))}
            {move || next.with(Option::is_some).then(|| view! { <p class="row"><button class="btn plain" on:click=read_more>{t("more")}</button></p> })}
        </section>
        {move || {
            let id = opened.get();
            if id.is_empty() {
                view! { <section class="thread nothing"><p class="sub">{t("inbox.choose")}</p>{context.may(heard_wire::Scope::Write).then(|| view! { <Shortcuts /> })}</section> }.into_any()
            } else {
                view! { <Open id on_next /> }.into_any()
            }
        }}
    }
}

/// What it is about, and who sees to it.
fn left(context: Context, themes: &[String], assignee: Option<&Option<String>>) -> String {
    let themes = themes.iter().map(|theme| context.label_of(theme)).collect::<Vec<_>>().join(", ");
    let who =
        assignee.map(|who| who.as_ref().and_then(|id| context.name_of(id)).unwrap_or_else(|| t("case.unassigned")));
    [Some(themes).filter(|themes| !themes.is_empty()), who].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn view_items(
    context: Context,
    items: Memo<Vec<Item>>,
    opened: Memo<String>,
    next: RwSignal<Option<String>>,
) -> AnyView {
    let query = move || context.place.with(|place| place.query.clone());
    let each = move || {
        let items = items.get();
        if items.is_empty() {
            let view = context.place.with(|place| place.value("view")).unwrap_or_else(|| "waiting".to_owned());
            let is_nobodys = view == "mine" && context.me().is_none();
            let told = if is_nobodys { t("me.choose_first") } else { t(&format!("inbox.empty_{view}")) };
            return view! { <p class="sub nothing">{told}</p> }.into_any();
        }
        let many = next.with(Option::is_some);
        let told = tf("inbox.count", &[("n", &format!("{}{}", items.len(), if many { "+" } else { "" }))]);
        let rows = items.into_iter().map(|item| {
            let (id, mark) = (item.id.clone(), item.id.clone());
            let href = move || place::to_item(&context.site(), Page::Inbox, &id, &query());
            let score = item.score.map(|score| view! { <ScoreMark score /> });
            let is_open = move || opened.with(|opened| *opened == mark);
            view! {
                <li>
                    <a class="item" href=href aria-current=move || is_open().then_some("true")>
                        {score}
                        <div>
                            {item.is_urgent.then(|| view! { <b class="late">{t("priority.urgent")}</b> })}<Excerpt comment=item.comment />
                            <small><span>{move || left(context, &item.themes, item.assignee.as_ref())}</span><span class:late=item.is_late>{item.right}</span></small>
                        </div>
                    </a>
                </li>
            }
        });
        let rows = rows.collect_view();
        view! { <p class="sub count">{told}</p><ul>{rows}</ul> }.into_any()
    };
    each.into_any()
}

/// The saved views, and what else narrows the list.
#[component]
fn Views() -> impl IntoView {
    let context = expect_context::<Context>();
    let view_now = move || context.place.with(|place| place.value("view")).unwrap_or_else(|| "waiting".to_owned());
    let chips = VIEWS.map(|view| {
        let href = move || place::to_item(&context.site(), Page::Inbox, "", &format!("view={view}"));
        let is_on = move || view_now() == view;
        view! { <a class="chip" class:on=is_on aria-current=move || is_on().then_some("true") href=href>{t(&format!("inbox.{view}"))}</a> }
    });
    let narrowed = move || {
        let place = context.place.get();
        let told = ["score", "theme", "since", "until", "band", "q"].into_iter().filter_map(|name| {
            let value = place.value(name).filter(|value| !value.is_empty())?;
            let value = match name {
                "theme" => context.label_of(&value),
                _ => value,
            };
            Some(tf(&format!("inbox.by_{name}"), &[("value", &value)]))
        });
        let told: Vec<String> = told.collect();
        let back = place::to_item(&place.site, Page::Inbox, "", &format!("view={}", view_now()));
        (!told.is_empty() && !is_of_cases(&view_now()))
            .then(|| view! { <p class="sub">{told.join(" · ")}" "<a href=back>{t("inbox.all_of_them")}</a></p> })
    };
    view! { <nav class="chips" aria-label=t("inbox.views")>{chips.collect_view()}</nav>{narrowed} }
}

/// Finds words in what customers said, or a reference.
#[component]
fn Search() -> impl IntoView {
    let context = expect_context::<Context>();
    let words = RwSignal::new(context.place.with_untracked(|place| place.value("q").unwrap_or_default()));
    let find = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let query = format!("view=all&q={}", api::part(words.get_untracked().trim()));
        let query = if words.with_untracked(|words| words.trim().is_empty()) { "view=all".to_owned() } else { query };
        context.go(&place::to_item(&context.site(), Page::Inbox, "", &query));
    };
    view! {
        <form role="search" on:submit=find>
            <label><span class="unseen">{t("inbox.find")}</span>
                <input id="find" type="search" placeholder=t("inbox.find") prop:value=move || words.get()
                    on:input=move |event| words.set(event_target_value(&event)) /></label>
        </form>
    }
}
