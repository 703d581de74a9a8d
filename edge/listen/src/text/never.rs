//! Words that are never read back, by language: abuse, and people's bodies.

use crate::text::words::Word;
use std::collections::HashSet;
use std::sync::OnceLock;

/// The lists, a word a line; with a star, how it begins.
const LISTS: [(&str, &str); 7] = [
    ("en", include_str!("../../model/en/never.txt")),
    ("de", include_str!("../../model/de/never.txt")),
    ("fr", include_str!("../../model/fr/never.txt")),
    ("es", include_str!("../../model/es/never.txt")),
    ("pt", include_str!("../../model/pt/never.txt")),
    ("nl", include_str!("../../model/nl/never.txt")),
    ("it", include_str!("../../model/it/never.txt")),
];

static READ: [OnceLock<Never>; LISTS.len()] = [const { OnceLock::new() }; LISTS.len()];

/// The list of one language.
struct Never {
    words: HashSet<&'static str>,
    beginnings: Vec<&'static str>,
}

impl Never {
    fn read(list: &'static str) -> Self {
        let lines = || list.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self {
            words: lines().filter(|line| !line.ends_with('*')).collect(),
            beginnings: lines().filter_map(|line| line.strip_suffix('*')).collect(),
        }
    }

    fn holds(&self, word: &str) -> bool {
        self.words.contains(word) || self.beginnings.iter().any(|beginning| word.starts_with(beginning))
    }
}

/// Whether any of these words is one that is never read back in this language. English abuse is known everywhere.
pub(crate) fn holds_never(words: &[Word], language: &str) -> bool {
    let lists = LISTS.iter().zip(&READ).filter(|((name, _), _)| *name == language || *name == "en");
    lists.into_iter().any(|((_, list), read)| {
        let never = read.get_or_init(|| Never::read(list));
        words.iter().any(|word| never.holds(&word.text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn abuse_is_known_in_each_language() {
        for (text, language, never) in [
            ("You fucking idiots", "en", true),
            ("Ihr seid Wichser", "de", true),
            ("bande de connards", "fr", true),
            ("son unos cabrones", "es", true),
            ("atendimento de merda", "pt", true),
            ("wat een klootzakken", "nl", true),
            ("siete degli stronzi", "it", true),
            ("con mucho gusto", "es", false),
            ("pane e burro", "it", false),
            ("shitty service", "de", true),
            ("Shiitake soup", "en", false),
        ] {
            assert_eq!(holds_never(&words(text, 0), language), never, "{text}");
        }
    }
}
