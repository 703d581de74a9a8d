//! What is answered.

pub(crate) mod realise;
pub(crate) mod selection;
pub(crate) mod templates;
