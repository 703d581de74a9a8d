//! What is answered.

mod answers;
mod asking;
pub(crate) mod framing;
mod quoted;
pub(crate) mod realise;
pub(crate) mod selection;
pub(crate) mod templates;
mod widening;
