//! The first view, drawn natively by the same component, as nodes for `first/tree.js`. It is kept in `first/first_view.json`;
//! `HEARD_WRITE=1 cargo test -p heard-widget` writes it anew.

use crate::answer::{Answer, Held};
use crate::panel::{Panel, Stage};
use crate::view::draw;
use heard_wire::{AskPrompts, ContactNotice, SurveyCopy, WhyPrompts};
use html5gum::{Token, Tokenizer};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast as _, JsValue};

fn named(name: &str) -> String {
    format!("${name}")
}

/// Each text is the name of one.
fn names() -> SurveyCopy {
    let none = String::new;
    SurveyCopy {
        by: none(),
        label: named("label"),
        question: named("question"),
        low: named("low"),
        high: named("high"),
        why: WhyPrompts { promoter: none(), passive: none(), detractor: none() },
        send: named("send"),
        sending: none(),
        retry: none(),
        close: named("close"),
        reference: none(),
        add: none(),
        failed: none(),
        too_long: none(),
        waiting: none(),
        over: none(),
        bad_contact: none(),
        privacy: none(),
        done: none(),
        review: none(),
        ask: AskPrompts {
            what_happened: none(),
            what_would_help: none(),
            what_stood_out: none(),
            contact: none(),
            check_score: none(),
        },
        promise: none(),
    }
}

fn html() -> String {
    let owner = Owner::new();
    owner.with(|| {
        // Nothing of the browser is touched while drawing.
        let answer: Answer = JsValue::UNDEFINED.unchecked_into();
        let close: js_sys::Function = JsValue::UNDEFINED.unchecked_into();
        let panel = Panel {
            copy: names().into(),
            lang: named("lang").into(),
            answer: Held::new(answer),
            stage: RwSignal::new(Stage::Asking),
            score: RwSignal::new(None),
            review: None,
            close: SendWrapper::new(close),
        };
        draw(panel, String::new(), ContactNotice::default()).to_html()
    })
}

const VOID: [&str; 2] = ["input", "br"];

/// `[tag, {attributes}, ...children]`, a text, or 0 for a marker.
fn tree(html: &str) -> Value {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let mut open: Vec<Vec<Value>> = vec![Vec::new()];
    for token in Tokenizer::new(html) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attributes: serde_json::Map<String, Value> =
                    tag.attributes.iter().map(|(name, value)| (text(name), json!(text(value)))).collect();
                let name = text(&tag.name);
                open.push(vec![json!(name), json!(attributes)]);
                if VOID.contains(&name.as_str()) {
                    close(&mut open);
                }
            }
            Token::EndTag(_) => close(&mut open),
            // A text that is empty so far is drawn as a blank, so that there is a node.
            Token::String(letters) => {
                let letters = text(&letters);
                open.last_mut().unwrap().push(json!(if letters == " " { "" } else { letters.as_str() }));
            }
            Token::Comment(_) => open.last_mut().unwrap().push(json!(0)),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    open.pop().unwrap().pop().unwrap()
}

fn close(open: &mut Vec<Vec<Value>>) {
    let element = open.pop().unwrap();
    open.last_mut().unwrap().push(Value::Array(element));
}

#[test]
fn the_first_view_is_what_the_component_draws() {
    let drawn = tree(&html()).to_string() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/first/first_view.json");
    if std::env::var_os("HEARD_WRITE").is_some() {
        std::fs::write(path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(kept, drawn, "the component has changed: HEARD_WRITE=1 cargo test -p heard-widget");
}
