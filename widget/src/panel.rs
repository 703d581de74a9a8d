use crate::Page;
use crate::draft::Draft;
use crate::json::Asked;
use crate::scale::Scale;
use crate::thanks::Thanks;
use crate::why::Why;
use heard_wire::{Acknowledgement, Score};
use leptos::prelude::*;
use std::sync::Arc;

/// The whole panel: asks for the score, then why, then shows that it was heard.
#[component]
pub(crate) fn Panel(
    /// Every text, in one language.
    survey: Asked,
    /// What the page told us.
    page: Page,
) -> impl IntoView {
    let draft = Draft::new(&survey, page.clone());
    let copy = Arc::new(survey.copy);
    let score = RwSignal::new(None::<Score>);
    let thanks = RwSignal::new(None::<Acknowledgement>);
    let close = move || page.report("closed");
    let on_key = {
        let close = close.clone();
        move |event: web_sys::KeyboardEvent| {
            // The page sees keys as pressed on our element, where its own "not in a text field" does not hold.
            event.stop_propagation();
            if event.key() == "Escape" && !event.is_composing() {
                close();
            }
        }
    };
    let body = {
        let copy = Arc::clone(&copy);
        move || match thanks.get() {
            Some(acknowledgement) => {
                view! { <Thanks copy=Arc::clone(&copy) draft=draft.clone() acknowledgement score thanks/> }.into_any()
            }
            None => view! {
                <Scale copy=Arc::clone(&copy) draft=draft.clone() score question=copy.question.clone()/>
                <Why copy=Arc::clone(&copy) draft=draft.clone() score thanks/>
            }
            .into_any(),
        }
    };
    view! {
        <section class="panel" lang=survey.lang aria-label=copy.label.clone() tabindex="-1"
            on:keydown=on_key
            on:keyup=|event| event.stop_propagation()
            on:keypress=|event| event.stop_propagation()
        >
            <button class="close" type="button" aria-label=copy.close.clone() on:click=move |_| close()>
                <span aria-hidden="true">{"\u{d7}"}</span>
            </button>
            {body}
        </section>
    }
}
