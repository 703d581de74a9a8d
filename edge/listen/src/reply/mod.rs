//! What is answered.

mod asking;
pub(crate) mod framing;
mod quoted;
pub(crate) mod realise;
pub(crate) mod selection;
pub(crate) mod templates;
mod widening;
