//! The customer's answer as it grows: one id, a revision that counts up, and where it is sent.

use crate::Page;
use crate::json::{self, Asked, Revision};
use crate::sending::{Failed, post};
use heard_wire::{Acknowledgement, ResponseId, Score};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue};

/// Shared by the parts of the panel.
#[derive(Clone)]
pub(crate) struct Draft(SendWrapper<Rc<RefCell<State>>>);

struct State {
    page: Page,
    url: String,
    saved: Option<Revision>,
    pending_score: Option<Score>,
    lang: String,
    sender: JsValue,
}

impl Draft {
    pub(crate) fn new(asked: &Asked, page: Page) -> Self {
        let url = format!("{}/v1/sites/{}/responses", page.base, asked.site);
        let state = State {
            page,
            url,
            saved: None,
            pending_score: None,
            lang: asked.lang.clone(),
            sender: asked.sender.clone(),
        };
        // leptos wants what views hold to be `Send`; a page has one thread.
        Self(SendWrapper::new(Rc::new(RefCell::new(state))))
    }

    /// Saves a score: the first at once, so that it counts even when the customer leaves now.
    pub(crate) async fn save_score(&self, score: Score) -> Result<Acknowledgement, Failed> {
        self.save(score, None).await
    }

    /// Sends the words. An empty comment says that there is nothing to add.
    pub(crate) async fn send(&self, score: Score, comment: String) -> Result<Acknowledgement, Failed> {
        self.save(score, Some(comment)).await
    }

    /// Adds the answer to a follow-up question below what was already said.
    pub(crate) async fn add(&self, more: &str) -> Result<Acknowledgement, Failed> {
        let (score, said) = {
            let state = self.0.borrow();
            let saved = state.saved.as_ref().ok_or(Failed::Unsent)?;
            (saved.score, saved.comment.clone().unwrap_or_default())
        };
        let comment = if said.is_empty() { more.to_owned() } else { format!("{said}\n\n{more}") };
        self.save(score, Some(comment)).await
    }

    /// The score last chosen and not yet saved. It outlives the panel, so that closing loses nothing.
    pub(crate) fn set_pending(&self, score: Score) {
        self.0.borrow_mut().pending_score = Some(score);
    }

    /// Whether this score still waits to be saved.
    pub(crate) fn is_pending(&self, score: Score) -> bool {
        self.0.borrow().pending_score == Some(score)
    }

    async fn save(&self, score: Score, comment: Option<String>) -> Result<Acknowledgement, Failed> {
        let (url, revision, page) = {
            let mut state = self.0.borrow_mut();
            state.pending_score = None;
            let mut revision = state.next(score)?.clone();
            revision.comment = comment.or(revision.comment);
            (state.url.clone(), revision, state.page.clone())
        };
        let body = json::revision(&revision).ok_or(Failed::Unsent)?;
        let answer = post(&url, &body).await?;
        // Only what has arrived counts as said: a follow-up that failed is not added twice by the next try.
        if let Some(saved) = self.0.borrow_mut().saved.as_mut() {
            saved.comment = revision.comment.or(saved.comment.take());
        }
        page.report("answered");
        json::acknowledgement(&answer).ok_or(Failed::Unsent)
    }
}

impl State {
    fn next(&mut self, score: Score) -> Result<&mut Revision, Failed> {
        if self.saved.is_none() {
            self.saved = Some(Revision {
                id: new_id().ok_or(Failed::Unsent)?,
                revision: 0,
                score,
                comment: None,
                page: page_address().ok_or(Failed::Unsent)?,
                lang: self.lang.clone(),
                visitor: self.page.visitor(),
                sender: self.sender.clone(),
            });
        }
        let revision = self.saved.as_mut().ok_or(Failed::Unsent)?;
        revision.revision += 1;
        revision.score = score;
        Ok(revision)
    }
}

/// Origin and path only: queries and fragments hold tokens and names that are nobody's business.
fn page_address() -> Option<String> {
    let location = web_sys::window()?.location();
    let address = format!("{}//{}{}", location.protocol().ok()?, location.host().ok()?, location.pathname().ok()?);
    // Longer than the Worker takes: where it was asked is not worth losing the answer.
    Some(address.chars().take(2_000).collect())
}

/// A UUID version 7 (RFC 9562): 48 bits of time in milliseconds, then random bits.
fn new_id() -> Option<ResponseId> {
    let scope: web_sys::Window = js_sys::global().unchecked_into();
    let random = js_sys::Uint8Array::new_with_length(10);
    scope.crypto().ok()?.get_random_values_with_array_buffer_view(&random).ok()?;
    let mut bytes = [0_u8; 10];
    random.copy_to(&mut bytes);
    let random = bytes.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970 fit")]
    let millis = js_sys::Date::now() as u64;
    Some(ResponseId::from_parts(millis, random))
}
