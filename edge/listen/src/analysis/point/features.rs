//! What a candidate is ranked by, by name.

use crate::analysis::point::candidates::{Candidate, MOST_WORDS};
use crate::analysis::point::surroundings::{Around, Felt, around, count, felt, is_bare};
use crate::analysis::reading::Outline;
use crate::analysis::sentiment::lexicon_score::Evidence;
use crate::models::encoder::{ACTS, Does, Meaning, PLACES};
use crate::text::segments::Joint;
use crate::text::small_words::Role;
use heard_wire::{Band, Score};
use std::ops::Range;

/// A struct of numbers with a name for each.
macro_rules! features {
    ($(#[$about:meta])* $name:ident { $($field:ident: $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub(crate) struct $name { $(#[doc = $text] pub(crate) $field: f32,)* }

        impl $name {
            pub(crate) const NAMES: &'static [&'static str] = &[$($text,)*];

            pub(crate) fn values(&self) -> impl Iterator<Item = f32> {
                [$(self.$field,)*].into_iter()
            }
        }
    };
}

features! {
    /// What is counted of a candidate.
    Counted {
        length: "length in words",
        of_1_2: "1 or 2 words",
        of_3_5: "3 to 5 words",
        of_6_9: "6 to 9 words",
        of_10_14: "10 to 14 words",
        of_15_19: "15 to 19 words",
        of_20: "20 words and more",
        share: "share of the comment",
        segments: "number of segments",
        is_comment: "the whole comment",
        is_sentence: "a whole sentence",
        is_two_sentences: "two sentences",
        place: "how far into the comment",
        in_first: "in the first sentence",
        in_last: "in the last sentence",
        sentence: "number of its sentence",
        sentences: "sentences of the comment",
        comment: "length of the comment",
        holds_but: "holds a but",
        holds_because: "holds a because",
        holds_and: "holds an and",
        holds_which: "holds a which",
        holds_when: "holds a when",
        holds_commas: "holds commas",
        holds_stop: "holds a dash or bracket",
        feels: "how it feels",
        feels_worst: "how the worst of it feels",
        feels_best: "how the best of it feels",
        is_plain: "a plain report",
        is_worst: "feels worst of all",
        is_best: "feels best of all",
        against_all: "how it feels against the comment",
        unhappy_feels: "how it feels, score 0 to 6",
        passive_feels: "how it feels, score 7 or 8",
        happy_feels: "how it feels, score 9 or 10",
        unhappy_plain: "a plain report, score 0 to 6",
        happy_plain: "a plain report, score 9 or 10",
        feels_strongly: "how strongly it feels",
        unhappy_length: "length, score 0 to 6",
        happy_length: "length, score 9 or 10",
        read_feels: "how its clauses feel, in English",
        read_worst: "how the worst of its clauses feels, in English",
        read_best: "how the best of its clauses feels, in English",
        unhappy_read: "how its clauses feel, in English, score 0 to 6",
        happy_read: "how its clauses feel, in English, score 9 or 10",
        words_of_praise: "words of praise, in English",
        words_of_criticism: "words of criticism, in English",
        about_driver: "about something customers talk about",
        about_nothing: "about nothing that customers talk about",
        grave: "something grave",
        digits: "numbers",
        capitals: "capitals throughout",
        exclaims: "ends with an exclamation mark",
        asks: "ends with a question mark",
        quotes: "holds quotation marks",
        says_you: "speaks to the reader",
        says_i: "speaks of the writer",
        says_they: "speaks of others",
        says_not: "holds a negation",
        says_very: "strengthens",
        telling: "words that are not small",
        telling_share: "share of words that are not small",
        opens_small: "begins in the middle of a sentence with a small letter",
        left_before: "words of its sentence before it",
        left_after: "words of its sentence after it",
        left_after_1_2: "1 or 2 words of its sentence after it",
        left_after_3_5: "3 to 5 words of its sentence after it",
        not_after: "a negation in its sentence after it",
        feels_before: "how what stands before it in its sentence feels",
        feels_after: "how what stands after it in its sentence feels",
        against_after: "how it feels against what stands after it",
        fits: "its sentence would fit, and is cut",
        starts_bare: "begins without a stop or comma before it",
        ends_bare: "ends without a stop or comma after it",
        opens_back: "its sentence opens with what refers back",
        opens_back_more: "so do the next two words",
        is_referred_to: "the next sentence refers back to it",
        holds_reference: "its second sentence refers back to its first",
        score: "the score",
        is_sour: "score 0 to 2",
    }
}

