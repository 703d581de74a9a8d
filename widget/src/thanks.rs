use crate::panel::{DoneButton, Panel};
use crate::scale::Scale;
use crate::why::{SendButton, Sending, begins, went};
use heard_wire::{Acknowledgement, Ask, ContactNotice, Receipt, SurveyCopy};
use leptos::either::{Either, EitherOf3};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The acknowledgement, the receipt, and the one thing that is missing, if any.
#[component]
pub(crate) fn Thanks(
    /// What it is part of.
    panel: Panel,
    /// What the customer reads.
    acknowledgement: Acknowledgement,
    /// What stands below the field for an email address or a phone number.
    notice: ContactNotice,
) -> impl IntoView {
    let text: NodeRef<html::P> = NodeRef::new();
    // The button that had the focus is gone, so a screen reader goes on here, and reads the reply.
    Effect::new(move |_| {
        if let Some(text) = text.get() {
            let _ = text.focus();
        }
    });
    let Acknowledgement { text: words, ask, question, lang, disclosure, receipt, copy, .. } = acknowledgement;
    let lang = lang.map_or_else(|| panel.lang.to_string(), |lang| lang.as_str().to_owned());
    // Who writes another language than the page's reads all of it in that.
    let panel = match copy {
        Some(copy) => Panel { copy: Arc::new(*copy), lang: lang.as_str().into(), ..panel },
        None => panel,
    };
    let page_lang = panel.lang.to_string();
    let question = ask.map(|ask| question.unwrap_or_else(|| panel.copy.ask.of(ask).to_owned()));
    let next = match (ask, question) {
        (Some(Ask::CheckScore), Some(question)) => {
            EitherOf3::A(view! { <Scale panel=panel.clone() question in_thanks=true/> })
        }
        (Some(ask), Some(question)) => {
            let lang = lang.clone();
            EitherOf3::B(view! { <FollowUp panel=panel.clone() ask question lang notice/> })
        }
        _ => EitherOf3::C(()),
    };
    let done = ask.is_none().then(|| view! { <DoneButton panel=panel.clone()/> });
    let review = panel.offered_review().filter(|_| ask.is_none());
    let review = ContactNotice { text: None, url: review };
    let review_words = panel.copy.review.clone();
    let promise = promise(&panel.copy, &receipt).map(|promise| {
        let lang = lang.clone();
        view! { <p class="promise" lang=lang dir="auto">{promise}</p> }
    });
    let reference = format!("{} {}", panel.copy.reference, receipt.reference);
    let disclosure = disclosure.map(|text| {
        let lang = lang.clone();
        view! { <p class="reference" lang=lang dir="auto">{text}</p> }
    });
    view! {
        <p class="thanks" tabindex="-1" lang=lang.clone() dir="auto" node_ref=text>{words}</p>
        {next}
        <Notice notice=review link=review_words/>
        {promise}
        <p class="reference" lang=page_lang>{reference}</p>
        {disclosure}
        {done}
    }
}

/// One question about the one thing that is missing.
#[component]
fn FollowUp(
    /// What it is part of.
    panel: Panel,
    /// What is missing.
    ask: Ask,
    /// What is asked.
    question: String,
    /// Its language.
    lang: String,
    /// What stands below the field for an email address or a phone number.
    notice: ContactNotice,
) -> impl IntoView {
    let Panel { copy, answer, stage, .. } = panel;
    let words = RwSignal::new(String::new());
    let sending = RwSignal::new(Sending::Not);
    let kept = answer.clone();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if words.with_untracked(|words| words.trim().is_empty()) || !begins(sending) {
            return;
        }
        let answer = answer.clone();
        spawn_local(async move { went(answer.add(ask).await, stage, sending) });
    };
    let typed = move |text: String| {
        kept.keep(&text, true);
        words.set(text);
    };
    let field = if ask == Ask::Contact {
        Either::Left(view! {
            <input
                id="more"
                type="text"
                inputmode="email"
                autocomplete="email"
                enterkeyhint="send"
                maxlength="200"
                on:input:target=move |event| typed(event.target().value())
            />
            <Notice notice link=copy.privacy.clone()/>
        })
    } else {
        Either::Right(view! {
            <textarea
                id="more"
                rows="2"
                dir="auto"
                on:input:target=move |event| typed(event.target().value())
            ></textarea>
        })
    };
    view! {
        <form class="why" novalidate="" on:submit=send>
            <label for="more" lang=lang>{question}</label>
            {field}
            <SendButton copy=Arc::clone(&copy) sending label=copy.add.clone()/>
        </form>
    }
}

/// A line in small letters with a link: what the owner says of an email address or a phone number, and where reviews are.
#[component]
fn Notice(
    /// In the owner's words.
    notice: ContactNotice,
    /// What the link is called; its address where that is nothing.
    link: String,
) -> impl IntoView {
    let is_there = notice.text.is_some() || notice.url.is_some();
    let link = notice.url.map(|url| {
        let name = if link.is_empty() { url.clone() } else { link };
        view! { <a href=url target="_blank" rel="noopener">{name}</a> }
    });
    is_there.then(|| view! { <p class="notice">{notice.text} " " {link}</p> })
}

/// The owner's promise, to who it is made.
fn promise(copy: &SurveyCopy, receipt: &Receipt) -> Option<String> {
    let who = receipt.answered_by.as_ref()?;
    let when = receipt.by_when.as_ref().map_or_else(String::new, |when| format!(" {when}"));
    Some(copy.promise.replace("{who}", who).replace(" {when}", &when))
}
