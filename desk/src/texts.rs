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
    let written = js_sys::Number::from(number).to_locale_string(&language());
    tf(&named, &[("n", &String::from(written))])
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    type Texts = BTreeMap<String, String>;

    fn texts(language: &str) -> Texts {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("locales/{language}.json"));
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place).collect()
    }

    #[test]
    fn every_language_says_everything_with_the_same_places() {
        let english = texts("en");
        for language in ["de", "fr", "es", "pt"] {
            let other = texts(language);
            let names = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(names(&english), names(&other), "{language}");
            for (name, text) in &english {
                assert_eq!(places(text), places(&other[name]), "{language}: {name}");
                assert!(!other[name].trim().is_empty() && !other[name].contains('!'), "{language}: {name}");
            }
        }
    }

    #[test]
    fn every_text_that_is_asked_for_is_there() {
        let english = texts("en");
        let known = |name: &str| english.contains_key(name) || english.contains_key(&format!("{name}.other"));
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut asked = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() {
                    folders.push(entry);
                    continue;
                }
                let source = fs::read_to_string(&entry).unwrap();
                for call in ["t(\"", "tf(\"", "tn(\""] {
                    for (place, _) in source.match_indices(call) {
                        // Of a longer name, or of another call.
                        if source[..place].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
                            continue;
                        }
                        let name = source[place + call.len()..].split('"').next().unwrap_or_default();
                        asked += 1;
                        assert!(known(name), "{}: {name}", entry.display());
                    }
                }
            }
        }
        assert!(asked > 250);
    }
}
