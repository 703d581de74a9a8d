use crate::answer::Held;
use crate::json::Asked;
use crate::panel::{DoneButton, Panel, Stage};
use crate::scale::{Scale, band_of};
use crate::thanks::Thanks;
use crate::why::CommentForm;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use std::sync::Arc;

/// The whole panel: asks for the score, then why, then shows that it was heard. Drawn natively with the same texts in `$name`,
/// this is the first view (`first_view.rs`).
pub(crate) fn view(survey: Asked, answer: Held, close: js_sys::Function) -> impl IntoView {
    let (score, words) = (answer.score(), answer.words());
    let panel = Panel {
        copy: Arc::new(survey.copy),
        lang: survey.lang.into(),
        stage: RwSignal::new(Stage::Asking),
        score: RwSignal::new(score),
        review: survey.review.map(Arc::new),
        close: SendWrapper::new(close),
        answer,
    };
    draw(panel, words, survey.notice)
}

pub(crate) fn draw(panel: Panel, words: String, notice: heard_wire::ContactNotice) -> impl IntoView {
    let (label, close) = (panel.copy.label.clone(), panel.copy.close.clone());
    let lang = panel.lang.to_string();
    let body = {
        let panel = panel.clone();
        move || match panel.stage.get() {
            Stage::Asking => {
                let copy = &panel.copy;
                let (why, score) = (copy.why.clone(), panel.score);
                let prompt = move || band_of(score.get()).map_or_else(String::new, |band| why.of(band).to_owned());
                let question = copy.question.clone();
                EitherOf3::A(view! {
                    <Scale panel=panel.clone() question in_thanks=false/>
                    <CommentForm panel=panel.clone() prompt words=words.clone()/>
                })
            }
            Stage::Thanks(acknowledgement) => {
                EitherOf3::B(view! { <Thanks panel=panel.clone() acknowledgement notice=notice.clone()/> })
            }
            Stage::Over => {
                let over = panel.copy.over.clone();
                EitherOf3::C(view! { <p class="thanks" tabindex="-1">{over}</p> <DoneButton panel=panel.clone()/> })
            }
        }
    };
    let on_close = move |_| panel.close();
    view! {
        <section class="panel" lang=lang dir="auto" aria-label=label tabindex="-1">
            {body}
            <button class="close" type="button" aria-label=close on:click=on_close>
                <span aria-hidden="true">{"\u{d7}"}</span>
            </button>
        </section>
    }
}
