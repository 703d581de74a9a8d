//! What a clause is about.

pub(crate) mod attribution;
pub(crate) mod similarity;
pub(crate) mod themes;
pub(crate) mod topics;
