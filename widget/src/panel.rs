use crate::answer::Held;
use heard_wire::{Acknowledgement, Band, ReviewLink, ReviewedBy, Score, SurveyCopy};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::sync::Arc;

/// How far the customer is.
#[derive(Clone)]
pub(crate) enum Stage {
    /// Asked for the score, and why.
    Asking,
    /// Heard, and perhaps asked one thing more.
    Thanks(Acknowledgement),
    /// The owner has closed the survey meanwhile.
    Over,
}

/// What all parts of the panel hold.
#[derive(Clone)]
pub(crate) struct Panel {
    /// Every text, in one language.
    pub(crate) copy: Arc<SurveyCopy>,
    /// BCP 47, of `copy`.
    pub(crate) lang: Arc<str>,
    pub(crate) answer: Held,
    pub(crate) stage: RwSignal<Stage>,
    pub(crate) score: RwSignal<Option<Score>>,
    /// Where the owner would like to be praised in public.
    pub(crate) review: Option<Arc<ReviewLink>>,
    pub(crate) close: SendWrapper<js_sys::Function>,
}

impl Panel {
    /// The link to reviews, for those to whom the owner offers it.
    pub(crate) fn offered_review(&self) -> Option<String> {
        let review = self.review.as_ref()?;
        let is_promoter = self.score.get_untracked().is_some_and(|score| score.band() == Band::Promoter);
        (is_promoter || review.to == ReviewedBy::Everyone).then(|| review.url.clone())
    }

    /// Takes the panel away.
    pub(crate) fn close(&self) {
        // The page's script catches its own errors.
        let _ = self.close.call0(&wasm_bindgen::JsValue::UNDEFINED);
    }
}

/// Closes the panel when all is said.
#[component]
pub(crate) fn DoneButton(
    /// What it closes.
    panel: Panel,
) -> impl IntoView {
    let done = panel.copy.done.clone();
    view! { <button class="send done" type="button" on:click=move |_| panel.close()>{done}</button> }
}
