use crate::panel::{Panel, Stage};
use crate::trouble::Trouble;
use heard_wire::{Acknowledgement, SurveyCopy};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Where the one thing being sent stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    Not,
    UnderWay,
    In(Trouble),
}

/// Asks why, with a prompt that fits the score, and sends. Nothing shows before a score is chosen.
#[component]
pub(crate) fn CommentForm(
    /// What it is part of.
    panel: Panel,
    /// What is asked.
    prompt: impl Fn() -> String + Send + 'static,
    /// What was typed before.
    words: String,
) -> impl IntoView {
    let Panel { copy, answer, stage, score, .. } = panel;
    let words = RwSignal::new(words);
    let sending = RwSignal::new(Sending::Not);
    let kept = answer.clone();
    let on_send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if begins(sending) {
            let answer = answer.clone();
            spawn_local(async move { went(answer.send().await, stage, sending) });
        }
    };
    let typed = move |text: String| {
        kept.keep(&text, false);
        words.set(text);
    };
    view! {
        <form class="why" novalidate="" hidden=move || score.get().is_none() on:submit=on_send>
            <label for="why">{prompt}</label>
            <textarea
                id="why"
                rows="3"
                dir="auto"
                prop:value=move || words.get()
                on:input:target=move |event| typed(event.target().value())
            ></textarea>
            <SendButton copy=Arc::clone(&copy) sending label=copy.send.clone()/>
        </form>
    }
}

/// Goes on to what the customer reads next, or says what went wrong.
pub(crate) fn went(told: Result<Acknowledgement, Trouble>, stage: RwSignal<Stage>, sending: RwSignal<Sending>) {
    match told {
        Ok(acknowledgement) => drop(stage.try_set(Stage::Thanks(acknowledgement))),
        Err(Trouble::Over) => drop(stage.try_set(Stage::Over)),
        Err(trouble) => drop(sending.try_set(Sending::In(trouble))),
    }
}

/// Whether sending may begin: not while it is under way.
pub(crate) fn begins(sending: RwSignal<Sending>) -> bool {
    let free = sending.get_untracked() != Sending::UnderWay;
    sending.set(Sending::UnderWay);
    free
}

/// The button that sends, and what went wrong if something did. The button keeps the focus while it works.
#[component]
pub(crate) fn SendButton(
    /// Every text.
    copy: Arc<SurveyCopy>,
    /// Where it stands.
    sending: RwSignal<Sending>,
    /// The button's text when nothing is under way.
    label: String,
) -> impl IntoView {
    let trouble = {
        let copy = Arc::clone(&copy);
        move || match sending.get() {
            Sending::In(Trouble::Waiting) if !copy.waiting.is_empty() => copy.waiting.clone(),
            Sending::In(Trouble::TooLong) => copy.too_long.clone(),
            Sending::In(Trouble::BadContact) => copy.bad_contact.clone(),
            Sending::In(_) => copy.failed.clone(),
            Sending::Not | Sending::UnderWay => String::new(),
        }
    };
    let text = move || match sending.get() {
        Sending::UnderWay => copy.sending.clone(),
        Sending::In(Trouble::Failed | Trouble::Waiting) => copy.retry.clone(),
        _ => label.clone(),
    };
    view! {
        <p class="trouble" role="alert">{trouble}</p>
        <button class="send" type="submit" aria-disabled=move || (sending.get() == Sending::UnderWay).then_some("true")>
            {text}
        </button>
    }
}
