//! What several pages are made of.

pub(crate) mod charts;
pub(crate) mod clock;
pub(crate) mod field;
pub(crate) mod keys;
pub(crate) mod quotes;
pub(crate) mod rail;
pub(crate) mod rows;
pub(crate) mod said;
