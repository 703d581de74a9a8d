//! What a few words mean and do, in any of the languages: rows of a table, found by hashing words and parts of words, added up.
//! `train/encoder.py` makes its weights.
//!
//! No list of words or pieces is kept: a word that nobody has taught is read by its parts, typos and missing accents with it,
//! and nothing is built when an isolate begins.

use crate::models::drivers::{DRIVERS, Gist, normal};
use crate::models::lanes::{add_products, add_rows, sums_of_bytes};
use crate::models::network::{Feelings, Numbers};
use crate::text::words::Word;
use std::ops::Range;
use std::sync::LazyLock;

/// Rows of the table, a power of two.
const ROWS: usize = 1 << 15;
const SIZE: usize = 64;
/// Words that are seen together.
const TAPS: usize = 5;
const HIDDEN: usize = 96;
/// Words that are read together; longer stretches are read up to here.
const MOST_WORDS: usize = 48;
/// Rows of a word that are added up.
const MOST_ROWS: usize = 72;
/// What is told: three feelings, acts, drivers, where the meaning lies, and the language.
const FEELINGS: usize = 3;
pub(crate) const PLACES: usize = 64;
const OUTCOMES: usize = FEELINGS + ACTS + DRIVERS + PLACES + LANGUAGES.len();

/// The languages that it was taught.
pub(crate) const LANGUAGES: [&str; 7] = ["en", "de", "fr", "es", "pt", "nl", "it"];
/// Letters of the parts of a word that have rows of their own.
const PARTS: [usize; 3] = [3, 4, 5];
/// Letters of a word that are looked at.
const LONGEST: usize = 24;

/// What a stretch of words does, in the order in which it was taught; see `train/acts/names.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    Idea,
    Tip,
    NothingTold,
    Request,
    Question,
    Leaving,
    AlreadyTold,
    WantsContact,
    WarningToOthers,
    ThanksPerson,
    ComplainsOfPerson,
    Declines,
    Insult,
    ContactDetails,
    Private,
    GraveInjury,
    GraveBereavement,
    GraveSelfHarm,
    GraveDiscrimination,
    GraveHarassment,
    GraveSafety,
    GraveThreat,
}

pub(crate) const ACTS: usize = Does::GraveThreat as usize + 1;

/// The sum of the rows of each word of a comment, ready to be read in stretches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Encoded {
    words: Vec<Row>,
    /// For each word of the comment, how many of these stand before it: "l'accueil" is two.
    places: Vec<usize>,
}

/// What was made of a stretch of words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Meaning {
    /// Log odds, up to a constant that they share.
    pub(crate) feelings: Feelings,
    /// How likely it does each of [`Does`], as log odds.
    pub(crate) acts: [f32; ACTS],
    /// How likely it is about each driver, as log odds; the last is about nothing.
    pub(crate) drivers: [f32; DRIVERS],
    /// Where its meaning lies.
    pub(crate) place: [f32; PLACES],
    /// How likely each language is, as log odds up to a constant.
    pub(crate) languages: [f32; LANGUAGES.len()],
}

impl Meaning {
    /// What it is about and where it lies, as the model of drivers puts it.
    pub(crate) fn gist(&self) -> Gist {
        let likely = |odds: f32| 1.0 / (1.0 + (-odds).exp());
        let mut drivers = [0.0; DRIVERS - 1];
        drivers.iter_mut().zip(self.drivers).for_each(|(driver, odds)| *driver = likely(odds));
        let (idea, empty) = (self.does(Does::Idea).max(self.does(Does::Tip)), self.does(Does::NothingTold));
        Gist { drivers, idea: likely(idea), empty: likely(empty), place: normal(self.place) }
    }

    /// The log odds that it does this.
    pub(crate) fn does(&self, what: Does) -> f32 {
        self.acts.get(what as usize).copied().unwrap_or(f32::NEG_INFINITY)
    }
}

impl Encoded {
    pub(crate) fn new(words: &[Word]) -> Self {
        let Some(encoder) = &*ENCODER else { return Self::default() };
        let mut found = Self::default();
        let mut rows = Vec::with_capacity(MOST_ROWS);
        for word in words {
            found.places.push(found.words.len());
            for part in parted(&word.text) {
                rows.clear();
                rows_of(part, &mut rows);
                found.words.extend((!rows.is_empty()).then(|| encoder.sum(&rows)));
            }
        }
        found.places.push(found.words.len());
        found
    }

    /// What these words mean, by their places in the comment; `None` where there are none.
    pub(crate) fn meaning(&self, words: Range<usize>) -> Option<Meaning> {
        let (from, to) = (*self.places.get(words.start)?, *self.places.get(words.end)?);
        let rows = self.words.get(from..to.min(from + MOST_WORDS)).filter(|rows| !rows.is_empty())?;
        ENCODER.as_ref()?.say(rows)
    }
}

type Row = [f32; SIZE];

struct Encoder {
    table: &'static [u8],
    scale: Row,
    taps: [Row; TAPS],
    bias: Row,
    hidden: Vec<[f32; HIDDEN]>,
    hidden_bias: [f32; HIDDEN],
    out: Vec<[f32; OUTCOMES]>,
    out_bias: [f32; OUTCOMES],
}

/// `None` when the stored weights do not fit, which a test rules out.
static ENCODER: LazyLock<Option<Encoder>> = LazyLock::new(Encoder::stored);

