//! The NPS question in the page: a leptos component in a shadow root. The page's own script (`first/`) has put the first view
//! up before this program is there; [`hydrate`] goes on with those very nodes.

mod answer;
mod json;
mod panel;
mod scale;
mod thanks;
mod trouble;
mod view;
mod why;

#[cfg(test)]
mod first_view;

use answer::Answer;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Position, PositionState};
use std::any::Any;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

thread_local! {
    static MOUNTED: RefCell<Option<Box<dyn Any>>> = const { RefCell::new(None) };
}

/// Goes on with the first view at `panel`: nodes, focus, score and words stay as they are. `survey` is the survey as parsed
/// from JSON, `close` takes the panel away.
///
/// # Errors
/// When the survey does not read; nothing is changed then.
#[wasm_bindgen]
pub fn hydrate(
    panel: web_sys::Element,
    survey: &JsValue,
    answer: Answer,
    close: js_sys::Function,
) -> Result<(), JsError> {
    let survey = json::survey(survey).ok_or_else(|| JsError::new("the survey lacks a field"))?;
    // Fails when it is there already, from an earlier question on this page.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let state = owner.with(|| {
        let view = view::view(survey, answer::Held::new(answer), close);
        // The cursor stands on the first node, which is the root of the view.
        let position = PositionState::new(Position::Current);
        view.hydrate::<true>(&Cursor::new(panel), &position)
    });
    MOUNTED.set(Some(Box::new((owner, state))));
    Ok(())
}

/// Frees what the survey held. Its nodes are the page's script's.
#[wasm_bindgen]
pub fn unmount() {
    drop(MOUNTED.take());
}
