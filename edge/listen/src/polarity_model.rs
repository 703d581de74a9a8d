//! How a clause feels, by a small convolutional network over word pieces that was taught by a large one;
//! `train/polarity.py` makes its weights and `model/README.md` tells from what.
//!
//! The first layer sees three pieces at a time. Since its input is one of ten thousand pieces, what it would compute is
//! stored for each piece and place, and the layer is a look-up and an addition.

use crate::words::Word;
use std::sync::LazyLock;

const FILTERS: usize = 32;
const TAPS: usize = 3;
/// Pieces that are read together; longer clauses are read in parts.
const WINDOW: usize = 48;

/// Log odds of a clause's three feelings, up to a constant that they share.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Feelings {
    pub(crate) negative: f32,
    pub(crate) neutral: f32,
    pub(crate) positive: f32,
}

impl Feelings {
    /// The log odds of praise against criticism.
    pub(crate) fn praise(&self) -> f32 {
        self.positive - self.negative
    }
}

type Filters = [f32; FILTERS];

struct Network {
    /// Sorted, so that a piece is found by halving.
    pieces: Vec<&'static str>,
    /// For each piece, three rows of filters.
    table: &'static [u8],
    scale: [Filters; TAPS],
    first_bias: Filters,
    second: Vec<Filters>,
    second_bias: Filters,
    out: Vec<f32>,
    out_bias: [f32; 3],
}

static NETWORK: LazyLock<Option<Network>> = LazyLock::new(read_network);

fn read_network() -> Option<Network> {
    let pieces: Vec<&str> = include_str!("../model/pieces.txt").lines().collect();
    let (head, rest) = include_bytes!("../model/polarity.bin").split_first_chunk::<8>()?;
    let (count, filters) = head.split_at_checked(4)?;
    let number = |bytes: &[u8]| usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok();
    if number(count)? != pieces.len() || number(filters)? != FILTERS {
        return None;
    }
    let (table, rest) = rest.split_at_checked(pieces.len() * TAPS * FILTERS)?;
    let mut floats = rest.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
    let mut row = || {
        let mut row = [0.0; FILTERS];
        row.iter_mut().for_each(|weight| *weight = floats.next().unwrap_or(0.0));
        row
    };
    let scale = [row(), row(), row()];
    let first_bias = row();
    let second = (0..TAPS * FILTERS).map(|_| row()).collect();
    let second_bias = row();
    let mut out: Vec<f32> = floats.collect();
    let out_bias = out.split_off(out.len().checked_sub(3)?).try_into().ok()?;
    Some(Network { pieces, table, scale, first_bias, second, second_bias, out, out_bias })
}

/// How these words feel; all zero when none of them is known.
pub(crate) fn feelings(words: &[Word]) -> Feelings {
    let Some(network) = &*NETWORK else { return Feelings::default() };
    let mut pieces = Vec::with_capacity(words.len() * 2);
    for word in words {
        network.cut(&word.text.replace('\'', ""), &mut pieces);
    }
    let parts = pieces.chunks(WINDOW).len();
    let mut sum = Feelings::default();
    for part in pieces.chunks(WINDOW) {
        let [negative, neutral, positive] = network.read(part);
        #[expect(clippy::cast_precision_loss, reason = "a comment has few parts")]
        let share = 1.0 / parts as f32;
        sum.negative += negative * share;
        sum.neutral += neutral * share;
        sum.positive += positive * share;
    }
    sum
}

/// Longest piece in bytes.
const MAX_PIECE: usize = 20;

impl Network {
    /// Cuts a word into the longest pieces there are, as WordPiece does; letters in no piece are passed over.
    fn cut(&self, word: &str, found: &mut Vec<usize>) {
        let mut from = 0;
        let mut key = String::with_capacity(MAX_PIECE + 2);
        while let Some(rest) = word.get(from..).filter(|rest| !rest.is_empty()) {
            let longest = (1..=rest.len().min(MAX_PIECE)).rev().find_map(|end| {
                let piece = rest.get(..end)?;
                key.clear();
                key.push_str(if from == 0 { "" } else { "##" });
                key.push_str(piece);
                self.pieces.binary_search(&key.as_str()).ok().map(|place| (place, end))
            });
            from += match longest {
                Some((place, end)) => {
                    found.push(place);
                    end
                }
                None => rest.chars().next().map_or(1, char::len_utf8),
            };
        }
    }

    /// Both layers, pooled: for each filter the most it saw and how much it saw.
    fn read(&self, pieces: &[usize]) -> [f32; 3] {
        let first: Vec<Filters> = (0..pieces.len()).map(|at| self.first(pieces, at)).collect();
        let (mut most, mut all) = ([0.0_f32; FILTERS], [0.0_f32; FILTERS]);
        for at in 0..first.len() {
            let seen = self.second(&first, at);
            for ((most, all), seen) in most.iter_mut().zip(&mut all).zip(seen) {
                *most = most.max(seen);
                *all += seen;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a part has at most WINDOW pieces")]
        let share = 0.5 / (pieces.len().max(1) as f32).sqrt();
        let mut out = self.out_bias;
        let pooled = most.into_iter().chain(all.into_iter().map(|all| all * share));
        for (value, weights) in pooled.zip(self.out.as_chunks::<3>().0) {
            for (out, weight) in out.iter_mut().zip(weights) {
                *out += value * weight;
            }
        }
        out
    }

    /// The first layer at one piece: the rows of it and its neighbours, added up.
    fn first(&self, pieces: &[usize], at: usize) -> Filters {
        let mut sum = self.first_bias;
        for (tap, scale) in self.scale.iter().enumerate() {
            let piece = (at + tap).checked_sub(1).and_then(|at| pieces.get(at));
            let row = piece.and_then(|piece| self.table.as_chunks::<FILTERS>().0.get(piece * TAPS + tap));
            let Some(row) = row else { continue };
            for ((sum, weight), scale) in sum.iter_mut().zip(row).zip(scale) {
                *sum += f32::from(weight.cast_signed()) * scale;
            }
        }
        sum.map(|value| value.max(0.0))
    }

    /// The second layer at one piece.
    fn second(&self, first: &[Filters], at: usize) -> Filters {
        let mut sum = self.second_bias;
        for (tap, weights) in self.second.chunks_exact(FILTERS).enumerate() {
            let Some(seen) = (at + tap).checked_sub(1).and_then(|at| first.get(at)) else { continue };
            for (value, weights) in seen.iter().zip(weights).filter(|(value, _)| **value > 0.0) {
                for (sum, weight) in sum.iter_mut().zip(weights) {
                    *sum += value * weight;
                }
            }
        }
        sum.map(|value| value.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn what_it_was_taught_it_knows() {
        let taught = include_str!("../train/phrasings.tsv");
        let lines = taught.lines().filter_map(|line| line.split_once('\t')).filter(|(label, _)| *label != "=");
        let lines: Vec<(&str, &str)> = lines.collect();
        let right = lines.iter().filter(|(label, text)| (feelings(&words(text, 0)).praise() > 0.0) == (*label == "+"));
        let right = right.count();
        // Below this the pieces or layers here and in the script no longer agree.
        assert!(right * 100 >= lines.len() * 88, "{right} of {}", lines.len());
    }

    #[test]
    fn odd_words_are_read_without_harm() {
        for text in ["", "日本語", "ﬀ'é'", &"x".repeat(9_000), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        {
            let found = feelings(&words(text, 0));
            assert!(found.praise().is_finite(), "{text}");
        }
    }
}
