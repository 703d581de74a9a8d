use crate::panel::{Panel, Stage};
use crate::trouble::Trouble;
use heard_wire::{Acknowledgement, Ask, Band, Score};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

pub(crate) fn band_of(score: Option<Score>) -> Option<Band> {
    score.map(Score::band)
}

/// The question and its eleven scores, as a radio group.
#[component]
pub(crate) fn Scale(
    /// What it is part of.
    panel: Panel,
    /// What is asked.
    question: String,
    /// Whether a score is put right here, of which the next reply tells.
    in_thanks: bool,
) -> impl IntoView {
    let Panel { copy, answer, stage, score, .. } = panel;
    let choose = move |chosen: Score| {
        score.set(Some(chosen));
        let answer = answer.clone();
        spawn_local(async move {
            match answer.choose(chosen).await {
                Some(Err(Trouble::Over)) => drop(stage.try_set(Stage::Over)),
                Some(Ok(acknowledgement)) if in_thanks => {
                    // They were asked once whether they mean it.
                    let ask = acknowledgement.ask.filter(|ask| *ask != Ask::CheckScore);
                    drop(stage.try_set(Stage::Thanks(Acknowledgement { ask, ..acknowledgement })));
                }
                _ => {}
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
        <fieldset>
            <legend>{question}</legend>
            <div class="scale">{radios.collect::<Vec<_>>()}</div>
            <div class="anchors" aria-hidden="true">
                <span>{format!("0 \u{b7} {}", copy.low)}</span>
                <span>{format!("10 \u{b7} {}", copy.high)}</span>
            </div>
        </fieldset>
    }
}
