//! Sentences and the clauses in them, as byte spans into the comment.

use crate::lexicon::{CONTRASTS, NEGATIONS};
use crate::text::sentences::{sentences, trimmed};
use crate::text::words::Word;
use std::ops::Range;

/// A stretch of the comment that can be quoted by itself and carries at most one feeling.
#[derive(Debug, Clone)]
pub(crate) struct Clause<'a> {
    pub(crate) span: Range<usize>,
    pub(crate) words: &'a [Word],
    /// The words of the sentence it is part of, by their places in the comment.
    pub(crate) sentence: Range<usize>,
    /// The place of its own first word in the comment.
    pub(crate) first: usize,
    /// Whether a contrast ("but", "although") leads into it.
    pub(crate) contrasts: bool,
    /// Whether it is a question.
    pub(crate) asks: bool,
}

impl Clause<'_> {
    /// The two that it would be if the word `at`, which follows a comma or stop or is an "and", began another.
    pub(crate) fn parted(&self, text: &str, at: usize) -> Option<(Self, Self)> {
        let (left, right) = self.words.split_at_checked(at)?;
        let (last, next) = (left.last()?, right.first()?);
        let joined = next.text == "and" || next.text == "n";
        let right = if joined { right.get(1..)? } else { right };
        let gap = text.get(last.end..next.start)?;
        // Not "10/10", "B&B" or "1,200".
        let parts = joined || gap.contains([',', '.', '/', '+', '&']) && gap.contains(' ');
        // "All this and more".
        let goes_on = joined && right.first().is_some_and(|word| word.text == "more");
        if !parts || goes_on || right.len() < 2 {
            return None;
        }
        // What stands at the cut goes with the half it touches: "£200 well spent".
        let (ends, begins) = match gap.rfind(['&', '+', '/']) {
            _ if joined => (last.end, next.end),
            Some(sign) => (last.end, last.end + sign + 1),
            None => (last.end + gap.find(' ')?, last.end + gap.find(' ')?),
        };
        let (before, after) = (trimmed(text, self.span.start..ends)?, trimmed(text, begins..self.span.end)?);
        let first = self.first + at + usize::from(joined);
        let left = Self { span: before, words: left, asks: false, ..self.clone() };
        Some((left, Self { span: after, words: right, first, contrasts: true, ..self.clone() }))
    }
}

/// Words that concede what the next clause answers.
const CONCEDING: &[&str] = &["although", "though", "while", "whilst", "despite", "whereas", "granted"];

/// All clauses of a comment, in order; `words` are the comment's.
pub(crate) fn clauses<'a>(text: &str, words: &'a [Word]) -> Vec<Clause<'a>> {
    let mut found = Vec::new();
    for span in sentences(text) {
        split_sentence(text, words, span, &mut found);
    }
    found
}

/// The places of the words that stand at these bytes.
fn places(words: &[Word], span: &Range<usize>) -> Range<usize> {
    words.partition_point(|word| word.start < span.start)..words.partition_point(|word| word.end <= span.end)
}

fn split_sentence<'a>(text: &str, all: &'a [Word], span: Range<usize>, found: &mut Vec<Clause<'a>>) {
    let within = places(all, &span);
    let (Some(slice), Some(words)) = (text.get(span.clone()), all.get(within.clone())) else {
        return;
    };
    let sentence = Sentence { slice, offset: span.start, words };
    let mut push = |span: Range<usize>, contrasts: bool| {
        let Some(span) = trimmed(text, span) else {
            return;
        };
        let Range { start: first, end } = places(all, &span);
        let words = all.get(first..end).unwrap_or_default();
        if !words.is_empty() {
            let asks = text.get(span.clone()).is_some_and(|quote| quote.ends_with('?'));
            found.push(Clause { span, words, sentence: within.clone(), first, contrasts, asks });
        }
    };
    // An "and" or "but" that opens the sentence is left out of the quote.
    let joined = matches!(sentence.word(0), "and" | "but") && sentence.words.len() > 2;
    let mut first = usize::from(joined);
    let mut from = sentence.words.get(first).filter(|_| joined).map_or(span.start, |word| word.start);
    // "But" at the start of a sentence answers the one before; "although" there is answered in this one.
    let mut contrasts =
        matches!(sentence.word(0), "but" | "however" | "unfortunately" | "except") || sentence.opens_with_regret();
    for (at, word) in sentence.words.iter().enumerate() {
        let Some(turn) = sentence.turn(first, at) else { continue };
        push(from..word.start, contrasts);
        // "Although the room was cold, staff were kind": the second answers the first.
        contrasts = turn.contrasts || CONCEDING.contains(&sentence.word(first));
        first = at + usize::from(turn.drops_word);
        from = sentence.words.get(first).map_or(word.end, |first| first.start);
    }
    push(from..span.end, contrasts);
}

/// How a new clause begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    /// Whether it stands against the one before.
    contrasts: bool,
    /// Whether its first word only joins it on, and is left out of a quote.
    drops_word: bool,
}

