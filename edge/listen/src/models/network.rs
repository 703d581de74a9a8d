//! The small convolutional network that everything about feelings is asked of; a large one taught it. `train/polarity.py`
//! makes its weights and `model/README.md` tells from what.
//!
//! The first layer sees three pieces at a time. Since its input is one of ten thousand pieces, what it would compute is
//! stored for each piece and place, and the layer is a look-up and an addition.

use crate::models::lanes::{add_rows, add_times};
use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) const FILTERS: usize = 32;
const TAPS: usize = 3;
/// Parts of a sentence that are looked for at once, and the numbers by which they are looked for.
pub(crate) const HEADS: usize = 3;
const KEYS: usize = 12;
/// Distances that are told apart, see [`Network::nearness`].
const REACHES: [usize; 8] = [1, 2, 3, 4, 6, 9, 13, 19];

pub(crate) type Filters = [f32; FILTERS];
/// A number for each part that is looked for.
pub(crate) type Heads = [f32; HEADS];

/// Log odds of three feelings, up to a constant that they share.
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

impl From<[f32; 3]> for Feelings {
    fn from([negative, neutral, positive]: [f32; 3]) -> Self {
        Self { negative, neutral, positive }
    }
}

/// The weights, in the order in which they are stored.
pub(crate) struct Network {
    /// Sorted, so that the longest piece that a word begins with is found by halving.
    pieces: Vec<&'static str>,
    /// Where each of them stands: most words are one piece.
    places: HashMap<&'static str, usize>,
    /// For each piece, three rows of filters.
    table: &'static [u8],
    scale: [Filters; TAPS],
    first_bias: Filters,
    second: Vec<Filters>,
    second_bias: Filters,
    /// From what was seen most and how much was seen, to the feeling of all.
    pub(crate) of_all: Outcome,
    /// How near a word is, before and after what is asked about.
    distance: [Vec<Heads>; 2],
    commas: Vec<Heads>,
    contrasts: Vec<Heads>,
    ands: Vec<Heads>,
    /// What is looked for around anything.
    always: [Heads; FILTERS],
    /// What is looked for around this, and what answers it.
    asked: Vec<[f32; KEYS]>,
    answers: Vec<[f32; KEYS]>,
    /// From what was found around what is asked about, itself and all, to the feeling about it.
    pub(crate) of_one: Outcome,
}

/// The last layer: three log odds from any number of values.
pub(crate) struct Outcome {
    weights: Vec<[f32; 3]>,
    bias: [f32; 3],
}

impl Outcome {
    pub(crate) fn of(&self, values: impl Iterator<Item = f32>) -> Feelings {
        let mut odds = self.bias;
        for (value, weights) in values.zip(&self.weights) {
            for (odds, weight) in odds.iter_mut().zip(weights) {
                *odds += value * weight;
            }
        }
        odds.into()
    }
}

/// `None` when the stored weights do not fit, which a test rules out.
pub(crate) static NETWORK: LazyLock<Option<Network>> = LazyLock::new(Network::stored);

/// Stored numbers, taken one after the other; what is not there is no number.
pub(crate) struct Numbers<'a>(std::slice::Iter<'a, [u8; 4]>);

impl<'a> Numbers<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self(bytes.as_chunks().0.iter())
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.0.len() == 0
    }

    pub(crate) fn row<const N: usize>(&mut self) -> [f32; N] {
        std::array::from_fn(|_| self.0.next().map_or(f32::NAN, |bytes| f32::from_le_bytes(*bytes)))
    }

    pub(crate) fn rows<const N: usize>(&mut self, count: usize) -> Vec<[f32; N]> {
        (0..count).map(|_| self.row()).collect()
    }

    fn outcome(&mut self, values: usize) -> Outcome {
        Outcome { weights: self.rows(values), bias: self.row() }
    }
}

/// Longest piece in bytes.
const MAX_PIECE: usize = 20;

impl Network {
    fn stored() -> Option<Self> {
        let pieces: Vec<&str> = include_str!("../../model/pieces.txt").lines().collect();
        let (head, rest) = include_bytes!("../../model/polarity.bin").split_first_chunk::<8>()?;
        let (count, filters) = head.split_at_checked(4)?;
        let number = |bytes: &[u8]| usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok();
        if number(count)? != pieces.len() || number(filters)? != FILTERS {
            return None;
        }
        let (table, rest) = rest.split_at_checked(pieces.len() * TAPS * FILTERS)?;
        let mut numbers = Numbers::of(rest);
        let network = Self {
            places: pieces.iter().enumerate().map(|(place, piece)| (*piece, place)).collect(),
            pieces,
            table,
            scale: [numbers.row(), numbers.row(), numbers.row()],
            first_bias: numbers.row(),
            second: numbers.rows(TAPS * FILTERS),
            second_bias: numbers.row(),
            of_all: numbers.outcome(2 * FILTERS),
            distance: [numbers.rows(REACHES.len() + 1), numbers.rows(REACHES.len() + 1)],
            commas: numbers.rows(4),
            contrasts: numbers.rows(3),
            ands: numbers.rows(3),
            always: std::array::from_fn(|_| numbers.row()),
            asked: numbers.rows(FILTERS * HEADS),
            answers: numbers.rows(FILTERS * HEADS),
            of_one: numbers.outcome((HEADS + 3) * FILTERS),
        };
        let fits = numbers.is_at_end() && network.of_one.bias.iter().all(|bias| bias.is_finite());
        fits.then_some(network)
    }

    /// Whether a whole word is one piece.
    pub(crate) fn is_piece(&self, word: &str) -> bool {
        self.places.contains_key(word)
    }

