//! What customers of every industry talk about, and the words they use for it. `model/en/drivers.tsv` holds the drivers.

use crate::analysis::aspects::stems::{Stem, Stems};
use crate::text::words::{Word, words};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Name, the words that tell a theme is about it, its customers' words.
const DRIVERS: &str = include_str!("../../../model/en/drivers.tsv");

/// Words too common to stand for a theme by themselves.
const COMMON: &[&str] = &[
    "a", "an", "and", "at", "be", "for", "from", "get", "had", "i", "in", "is", "it", "my", "not", "of", "on", "or",
    "so", "that", "the", "time", "to", "was", "we", "with", "you", "your",
];

/// Words after which a label tells where or whose.
const RELATING: &[&str] = &["of", "in", "for", "from", "to", "at", "on", "with", "during", "by", "about"];

/// The drivers, read once however many themes there are.
pub(crate) struct Industry {
    pub(crate) stems: Stems,
    drivers: Vec<Driver>,
    /// Each key of each driver by its first stem: owners write thousands of phrases, and few of their words are one.
    keys: HashMap<Stem, Vec<(usize, Vec<Stem>)>>,
    /// Turns of phrase in which a driver's word is about nothing: "kind of".
    pub(crate) of_none: Vec<Vec<Stem>>,
}

/// A driver as its line tells it, each word by its stem.
struct Driver {
    name: Vec<Stem>,
    keys: Vec<Vec<Stem>>,
    customers: Vec<Vec<Stem>>,
}

pub(crate) static INDUSTRY: LazyLock<Industry> = LazyLock::new(|| {
    let mut stems = Stems::default();
    // First, so that their numbers tell that they are common.
    for common in COMMON {
        stems.note_stem((*common).to_owned());
    }
    let mut all = |field: &str| -> Vec<Vec<Stem>> { field.split(',').map(|phrase| stems.of(phrase)).collect() };
    let lines = DRIVERS.lines().filter(|line| !line.starts_with('#'));
    let read = lines.filter_map(|line| {
        let mut fields = line.split('\t');
        let (name, keys, customers) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Driver { name: all(name).into_iter().flatten().collect(), keys: all(keys), customers: all(customers) })
    });
    let drivers: Vec<Driver> = read.collect();
    let none = DRIVERS.lines().find_map(|line| line.strip_prefix("none\t\t"));
    let of_none = none.map(all).unwrap_or_default();
    let mut keys: HashMap<Stem, Vec<(usize, Vec<Stem>)>> = HashMap::new();
    for (place, driver) in drivers.iter().enumerate() {
        for key in &driver.keys {
            if let Some(first) = key.first() {
                keys.entry(*first).or_default().push((place, key.clone()));
            }
        }
    }
    Industry { stems, drivers, keys, of_none }
});

impl Industry {
    /// The words of every driver that this theme is about: its label names one of the driver's words, or two of its phrases
    /// hold one. A driver that is another theme's very label is left to that one: "menu" with its "wine list" and "dishes"
    /// beside "food" is not about pizza.
    pub(crate) fn customers_words(
        &self,
        phrases: &[Vec<Stem>],
        heads: &[Vec<Stem>],
        labels: &HashSet<&[Stem]>,
    ) -> impl Iterator<Item = &Vec<Stem>> {
        let mut holding = vec![0; self.drivers.len()];
        for phrase in phrases {
            for driver in self.drivers_in(phrase) {
                if let Some(count) = holding.get_mut(driver) {
                    *count += 1;
                }
            }
        }
        let label = phrases.first();
        let about = self.drivers.iter().zip(holding).filter(move |(Driver { name, keys, .. }, holding)| {
            let is_key = keys.iter().chain([name]).any(|key| label == Some(key) || heads.contains(key));
            is_key || *holding >= 2 && !labels.contains(name.as_slice())
        });
        about.flat_map(|(driver, _)| &driver.customers)
    }

    /// The drivers of which a phrase holds a key, by their places, each once.
    fn drivers_in(&self, phrase: &[Stem]) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, first) in phrase.iter().enumerate() {
            let here = phrase.get(at..).unwrap_or_default();
            for (driver, key) in self.keys.get(first).into_iter().flatten() {
                if here.starts_with(key) && !found.contains(driver) {
                    found.push(*driver);
                }
            }
        }
        found
    }
}

pub(crate) fn is_common(stem: Stem) -> bool {
    usize::try_from(stem).is_ok_and(|stem| stem < COMMON.len())
}

/// What a label names: of "Prices and offers in our shops" the prices and the offers; of what has more words the last.
pub(crate) fn heads_of(label: &str, stems: &mut Stems) -> Vec<Vec<Stem>> {
    let parts = label.split([',', '&', '/', '+', ';']).map(|part| words(part, 0));
    let parts: Vec<Vec<Word>> =
        parts.flat_map(|part| part.split(|word| word.text == "and").map(<[_]>::to_vec).collect::<Vec<_>>()).collect();
    let named =
        parts.iter().map(|part| part.split(|word| RELATING.contains(&word.text.as_str())).next().unwrap_or(part));
    named
        .flat_map(|part| (0..part.len()).filter_map(|at| part.get(at..)).collect::<Vec<_>>())
        .map(|words| stems.of_words(words))
        .collect()
}
