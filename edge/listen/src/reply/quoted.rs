//! Words that a reply reads back.

use crate::reply::framing::Feels;
use heard_wire::Claim;
use std::ops::Range;

/// Longest two quotes together, so that a reply stays a reply.
pub(super) const MAX_PAIR_BYTES: usize = 220;

/// Words to read back.
#[derive(Clone)]
pub(super) struct Quoted<'a> {
    pub(super) words: &'a str,
    pub(super) span: Range<usize>,
    pub(super) feels: Feels,
    /// Log odds of praise against criticism.
    pub(super) leans: f32,
    /// How likely it praises.
    pub(super) praise: f32,
    pub(super) claims: Vec<Claim>,
}
