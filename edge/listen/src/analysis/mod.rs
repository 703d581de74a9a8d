//! What a comment says.

pub(crate) mod acts;
pub(crate) mod aspects;
pub(crate) mod clause;
pub(crate) mod english;
pub(crate) mod entities;
pub(crate) mod finding;
pub(crate) mod listener;
pub(crate) mod multilingual;
pub(crate) mod point;
pub(crate) mod reading;
pub(crate) mod sentiment;
