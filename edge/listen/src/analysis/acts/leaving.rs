//! Whether who speaks of leaving has left, or made up their mind.

use crate::text::words::Word;

/// Words by which it is thought of, or was, in each language.
const OPEN: [(&str, &[&str]); 7] = [
    (
        "en",
        &[
            "nearly",
            "almost",
            "may",
            "might",
            "maybe",
            "perhaps",
            "thinking",
            "considering",
            "tempted",
            "stay",
            "staying",
            "if",
        ],
    ),
    ("de", &["fast", "beinahe", "vielleicht", "überlege", "überlegen", "bleibe", "bleib", "wenn", "falls"]),
    ("fr", &["presque", "failli", "peut-être", "envisage", "reste", "si"]),
    ("es", &["casi", "quizá", "quizás", "pensando", "sigo", "si"]),
    ("pt", &["quase", "talvez", "pensando", "fico", "se"]),
    ("nl", &["bijna", "misschien", "overweeg", "blijf", "als"]),
    ("it", &["quasi", "forse", "pensando", "resto", "se"]),
];

/// Whether these words leave it open: "I nearly went elsewhere", "we may have to leave".
pub(crate) fn is_open(words: &[Word], language: &str) -> bool {
    let known = OPEN.iter().find(|(name, _)| *name == language).map_or(&[][..], |(_, open)| *open);
    words.iter().any(|word| known.contains(&word.text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn who_thinks_of_leaving_has_not_left() {
        for (text, language, open) in [
            ("I nearly went elsewhere", "en", true),
            ("we may have to leave", "en", true),
            ("I'll stay till my subscription ends", "en", true),
            ("never again", "en", false),
            ("Ich hätte fast gekündigt", "de", true),
            ("Ik ga weg", "nl", false),
        ] {
            assert_eq!(is_open(&words(text, 0), language), open, "{text}");
        }
    }
}
