//! The NPS question in the page: a leptos component in a shadow root, started by `loader.js`.

mod draft;
mod json;
mod panel;
mod scale;
mod sending;
mod thanks;
mod why;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

/// What the page told the widget.
#[derive(Clone)]
pub(crate) struct Page {
    /// The Worker's origin.
    pub(crate) base: String,
    /// Gives the owner's own id for the visitor, which may come after the panel.
    pub(crate) visitor: js_sys::Function,
    /// Tells the loader `answered`, `closed` or `failed`.
    pub(crate) report: js_sys::Function,
}

impl Page {
    pub(crate) fn visitor(&self) -> Option<String> {
        self.visitor.call0(&JsValue::UNDEFINED).ok()?.as_string()
    }

    pub(crate) fn report(&self, what: &str) {
        // The loader's callback catches its own errors.
        let _ = self.report.call1(&JsValue::UNDEFINED, &JsValue::from_str(what));
    }
}

thread_local! {
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
    static REPORT: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Shows the survey in `root`, a shadow root that the loader made. `survey` is the survey as parsed from JSON.
///
/// # Errors
/// When the survey does not read or the styles cannot be adopted; nothing is shown then.
#[wasm_bindgen]
pub fn mount(
    root: &ShadowRoot,
    survey: &JsValue,
    base: String,
    visitor: js_sys::Function,
    report: js_sys::Function,
) -> Result<(), JsError> {
    let survey = json::survey(survey).ok_or_else(|| JsError::new("the survey lacks a field"))?;
    adopt_styles(root).map_err(|_| JsError::new("the browser cannot adopt style sheets"))?;
    REPORT.set(Some(report.clone()));
    std::panic::set_hook(Box::new(|_| {
        let report = REPORT.with_borrow_mut(Option::take);
        let _ = report.map(|report| report.call1(&JsValue::UNDEFINED, &JsValue::from_str("failed")));
    }));
    let page = Page { base, visitor, report };
    let root: HtmlElement = root.clone().unchecked_into();
    let handle: UnmountHandle<_> = mount_to(root, move || view! { <panel::Panel survey page/> });
    MOUNTED.set(Some(Box::new(handle)));
    Ok(())
}

/// Takes the survey away and frees what it held.
#[wasm_bindgen]
pub fn unmount() {
    drop(MOUNTED.take());
}

/// Style sheets made by script pass a `style-src` that forbids inline styles.
fn adopt_styles(root: &ShadowRoot) -> Result<(), JsValue> {
    let sheet = web_sys::CssStyleSheet::new()?;
    sheet.replace_sync(include_str!("style.css"))?;
    js_sys::Reflect::set(root, &"adoptedStyleSheets".into(), &js_sys::Array::of1(&sheet)).map(drop)
}