    /// Cuts a word into the longest pieces there are, as WordPiece does; letters in no piece, and apostrophes, are passed over.
    pub(crate) fn cut(&self, word: &str, found: &mut Vec<usize>) {
        let word = word.replace('\'', "");
        let mut from = 0;
        while let Some(rest) = word.get(from..).filter(|rest| !rest.is_empty()) {
            let head = rest.get(..rest.floor_char_boundary(MAX_PIECE)).unwrap_or(rest);
            let longest = match from {
                0 => self.longest(head, 0),
                _ => self.longest(&format!("##{head}"), 2).map(|(place, length)| (place, length - 2)),
            };
            found.extend(longest.map(|(place, _)| place));
            from += longest.map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |(_, length)| length);
        }
    }

    /// The longest piece that `key` begins with, and its length; longer than `least`.
    fn longest(&self, key: &str, least: usize) -> Option<(usize, usize)> {
        if let Some(place) = self.places.get(key) {
            return Some((*place, key.len()));
        }
        let mut end = key.len();
        while end > least {
            let probe = key.get(..end)?;
            let place = match self.pieces.binary_search(&probe) {
                Ok(place) => return Some((place, end)),
                Err(place) => place.checked_sub(1)?,
            };
            // No piece stands between this one and the key: either it is what the key begins with, or what both begin with
            // is all that is left to look for.
            let before = self.pieces.get(place)?;
            let shared = before.bytes().zip(probe.bytes()).take_while(|(one, other)| one == other).count();
            if shared == before.len() && shared > least {
                return Some((place, shared));
            }
            end = probe.floor_char_boundary(shared.min(end - 1));
        }
        None
    }

    /// What both layers see at each piece.
    pub(crate) fn see(&self, pieces: &[usize]) -> Vec<Filters> {
        let first: Vec<Filters> = (0..pieces.len()).map(|at| self.first(pieces, at)).collect();
        (0..first.len()).map(|at| self.second(&first, at)).collect()
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
            let rows = seen.iter().zip(weights).filter(|(value, _)| **value > 0.0);
            add_rows(&mut sum, rows.map(|(value, weights)| (*value, weights.as_slice())));
        }
        sum.map(|value| value.max(0.0))
    }

    /// What is looked for around what was seen as `this`: for each part, the weight of each filter.
    pub(crate) fn looked_for(&self, this: &Filters) -> [Filters; HEADS] {
        let mut asked = [[0.0_f32; KEYS]; HEADS];
        for (value, rows) in this.iter().zip(self.asked.chunks_exact(HEADS)) {
            for (asked, row) in asked.iter_mut().zip(rows) {
                add_times(asked, *value, row);
            }
        }
        let mut wanted = [[0.0; FILTERS]; HEADS];
        for ((filter, always), rows) in self.always.iter().enumerate().zip(self.answers.chunks_exact(HEADS)) {
            for (((wanted, always), asked), row) in wanted.iter_mut().zip(always).zip(&asked).zip(rows) {
                let answer: f32 = asked.iter().zip(row).map(|(asked, row)| asked * row).sum();
                if let Some(wanted) = wanted.get_mut(filter) {
                    *wanted = always + answer;
                }
            }
        }
        wanted
    }

    /// How near a piece is to what is asked about: `distance` pieces, with so many marks between them.
    pub(crate) fn nearness(&self, is_after: bool, distance: usize, between: Marks) -> Heads {
        let reach = REACHES.iter().take_while(|reach| distance >= **reach).count();
        let distances = if is_after { &self.distance[0] } else { &self.distance[1] };
        let mut near = distances.get(reach).copied().unwrap_or_default();
        let marks = [(&self.commas, between.commas), (&self.contrasts, between.contrasts), (&self.ands, between.ands)];
        for (weights, count) in marks {
            let weights = weights.get(count).or(weights.last()).copied().unwrap_or_default();
            near.iter_mut().zip(weights).for_each(|(near, weight)| *near += weight);
        }
        near
    }
}

/// What parts a sentence, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) commas: usize,
    pub(crate) contrasts: usize,
    pub(crate) ands: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_weights_fit() {
        let network = NETWORK.as_ref().unwrap();
        assert!(network.pieces.is_sorted());
        assert!(network.pieces.iter().all(|piece| piece.trim_start_matches("##").len() <= MAX_PIECE));
    }

    /// The longest piece, by trying each.
    fn cut_slowly(network: &Network, word: &str) -> Vec<usize> {
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(rest) = word.get(from..).filter(|rest| !rest.is_empty()) {
            let mark = if from == 0 { "" } else { "##" };
            let longest = (1..=rest.len().min(MAX_PIECE)).rev().filter_map(|end| Some((rest.get(..end)?, end)));
            let mut known = longest.filter_map(|(piece, end)| {
                Some((network.pieces.binary_search(&&*format!("{mark}{piece}")).ok()?, end))
            });
            from += match known.next() {
                Some((place, end)) => {
                    found.push(place);
                    end
                }
                None => rest.chars().next().map_or(1, char::len_utf8),
            };
        }
        found
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        let network = NETWORK.as_ref().unwrap();
        let phrasings = include_str!("../../train/phrasings.tsv").to_lowercase();
        let odd = "zzzqqq ünfriendly friendlyü a ab ####x unbelievablenesses 日本 x1y2z3 straße pneumonoultramicroscopicsilico";
        for word in phrasings.split(|letter: char| !letter.is_alphanumeric()).chain(odd.split(' ')) {
            let mut found = Vec::new();
            network.cut(word, &mut found);
            assert_eq!(found, cut_slowly(network, word), "{word}");
        }
    }
}