/// Roles by which the words at its edges are known.
const ROLES: [Role; 15] = [
    Role::And,
    Role::But,
    Role::Because,
    Role::So,
    Role::Which,
    Role::When,
    Role::That,
    Role::Not,
    Role::You,
    Role::I,
    Role::They,
    Role::Det,
    Role::Prep,
    Role::Aux,
    Role::Very,
];
const JOINTS: [Joint; 10] = [
    Joint::Sentence,
    Joint::Stop,
    Joint::Comma,
    Joint::And,
    Joint::But,
    Joint::Because,
    Joint::So,
    Joint::Which,
    Joint::When,
    Joint::Subject,
];
const EDGES: [&str; 4] = ["before", "first", "last", "after"];
/// Acts that a candidate is ranked by; what is grave is told as one.
const RANKED_ACTS: usize = Does::Private as usize + 1;

/// How many numbers a candidate is ranked by.
pub(crate) const COUNT: usize =
    Counted::NAMES.len() + 2 * JOINTS.len() + EDGES.len() * ROLES.len() + RANKED_ACTS + PLACES;

/// The names of all numbers that a candidate is ranked by, in their order.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<String> = Counted::NAMES.iter().map(|name| (*name).to_owned()).collect();
    for side in ["starts at", "ends at"] {
        names.extend(JOINTS.iter().map(|joint| format!("{side}: {joint:?}")));
    }
    for edge in EDGES {
        names.extend(ROLES.iter().map(|role| format!("{edge}: {role:?}")));
    }
    names.extend((0..RANKED_ACTS).map(|act| format!("act {act}")));
    names.extend((0..PLACES).map(|place| format!("meaning {place}")));
    names
}

/// A comment, ready for its candidates to be looked at.
pub(crate) struct Comment<'a> {
    pub(crate) outline: &'a Outline<'a>,
    /// What the clauses say, where they are read: their bytes, log odds of praise, and words of feeling.
    clauses: &'a [(Range<usize>, f32, Evidence)],
    /// How all of it feels.
    all: Felt,
}

fn flag(set: bool) -> f32 {
    f32::from(u8::from(set))
}

