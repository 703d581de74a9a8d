//! Sentences as customers write them, and quotes without loose ends.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The sentences of a comment, as byte spans.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let in_stretch = |range: Range<usize>| {
        let stretch = text.get(range.clone()).unwrap_or_default();
        stretch.split_sentence_bound_indices().map(move |(start, sentence)| (range.start + start, sentence))
    };
    let mut from = 0;
    for (start, sentence) in stretches(text).into_iter().flat_map(in_stretch) {
        // Customers end sentences with line breaks, and forget the blank after a full stop.
        for (at, letter) in sentence.char_indices() {
            let next_is_capital =
                sentence.get(at + letter.len_utf8()..).is_some_and(|rest| rest.starts_with(char::is_uppercase));
            let after = sentence.get(at + letter.len_utf8()..).unwrap_or_default();
            let ends = letter != '.' || opens_anew(after) || !sentence.get(..at).is_some_and(is_abbreviated);
            if letter == '\n' || (matches!(letter, '.' | '!' | '?') && next_is_capital && ends) || letter == ';' {
                found.extend(trimmed(text, from..start + at + letter.len_utf8()));
                from = start + at + letter.len_utf8();
            }
        }
        // "Dr. Patel was kind" is one sentence, whatever stands after the full stop.
        let end = start + sentence.len();
        let written = sentence.trim_end();
        let goes_on = written.strip_suffix('.').is_some_and(is_abbreviated);
        if !goes_on || text.get(end..).is_none_or(|after| after.is_empty() || opens_anew(after)) {
            found.extend(trimmed(text, from..end));
            from = end;
        }
    }
    found.extend(trimmed(text, from..text.len()));
    beaten_together(text, found)
}

/// With what is said in single words as one: "Every. Single. Time."
fn beaten_together(text: &str, sentences: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let is_word = |span: &Range<usize>| text.get(span.clone()).is_some_and(|said| !said.contains(char::is_whitespace));
    let mut beaten: Vec<(Range<usize>, bool)> = Vec::new();
    for span in sentences {
        let is_beat = is_word(&span);
        match beaten.last_mut() {
            Some((last, true)) if is_beat => last.end = span.end,
            _ => beaten.push((span, is_beat)),
        }
    }
    beaten.into_iter().map(|(span, _)| span).collect()
}

/// Whether a full stop after these words belongs to the last of them.
pub(super) fn is_abbreviated(before: &str) -> bool {
    // Short forms are short: what stands further back is not looked at.
    let tail = before.get(before.floor_char_boundary(before.len().saturating_sub(12))..).unwrap_or(before);
    let last = tail.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    let initial = last.rsplit('.').next().unwrap_or(last);
    // "im 4. Stock", "am 3. Februar".
    let is_ordinal = last.len() <= 2 && !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let counted = tail.trim_end().strip_suffix(last).map(str::trim_end).unwrap_or_default();
    let counted = counted.rsplit(char::is_whitespace).next().unwrap_or_default();
    if is_ordinal && COUNTED.iter().any(|word| counted.eq_ignore_ascii_case(word)) {
        return true;
    }
    ABBREVIATED.iter().any(|short| last.eq_ignore_ascii_case(short))
        || initial.chars().count() == 1 && initial.chars().all(char::is_uppercase) && initial != "I"
}

/// Whether what follows opens a sentence, whatever stands before: "I saw the Dr. He was kind".
fn opens_anew(after: &str) -> bool {
    let first = after.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    OPENERS.contains(&first)
}

const OPENERS: [&str; 16] =
    ["He", "She", "They", "We", "I", "It", "The", "This", "There", "My", "Our", "Your", "No", "Staff", "Great", "Very"];

/// German words after which a number with a full stop is an ordinal.
const COUNTED: [&str; 14] =
    ["im", "am", "dem", "den", "der", "vom", "zum", "zur", "beim", "ab", "seit", "bis", "jeden", "ins"];

const ABBREVIATED: [&str; 32] = [
    "incl", "inkl", "bzw", "evtl", "ggf", "resp", "excl", "dr", "mr", "mrs", "ms", "prof", "st", "sgt", "capt", "sr",
    "jr", "e.g", "i.e", "approx", "sra", "dra", "srta", "dña", "sig", "dott", "hr", "dhr", "mevr", "z.b", "p.ex", "ca",
];

