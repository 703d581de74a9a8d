//! The clock, the dice and the log of the runtime.

use crate::http::internal;
use heard_wire::{Problem, Timestamp};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast as _;

/// The moment, in whole milliseconds. Workers stop the clock while code runs, so it is read once an event.
pub(crate) fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// A moment as JavaScript counts: milliseconds since 1970.
pub(crate) fn moment_as_number(at: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let millis = at.as_millis() as f64;
    millis
}

/// The moment that JavaScript counts so; infinity is the end of time.
pub(crate) fn moment_from_number(millis: f64) -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "a cast saturates")]
    Timestamp::from_millis(millis as i64)
}

/// Sixteen fresh random bytes from the runtime.
pub(crate) fn random() -> [u8; 16] {
    let array = Uint8Array::new_with_length(16);
    let mut bytes = [0; 16];
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    match scope.crypto().and_then(|crypto| crypto.get_random_values_with_array_buffer_view(&array)) {
        Ok(_) => array.copy_to(&mut bytes),
        // Every runtime we run on has it. Ids would collide and be refused by their UNIQUE columns.
        Err(_) => worker::console_error!("drawing random bytes failed"),
    }
    bytes
}

/// Logs what failed, without anything a customer or an owner wrote, and gives the problem to answer with.
pub(crate) fn logged(act: &str, error: &str) -> Problem {
    worker::console_error!("{act}: {error}");
    internal(act)
}
