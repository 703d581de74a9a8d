//! What a clause is about, whether it proposes something, whether it tells anything at all, and where its meaning lies among
//! others: a small model over the pieces of the network. `train/drivers.py` makes its weights, `train/drivers/names.tsv`
//! names the drivers.

use crate::models::lanes::{add_products, add_rows, sum_of_products};
use crate::models::network::{NETWORK, Numbers};
use crate::text::words::Word;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What customers of every industry talk about; the last is nothing of these.
pub(crate) const DRIVERS: usize = 57;
const PLACES: usize = 64;
const OUTCOMES: usize = DRIVERS + 3 + PLACES;
const SIZE: usize = 64;
/// Pieces that are looked at; it was taught with no more.
const LONGEST: usize = 48;

type Row = [f32; SIZE];

/// What the model makes of a few words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gist {
    /// How likely the words are about each driver, 0 to 1; about nothing is left out.
    pub(crate) drivers: [f32; DRIVERS - 1],
    /// How likely they are an idea for the owner, or a tip for other customers.
    pub(crate) idea: f32,
    /// How likely they tell nothing.
    pub(crate) empty: f32,
    /// Where their meaning lies: a direction of length 1.
    pub(crate) place: [f32; PLACES],
}

impl Gist {
    /// Of words; `None` when none of them is known.
    pub(crate) fn of_words(words: &[Word]) -> Option<Self> {
        Self::of(&Pieces::default().of(words))
    }

    /// Of pieces of the network; `None` when there are none.
    pub(crate) fn of(pieces: &[usize]) -> Option<Self> {
        let model = MODEL.as_ref()?;
        let pieces = pieces.get(..LONGEST).unwrap_or(pieces);
        if pieces.is_empty() {
            return None;
        }
        let said = model.say(pieces);
        let (drivers, rest) = said.split_first_chunk::<{ DRIVERS - 1 }>()?;
        let ([_, idea, tip, empty], place) = rest.split_first_chunk::<4>()?;
        let likely = |odds: &f32| 1.0 / (1.0 + (-odds).exp());
        Some(Self {
            drivers: drivers.map(|odds| likely(&odds)),
            idea: likely(idea).max(likely(tip)),
            empty: likely(empty),
            place: normal(place.try_into().ok()?),
        })
    }

    /// How near the meanings are, -1 to 1.
    pub(crate) fn nearness(&self, other: &Self) -> f32 {
        sum_of_products(&self.place, &other.place)
    }
}

/// The pieces of words, each of which is cut once: thousands of phrases are made of some hundred words.
#[derive(Debug, Default)]
pub(crate) struct Pieces(HashMap<String, Vec<usize>>);

impl Pieces {
    pub(crate) fn of(&mut self, words: &[Word]) -> Vec<usize> {
        let mut pieces = Vec::new();
        let Some(network) = &*NETWORK else { return pieces };
        for word in words {
            if let Some(known) = self.0.get(&word.text) {
                pieces.extend(known);
                continue;
            }
            let from = pieces.len();
            network.cut(&word.text, &mut pieces);
            self.0.insert(word.text.clone(), pieces.get(from..).unwrap_or_default().to_vec());
        }
        pieces
    }
}

pub(crate) fn normal(place: [f32; PLACES]) -> [f32; PLACES] {
    let length = place.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    place.map(|value| value / length)
}

struct Model {
    table: &'static [u8],
    scale: Row,
    taps: [Row; 3],
    bias: Row,
    /// For what was seen most, then for how much was seen.
    out: Vec<[f32; OUTCOMES]>,
    out_bias: [f32; OUTCOMES],
}

/// `None` when the stored weights do not fit, which a test rules out.
static MODEL: LazyLock<Option<Model>> = LazyLock::new(Model::stored);

