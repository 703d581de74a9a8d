//! Which of the owner's themes a clause is about.
//!
//! First by the owner's own words. Owners name few of the words customers use, so a theme that is recognisably about a
//! driver of every industry (price, staff, waiting ...) also listens for that driver's words, unless they are another
//! theme's own.

use crate::analysis::aspects::industry::{INDUSTRY, heads_of, is_common};
use crate::analysis::aspects::similarity::{Kinship, Profile};
use crate::analysis::aspects::stems::{Stem, Stems};
use crate::models::drivers::{Gist, Pieces};
use crate::models::encoder::{Encoded, Meaning};
use crate::text::words::{Word, words};
use heard_wire::{Theme, ThemeId};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The owner's themes, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub(crate) struct ThemeIndex {
    ids: Vec<ThemeId>,
    stems: Stems,
    /// First stem of a phrase to the phrases that begin with it.
    by_first: HashMap<Stem, Vec<Phrase>>,
    /// What each theme is about, for clauses that use none of its words.
    profiles: Vec<Profile>,
    /// Label and phrases of each, and what they are about to the encoder: made when it first reads a comment.
    written: Vec<Vec<String>>,
    encoded: OnceLock<Vec<Profile>>,
}

#[derive(Debug, Clone)]
struct Phrase {
    stems: Vec<Stem>,
    theme: usize,
    own: bool,
    /// Whether it is the theme's label.
    label: bool,
}

/// A theme that a clause names, or may be about without naming it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Named {
    /// Its place among the owner's themes.
    pub(crate) theme: usize,
    /// Whether the owner's own words were used, or only a driver's.
    pub(crate) own: bool,
    /// Whether the theme's label was used.
    pub(crate) label: bool,
    /// How many of its phrases were used.
    pub(crate) matches: usize,
    /// Words in the longest of them.
    pub(crate) longest: usize,
    /// The word of the clause at which it is first named, and how many words name it there.
    pub(crate) at: usize,
    pub(crate) length: usize,
    /// Whether the same words name another theme too.
    pub(crate) shared: bool,
    /// What the clause as a whole has in common with the theme, whatever its words.
    pub(crate) kinship: Kinship,
    /// The most that it has in common with any theme, each of the two by itself.
    pub(crate) closest: Kinship,
    /// What it has in common with all themes together.
    pub(crate) all_shared: f32,
}

impl Named {
    /// Whether words of the clause name it; else it is only likely to be about it.
    pub(crate) fn is_in_words(&self) -> bool {
        self.matches > 0
    }
}

/// What a clause has to have in common with a theme that it does not name.
const LIKELY: f32 = 0.15;
const NEAR: f32 = 0.6;

/// Words in a phrase beyond which it is not looked for around others.
const LONGEST_PHRASE: usize = 8;

impl ThemeIndex {
    pub(crate) fn new(themes: &[Theme]) -> Self {
        let mut stems = Stems::beyond(&INDUSTRY.stems);
        let mut pieces = Pieces::default();
        let (mut own, mut profiles) = (Vec::new(), Vec::new());
        for theme in themes {
            let phrases: Vec<Vec<Word>> = written(theme).map(|phrase| words(phrase, 0)).collect();
            profiles.push(Profile::new(&phrases, &mut pieces));
            own.push(phrases.iter().map(|phrase| stems.of_words(phrase)).collect::<Vec<_>>());
        }
        let heads: Vec<_> = themes.iter().map(|theme| heads_of(&theme.label, &mut stems)).collect();
        let mut index = Self {
            ids: themes.iter().map(|theme| theme.id.clone()).collect(),
            stems,
            profiles,
            written: themes.iter().map(|theme| written(theme).cloned().collect()).collect(),
            ..Self::default()
        };
        for (theme, phrases) in own.iter().enumerate() {
            for (place, stems) in phrases.iter().enumerate() {
                index.add(stems, theme, true, place == 0);
            }
        }
        // What owners wrote, and in which themes, in their order: a word, and a whole phrase.
        let mut of_themes: HashMap<&[Stem], Vec<usize>> = HashMap::new();
        for (theme, phrases) in own.iter().enumerate() {
            let words = phrases.iter().flat_map(|phrase| phrase.chunks(1));
            for written in words.chain(phrases.iter().map(Vec::as_slice)) {
                let themes = of_themes.entry(written).or_default();
                if themes.last() != Some(&theme) {
                    themes.push(theme);
                }
            }
        }
        let labels: HashSet<&[Stem]> = own.iter().filter_map(|phrases| phrases.first()).map(Vec::as_slice).collect();
        for (theme, (phrases, heads)) in own.iter().zip(&heads).enumerate() {
            for stems in INDUSTRY.customers_words(phrases, heads, &labels) {
                let in_themes = of_themes.get(stems.as_slice());
                let is_mine = stems.len() == 1 && in_themes.is_some_and(|themes| themes.contains(&theme));
                let is_anothers = in_themes.is_some_and(|themes| themes.iter().any(|other| *other != theme));
                if is_mine || !is_anothers {
                    index.add(stems, theme, false, false);
                }
            }
        }
        for stems in &INDUSTRY.of_none {
            index.add(stems, themes.len(), false, false);
        }
        index
    }