struct Sentence<'a> {
    slice: &'a str,
    offset: usize,
    words: &'a [Word],
}

impl Sentence<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// Whether a bracket opened before this word ends with the sentence: then what is in it is a clause of its own.
    fn closes_at_end(&self, at: usize) -> bool {
        let rest = self.words.get(at).and_then(|word| self.slice.get(word.start - self.offset..)).unwrap_or_default();
        rest.trim_end_matches(['.', '!', '?', ' '])
            .find(['(', ')'])
            .is_some_and(|place| rest.trim_end_matches(['.', '!', '?', ' ']).get(place..) == Some(")"))
    }

    /// What stands between a word and the one before it.
    fn gap(&self, at: usize) -> &str {
        let (Some(before), Some(word)) =
            (at.checked_sub(1).and_then(|before| self.words.get(before)), self.words.get(at))
        else {
            return "";
        };
        self.slice.get(before.end - self.offset..word.start - self.offset).unwrap_or_default()
    }

    /// Whether a clause that began at the word `first` ends before the word `at`.
    fn turn(&self, first: usize, at: usize) -> Option<Turn> {
        let (length, left) = (at.checked_sub(first)?, self.words.len() - at);
        let word = self.word(at);
        // "Anything but friendly", "have yet to find": no contrast.
        let other_sense = match word {
            "but" => ["anything", "nothing", "all", "everything"].contains(&self.word(at.wrapping_sub(1))),
            // "Never lost one yet and ...".
            "yet" if matches!(self.word(at + 1), "to" | "and" | "") => {
                self.word(at + 1) == "to" || (at.saturating_sub(5)..at).any(|at| NEGATIONS.contains(&self.word(at)))
            }
            // "Waited a while".
            "while" => ["a", "quite", "long", "little", "short", "the"].contains(&self.word(at.wrapping_sub(1))),
            _ => false,
        };
        // "Quiet, even though it is next to the station": the "even" goes with it.
        let even_though = word == "even" && self.word(at + 1) == "though";
        if length >= 1 && (CONTRASTS.contains(&word) || even_though) && !other_sense {
            let drops_word = even_though
                || matches!(word, "but" | "however" | "though" | "tho" | "yet" | "although" | "altho" | "whereas");
            return Some(Turn { contrasts: true, drops_word });
        }
        if length >= 2 && left >= 3 && self.begins_regret(at) {
            return Some(Turn { contrasts: true, drops_word: false });
        }
        let gap = self.gap(at);
        let dashed = gap.contains(['–', '—']) || gap.contains("..") || gap.contains(" -") || gap.contains(" / ");
        let dashed = dashed || gap.contains('(') && self.closes_at_end(at);
        if dashed && length >= 2 && left >= 2 {
            return Some(Turn { contrasts: false, drops_word: false });
        }
        (length >= 3 && self.begins_next(first, at)).then(|| Turn { contrasts: false, drops_word: word == "and" })
    }

    /// "Only thing is", "My only gripe", "Just a shame that", where it opens a sentence.
    fn opens_with_regret(&self) -> bool {
        let opener = (0..4).find(|at| !REGRET_OPENERS.contains(&self.word(*at)));
        opener.is_some_and(|at| match self.word(at) {
            "shame" | "pity" => true,
            "only" if matches!(self.word(at + 1), "thing" | "reason") => matches!(self.word(at + 2), "is" | "was"),
            "only" => COMPLAINTS.contains(&self.word(at + 1)),
            _ => false,
        })
    }

    /// "... just a shame that", "... I wish", "... my only complaint": what follows was missed.
    fn begins_regret(&self, at: usize) -> bool {
        match self.word(at) {
            // "I could not wish for more" regrets nothing.
            "wish" if ["not", "couldn't", "can't", "could", "would"].contains(&self.word(at - 1)) => false,
            "shame" | "pity" | "wish" => !REGRET_OPENERS.contains(&self.word(at - 1)),
            "only" => COMPLAINTS.contains(&self.word(at + 1)) && !REGRET_OPENERS.contains(&self.word(at - 1)),
            opener if REGRET_OPENERS.contains(&opener) => {
                // The first of "it's just a shame" begins it.
                let next = (at..at + 3).find(|next| !REGRET_OPENERS.contains(&self.word(*next)));
                let regrets = next.is_some_and(|next| match self.word(next) {
                    "shame" | "pity" | "wish" => true,
                    "only" => COMPLAINTS.contains(&self.word(next + 1)),
                    _ => false,
                });
                regrets && !REGRET_OPENERS.contains(&self.word(at - 1))
            }
            "apart" | "aside" => self.word(at + 1) == "from",
            "other" => self.word(at + 1) == "than" && self.word(at + 2) != "that",
            _ => false,
        }
    }

    /// Whether a new subject stands here, as in "the room was small, the staff were kind".
    fn begins_next(&self, first: usize, at: usize) -> bool {
        let joined = self.word(at) == "and";
        // "It's" and "they've" open as "it" and "they" do.
        let subject = self.word(at + usize::from(joined));
        let subject = subject.split('\'').next().unwrap_or(subject);
        let has_verb = |from: usize, to: usize| (from..to).any(|at| VERBS.contains(&self.word(at)));
        if self.gap(at).contains(',') {
            let opens = SUBJECTS.contains(&subject) || SHORT_SUBJECTS.contains(&subject);
            let both_sides = !SUBORDINATING.contains(&subject) && has_verb(at + 1, at + 5) && has_verb(first, at);
            return (opens || both_sides) && self.words.len() >= at + 3;
        }
        // "Although the prices are high the room is nice": what was conceded ends where the next subject stands.
        if CONCEDING.contains(&self.word(first)) {
            return SUBJECTS.contains(&subject) && has_verb(at + 1, at + 5) && has_verb(first, at);
        }
        // Without a comma only where both sides are sentences: "the soup was cold and the waiter did not care".
        joined && SUBJECTS.contains(&subject) && has_verb(at.saturating_sub(8), at) && has_verb(at + 2, at + 8)
    }
}

