//! What a comment says.

pub(crate) mod acts;
pub(crate) mod aspects;
pub(crate) mod clause;
pub(crate) mod entities;
pub(crate) mod listener;
pub(crate) mod sentiment;
