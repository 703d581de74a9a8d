//! Words that a reply reads back.

use crate::analysis::listener::Point;
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
    /// The same of the part that feels worst.
    pub(super) worst: f32,
    /// Whether it holds praise and criticism.
    pub(super) is_mixed: bool,
    /// How likely it praises.
    pub(super) praise: f32,
    pub(super) claims: Vec<Claim>,
}

impl<'a> Quoted<'a> {
    /// The words of a point.
    pub(super) fn of(point: &Point, words: &'a str, feels: Feels, claims: Vec<Claim>) -> Self {
        let (span, leans, (worst, _)) = (point.span.clone(), point.feels, point.extremes);
        Self { words, span, feels, leans, worst, is_mixed: false, praise: point.feeling.praise, claims }
    }
}
