//! Stretches of a comment that may be read back by themselves or with their neighbours, in any language: as written, between
//! stops, commas and the small words that join clauses.

use crate::text::sentences::{is_abbreviated, sentences, trimmed};
use crate::text::small_words::{Role, SmallWords};
use crate::text::words::Word;
use std::ops::Range;

/// What stands between a segment and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joint {
    /// Another sentence, or nothing.
    Sentence,
    /// A dash, bracket, colon or dots.
    Stop,
    Comma,
    And,
    But,
    Because,
    So,
    Which,
    When,
    /// A new subject, where nothing else parts a long stretch.
    Subject,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Segment {
    /// Its bytes, with the word that joins it on.
    pub(crate) span: Range<usize>,
    /// Its words, by their places in the comment.
    pub(crate) words: Range<usize>,
    /// The number of its sentence.
    pub(crate) sentence: usize,
    pub(crate) before: Joint,
    /// Whether its first word only joins it on.
    pub(crate) is_joined: bool,
}

/// What goes with the whole before it.
const HALVES: [&str; 12] =
    ["half", "halb", "halbe", "demi", "demie", "media", "medio", "meia", "meio", "mezza", "mezzo", "halve"];

/// Words that stand together whatever either joins elsewhere.
const TURNS: [(&str, &str); 8] = [
    ("less", "so"),
    ("more", "so"),
    ("even", "so"),
    ("und", "ganzen"),
    ("und", "gar"),
    ("hit", "and"),
    ("and", "miss"),
    ("en", "ander"),
];

/// What goes with the small word after it: "even though", "auch wenn", "même si".
const EVEN: [&str; 10] = ["even", "auch", "selbst", "même", "incluso", "aun", "mesmo", "ook", "zelfs", "anche"];

/// Words of a stretch before a new subject parts it.
const LONG: usize = 6;

/// All segments of a comment, in order; `words` are the comment's.
pub(crate) fn segments(text: &str, words: &[Word], small: &SmallWords) -> Vec<Segment> {
    let mut found = Vec::new();
    for (sentence, span) in sentences(text).into_iter().enumerate() {
        let from = words.partition_point(|word| word.start < span.start);
        let to = words.partition_point(|word| word.end <= span.end);
        let mut push = |first: usize, end: usize, start: usize, stop: usize, before: Joint| {
            // "Since the update it drops": what opens a sentence belongs to it.
            let opens = first == from && words.get(first).is_some_and(|word| small.is(&word.text, Role::Because));
            let is_joined =
                end > first + 1 && !opens && words.get(first).is_some_and(|word| only_joins(&word.text, small));
            let span = trimmed(text, start..stop).filter(|_| first < end);
            found.extend(span.map(|span| Segment { span, words: first..end, sentence, before, is_joined }));
        };
        let (mut first, mut start, mut before) = (from, span.start, Joint::Sentence);
        for at in from + 1..to {
            let Some(joint) = joint_at(text, words, small, first..to, at) else { continue };
            let Some(word) = words.get(at) else { continue };
            // What stands at the cut goes with the half that it touches.
            let gap = words.get(at - 1).map_or("", |last| text.get(last.end..word.start).unwrap_or_default());
            let opening = gap
                .rfind(['(', '“', '"', '«', '„', '£', '$', '€', '#'])
                .filter(|place| gap.get(*place..).is_some_and(|after| !after.contains(' ')));
            let cut = opening.map_or(word.start, |place| word.start - gap.len() + place);
            push(first, at, start, cut, before);
            (first, start, before) = (at, cut, joint);
        }
        push(first, to, start, span.end, before);
    }
    found
}

/// Bytes up to which what stands in brackets belongs to its clause: "tutor (Imran) is patient".
const ASIDE: usize = 24;

