//! Words with their place in the comment, folded for look-up.

/// A word, lower-cased, with the byte span it stands at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// The words of `text`: runs of letters, digits and inner apostrophes. `offset` is added to the spans.
pub(crate) fn words(text: &str, offset: usize) -> Vec<Word> {
    let mut found = Vec::new();
    let mut current: Option<Word> = None;
    for (at, letter) in text.char_indices() {
        let apostrophe = matches!(letter, '\'' | '’');
        if letter.is_alphanumeric() || (apostrophe && current.is_some()) {
            let word = current.get_or_insert_with(|| Word { text: String::new(), start: offset + at, end: 0 });
            if apostrophe {
                word.text.push('\'');
            } else if letter.is_ascii() {
                word.text.push(letter.to_ascii_lowercase());
            } else {
                word.text.extend(letter.to_lowercase());
            }
            word.end = offset + at + letter.len_utf8();
        } else {
            found.extend(current.take());
        }
    }
    found.extend(current);
    for word in &mut found {
        while word.text.ends_with('\'') {
            word.text.pop();
        }
    }
    found
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