impl Encoder {
    fn stored() -> Option<Self> {
        let (head, rest) = include_bytes!("../../model/encoder.bin").split_first_chunk::<12>()?;
        let sizes: Vec<usize> =
            head.as_chunks::<4>().0.iter().filter_map(|size| usize::try_from(u32::from_le_bytes(*size)).ok()).collect();
        if sizes != [ROWS, SIZE, OUTCOMES] {
            return None;
        }
        let (table, rest) = rest.split_at_checked(ROWS * SIZE)?;
        let mut numbers = Numbers::of(rest);
        let encoder = Self {
            table,
            scale: numbers.row(),
            taps: std::array::from_fn(|_| numbers.row()),
            bias: numbers.row(),
            hidden: numbers.rows(2 * SIZE),
            hidden_bias: numbers.row(),
            out: numbers.rows(HIDDEN),
            out_bias: numbers.row(),
        };
        (numbers.is_at_end() && encoder.out_bias.iter().all(|bias| bias.is_finite())).then_some(encoder)
    }

    /// The rows of a word, added up.
    fn sum(&self, rows: &[u16]) -> Row {
        let rows = rows.get(..MOST_ROWS).unwrap_or(rows);
        let rows_there = rows.iter().filter_map(|row| self.table.as_chunks::<SIZE>().0.get(usize::from(*row)));
        let sums = sums_of_bytes(rows_there);
        #[expect(clippy::cast_precision_loss, reason = "a word has few rows")]
        let share = 1.0 / (rows.len().max(1) as f32).sqrt();
        let mut values = self.scale;
        for (value, sum) in values.iter_mut().zip(sums) {
            *value *= f32::from(sum) * share;
        }
        values
    }

    fn say(&self, words: &[Row]) -> Option<Meaning> {
        let (mut most, mut much) = ([0.0_f32; SIZE], [0.0_f32; SIZE]);
        for at in 0..words.len() {
            let mut seen = self.bias;
            for (tap, weights) in self.taps.iter().enumerate() {
                let Some(row) = (at + tap).checked_sub(TAPS / 2).and_then(|at| words.get(at)) else { continue };
                add_products(&mut seen, row, weights);
            }
            for ((most, much), seen) in most.iter_mut().zip(&mut much).zip(seen) {
                *most = most.max(seen);
                *much += seen.max(0.0);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a stretch has few words")]
        let share = 0.5 / (words.len() as f32).sqrt();
        let mut hidden = self.hidden_bias;
        let seen = most.into_iter().chain(much.map(|much| much * share)).zip(&self.hidden);
        add_rows(
            &mut hidden,
            seen.filter(|(value, _)| *value > 0.0).map(|(value, weights)| (value, weights.as_slice())),
        );
        let mut said = self.out_bias;
        let found = hidden.into_iter().zip(&self.out).filter(|(value, _)| *value > 0.0);
        add_rows(&mut said, found.map(|(value, weights)| (value, weights.as_slice())));
        let (feelings, rest) = said.split_first_chunk::<FEELINGS>()?;
        let (acts, rest) = rest.split_first_chunk::<ACTS>()?;
        let (drivers, rest) = rest.split_first_chunk::<DRIVERS>()?;
        let (place, languages) = rest.split_first_chunk::<PLACES>()?;
        let (acts, drivers, place) = (*acts, *drivers, *place);
        Some(Meaning { feelings: (*feelings).into(), acts, drivers, place, languages: languages.try_into().ok()? })
    }
}

/// The rows of each word; a word that has none is left out.
pub(crate) fn rows_of_words(words: &[Word]) -> Vec<Vec<u16>> {
    let parts = words.iter().flat_map(|word| parted(&word.text));
    let rows = parts.map(|part| {
        let mut found = Vec::new();
        rows_of(part, &mut found);
        found
    });
    rows.filter(|rows| !rows.is_empty()).collect()
}

/// The rows of a word, itself first.
pub(crate) fn rows_of(word: &str, found: &mut Vec<u16>) {
    let letters: Vec<char> =
        ['<'].into_iter().chain(word.chars().take(LONGEST).filter_map(plain)).chain(['>']).collect();
    let row = |letters: &[char]| {
        let hash =
            letters.iter().fold(0x811c_9dc5_u32, |hash, letter| (hash ^ *letter as u32).wrapping_mul(0x0100_0193));
        // The lower bits alone would make neighbours of like endings.
        (((hash >> 15) ^ hash) & 0x7fff) as u16
    };
    if letters.len() == 2 {
        return;
    }
    found.push(row(&letters));
    for size in PARTS {
        found.extend(letters.windows(size).filter(|part| part.len() < letters.len()).map(row));
    }
}

/// A letter without its accent; marks are no letters.
fn plain(letter: char) -> Option<char> {
    Some(match letter {
        '\'' | '’' => return None,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ß' => 's',
        'œ' => 'o',
        'æ' => 'a',
        other => other,
    })
}

/// The words of a word: "l'accueil" is two.
pub(crate) fn parted(word: &str) -> [&str; 2] {
    match word.split_once('\'') {
        Some((article, rest)) if ELIDED.contains(&article) && !rest.is_empty() => [article, rest],
        _ => [word, ""],
    }
}

const ELIDED: &[&str] = &[
    "l", "d", "c", "j", "n", "s", "t", "qu", "un", "dell", "all", "nell", "sull", "dall", "quell", "quest", "jusqu",
    "lorsqu", "puisqu",
];
