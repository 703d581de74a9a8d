//! What a clause is about.

pub(crate) mod attribution;
mod industry;
pub(crate) mod similarity;
mod stems;
pub(crate) mod themes;
pub(crate) mod topics;
