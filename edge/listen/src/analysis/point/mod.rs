//! What the customer most wants to have been heard.

pub(crate) mod candidates;
pub(crate) mod features;
pub(crate) mod ranking;
pub(crate) mod surroundings;
