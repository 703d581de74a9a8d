//! Shortcuts: shown where they work, and no letter of a text.

use crate::texts::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

#[component]
pub(crate) fn Shortcuts() -> impl IntoView {
    let each = [
        ("j", "keys.next"),
        ("k", "keys.before"),
        ("r", "keys.reply"),
        ("n", "keys.note"),
        ("a", "keys.mine"),
        ("e", "keys.resolve"),
        ("/", "keys.find"),
        ("esc", "keys.back"),
    ];
    let each = each.map(|(key, name)| view! { <li><kbd>{key}</kbd>" "{t(name)}</li> });
    view! { <ul class="keys" aria-label=t("keys.label")>{each.collect_view()}</ul> }
}

/// Whether a key was pressed where it is no letter of a text.
pub(crate) fn is_shortcut(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_typing = target
        .is_some_and(|target| target.closest("input, textarea, select, [contenteditable]").ok().flatten().is_some());
    !event.ctrl_key() && !event.meta_key() && !event.alt_key() && !event.is_composing() && !is_typing
}
