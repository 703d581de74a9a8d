//! What an owner's theme is about, in the terms of the driver model: how a clause that uses none of its words is known to be
//! about it.

use crate::models::drivers::{DRIVERS, Gist, Pieces};
use crate::text::words::Word;

/// A theme's drivers, and where the meanings of its label and phrases lie.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    drivers: [f32; DRIVERS - 1],
    phrases: Vec<Gist>,
}

/// What a clause and a theme have in common.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Kinship {
    /// How likely the clause is about a driver that the theme is about, 0 to 1.
    pub(crate) shared: f32,
    /// How near the clause is to the nearest of the theme's phrases, -1 to 1.
    pub(crate) near: f32,
}

impl Profile {
    /// Of the words of its label and phrases.
    pub(crate) fn new(phrases: &[Vec<Word>], pieces: &mut Pieces) -> Self {
        Self::of(phrases.iter().filter_map(|phrase| Gist::of(&pieces.of(phrase))).collect())
    }

    /// Of its label and phrases, as they were read.
    pub(crate) fn of(phrases: Vec<Gist>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a theme has few phrases")]
        let count = phrases.len().max(1) as f32;
        let mut drivers = [0.0; DRIVERS - 1];
        for (driver, likely) in drivers.iter_mut().enumerate() {
            let of = || phrases.iter().filter_map(|phrase| phrase.drivers.get(driver));
            // Named by one phrase it counts, named by all it counts in full.
            *likely = 0.5 * of().fold(0.0, |most, likely| likely.max(most)) + 0.5 * of().sum::<f32>() / count;
        }
        Self { drivers, phrases }
    }

    pub(crate) fn kinship(&self, clause: &Gist) -> Kinship {
        let mut apart = [1.0_f32; 8];
        for (clause, theme) in clause.drivers.chunks(8).zip(self.drivers.chunks(8)) {
            for ((apart, clause), theme) in apart.iter_mut().zip(clause).zip(theme) {
                *apart *= 1.0 - clause * theme;
            }
        }
        let near = self.phrases.iter().map(|phrase| phrase.nearness(clause)).fold(-1.0, f32::max);
        Kinship { shared: 1.0 - apart.iter().product::<f32>(), near }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn a_clause_is_akin_to_the_theme_it_is_about() {
        let theme = |label: &str, phrases: &[&str]| {
            let phrases: Vec<_> = [&label].into_iter().chain(phrases).map(|phrase| words(phrase, 0)).collect();
            Profile::new(&phrases, &mut Pieces::default())
        };
        let themes = [
            theme("Product quality", &["products that last", "well made"]),
            theme("Delivery", &["arrived on time", "the driver"]),
            theme("Parking and premises", &["easy to park", "toilets"]),
        ];
        for (text, place) in [
            ("the bench is still solid as a rock after six years", 0),
            ("the courier threw the parcel over the fence", 1),
            ("nowhere to leave the car on a saturday", 2),
        ] {
            let gist = Gist::of_words(&words(text, 0)).unwrap();
            let shared: Vec<f32> = themes.iter().map(|theme| theme.kinship(&gist).shared).collect();
            let most = shared.iter().fold(0.0, |most: f32, shared| most.max(*shared));
            assert_eq!(shared.iter().position(|shared| *shared == most), Some(place), "{text} {shared:?}");
        }
    }
}
