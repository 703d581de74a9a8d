use crate::draft::Draft;
use crate::sending::Failed;
use heard_wire::{Acknowledgement, Score, SurveyCopy};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Where the one thing being sent stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    Not,
    UnderWay,
    Failed(Failed),
}

/// Asks why, with a prompt that fits the score, and sends. Nothing shows before a score is chosen.
#[component]
pub(crate) fn Why(
    /// Every text.
    copy: Arc<SurveyCopy>,
    /// Where the words are sent.
    draft: Draft,
    /// The score chosen.
    score: RwSignal<Option<Score>>,
    /// Set to what the customer reads next.
    thanks: RwSignal<Option<Acknowledgement>>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let sending = RwSignal::new(Sending::Not);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(score) = score.get_untracked() else {
            return;
        };
        let comment = words.get_untracked().trim().to_owned();
        if !begins(sending) {
            return;
        }
        let draft = draft.clone();
        spawn_local(async move {
            match draft.send(score, comment).await {
                Ok(acknowledgement) => drop(thanks.try_set(Some(acknowledgement))),
                Err(failed) => drop(sending.try_set(Sending::Failed(failed))),
            }
        });
    };
    let prompt = {
        let copy = Arc::clone(&copy);
        move || score.get().map(|score| copy.why.of(score.band()).to_owned())
    };
    view! {
        <form class="why" novalidate=true hidden=move || score.get().is_none() on:submit=send>
            <label for="why">{prompt}</label>
            <textarea
                id="why"
                rows="3"
                prop:value=move || words.get()
                on:input:target=move |event| words.set(event.target().value())
            ></textarea>
            <SendButton copy=Arc::clone(&copy) sending label=copy.send.clone()/>
        </form>
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
            Sending::Failed(Failed::Unsent) => copy.failed.clone(),
            Sending::Failed(Failed::TooLong) => copy.too_long.clone(),
            Sending::Not | Sending::UnderWay => String::new(),
        }
    };
    let text = move || match sending.get() {
        Sending::UnderWay => copy.sending.clone(),
        Sending::Failed(Failed::Unsent) => copy.retry.clone(),
        Sending::Failed(Failed::TooLong) | Sending::Not => label.clone(),
    };
    view! {
        <p class="trouble" role="alert">{trouble}</p>
        <button class="send" type="submit" aria-disabled=move || (sending.get() == Sending::UnderWay).then_some("true")>
            {text}
        </button>
    }
}
