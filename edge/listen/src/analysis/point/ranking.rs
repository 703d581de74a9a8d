//! Which candidate the customer most wants to have been heard. `train/points.py` makes the weights.

use crate::analysis::point::candidates::Candidate;
use crate::models::lanes::add_times;
use crate::models::network::Numbers;
use crate::text::segments::Joint;
use std::sync::LazyLock;

const HIDDEN: usize = 10;

/// A small network over the numbers of [`features`](super::features).
struct Ranker {
    line: Vec<f32>,
    hidden: Vec<[f32; HIDDEN]>,
    hidden_bias: [f32; HIDDEN],
    out: [f32; HIDDEN],
    bias: f32,
    /// What speaks for words that must not be read back.
    never: Vec<f32>,
    never_bias: f32,
    /// What speaks for criticism, praise and a wish.
    feeling: Vec<[f32; FEELINGS]>,
    feeling_bias: [f32; FEELINGS],
}

const FEELINGS: usize = 3;

/// How likely it is that words criticise, praise or wish for something.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Feeling {
    /// That they criticise.
    pub criticism: f32,
    /// That they praise.
    pub praise: f32,
    /// That they wish for something.
    pub wish: f32,
}

/// One for English, whose clauses are read more closely, and one for the other languages. `None` when the stored weights do
/// not fit, which a test rules out.
static RANKERS: LazyLock<Option<[Ranker; 2]>> = LazyLock::new(|| {
    let (head, rest) = include_bytes!("../../../model/point.bin").split_first_chunk::<8>()?;
    let [features, hidden] = head.as_chunks::<4>().0 else { return None };
    let features = usize::try_from(u32::from_le_bytes(*features)).ok()?;
    if features != super::features::COUNT || usize::try_from(u32::from_le_bytes(*hidden)) != Ok(HIDDEN) {
        return None;
    }
    let mut numbers = Numbers::of(rest);
    let mut one = || Ranker {
        line: numbers.rows::<1>(features).concat(),
        hidden: numbers.rows(features),
        hidden_bias: numbers.row(),
        out: numbers.row(),
        bias: numbers.row::<1>().iter().sum(),
        never: numbers.rows::<1>(features).concat(),
        never_bias: numbers.row::<1>().iter().sum(),
        feeling: numbers.rows(features),
        feeling_bias: numbers.row(),
    };
    let rankers = [one(), one()];
    (numbers.is_at_end() && rankers.iter().all(|ranker| ranker.feeling_bias.iter().all(|bias| bias.is_finite())))
        .then_some(rankers)
});

fn ranker(is_english: bool) -> Option<&'static Ranker> {
    let [english, others] = RANKERS.as_ref()?;
    Some(if is_english { english } else { others })
}

/// How a candidate feels, given the score and all around it.
pub(crate) fn feeling(features: &[f32], is_english: bool) -> Feeling {
    let Some(ranker) = ranker(is_english) else { return Feeling::default() };
    let mut odds = ranker.feeling_bias;
    for (value, weights) in features.iter().zip(&ranker.feeling).filter(|(value, _)| **value != 0.0) {
        odds.iter_mut().zip(weights).for_each(|(odds, weight)| *odds += value * weight);
    }
    let most = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let [criticism, praise, wish] = odds.map(|odds| (odds - most).exp());
    let sum = criticism + praise + wish;
    Feeling { criticism: criticism / sum, praise: praise / sum, wish: wish / sum }
}

/// How much better it is to read back a candidate than nothing, in log odds.
pub(crate) fn rank(features: &[f32], is_english: bool) -> f32 {
    let Some(ranker) = ranker(is_english) else { return f32::NEG_INFINITY };
    let (mut hidden, mut sum, mut never) = (ranker.hidden_bias, ranker.bias, ranker.never_bias);
    let weights = ranker.line.iter().zip(&ranker.never).zip(&ranker.hidden);
    for (value, ((line, of_never), weights)) in features.iter().zip(weights).filter(|(value, _)| **value != 0.0) {
        sum += value * line;
        never += value * of_never;
        add_times(&mut hidden, *value, weights);
    }
    sum += hidden.iter().zip(ranker.out).map(|(hidden, weight)| hidden.tanh() * weight).sum::<f32>();
    sum - never.min(30.0).exp().ln_1p()
}

/// The same in a language that is not known: the longest run of whole clauses up to a sentence's length.
#[expect(clippy::cast_precision_loss, reason = "a candidate has few words")]
pub(crate) fn rank_unread(candidate: &Candidate) -> f32 {
    let is_whole = candidate.starts == Joint::Sentence && candidate.ends == Joint::Sentence;
    let length = candidate.words.len().min(PLAIN_WORDS) as f32;
    let over = candidate.words.len().saturating_sub(PLAIN_WORDS) as f32;
    length - 1.5 * over + if is_whole { 2.0 } else { 0.0 }
}

/// Words of a quote in a language that is not known.
const PLAIN_WORDS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_weights_fit() {
        assert!(RANKERS.is_some());
    }
}
