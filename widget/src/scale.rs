use crate::draft::Draft;
use gloo_timers::future::TimeoutFuture;
use heard_wire::{Acknowledgement, Score, SurveyCopy};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// How long a keyboard may rest on a score before it is saved: arrow keys pass over the scores on the way.
const REST_MILLIS: u32 = 600;

/// The question and its eleven scores, as a radio group.
#[component]
pub(crate) fn Scale(
    /// Every text.
    copy: Arc<SurveyCopy>,
    /// Where a score is saved.
    draft: Draft,
    /// The score chosen.
    score: RwSignal<Option<Score>>,
    /// What is asked.
    question: String,
    /// Set to what the customer reads once a score is saved.
    #[prop(optional)]
    thanks: Option<RwSignal<Option<Acknowledgement>>>,
) -> impl IntoView {
    let by_key = StoredValue::new(false);
    let choose = move |chosen: Score| {
        let first_by_pointer = score.get_untracked().is_none() && !by_key.get_value();
        score.set(Some(chosen));
        draft.set_pending(chosen);
        let draft = draft.clone();
        spawn_local(async move {
            if !first_by_pointer {
                TimeoutFuture::new(REST_MILLIS).await;
            }
            if !draft.is_pending(chosen) {
                return;
            }
            // A score that could not be saved goes along with the words.
            let saved = draft.save_score(chosen).await;
            // Arrow keys pass over scores on the way: the scale stays until the right one is found.
            let is_final = !by_key.try_get_value().unwrap_or(false);
            if let (true, Some(thanks), Ok(acknowledgement)) = (is_final, thanks, saved) {
                drop(thanks.try_set(Some(Acknowledgement { ask: None, ..acknowledgement })));
            }
        });
    };
    let radios = (0..=10).filter_map(Score::new).map(|value| {
        let name = match value.get() {
            0 => format!("0, {}", copy.low),
            10 => format!("10, {}", copy.high),
            n => n.to_string(),
        };
        let choose = choose.clone();
        view! {
            <label>
                <input
                    type="radio"
                    name="score"
                    value=value.get().to_string()
                    aria-label=name
                    prop:checked=move || score.get() == Some(value)
                    on:change=move |_| choose(value)
                />
                <span aria-hidden="true">{value.get().to_string()}</span>
            </label>
        }
    });
    view! {
        <fieldset
            on:pointerdown=move |_| by_key.set_value(false)
            on:keydown=move |_| by_key.set_value(true)
        >
            <legend>{question}</legend>
            <div class="scale">{radios.collect_view()}</div>
            <div class="anchors" aria-hidden="true">
                <span>{format!("0 \u{b7} {}", copy.low)}</span>
                <span>{format!("10 \u{b7} {}", copy.high)}</span>
            </div>
        </fieldset>
    }
}
