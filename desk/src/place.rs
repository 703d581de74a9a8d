//! Where one is: the address is the state, so that everything can be bookmarked, sent to a colleague and gone back to.

use crate::browser::window;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// A page of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Today,
    Inbox,
    Calls,
    Bright,
    Huddle,
    Improve,
    Settings,
    Developers,
    Data,
}

impl Page {
    /// In the order of the rail.
    pub(crate) const ALL: [Self; 9] = [
        Self::Today,
        Self::Inbox,
        Self::Calls,
        Self::Bright,
        Self::Huddle,
        Self::Improve,
        Self::Settings,
        Self::Developers,
        Self::Data,
    ];

    /// As in its address, and in the names of its texts.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Inbox => "inbox",
            Self::Calls => "calls",
            Self::Bright => "bright",
            Self::Huddle => "huddle",
            Self::Improve => "improve",
            Self::Settings => "settings",
            Self::Developers => "developers",
            Self::Data => "data",
        }
    }
}

/// An address of the desk: `/desk/{site}/{page}/{item}?{query}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub(crate) site: String,
    pub(crate) page: String,
    pub(crate) item: String,
    /// As it stands, without the question mark.
    pub(crate) query: String,
}

impl Place {
    /// Reads an address; what it does not name is empty.
    pub(crate) fn of(path: &str, query: &str) -> Self {
        let mut parts = path.trim_start_matches('/').splitn(4, '/').skip(1).map(str::to_owned);
        let mut next = || parts.next().unwrap_or_default();
        let (site, page, item) = (next(), next(), next());
        Self { site, page, item, query: query.trim_start_matches('?').to_owned() }
    }

    /// A value of its query.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let pair = self.query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
        js_sys::decode_uri_component(&pair.1.replace('+', " ")).ok().map(String::from)
    }
}

/// The address of a page.
pub(crate) fn to(site: &str, page: Page) -> String {
    format!("/desk/{site}/{}", page.name())
}

/// The address of one thing on a page, with the query that it is found by.
pub(crate) fn to_item(site: &str, page: Page, item: &str, query: &str) -> String {
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let item = if item.is_empty() { String::new() } else { format!("/{item}") };
    format!("{}{item}{query}", to(site, page))
}

fn current() -> Place {
    let Some(location) = window().map(|window| window.location()) else { return Place::default() };
    Place::of(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}

/// Where one is, following links and the browser's buttons.
pub(crate) fn watch() -> RwSignal<Place> {
    let place = RwSignal::new(current());
    let _ = window_event_listener(leptos::ev::popstate, move |_| place.set(current()));
    place
}

/// Goes there without loading the page again.
pub(crate) fn go(place: RwSignal<Place>, address: &str) {
    let Some(window) = window() else { return };
    if let Ok(history) = window.history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
    place.set(current());
    window.scroll_to_with_x_and_y(0.0, 0.0);
}