/// Words before a "shame" or "wish" that belong to it.
const REGRET_OPENERS: &[&str] =
    &["i", "we", "just", "a", "what", "such", "it's", "its", "really", "do", "my", "the", "our"];

/// What "only" stands before when something was missed.
const COMPLAINTS: &[&str] = &[
    "thing",
    "problem",
    "issue",
    "complaint",
    "downside",
    "drawback",
    "dislike",
    "negative",
    "criticism",
    "gripe",
    "downfall",
    "niggle",
    "disappointment",
    "bad",
    "con",
    "trouble",
    "reason",
];

/// Words that open a clause of its own after a comma, and after a bare "and" between two sentences.
const SUBJECTS: &[&str] = &[
    "the",
    "my",
    "our",
    "your",
    "their",
    "his",
    "her",
    "its",
    "they",
    "it",
    "we",
    "i",
    "he",
    "she",
    "you",
    "there",
    "this",
    "these",
    "everything",
    "everyone",
    "nothing",
    "nobody",
    "service",
    "staff",
    "food",
    "prices",
];

/// Words that open a clause of its own after a comma only.
const SHORT_SUBJECTS: &[&str] = &[
    "that",
    "no",
    "not",
    "very",
    "also",
    "great",
    "good",
    "excellent",
    "friendly",
    "poor",
    "bad",
    "slow",
    "price",
    "delivery",
    "too",
    "so",
    "never",
    "still",
    "sometimes",
];

/// Words that go on with the sentence after a comma.
const SUBORDINATING: &[&str] = &[
    "which", "who", "whom", "whose", "where", "when", "because", "as", "if", "since", "once", "or", "then", "is",
    "are", "was", "were", "has", "have", "had",
];

/// Forms that tell a sentence from a list.
pub(crate) const VERBS: &[&str] = &[
    "is", "are", "was", "were", "has", "have", "had", "does", "do", "did", "can", "could", "will", "would", "took",
    "came", "went", "got", "made", "gave", "left", "felt", "seemed", "looked", "tasted", "arrived", "wasn't", "isn't",
    "weren't", "aren't", "didn't", "doesn't", "don't", "couldn't", "can't", "won't", "it's", "they're", "loved",
    "liked", "works", "worked", "needs", "tastes", "looks", "feels",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    fn split(text: &str) -> Vec<&str> {
        clauses(text, &words(text, 0)).into_iter().filter_map(|clause| text.get(clause.span)).collect()
    }

    #[test]
    fn a_contrast_parts_a_sentence() {
        assert_eq!(split("Great food, but slow service."), ["Great food", "slow service"]);
        assert_eq!(
            split("Although the room was cold, staff were kind. Loved it!"),
            ["Although the room was cold", "staff were kind", "Loved it!"]
        );
        assert_eq!(
            split("Good variety.However nothing surprising\nMore seats please"),
            ["Good variety", "However nothing surprising", "More seats please"]
        );
        assert_eq!(
            split("The room was cold - took hours to warm up, just a shame nobody told us (I asked though)"),
            ["The room was cold", "took hours to warm up", "just a shame nobody told us", "I asked"]
        );
        assert_eq!(split("I could not wish for a better room"), ["I could not wish for a better room"]);
        assert_eq!(split("Slow checkout (the queue was endless)"), ["Slow checkout", "the queue was endless"]);
        assert_eq!(split("I was waiting a while but it was good"), ["I was waiting a while", "it was good"]);
        assert_eq!(split("The staff were anything but friendly"), ["The staff were anything but friendly"]);
        assert_eq!(split("And the staff were rude."), ["the staff were rude"]);
        assert_eq!(split("No noise even though it is by the road"), ["No noise", "though it is by the road"]);
        assert_eq!(split("Reports are easy, although the app lags"), ["Reports are easy", "the app lags"]);
        assert_eq!(split("Open 24/7 and always friendly"), ["Open 24/7 and always friendly"]);
        assert!(split("... !!! —").iter().all(|clause| clause.len() < 4));
    }
}
