//! What the customer does with a clause: proposes, asks, leaves.

pub(crate) mod harm;
pub(crate) mod ideas;
pub(crate) mod intents;
pub(crate) mod leaving;
pub(crate) mod suggestions;
