//! Reads the Worker's JSON with the browser's own parser: a third of the bytes that serde would bring along.
//! The types are those of `heard_wire`, and the end-to-end tests read every field on the screen.

use crate::trouble::Trouble;
use heard_wire::{
    Acknowledgement, Ask, AskPrompts, ContactNotice, Receipt, ReviewLink, ReviewedBy, Score, SurveyCopy, WhyPrompts,
};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// What the widget shows of a survey. The Worker has checked it, and the loader goes by the rest.
pub(crate) struct Asked {
    pub(crate) lang: String,
    pub(crate) copy: SurveyCopy,
    pub(crate) notice: ContactNotice,
    pub(crate) review: Option<ReviewLink>,
}

/// A survey as the loader has parsed it; `None` when a field is missing.
pub(crate) fn survey(from: &JsValue) -> Option<Asked> {
    let copy = member(from, "copy")?;
    let notice = member(from, "contact");
    let notice = |name: &str| notice.as_ref().and_then(|notice| text(notice, name));
    Some(Asked {
        lang: text(from, "lang")?,
        notice: ContactNotice { text: notice("text"), url: notice("url") },
        review: member(from, "review").and_then(|review| {
            let everyone = text(&review, "to").is_some_and(|to| to == "everyone");
            let to = if everyone { ReviewedBy::Everyone } else { ReviewedBy::Promoters };
            Some(ReviewLink { url: text(&review, "url")?, to })
        }),
        copy: copy_of(&copy)?,
    })
}

/// Every text of the widget.
fn copy_of(copy: &JsValue) -> Option<SurveyCopy> {
    let (why, ask) = (member(copy, "why")?, member(copy, "ask")?);
    // A survey that an earlier release made holds some texts less.
    let later = |name: &str| text(copy, name).unwrap_or_default();
    Some(SurveyCopy {
        label: text(copy, "label")?,
        question: text(copy, "question")?,
        low: text(copy, "low")?,
        high: text(copy, "high")?,
        why: WhyPrompts {
            promoter: text(&why, "promoter")?,
            passive: text(&why, "passive")?,
            detractor: text(&why, "detractor")?,
        },
        send: text(copy, "send")?,
        sending: text(copy, "sending")?,
        retry: text(copy, "retry")?,
        close: text(copy, "close")?,
        reference: text(copy, "reference")?,
        add: text(copy, "add")?,
        failed: text(copy, "failed")?,
        too_long: text(copy, "too_long")?,
        waiting: later("waiting"),
        over: later("over"),
        bad_contact: later("bad_contact"),
        privacy: later("privacy"),
        done: later("done"),
        review: later("review"),
        ask: AskPrompts {
            what_happened: text(&ask, "what_happened")?,
            what_would_help: text(&ask, "what_would_help")?,
            what_stood_out: text(&ask, "what_stood_out")?,
            contact: text(&ask, "contact")?,
            check_score: text(&ask, "check_score").unwrap_or_default(),
        },
        by: later("by"),
        promise: text(copy, "promise")?,
    })
}

/// What the customer reads, from the answer to a submission. The claims are for programs and not shown.
pub(crate) fn acknowledgement(told: &JsValue) -> Option<Acknowledgement> {
    let from = member(told, "acknowledgement")?;
    let receipt = member(&from, "receipt")?;
    Some(Acknowledgement {
        text: text(&from, "text")?,
        // For programs, as are the claims.
        kind: None,
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
        lang: text(&from, "lang").and_then(|lang| lang.parse().ok()),
        // Asked by the page's script.
        questions: Vec::new(),
        question: text(&from, "question"),
        copy: member(&from, "copy").and_then(|copy| copy_of(&copy)).map(Box::new),
        disclosure: text(&from, "disclosure"),
        receipt: Receipt {
            // Told by `answer.js` in the words of `by_when`.
            due_at: None,
            reference: text(&receipt, "reference")?,
            answered_by: text(&receipt, "answered_by"),
            by_when: text(&receipt, "by_when"),
        },
    })
}

/// What went wrong, as the page's script names it.
pub(crate) fn trouble(told: &JsValue) -> Option<Trouble> {
    match text(told, "trouble")?.as_str() {
        "waiting" => Some(Trouble::Waiting),
        "too_long" => Some(Trouble::TooLong),
        "bad_contact" => Some(Trouble::BadContact),
        "over" => Some(Trouble::Over),
        _ => Some(Trouble::Failed),
    }
}

/// The score of a draft.
pub(crate) fn score(draft: &JsValue) -> Option<Score> {
    let number = Reflect::get(draft, &JsValue::from_str("score")).ok()?.as_f64()?;
    (0..=10).find(|score| f64::from(*score) == number).and_then(Score::new)
}

/// A question's name on the wire.
pub(crate) const fn name(ask: Ask) -> &'static str {
    match ask {
        Ask::WhatHappened => "what_happened",
        Ask::WhatWouldHelp => "what_would_help",
        Ask::WhatStoodOut => "what_stood_out",
        Ask::Contact => "contact",
        Ask::CheckScore => "check_score",
    }
}

fn member(from: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(from, &JsValue::from_str(key)).ok().filter(JsValue::is_object)
}

pub(crate) fn text(from: &JsValue, key: &str) -> Option<String> {
    Reflect::get(from, &JsValue::from_str(key)).ok()?.as_string()
}