    pub(crate) fn id(&self, place: usize) -> Option<&ThemeId> {
        self.ids.get(place)
    }

    /// The themes a clause names, in order of first mention, then those that it may be about without naming them.
    pub(crate) fn find(&self, clause: &[Word], gist: Option<&Gist>) -> Vec<Named> {
        let found = self.named(clause);
        let Some(gist) = gist else { return found };
        akin(found, &self.profiles, gist)
    }

    /// The same of a segment that the encoder read.
    pub(crate) fn find_in(&self, segment: &[Word], meaning: &Meaning) -> Vec<Named> {
        let of_phrase = |phrase: &String| {
            let words = words(phrase, 0);
            Encoded::new(&words).meaning(0..words.len()).map(|meaning| meaning.gist())
        };
        let profiles = self.encoded.get_or_init(|| {
            self.written.iter().map(|phrases| Profile::of(phrases.iter().filter_map(of_phrase).collect())).collect()
        });
        akin(self.named(segment), profiles, &meaning.gist())
    }

    /// The themes whose words a clause uses.
    fn named(&self, clause: &[Word]) -> Vec<Named> {
        let stems: Vec<Option<Stem>> = clause.iter().map(|word| self.stems.find(&word.text)).collect();
        let mut hits: Vec<(usize, &Phrase, bool)> = Vec::new();
        // For each word, the length of the longest phrase that begins there.
        let mut longest = vec![0; stems.len()];
        for (at, (first, longest)) in stems.iter().zip(&mut longest).enumerate() {
            let here = |phrase: &&Phrase| {
                let here = stems.get(at..at + phrase.stems.len());
                here.is_some_and(|here| here.iter().copied().eq(phrase.stems.iter().copied().map(Some)))
            };
            let begin = first.and_then(|first| self.by_first.get(&first));
            let phrases: Vec<&Phrase> = begin.into_iter().flatten().filter(here).collect();
            *longest = phrases.iter().map(|phrase| phrase.stems.len()).max().unwrap_or(0);
            let shared = |phrase: &Phrase| {
                phrases.iter().any(|other| other.theme != phrase.theme && other.theme < self.ids.len())
            };
            hits.extend(phrases.iter().map(|phrase| (at, *phrase, shared(phrase))));
        }
        // "User friendly" speaks of no friendly person: a longer phrase speaks for the words in it.
        let within = |at: usize, length: usize| {
            let around = longest.iter().enumerate().take(at + 1).skip(at.saturating_sub(LONGEST_PHRASE));
            around.into_iter().any(|(start, longer)| *longer > length && start + longer >= at + length)
        };
        let mut found: Vec<Named> = Vec::new();
        let is_told = |(at, phrase, _): &(usize, &Phrase, bool)| {
            phrase.theme < self.ids.len() && !within(*at, phrase.stems.len())
        };
        for (at, phrase, shared) in hits.into_iter().filter(is_told) {
            let place = found.iter().position(|named| named.theme == phrase.theme).unwrap_or_else(|| {
                let length = phrase.stems.len();
                found.push(Named { theme: phrase.theme, at, length, shared: true, ..Named::default() });
                found.len() - 1
            });
            let Some(named) = found.get_mut(place) else { continue };
            named.own |= phrase.own;
            named.label |= phrase.label;
            named.matches += 1;
            named.longest = named.longest.max(phrase.stems.len());
            named.shared &= shared;
        }
        found
    }