/// Whether a bracket between two words opens or closes a few words that go with what stands around them.
fn is_aside(text: &str, gap: Range<usize>) -> bool {
    let Some(between) = text.get(gap.clone()) else { return false };
    let goes_on = |inner: Option<usize>| inner.is_some_and(|length| length <= ASIDE);
    match (between.find('('), between.find(')')) {
        (Some(open), None) => {
            let closes = text.get(gap.start + open..).and_then(|rest| rest.find(')'));
            // What ends the sentence is a remark of its own.
            let after = closes.and_then(|close| text.get(gap.start + open + close + 1..)).unwrap_or_default();
            goes_on(closes) && after.trim_start().starts_with(char::is_alphanumeric)
        }
        (None, Some(close)) => {
            let before = text.get(..gap.start + close).unwrap_or_default();
            goes_on(before.rfind('(').map(|open| before.len() - open))
                && text.get(gap.end..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
        }
        _ => false,
    }
}

/// Whether a word that opens a stretch only joins it on, and is left out of a quote.
fn only_joins(word: &str, small: &SmallWords) -> bool {
    small.first_of(word, [Role::And, Role::But, Role::Because, Role::So]).is_some()
}

/// How a new segment begins at the word `at`, of a stretch that began at `within.start` in a sentence that ends at `within.end`.
fn joint_at(text: &str, words: &[Word], small: &SmallWords, within: Range<usize>, at: usize) -> Option<Joint> {
    let (last, word) = (words.get(at.checked_sub(1)?)?, words.get(at)?);
    let gap = text.get(last.end..word.start)?;
    let (length, left) = (at - within.start, within.end - at);
    let leads = |at: usize| {
        let is_even = words.get(at).is_some_and(|word| EVEN.contains(&word.text.as_str()));
        let next = words.get(at + 1).filter(|_| is_even && at + 1 < within.end)?;
        small.first_of(&next.text, [Role::But, Role::When])
    };
    if !gap.contains([',', '.', '!', '?', ';', '(']) && leads(at - 1).is_some() {
        return None;
    }
    let all = [Role::But, Role::Because, Role::So, Role::And, Role::Which, Role::When];
    let joins = leads(at).or_else(|| small.first_of(&word.text, all));
    // What is an article, too, says more of something only after a comma: "im Zug geht die Klimaanlage nicht".
    let is_article = joins == Some(Role::Which) && small.is(&word.text, Role::Det) && !gap.contains(',');
    let joint = match joins.filter(|_| !is_article) {
        Some(Role::But) => Some(Joint::But),
        Some(Role::Because) => Some(Joint::Because),
        Some(Role::So) => Some(Joint::So),
        Some(Role::And) => Some(Joint::And),
        Some(Role::Which) => Some(Joint::Which),
        Some(Role::When) => Some(Joint::When),
        _ => None,
    };
    // "14:30", "20.30".
    let is_number =
        last.text.ends_with(|c: char| c.is_ascii_digit()) && word.text.starts_with(|c: char| c.is_ascii_digit());
    if is_number && gap.chars().count() == 1 {
        return None;
    }
    // "Mr. Alvarez", "beim 1. Mal".
    let is_short = gap.trim_end() == "."
        && (text.get(..last.end).is_some_and(is_abbreviated)
            || small.dots_ordinals()
                && last.text.len() <= 2
                && last.text.bytes().all(|byte| byte.is_ascii_digit())
                && text.get(word.start..).is_some_and(|rest| rest.starts_with(char::is_lowercase)));
    // "200 metres from the beach... of a wasteland" goes on.
    let trails_on = matches!(gap.trim(), "..." | "…")
        && joint.is_none()
        && text.get(word.start..).is_some_and(|rest| rest.starts_with(char::is_lowercase));
    if is_short || trails_on {
        return None;
    }
    // "between 10 and 3", "an hour and a half".
    let is_half = |at: usize| words.get(at).is_some_and(|word| HALVES.contains(&word.text.as_str()));
    if joint == Some(Joint::And)
        && (is_half(at + 1) || is_half(at + 2) && small.is(&words.get(at + 1)?.text, Role::Det))
    {
        return None;
    }
    let is_digit = |word: Option<&Word>| word.is_some_and(|word| word.text.bytes().all(|byte| byte.is_ascii_digit()));
    let is_range = is_digit(Some(last)) && (at + 1..at + 4).any(|at| is_digit(words.get(at)));
    // "the booking page less so", "Im Großen und Ganzen".
    let is_turn = TURNS.iter().any(|(one, two)| last.text == *one && word.text == *two)
        || words.get(at + 1).is_some_and(|next| TURNS.iter().any(|(one, two)| word.text == *one && next.text == *two));
    if joint == Some(Joint::And) && is_range || is_turn {
        return None;
    }
    let is_bracket = gap.contains(['(', ')']) && !is_aside(text, last.end..word.start);
    let is_stop = is_bracket
        || gap.contains([';', ':', '–', '—', '…', '\n', '!', '?'])
        || gap.contains("..")
        || gap.contains(" -")
        || gap.contains("- ")
        || gap.contains(" / ")
        || gap.contains(". ");
    let is_comma = gap.contains(',') && gap != ",";
    let is_tight_comma = gap == "," && !last.text.ends_with(|c: char| c.is_ascii_digit());
    if is_stop {
        return Some(joint.filter(|_| left >= 2).unwrap_or(Joint::Stop));
    }
    if is_comma || is_tight_comma {
        return Some(joint.filter(|_| left >= 2).unwrap_or(Joint::Comma));
    }
    match joint {
        // "und will trotzdem jede Woche wieder hin".
        Some(_) if small.is(&word.text, Role::Adverb) => None,
        // "So" and "that" inside a clause mostly strengthen: only where something follows and stands before.
        Some(Joint::So) => (length >= 3 && left >= 3).then_some(Joint::So),
        Some(joint) => (length >= 2 && left >= 2).then_some(joint),
        None => {
            let is_subject = small.is(&word.text, Role::Subject);
            let follows = words.get(at - 1).is_some_and(|last| {
                small
                    .first_of(
                        &last.text,
                        [
                            Role::Prep,
                            Role::Det,
                            Role::That,
                            Role::When,
                            Role::And,
                            Role::But,
                            Role::Because,
                            Role::Which,
                            Role::Aux,
                            Role::Not,
                        ],
                    )
                    .is_some()
            });
            (is_subject && !follows && length >= LONG && left >= 3).then_some(Joint::Subject)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    fn split(text: &str, language: &str) -> Vec<String> {
        let found = segments(text, &words(text, 0), SmallWords::of(language));
        found.into_iter().filter_map(|segment| text.get(segment.span).map(str::to_owned)).collect()
    }

    #[test]
    fn a_sentence_is_cut_where_clauses_join() {
        assert_eq!(
            split("Great food, but slow service because nobody was there. Loved it!", "en"),
            ["Great food", "but slow service", "because nobody was there", "Loved it!"]
        );
        assert_eq!(
            split("Die Lieferung kam zu spät, weil niemand Bescheid wusste und das Essen war kalt", "de"),
            ["Die Lieferung kam zu spät", "weil niemand Bescheid wusste", "und das Essen war kalt"]
        );
        for (whole, language, first) in [
            ("the box was left in the sun even though the note says porch", "en", "the box was left in the sun"),
            ("wir kommen wieder auch wenn es teuer ist", "de", "wir kommen wieder"),
            ("on reviendra même si c'est cher", "fr", "on reviendra"),
        ] {
            assert_eq!(split(whole, language)[0], first, "what goes with the small word after it");
        }
        assert_eq!(split("Ruoka oli hyvää, mutta kallista", "fi"), ["Ruoka oli hyvää", "mutta kallista"]);
        assert_eq!(split("der Termin um 14:30 ist schwer", "de"), ["der Termin um 14:30 ist schwer"]);
        for (whole, language) in [
            ("im Zug geht die Klimaanlage nicht", "de"),
            ("beim 1. mal bestanden", "de"),
            ("teacher Mr. Alvarez is very patient", "en"),
            ("Frau Dr. Behrens hat geholfen", "de"),
            ("tutor (Imran) is very patient", "en"),
            ("I waited an hour and a half past my slot", "en"),
            ("bellen kan alleen tussen 10 en 3", "nl"),
            ("er will trotzdem jede Woche wieder hin", "de"),
            ("he llamado ya tres veces este mes", "es"),
        ] {
            assert_eq!(split(whole, language).first().map(String::as_str), Some(whole));
        }
        assert_eq!(split("costs £1,200 (really) and 2.5 hours", "en"), ["costs £1,200 (really)", "and 2.5 hours"]);
    }
}
