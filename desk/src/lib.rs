//! The desk: where an owner's people read, answer and set things up. It runs in the browser and asks the API as any client
//! does; its page and the last numbers seen are there before it (`shell/`).

// Pages are types within types where nothing erases them, as in native tests.
#![recursion_limit = "256"]

mod api;
mod browser;
mod calendar;
mod context;
mod json;
mod load;
mod pages;
mod parts;
mod passkeys;
mod pending;
mod place;
mod texts;
use wasm_bindgen::prelude::wasm_bindgen;

/// Opens the desk in the page that `shell.js` has put up. `words` is a file of `locales/`, `language` its name.
#[wasm_bindgen]
pub fn open(words: &str, language: &str) {
    texts::speak(words, language);
    let Some(element) = browser::element("desk") else { return };
    element.set_inner_html("");
    mount_to(element, pages::Desk).forget();
}

use leptos::mount::mount_to;