    fn add(&mut self, stems: &[Stem], theme: usize, own: bool, label: bool) {
        let Some(first) = stems.first() else { return };
        if stems.iter().all(|stem| is_common(*stem)) {
            return;
        }
        let phrases = self.by_first.entry(*first).or_default();
        if !phrases.iter().any(|phrase| phrase.theme == theme && phrase.stems == stems) {
            phrases.push(Phrase { stems: stems.to_vec(), theme, own, label });
        }
    }
}

/// What was named, with what the words have in common with each theme, and the themes that they may be about without naming them.
fn akin(mut found: Vec<Named>, profiles: &[Profile], gist: &Gist) -> Vec<Named> {
    let kinships: Vec<Kinship> = profiles.iter().map(|profile| profile.kinship(gist)).collect();
    let most = |of: fn(&Kinship) -> f32| kinships.iter().map(of).fold(-1.0, f32::max);
    let closest = Kinship { shared: most(|one| one.shared), near: most(|one| one.near) };
    let all_shared = kinships.iter().map(|one| one.shared).sum();
    for (theme, kinship) in kinships.iter().enumerate() {
        match found.iter_mut().find(|named| named.theme == theme) {
            Some(named) => *named = Named { kinship: *kinship, closest, all_shared, ..*named },
            None if kinship.shared >= LIKELY || kinship.near >= NEAR => {
                found.push(Named { theme, kinship: *kinship, closest, all_shared, ..Named::default() });
            }
            None => {}
        }
    }
    found
}

/// What an owner wrote for a theme: its label and its phrases.
fn written(theme: &Theme) -> impl Iterator<Item = &String> {
    [&theme.label].into_iter().chain(&theme.phrases)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(themes: &[(&str, &[&str])]) -> ThemeIndex {
        let themes: Vec<Theme> = themes
            .iter()
            .map(|(label, phrases)| Theme {
                phrases: phrases.iter().map(|phrase| (*phrase).to_owned()).collect(),
                ..Theme::labelled(label.parse().unwrap(), label)
            })
            .collect();
        ThemeIndex::new(&themes)
    }

    fn named(index: &ThemeIndex, text: &str) -> Vec<String> {
        index.named(&words(text, 0)).iter().filter_map(|named| index.id(named.theme)).map(ToString::to_string).collect()
    }

    #[test]
    fn a_theme_about_a_driver_listens_for_its_words() {
        let index = index(&[("price", &[]), ("our crew", &["staff", "rude"]), ("gift cards", &["voucher"])]);
        assert_eq!(named(&index, "an absolute bargain"), ["price"]);
        assert_eq!(named(&index, "the receptionists were lovely"), ["our crew"]);
        assert_eq!(named(&index, "my vouchers expired"), ["gift cards"]);
        assert!(named(&index, "lovely weather").is_empty());
        assert!(named(&index, "kind of dull").is_empty());
        assert_eq!(named(&index, "kind and patient"), ["our crew"]);
    }

    #[test]
    fn a_label_of_several_words_is_about_what_they_name() {
        let index = index(&[("Prices and offers", &[]), ("Staff in the shop", &[]), ("Mobile app", &[])]);
        for (text, theme) in [
            ("a bargain", "Prices and offers"),
            ("my voucher expired", "Prices and offers"),
            ("so helpful", "Staff in the shop"),
            ("it crashes", "Mobile app"),
        ] {
            assert_eq!(named(&index, text), [theme], "{text}");
        }
    }

    #[test]
    fn an_owners_own_word_goes_to_its_theme_alone() {
        let index = index(&[("staff", &["rude"]), ("front of house", &["waiter", "receptionist"])]);
        assert_eq!(named(&index, "the waiter smiled"), ["front of house"]);
    }
}