fn likely(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

fn overlaps(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

impl<'a> Comment<'a> {
    pub(crate) fn new(outline: &'a Outline<'a>, clauses: &'a [(Range<usize>, f32, Evidence)]) -> Self {
        Self { outline, clauses, all: felt(outline, 0..outline.segments.len()) }
    }

    /// All numbers of a candidate, in the order of [`names`].
    pub(crate) fn features(&self, candidate: &Candidate) -> Vec<f32> {
        let mut values: Vec<f32> = self.counted(candidate).values().collect();
        for joint in [candidate.starts, candidate.ends] {
            values.extend(JOINTS.iter().map(|one| flag(*one == joint)));
        }
        let Range { start, end } = candidate.words;
        let edges = [start.checked_sub(1), Some(start), end.checked_sub(1), Some(end)];
        for at in edges {
            let word = at.and_then(|at| self.outline.words.get(at)).map_or("", |word| word.text.as_str());
            values.extend(ROLES.iter().map(|role| flag(self.outline.small.is(word, *role))));
        }
        let meanings = || self.outline.meanings.get(candidate.segments.clone()).unwrap_or_default().iter().flatten();
        let mut acts = [0.0_f32; RANKED_ACTS];
        let (mut place, mut number) = ([0.0_f32; PLACES], 0);
        for meaning in meanings() {
            number += 1;
            acts.iter_mut().zip(&meaning.acts).for_each(|(most, odds)| *most = most.max(likely(*odds)));
            place.iter_mut().zip(&meaning.place).for_each(|(sum, value)| *sum += value);
        }
        values.extend(acts);
        values.extend(place.map(|sum| sum / count(number.max(1))));
        values
    }

    /// Whether a sentence is not understood without the one before: by its first word, and by the two after it.
    fn opens_back(&self, sentence: usize) -> [f32; 2] {
        // The segments stand in the order of the comment.
        let place = self.outline.segments.partition_point(|segment| segment.sentence < sentence);
        let first = self.outline.segments.get(place).filter(|segment| segment.sentence == sentence);
        let Some(from) = first.filter(|_| sentence > 0).map(|segment| segment.words.start) else { return [0.0; 2] };
        let refers =
            |at: usize| self.outline.words.get(at).is_some_and(|word| self.outline.small.is(&word.text, Role::Refers));
        [flag(refers(from)), flag(refers(from + 1) || refers(from + 2))]
    }

    fn counted(&self, candidate: &Candidate) -> Counted {
        let length = candidate.words.len();
        let inner = self.outline.segments.get(candidate.segments.start + 1..candidate.segments.end).unwrap_or_default();
        let joints = |wanted: Joint| count(inner.iter().filter(|segment| segment.before == wanted).count());
        let sentences = self.outline.segments.last().map_or(1, |last| last.sentence + 1);
        let sentence = self.outline.segments.get(candidate.segments.start).map_or(0, |first| first.sentence);
        let last_sentence = candidate
            .segments
            .end
            .checked_sub(1)
            .and_then(|last| self.outline.segments.get(last))
            .map_or(0, |last| last.sentence);
        let Felt { worst, best, feels, plain } = felt(self.outline, candidate.segments.clone());
        let band = self.outline.score.map(Score::band);
        let of = |wanted: Band, value: f32| if band == Some(wanted) { value } else { 0.0 };
        // The clauses stand in the order of the comment, and none overlaps another.
        let first = self.clauses.partition_point(|(span, ..)| span.end <= candidate.span.start);
        let beside = self.clauses.get(first..).unwrap_or_default();
        let here = || beside.iter().take_while(|(span, ..)| overlaps(span, &candidate.span));
        let odds = here().map(|(_, odds, _)| odds.clamp(-5.0, 5.0));
        let (read_sum, read_count) = odds.clone().fold((0.0, 0_usize), |(sum, number), odds| (sum + odds, number + 1));
        let read = read_sum / count(read_count.max(1));
        let words = self.outline.words.get(candidate.words.clone()).unwrap_or_default();
        let has =
            |role: Role| count(words.iter().filter(|word| self.outline.small.is(&word.text, role)).count()).min(3.0);
        let telling = words.iter().filter(|word| self.outline.small.first_of(&word.text, ROLES).is_none()).count();
        let written = self.outline.text.get(candidate.span.clone()).unwrap_or_default();
        let letters = || written.chars().filter(|letter| letter.is_alphabetic());
        let most = |of: fn(&Meaning) -> f32| {
            let meanings = self.outline.meanings.get(candidate.segments.clone()).unwrap_or_default().iter().flatten();
            meanings.map(of).fold(-9.0_f32, f32::max)
        };
        let ln_length = count(length).max(1.0).ln();
        let opens_back = |sentence: usize| self.opens_back(sentence);
        let opened = if candidate.starts == Joint::Sentence { opens_back(sentence) } else { [0.0; 2] };
        let [followed, _] = if candidate.ends == Joint::Sentence { opens_back(last_sentence + 1) } else { [0.0; 2] };
        let Around { before, after } = around(self.outline, candidate);
        let after_words = self.outline.words.get(after.words.clone()).unwrap_or_default();
        let left = count(after.words.len());
        let is_cut = !before.words.is_empty() || !after.words.is_empty();
        let whole = before.words.len() + length + after.words.len();
        Counted {
            length: ln_length,
            of_1_2: flag(length <= 2),
            of_3_5: flag((3..=5).contains(&length)),
            of_6_9: flag((6..=9).contains(&length)),
            of_10_14: flag((10..=14).contains(&length)),
            of_15_19: flag((15..=19).contains(&length)),
            of_20: flag(length >= 20),
            share: count(length) / count(self.outline.words.len().max(1)),
            segments: count(candidate.segments.len()),
            is_comment: flag(candidate.segments.len() == self.outline.segments.len()),
            is_sentence: flag(candidate.starts == Joint::Sentence && candidate.ends == Joint::Sentence),
            is_two_sentences: flag(last_sentence > sentence),
            place: count(candidate.words.start) / count(self.outline.words.len().max(1)),
            in_first: flag(sentence == 0),
            in_last: flag(last_sentence + 1 == sentences),
            sentence: count(sentence + 1).ln(),
            sentences: count(sentences).ln(),
            comment: count(self.outline.words.len().max(1)).ln(),
            holds_but: joints(Joint::But),
            holds_because: joints(Joint::Because),
            holds_and: joints(Joint::And),
            holds_which: joints(Joint::Which),
            holds_when: joints(Joint::When),
            holds_commas: joints(Joint::Comma),
            holds_stop: joints(Joint::Stop) + joints(Joint::Subject),
            feels,
            feels_worst: worst,
            feels_best: best,
            is_plain: plain,
            is_worst: flag(worst <= self.all.worst),
            is_best: flag(best >= self.all.best),
            against_all: feels - self.all.feels,
            unhappy_feels: of(Band::Detractor, feels),
            passive_feels: of(Band::Passive, feels),
            happy_feels: of(Band::Promoter, feels),
            unhappy_plain: of(Band::Detractor, plain),
            happy_plain: of(Band::Promoter, plain),
            feels_strongly: feels.abs(),
            unhappy_length: of(Band::Detractor, ln_length),
            happy_length: of(Band::Promoter, ln_length),
            read_feels: read,
            read_worst: odds.clone().fold(0.0, f32::min),
            read_best: odds.fold(0.0, f32::max),
            unhappy_read: of(Band::Detractor, read),
            happy_read: of(Band::Promoter, read),
            words_of_praise: here().map(|(.., found)| found.praise).sum::<f32>().min(4.0),
            words_of_criticism: here().map(|(.., found)| found.criticism).sum::<f32>().min(4.0),
            about_driver: likely(most(|meaning| {
                meaning.drivers.iter().rev().skip(1).fold(-9.0_f32, |most, odds| most.max(*odds))
            })),
            about_nothing: likely(most(|meaning| meaning.drivers.last().copied().unwrap_or(0.0))),
            grave: likely(most(|meaning| {
                meaning.acts.iter().skip(RANKED_ACTS).fold(-9.0_f32, |most, odds| most.max(*odds))
            })),
            digits: flag(written.contains(|letter: char| letter.is_ascii_digit())),
            capitals: flag(length >= 2 && letters().all(char::is_uppercase)),
            exclaims: flag(written.ends_with('!')),
            asks: flag(written.ends_with('?')),
            quotes: flag(written.contains(['"', '“', '”', '„', '«', '»'])),
            says_you: has(Role::You),
            says_i: has(Role::I),
            says_they: has(Role::They),
            says_not: has(Role::Not),
            says_very: has(Role::Very),
            telling: count(telling).min(12.0),
            telling_share: count(telling) / count(length.max(1)),
            opens_small: flag(candidate.starts != Joint::Sentence && written.starts_with(char::is_lowercase)),
            left_before: (1.0 + count(before.words.len())).ln(),
            left_after: (1.0 + left).ln(),
            left_after_1_2: flag((1.0..=2.0).contains(&left)),
            left_after_3_5: flag((3.0..=5.0).contains(&left)),
            not_after: flag(after_words.iter().any(|word| self.outline.small.is(&word.text, Role::Not))),
            feels_before: before.feels,
            feels_after: after.feels,
            against_after: if after.words.is_empty() { 0.0 } else { feels - after.feels },
            fits: flag(is_cut && whole <= MOST_WORDS),
            starts_bare: flag(!before.words.is_empty() && is_bare(self.outline, candidate.words.start)),
            ends_bare: flag(!after.words.is_empty() && is_bare(self.outline, candidate.words.end)),
            opens_back: opened[0],
            opens_back_more: opened[1],
            is_referred_to: followed,
            holds_reference: if last_sentence > sentence { opens_back(last_sentence)[0] } else { 0.0 },
            score: self.outline.score.map_or(0.0, |score| f32::from(score.get()) / 5.0 - 1.0),
            is_sour: flag(self.outline.score.is_some_and(|score| score.get() <= 2)),
        }
    }
}

const _: () = assert!(RANKED_ACTS < ACTS);