impl Model {
    fn stored() -> Option<Self> {
        let (head, rest) = include_bytes!("../../model/drivers.bin").split_first_chunk::<12>()?;
        let [pieces, size, outcomes] = head.as_chunks::<4>().0 else { return None };
        let pieces = usize::try_from(u32::from_le_bytes(*pieces)).ok()?;
        let sizes = [u32::from_le_bytes(*size), u32::from_le_bytes(*outcomes)].map(usize::try_from);
        if sizes != [Ok(SIZE), Ok(OUTCOMES)] {
            return None;
        }
        let (table, rest) = rest.split_at_checked(pieces * SIZE)?;
        let mut numbers = Numbers::of(rest);
        let model = Self {
            table,
            scale: numbers.row(),
            taps: [numbers.row(), numbers.row(), numbers.row()],
            bias: numbers.row(),
            out: numbers.rows(2 * SIZE),
            out_bias: numbers.row(),
        };
        (numbers.is_at_end() && model.out_bias.iter().all(|bias| bias.is_finite())).then_some(model)
    }

    fn piece(&self, piece: usize) -> Row {
        let row = self.table.as_chunks::<SIZE>().0.get(piece);
        let mut values = self.scale;
        for (value, weight) in values.iter_mut().zip(row.unwrap_or(&[0; SIZE])) {
            *value *= f32::from(weight.cast_signed());
        }
        values
    }

    fn say(&self, pieces: &[usize]) -> [f32; OUTCOMES] {
        let rows: Vec<Row> = pieces.iter().map(|piece| self.piece(*piece)).collect();
        let (mut most, mut much) = ([0.0_f32; SIZE], [0.0_f32; SIZE]);
        for at in 0..rows.len() {
            let mut seen = self.bias;
            for (tap, weights) in self.taps.iter().enumerate() {
                let Some(row) = (at + tap).checked_sub(1).and_then(|at| rows.get(at)) else { continue };
                add_products(&mut seen, row, weights);
            }
            for ((most, much), seen) in most.iter_mut().zip(&mut much).zip(seen) {
                *most = most.max(seen);
                *much += seen.max(0.0);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a clause has few pieces")]
        let share = 0.5 / (rows.len() as f32).sqrt();
        let mut said = self.out_bias;
        let seen = most.into_iter().chain(much.map(|much| much * share)).zip(&self.out);
        add_rows(&mut said, seen.filter(|(value, _)| *value > 0.0).map(|(value, weights)| (value, weights.as_slice())));
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    const NAMES: &str = include_str!("../../train/drivers/names.tsv");

    fn likeliest(text: &str) -> &'static str {
        let gist = Gist::of_words(&words(text, 0)).unwrap();
        let most = gist.drivers.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other)).unwrap();
        NAMES.lines().nth(most.0).unwrap().split('\t').next().unwrap()
    }

    #[test]
    fn the_stored_weights_fit() {
        assert_eq!(NAMES.lines().count(), DRIVERS);
        assert!(NAMES.lines().last().unwrap().starts_with("none\t"));
        assert!(MODEL.is_some());
    }

    #[test]
    fn what_it_was_taught_it_knows() {
        let taught: Vec<_> = include_str!("../../train/drivers/sentences.tsv").lines().step_by(7).collect();
        let taught: Vec<_> = taught.iter().filter_map(|line| line.split_once('\t')).collect();
        let told: Vec<_> = taught.iter().filter(|(names, _)| *names != "none").collect();
        let right = told.iter().filter(|(names, text)| names.split(',').any(|name| name == likeliest(text))).count();
        // Below this the pieces or layers here and in the script no longer agree.
        assert!(right * 100 >= told.len() * 70, "{right} of {}", told.len());
    }

    #[test]
    fn other_words_for_the_same_thing_are_understood() {
        for (text, driver) in [
            ("cost me an arm and a leg", "price"),
            ("the lad behind the counter could not have been nicer", "staff"),
            ("stood in line for an age", "waiting"),
            ("fell to bits after a week, cheap rubbish", "quality"),
        ] {
            assert_eq!(likeliest(text), driver, "{text}");
        }
    }

    #[test]
    fn odd_words_are_read_without_harm() {
        assert_eq!(Gist::of_words(&[]), None);
        for text in ["日本語 ok", &"x".repeat(9_000), &"ab ".repeat(9_000)] {
            let gist = Gist::of_words(&words(text, 0)).unwrap();
            assert!(gist.drivers.iter().chain([&gist.idea, &gist.empty]).all(|likely| (0.0..=1.0).contains(likely)));
            assert!((gist.nearness(&gist) - 1.0).abs() < 1e-3);
        }
    }
}