/// Longest run of anything but letters and digits that a sentence may hold.
const MAX_GAP: usize = 30;

/// The text in stretches without long gaps: the rules for sentences look ahead over a gap from each place in it, so the
/// time for a hostile comment of blanks and accents would grow with its square.
fn stretches(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut from, mut gap) = (0, 0);
    for (at, letter) in text.char_indices() {
        gap = if letter.is_alphanumeric() { 0 } else { gap + 1 };
        if gap > MAX_GAP {
            found.push(from..at);
            (from, gap) = (at, 0);
        }
    }
    found.push(from..text.len());
    found
}

/// The span without white space, list marks and dangling punctuation at its ends; `None` when nothing is left.
pub(crate) fn trimmed(text: &str, span: Range<usize>) -> Option<Range<usize>> {
    let slice = text.get(span.clone())?;
    let edge = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, ',' | ';' | ':' | '-' | '–' | '—' | '*' | '•' | '.' | '/' | '+')
    };
    let mut kept = slice.trim_matches(edge);
    // A bracket or quotation mark whose partner stands elsewhere is not part of what is quoted.
    loop {
        let before = kept.len();
        for (open, close) in PAIRS {
            let (opened, closed) = (kept.matches(open).count(), kept.matches(close).count());
            let lone = if open == close { opened % 2 == 1 } else { opened != closed };
            if lone && closed >= opened {
                kept = kept.strip_prefix(close).or_else(|| kept.strip_suffix(close)).unwrap_or(kept);
            }
            if lone && opened >= closed {
                kept = kept.strip_suffix(open).or_else(|| kept.strip_prefix(open)).unwrap_or(kept);
            }
        }
        kept = kept.trim_matches(edge);
        if kept.len() == before {
            break;
        }
    }
    // Words that are a quotation as a whole get marks of ours.
    for (open, close) in [('"', '"'), ('“', '”')] {
        let inner = kept.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        kept = inner.filter(|inner| !inner.contains([open, close])).unwrap_or(kept);
    }
    let start = kept.as_ptr().addr() - slice.as_ptr().addr();
    (!kept.is_empty()).then_some(span.start + start..span.start + start + kept.len())
}

const PAIRS: [(char, char); 3] = [('(', ')'), ('"', '"'), ('“', '”')];

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().filter_map(|span| text.get(span)).collect()
    }

    #[test]
    fn a_full_stop_after_a_short_form_ends_no_sentence() {
        for text in [
            "Dr. Patel was wonderful",
            "Thanks to Mrs. van der Berg",
            "The U.S.A. team is great",
            "J.P. was great",
            "Staff (e.g. Tom) are great",
            "St. Mary's ward was dirty",
        ] {
            assert_eq!(split(text), [text]);
        }
        assert_eq!(split("It was slow. I left. So did he"), ["It was slow", "I left", "So did he"]);
        assert_eq!(
            split("You send it anyway. Every. Single. Time. Stop."),
            ["You send it anyway", "Every. Single. Time. Stop"]
        );
        assert_eq!(split("Seen by the Dr. He was kind!"), ["Seen by the Dr", "He was kind!"]);
        assert_eq!(split("I live on Main St. The staff were rude"), ["I live on Main St", "The staff were rude"]);
    }

    #[test]
    fn a_german_ordinal_ends_no_sentence() {
        assert_eq!(split("Das WLAN im 4. Stock war schwach. Schade.").len(), 2);
        assert_eq!(split("Seit Umzug am 3. Februar kein Internet.").len(), 1);
    }

    #[test]
    fn a_quote_has_no_loose_ends() {
        for (text, kept) in [
            ("He's \"the best\"", "He's \"the best\""),
            ("\"The best\" bank", "\"The best\" bank"),
            ("\"lovely", "lovely"),
            ("“Best shop ever”", "Best shop ever"),
            ("Friendly (", "Friendly"),
            ("Sarah) was kind", "Sarah) was kind"),
            ("(Sarah) was kind", "(Sarah) was kind"),
            ("the doctor was not)", "the doctor was not"),
            ("5/", "5"),
        ] {
            let span = trimmed(text, 0..text.len()).unwrap();
            assert_eq!(text.get(span), Some(kept));
        }
    }
}
