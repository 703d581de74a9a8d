//! The little of the browser that the desk touches, where failing is no reason to stop.

use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, Storage, Window};

/// The window; there is one wherever the desk runs.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// An element by its id.
pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The first element that a selector finds.
pub(crate) fn find(selector: &str) -> Option<web_sys::Element> {
    window()?.document()?.query_selector(selector).ok().flatten()
}

/// Takes the keyboard from an element.
pub(crate) fn leave(id: &str) {
    if let Some(element) = element(id) {
        let _ = element.blur();
    }
}

/// Puts the keyboard's focus there, once the page is drawn.
pub(crate) fn focus(id: &'static str) {
    leptos::prelude::request_animation_frame(move || {
        if let Some(element) = element(id) {
            let _ = element.focus();
        }
    });
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

fn named(name: &str) -> String {
    format!("heard-desk:{name}")
}

/// What was kept in this browser.
pub(crate) fn recall(name: &str) -> Option<String> {
    storage()?.get_item(&named(name)).ok().flatten()
}

/// Keeps a text in this browser; an empty one is forgotten.
pub(crate) fn keep(name: &str, text: &str) {
    let Some(storage) = storage() else { return };
    // A full or forbidden storage keeps nothing, and the desk goes on.
    let _ = if text.is_empty() { storage.remove_item(&named(name)) } else { storage.set_item(&named(name), text) };
}

/// Forgets everything that was kept: whoever signs out leaves no words behind.
pub(crate) fn forget_all() {
    let Some(storage) = storage() else { return };
    let count = storage.length().unwrap_or(0);
    let names: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect();
    for name in names.iter().filter(|name| name.starts_with("heard-desk:") && *name != "heard-desk:language") {
        let _ = storage.remove_item(name);
    }
}

/// Whether somebody means what cannot be undone.
pub(crate) fn is_sure(question: &str) -> bool {
    window().and_then(|window| window.confirm_with_message(question).ok()) == Some(true)
}

/// Copies a text for pasting elsewhere.
pub(crate) fn copy(text: &str) {
    if let Some(window) = window() {
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// Whether somebody looks at the desk.
pub(crate) fn is_seen() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_some_and(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

/// The moment, in milliseconds since 1970.
pub(crate) fn now() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    let now = js_sys::Date::now() as i64;
    now
}

/// The origin that the desk is served from.
pub(crate) fn origin() -> String {
    window().and_then(|window| window.location().origin().ok()).unwrap_or_default()
}
