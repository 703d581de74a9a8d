//! How a clause feels by itself, and how a sentence feels about one thing in it, as the network sees it.

use crate::lexicon::CONTRASTS;
use crate::models::lanes::{add_times, sum_of_products};
use crate::models::network::{FILTERS, Feelings, Filters, HEADS, Marks, NETWORK};
use crate::text::words::Word;
use std::ops::Range;

/// Pieces that are read together; longer clauses are read in parts.
const WINDOW: usize = 48;
/// Pieces of a sentence that are looked at around what is asked about.
const AROUND: usize = 64;

/// For each filter the most that it saw, and how much it saw.
fn pooled(seen: &[Filters]) -> (Filters, Filters) {
    let (mut most, mut much) = ([0.0_f32; FILTERS], [0.0_f32; FILTERS]);
    for seen in seen {
        for ((most, much), seen) in most.iter_mut().zip(&mut much).zip(seen) {
            *most = most.max(*seen);
            *much += seen;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a part has few pieces")]
    let share = 0.5 / (seen.len().max(1) as f32).sqrt();
    (most, much.map(|much| much * share))
}

/// A sentence, ready to be asked how it feels about something in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pieces: Vec<usize>,
    seen: Vec<Filters>,
    /// For each piece the bytes of its word, and the marks up to it.
    words: Vec<(Range<usize>, Marks)>,
}

impl Reading {
    /// Reads the words of a sentence of the comment, as they were meant.
    pub(crate) fn new(text: &str, sentence: &[Word]) -> Self {
        let Some(network) = &*NETWORK else { return Self::default() };
        let (mut pieces, mut places) = (Vec::new(), Vec::new());
        let (mut marks, mut from) = (Marks::default(), sentence.first().map_or(0, |word| word.start));
        for word in sentence {
            let gap = text.get(from..word.start).unwrap_or_default();
            from = word.end;
            let before = pieces.len();
            network.cut(&word.text, &mut pieces);
            if pieces.len() > before {
                marks.commas += usize::from(parts(gap));
                marks.contrasts += usize::from(CONTRASTS.contains(&word.text.as_str()));
                marks.ands += usize::from(word.text == "and");
            }
            places.resize(pieces.len(), (word.start..word.end, marks));
        }
        Self { seen: network.see(&pieces), words: places, pieces }
    }

    /// The pieces of the words at these bytes.
    pub(crate) fn pieces(&self, span: &Range<usize>) -> &[usize] {
        let start = self.words.partition_point(|(word, _)| word.start < span.start);
        let end = self.words.partition_point(|(word, _)| word.end <= span.end);
        self.pieces.get(start..end).unwrap_or_default()
    }

    /// How the words at these bytes feel by themselves; all zero when none of them is known.
    pub(crate) fn alone(&self, span: &Range<usize>) -> Feelings {
        let Some(network) = &*NETWORK else { return Feelings::default() };
        let pieces = self.pieces(span);
        let feelings_of = |seen: &[Filters]| {
            let (most, much) = pooled(seen);
            network.of_all.of(most.into_iter().chain(much))
        };
        if pieces.is_empty() {
            return Feelings::default();
        }
        if pieces.len() == self.pieces.len() && pieces.len() <= WINDOW {
            return feelings_of(&self.seen);
        }
        let parts = pieces.chunks(WINDOW).len();
        let mut sum = Feelings::default();
        for part in pieces.chunks(WINDOW) {
            let felt = feelings_of(&network.see(part));
            #[expect(clippy::cast_precision_loss, reason = "a comment has few parts")]
            let share = 1.0 / parts as f32;
            sum.negative += felt.negative * share;
            sum.neutral += felt.neutral * share;
            sum.positive += felt.positive * share;
        }
        sum
    }

    /// How it feels about what stands at these bytes of the comment.
    pub(crate) fn about(&self, span: &Range<usize>) -> Feelings {
        let Some(network) = &*NETWORK else { return Feelings::default() };
        let first = self.words.partition_point(|(word, _)| word.end <= span.start);
        let end = self.words.partition_point(|(word, _)| word.start < span.end);
        // Where nothing known stands there, all of it is asked about.
        let (first, end) = if first < end { (first, end) } else { (0, self.words.len()) };
        let start = first.saturating_sub(AROUND / 2).min(self.words.len().saturating_sub(AROUND));
        let (first, end) = (first - start, (end - start).min(AROUND));
        let window = start..self.words.len().min(start + AROUND);
        let (Some(words), Some(seen)) = (self.words.get(window.clone()), self.seen.get(window)) else {
            return Feelings::default();
        };
        let Some(of_this) = seen.get(first..end).filter(|this| !this.is_empty()) else { return Feelings::default() };
        let last = end - 1;
        let this = mean(of_this);
        let looked_for = network.looked_for(&this);
        let here = words.get(first).map(|(_, marks)| *marks).unwrap_or_default();
        let mut found = Found::default();
        for (at, ((_, marks), seen)) in words.iter().zip(seen).enumerate() {
            let distance = first.saturating_sub(at).max(at.saturating_sub(last));
            let mut odds = network.nearness(at >= first, distance, between(here, *marks));
            for (odds, wanted) in odds.iter_mut().zip(&looked_for) {
                *odds += sum_of_products(wanted, seen);
            }
            found.add(&odds, seen);
        }
        let (most, much) = pooled(seen);
        network.of_one.of(found.means().into_iter().flatten().chain(this).chain(most).chain(much))
    }
}

/// Whether what stands between two words parts them.
fn parts(gap: &str) -> bool {
    gap.contains([',', ';', ':', '(', ')', '–', '—', '.', '/', '!', '?']) || gap.contains(" -") || gap.contains("- ")
}

fn between(one: Marks, other: Marks) -> Marks {
    Marks {
        commas: one.commas.abs_diff(other.commas),
        contrasts: one.contrasts.abs_diff(other.contrasts),
        ands: one.ands.abs_diff(other.ands),
    }
}

#[expect(clippy::cast_precision_loss, reason = "few pieces are asked about")]
fn mean(rows: &[Filters]) -> Filters {
    let mut sum = [0.0; FILTERS];
    for row in rows {
        sum.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sum.map(|value| value / rows.len().max(1) as f32)
}

/// What was found for each part that is looked for: what stands near and answers counts most. The weights are a softmax,
/// kept in proportion to the largest so far.
struct Found {
    sums: [Filters; HEADS],
    totals: [f32; HEADS],
    tops: [f32; HEADS],
}

impl Default for Found {
    fn default() -> Self {
        Self { sums: [[0.0; FILTERS]; HEADS], totals: [0.0; HEADS], tops: [f32::NEG_INFINITY; HEADS] }
    }
}

impl Found {
    fn add(&mut self, odds: &[f32; HEADS], seen: &Filters) {
        let parts = self.sums.iter_mut().zip(&mut self.totals).zip(&mut self.tops);
        for (((sum, total), top), odds) in parts.zip(odds) {
            if *odds > *top {
                let shrink = (*top - odds).exp();
                sum.iter_mut().for_each(|sum| *sum *= shrink);
                *total *= shrink;
                *top = *odds;
            }
            let weight = (odds - *top).exp();
            *total += weight;
            add_times(sum, weight, seen);
        }
    }

    fn means(self) -> [Filters; HEADS] {
        let mut means = self.sums;
        for (mean, total) in means.iter_mut().zip(self.totals) {
            mean.iter_mut().for_each(|value| *value /= total.max(f32::MIN_POSITIVE));
        }
        means
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    fn reading(text: &str) -> Reading {
        Reading::new(text, &words(text, 0))
    }

    fn praise(text: &str) -> f32 {
        reading(text).alone(&(0..text.len())).praise()
    }

    #[test]
    fn what_it_was_taught_it_knows() {
        let taught = include_str!("../../train/phrasings.tsv");
        let lines = taught.lines().filter_map(|line| line.split_once('\t')).filter(|(label, _)| *label != "=");
        let lines: Vec<(&str, &str)> = lines.collect();
        let right = lines.iter().filter(|(label, text)| (praise(text) > 0.0) == (*label == "+"));
        let right = right.count();
        // Below this the pieces or layers here and in the script no longer agree.
        assert!(right * 100 >= lines.len() * 88, "{right} of {}", lines.len());
    }

    #[test]
    fn each_side_of_a_but_is_asked_about_by_itself() {
        for (text, praised, criticised) in [
            ("The soup was cold but the waiter was lovely.", "waiter", "soup"),
            ("Great food although the prices are far too high", "food", "prices"),
            ("Staff very rude, room spotless", "room", "Staff"),
        ] {
            let reading = reading(text);
            let about = |word: &str| {
                let at = text.find(word).unwrap();
                reading.about(&(at..at + word.len())).praise()
            };
            assert!(about(praised) > about(criticised) + 0.5, "{text} {} {}", about(praised), about(criticised));
        }
    }

    #[test]
    fn odd_words_are_read_without_harm() {
        for text in ["", "日本語", "ﬀ'é'", &"x".repeat(9_000), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        {
            let reading = reading(text);
            for span in [0..0, 0..text.len(), 5..9_999] {
                assert!(
                    reading.about(&span).praise().is_finite() && reading.alone(&span).praise().is_finite(),
                    "{text}"
                );
            }
        }
    }
}
