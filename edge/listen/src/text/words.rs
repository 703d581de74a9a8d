//! Words with their place in the comment, folded for look-up.

use std::ops::Range;

/// A word, lower-cased, with the byte span it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The words of `text`: runs of letters, digits and inner apostrophes. `offset` is added to the spans.
pub(crate) fn words(text: &str, offset: usize) -> Vec<Word> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut start = None;
    for (at, letter) in text.char_indices() {
        if letter.is_alphanumeric() || (matches!(letter, '\'' | '’') && start.is_some()) {
            start = start.or(Some(at));
        } else if let Some(start) = start.take() {
            found.extend(word(text, start..at, offset));
        }
    }
    found.extend(start.and_then(|start| word(text, start..text.len(), offset)));
    found
}

fn word(text: &str, span: Range<usize>, offset: usize) -> Option<Word> {
    let written = text.get(span.clone())?;
    let mut folded =
        if written.is_ascii() { written.to_ascii_lowercase() } else { written.replace('’', "'").to_lowercase() };
    folded.truncate(folded.trim_end_matches('\'').len());
    Some(Word { text: folded, start: offset + span.start, end: offset + span.end })
}

/// A rough English stem: enough to bring "waiting", "waits" and "waited" together. Never shown to anyone.
pub(crate) fn stem(word: &str) -> String {
    let base = word.strip_suffix("'s").unwrap_or(word);
    // Who is friendly need not be a friend.
    if base == "friendly" {
        return base.to_owned();
    }
    for (suffix, put, least) in [
        ("ies", "y", 2),
        ("sses", "ss", 1),
        ("ingly", "", 4),
        ("edly", "", 4),
        ("ing", "", 3),
        ("ied", "y", 2),
        ("ed", "", 3),
        ("ly", "", 4),
        ("es", "e", 3),
        ("s", "", 3),
    ] {
        if let Some(rest) = base.strip_suffix(suffix)
            && rest.chars().count() >= least
            && !(suffix == "s" && rest.ends_with(['s', 'u', 'i']))
        {
            return tidy(format!("{rest}{put}"));
        }
    }
    tidy(base.to_owned())
}

/// Drops a doubled last consonant and a silent e, so that "stopped", "stop", "service" and "servic" agree.
fn tidy(mut stem: String) -> String {
    let mut back = stem.chars().rev();
    if let (Some(last), Some(before)) = (back.next(), back.next())
        && last == before
        && !matches!(last, 'l' | 's' | 'z' | 'e' | 'o')
    {
        stem.pop();
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_place() {
        let text = "Don’t wait—Ünal's café, 20 min!";
        for word in words(text, 0) {
            let written = text.get(word.start..word.end).unwrap();
            assert_eq!(written.to_lowercase().replace('’', "'"), word.text);
        }
        assert_eq!(words(text, 0).len(), 6);
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        for (one, other) in [
            ("waiting", "waits"),
            ("waited", "wait"),
            ("prices", "price"),
            ("stopped", "stop"),
            ("deliveries", "delivery"),
            ("services", "service"),
        ] {
            assert_eq!(stem(one), stem(other));
        }
        assert_ne!(stem("friendly"), stem("friends"));
    }
}
