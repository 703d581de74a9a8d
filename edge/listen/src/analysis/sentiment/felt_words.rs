//! Words that carry a feeling in the languages that the encoder reads: it knows words by their parts, and "onvriendelijk" has
//! those of "vriendelijk".

use crate::text::small_words::{Role, SmallWords};
use crate::text::words::Word;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Words of praise and of criticism, each on a line.
const LISTS: [(&str, &str, &str); 6] = [
    ("de", include_str!("../../../model/de/praise.txt"), include_str!("../../../model/de/criticism.txt")),
    ("fr", include_str!("../../../model/fr/praise.txt"), include_str!("../../../model/fr/criticism.txt")),
    ("es", include_str!("../../../model/es/praise.txt"), include_str!("../../../model/es/criticism.txt")),
    ("pt", include_str!("../../../model/pt/praise.txt"), include_str!("../../../model/pt/criticism.txt")),
    ("nl", include_str!("../../../model/nl/praise.txt"), include_str!("../../../model/nl/criticism.txt")),
    ("it", include_str!("../../../model/it/praise.txt"), include_str!("../../../model/it/criticism.txt")),
];

/// Each language, read when it is first heard.
static READ: [OnceLock<HashMap<&str, f32>>; LISTS.len()] = [const { OnceLock::new() }; LISTS.len()];

/// Words before one over which a negation reaches.
const REACH: usize = 3;
/// Words beyond which more say no more.
const MOST: f32 = 2.0;

/// Words of praise less words of criticism, a negation turning them around; nothing in languages without lists.
pub(crate) fn felt_words(words: &[Word], language: &str) -> f32 {
    let lists = LISTS.iter().zip(&READ).find(|((name, ..), _)| *name == language);
    let Some(((_, praise, criticism), read)) = lists else { return 0.0 };
    let known = read.get_or_init(|| {
        let of = |list: &'static str, value: f32| list.lines().map(move |word| (word, value));
        of(praise, 1.0).chain(of(criticism, -1.0)).collect()
    });
    let small = SmallWords::of(language);
    let felt = words.iter().enumerate().filter_map(|(at, word)| {
        let value = known.get(word.text.as_str())?;
        let before = words.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        Some(if before.iter().any(|word| small.is(&word.text, Role::Not)) { -value } else { *value })
    });
    felt.sum::<f32>().clamp(-MOST, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn words_are_told_apart_that_share_their_parts() {
        for (text, language, felt) in [
            ("heel onvriendelijk", "nl", -1.0),
            ("heel vriendelijk", "nl", 1.0),
            ("nicht freundlich", "de", -1.0),
            ("La sopa estaba fría", "es", -1.0),
            ("heel onvriendelijk", "fi", 0.0),
        ] {
            assert_eq!(felt_words(&words(text, 0), language), felt, "{text}");
        }
    }

    #[test]
    fn no_word_is_on_both_lists() {
        for (language, praise, criticism) in LISTS {
            let praise: Vec<&str> = praise.lines().collect();
            assert!(praise.len() > 100 && criticism.lines().count() > 150, "{language}");
            for word in criticism.lines() {
                assert!(
                    !praise.contains(&word) && !word.contains(' ') && word == word.to_lowercase(),
                    "{language}: {word}"
                );
            }
        }
    }
}
