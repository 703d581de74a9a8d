//! What the desk says, in the language of who sits at it: `locales/`, of which the browser loads one.

use js_sys::Intl;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::JsValue;

thread_local! {
    static TEXTS: RefCell<(HashMap<String, String>, String)> = RefCell::default();
}

/// Takes the texts of a language, as JSON.
pub(crate) fn speak(words: &str, language: &str) {
    let texts = serde_json::from_str(words).unwrap_or_default();
    TEXTS.set((texts, language.to_owned()));
}

/// The language, for dates and numbers.
pub(crate) fn language() -> String {
    TEXTS.with_borrow(|(_, language)| language.clone())
}

/// A text by its name. One that a language lacks is shown by its name, and a test looks that none does.
pub(crate) fn t(name: &str) -> String {
    TEXTS.with_borrow(|(texts, _)| texts.get(name).cloned().unwrap_or_else(|| name.to_owned()))
}

/// A text with something in each of its places.
pub(crate) fn tf(name: &str, filled: &[(&str, &str)]) -> String {
    filled.iter().fold(t(name), |text, (place, with)| text.replace(&format!("{{{place}}}"), with))
}

/// A text that depends on a number, by the language's own rules: `name.one`, `name.other`. `{n}` is the number.
pub(crate) fn tn(name: &str, n: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts below 2^53")]
    let number = n as f64;
    let rules = Intl::PluralRules::new(&js_sys::Array::of1(&JsValue::from(language())), &js_sys::Object::new());
    let form = String::from(rules.select(number));
    let named = format!("{name}.{form}");
    let is_there = TEXTS.with_borrow(|(texts, _)| texts.contains_key(&named));
    let named = if is_there { named } else { format!("{name}.other") };
    tf(&named, &[("n", &crate::calendar::whole(n))])
}
