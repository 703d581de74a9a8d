//! Reads the Worker's JSON with the browser's own parser: a third of the bytes that serde would bring along.
//! The types are those of `heard_wire`, and the end-to-end tests read every field on the screen.

use heard_wire::{Acknowledgement, Ask, AskPrompts, Receipt, ResponseId, Score, SurveyCopy, WhyPrompts};
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};

/// What the widget shows of a survey. The Worker has checked it, and the loader goes by the rest.
pub(crate) struct Asked {
    pub(crate) site: String,
    pub(crate) lang: String,
    pub(crate) copy: SurveyCopy,
    /// What the loader sends along with every revision: an object.
    pub(crate) sender: JsValue,
}

/// A survey as the loader has parsed it; `None` when a field is missing.
pub(crate) fn survey(from: &JsValue) -> Option<Asked> {
    let copy = member(from, "copy")?;
    let (why, ask) = (member(&copy, "why")?, member(&copy, "ask")?);
    Some(Asked {
        site: text(from, "site")?,
        lang: text(from, "lang")?,
        sender: member(from, "sender")?,
        copy: SurveyCopy {
            label: text(&copy, "label")?,
            question: text(&copy, "question")?,
            low: text(&copy, "low")?,
            high: text(&copy, "high")?,
            why: WhyPrompts {
                promoter: text(&why, "promoter")?,
                passive: text(&why, "passive")?,
                detractor: text(&why, "detractor")?,
            },
            send: text(&copy, "send")?,
            sending: text(&copy, "sending")?,
            retry: text(&copy, "retry")?,
            close: text(&copy, "close")?,
            reference: text(&copy, "reference")?,
            add: text(&copy, "add")?,
            failed: text(&copy, "failed")?,
            too_long: text(&copy, "too_long")?,
            ask: AskPrompts {
                what_happened: text(&ask, "what_happened")?,
                what_would_help: text(&ask, "what_would_help")?,
                what_stood_out: text(&ask, "what_stood_out")?,
                contact: text(&ask, "contact")?,
                // A survey that an earlier release made holds none.
                check_score: text(&ask, "check_score").unwrap_or_default(),
            },
            promise: text(&copy, "promise")?,
        },
    })
}

/// What the customer reads, from the answer to a submission. The claims are for programs and not shown.
pub(crate) fn acknowledgement(answer: &str) -> Option<Acknowledgement> {
    let from = member(&JSON::parse(answer).ok()?, "acknowledgement")?;
    let receipt = member(&from, "receipt")?;
    Some(Acknowledgement {
        text: text(&from, "text")?,
        claims: Vec::new(),
        ask: text(&from, "ask").and_then(|ask| match ask.as_str() {
            "what_happened" => Some(Ask::WhatHappened),
            "what_would_help" => Some(Ask::WhatWouldHelp),
            "what_stood_out" => Some(Ask::WhatStoodOut),
            "contact" => Some(Ask::Contact),
            "check_score" => Some(Ask::CheckScore),
            // A question of a later version: better not asked than asked wrongly.
            _ => None,
        }),
        disclosure: text(&from, "disclosure"),
        receipt: Receipt {
            reference: text(&receipt, "reference")?,
            answered_by: text(&receipt, "answered_by"),
            by_when: text(&receipt, "by_when"),
        },
    })
}

/// An answer as it is sent: the body of a submission.
#[derive(Clone)]
pub(crate) struct Revision {
    pub(crate) id: ResponseId,
    pub(crate) revision: u32,
    pub(crate) score: Score,
    pub(crate) comment: Option<String>,
    pub(crate) page: String,
    pub(crate) lang: String,
    pub(crate) visitor: Option<String>,
    pub(crate) sender: JsValue,
}

/// A revision of an answer as JSON: the body of a submission.
pub(crate) fn revision(submission: &Revision) -> Option<String> {
    let object = Object::new();
    let set = |key: &str, value: JsValue| Reflect::set(&object, &JsValue::from_str(key), &value).ok();
    set("id", submission.id.as_str().into())?;
    set("revision", submission.revision.into())?;
    set("score", Score::get(submission.score).into())?;
    set("page", submission.page.as_str().into())?;
    set("lang", submission.lang.as_str().into())?;
    for (key, value) in [("comment", &submission.comment), ("visitor", &submission.visitor)] {
        if let Some(value) = value {
            set(key, value.as_str().into())?;
        }
    }
    JSON::stringify(&Object::assign(&object, submission.sender.unchecked_ref())).ok()?.as_string()
}

fn member(from: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(from, &JsValue::from_str(key)).ok().filter(JsValue::is_object)
}

fn text(from: &JsValue, key: &str) -> Option<String> {
    Reflect::get(from, &JsValue::from_str(key)).ok()?.as_string()
}
