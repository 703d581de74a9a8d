//! What a fresh isolate goes through before its first request: what pages come with most.
//!
//! A runtime compiles each function of the wasm when it is first called, which costs several times what calling it does. Work at the
//! start has a second of its own, and takes nothing of the ten milliseconds that a request has on Cloudflare's free plan.
//! `rehearsal.js` sends the requests, to a site that is nowhere.

use crate::site_client;
use heard_site::{Cell, Sql as _, Stage};
use heard_wire::Timestamp;
use serde_json::Value;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Clocks stand still before the first request.
pub(crate) const BEGINNING: Timestamp = Timestamp::from_millis(0);

/// The rows that a statement finds on the stage, as JSON: a list of lists.
///
/// # Errors
/// When the site's settings cannot be written.
#[wasm_bindgen]
pub fn rows_on_stage(statement: &str) -> Result<String, JsError> {
    let rows = Stage.run(statement, Vec::new())?.into_iter();
    let rows: Value = rows.map(|row| row.into_iter().map(of_cell).collect::<Value>()).collect();
    Ok(rows.to_string())
}

fn of_cell(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(value) => value.into(),
        Cell::Text(value) => value.into(),
    }
}

/// Nothing of it stays: a real site may have the same name.
#[wasm_bindgen]
pub fn strike_the_stage() {
    site_client::forget_all();
}
