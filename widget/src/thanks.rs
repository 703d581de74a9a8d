use crate::draft::Draft;
use crate::scale::Scale;
use crate::why::{SendButton, Sending, begins};
use heard_wire::{Acknowledgement, Ask, Receipt, Score, SurveyCopy};
use leptos::either::Either;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// The acknowledgement, the receipt, and the one thing that is missing, if any.
#[component]
pub(crate) fn Thanks(
    /// Every text.
    copy: Arc<SurveyCopy>,
    /// Where the answer to a follow-up goes.
    draft: Draft,
    /// What the customer reads.
    acknowledgement: Acknowledgement,
    /// The score, which may be put right.
    score: RwSignal<Option<Score>>,
    /// Set anew when a follow-up is answered.
    thanks: RwSignal<Option<Acknowledgement>>,
) -> impl IntoView {
    let text: NodeRef<html::P> = NodeRef::new();
    // The button that had the focus is gone, so a screen reader goes on here, and reads the reply.
    Effect::new(move |_| {
        if let Some(text) = text.get() {
            let _ = text.focus();
        }
    });
    let disclosure = acknowledgement.disclosure.map(|text| view! { <p class="reference">{text}</p> });
    let receipt = receipt(&copy, &acknowledgement.receipt);
    let follow_up = acknowledgement.ask.map(|ask| match ask {
        Ask::CheckScore => {
            let question = copy.ask.of(ask).to_owned();
            Either::Left(view! { <Scale copy=Arc::clone(&copy) draft score question thanks/> })
        }
        _ => Either::Right(view! { <FollowUp copy=Arc::clone(&copy) draft ask thanks/> }),
    });
    view! {
        <p class="thanks" tabindex="-1" node_ref=text>{acknowledgement.text}</p>
        {follow_up}
        {receipt}
        {disclosure}
    }
}

/// One question about the one thing that is missing.
#[component]
fn FollowUp(
    /// Every text.
    copy: Arc<SurveyCopy>,
    /// Where the answer goes.
    draft: Draft,
    /// What is missing.
    ask: Ask,
    /// Set to the new acknowledgement.
    thanks: RwSignal<Option<Acknowledgement>>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let sending = RwSignal::new(Sending::Not);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let more = words.get_untracked().trim().to_owned();
        if more.is_empty() || !begins(sending) {
            return;
        }
        let draft = draft.clone();
        spawn_local(async move {
            match draft.add(&more).await {
                // One question is enough: the reply to its answer asks nothing more.
                Ok(acknowledgement) => drop(thanks.try_set(Some(Acknowledgement { ask: None, ..acknowledgement }))),
                Err(failed) => drop(sending.try_set(Sending::Failed(failed))),
            }
        });
    };
    let (rows, autocomplete) = if ask == Ask::Contact { ("1", "email") } else { ("2", "off") };
    view! {
        <form class="why" novalidate=true on:submit=send>
            <label for="more">{copy.ask.of(ask).to_owned()}</label>
            <textarea
                id="more"
                rows=rows
                autocomplete=autocomplete
                prop:value=move || words.get()
                on:input:target=move |event| words.set(event.target().value())
            ></textarea>
            <SendButton copy=Arc::clone(&copy) sending label=copy.add.clone()/>
        </form>
    }
}

fn receipt(copy: &SurveyCopy, receipt: &Receipt) -> impl IntoView + use<> {
    let promise = receipt.answered_by.as_ref().zip(receipt.by_when.as_ref()).map(|(who, when)| {
        let promise = copy.promise.replace("{who}", who).replace("{when}", when);
        view! { <p class="promise">{promise}</p> }
    });
    let reference = format!("{} {}", copy.reference, receipt.reference);
    view! { {promise} <p class="reference">{reference}</p> }
}
