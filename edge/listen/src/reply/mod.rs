//! What is answered.

mod asking;
pub(crate) mod framing;
pub(crate) mod realise;
pub(crate) mod selection;
pub(crate) mod templates;
mod widening;
