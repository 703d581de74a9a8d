//! What was learnt, and how it is run.

pub(crate) mod drivers;
pub(crate) mod encoder;
pub(crate) mod lanes;
pub(crate) mod logistic;
pub(crate) mod network;
pub(crate) mod sentiment;
