//! Whom and what it names.

pub(crate) mod amounts;
pub(crate) mod names;
pub(crate) mod people;
