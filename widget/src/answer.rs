//! The customer's answer, which the page's script keeps and sends (`first/answer.js`): there before this program, and after it.

use crate::json;
use crate::trouble::Trouble;
use heard_wire::{Acknowledgement, Ask, Score};
use send_wrapper::SendWrapper;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// See `first/answer.js`.
    pub type Answer;

    #[wasm_bindgen(method, getter)]
    fn draft(this: &Answer) -> JsValue;
    #[wasm_bindgen(method)]
    fn choose(this: &Answer, score: u8) -> js_sys::Promise;
    #[wasm_bindgen(method, js_name = type)]
    fn type_text(this: &Answer, text: &str, is_more: bool);
    #[wasm_bindgen(method)]
    fn send(this: &Answer) -> js_sys::Promise;
    #[wasm_bindgen(method)]
    fn add(this: &Answer, ask: &str) -> js_sys::Promise;
}

/// Shared by the parts of the panel.
#[derive(Clone)]
pub(crate) struct Held(SendWrapper<Rc<Answer>>);

impl Held {
    /// leptos wants what views hold to be `Send`; a page has one thread.
    pub(crate) fn new(answer: Answer) -> Self {
        Self(SendWrapper::new(Rc::new(answer)))
    }

    /// The score chosen before this program was there.
    pub(crate) fn score(&self) -> Option<Score> {
        json::score(&self.0.draft())
    }

    /// The words typed before this program was there.
    pub(crate) fn words(&self) -> String {
        json::text(&self.0.draft(), "text").unwrap_or_default()
    }

    /// Saves a score; `None` when another was chosen before it was.
    pub(crate) async fn choose(&self, score: Score) -> Option<Result<Acknowledgement, Trouble>> {
        let told = JsFuture::from(self.0.choose(score.get())).await.ok()?;
        json::acknowledgement(&told).map(Ok).or_else(|| json::trouble(&told).map(Err))
    }

    /// Keeps what is typed: the comment, or the answer to a reply's question.
    pub(crate) fn keep(&self, text: &str, is_more: bool) {
        self.0.type_text(text, is_more);
    }

    /// Sends the words. An empty comment says that there is nothing to add.
    pub(crate) async fn send(&self) -> Result<Acknowledgement, Trouble> {
        told(self.0.send()).await
    }

    /// Adds what was answered to the question of a reply.
    pub(crate) async fn add(&self, ask: Ask) -> Result<Acknowledgement, Trouble> {
        told(self.0.add(json::name(ask))).await
    }
}

async fn told(promise: js_sys::Promise) -> Result<Acknowledgement, Trouble> {
    let told = JsFuture::from(promise).await.map_err(|_| Trouble::Failed)?;
    json::acknowledgement(&told).ok_or_else(|| json::trouble(&told).unwrap_or(Trouble::Failed))
}
