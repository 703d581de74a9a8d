//! The small words of a language: those that join clauses, stand for people, or end nothing.

use heard_wire::primary_subtag;
use std::collections::HashMap;
use std::sync::OnceLock;

/// What a small word does in a sentence. A word may do several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub(crate) enum Role {
    /// "and": goes on.
    And,
    /// "but", "jedoch": turns.
    But,
    /// "because".
    Because,
    /// "so", "deshalb".
    So,
    /// "which": says more of what stands before it.
    Which,
    /// "when", "if", "bevor": opens a clause that does not stand alone.
    When,
    /// "that", "than".
    That,
    /// "not", "nobody".
    Not,
    /// Whoever reads.
    You,
    /// Whoever writes.
    I,
    /// Others and things.
    They,
    /// "the", "my".
    Det,
    /// "of", "with".
    Prep,
    /// "is", "had", "could".
    Aux,
    /// "very", "too".
    Very,
    /// What a person's name follows: "Frau", "Dr".
    Title,
    /// Who or what may open a sentence: "I", "they"; not "me".
    Subject,
    /// What stands at the head of a sentence that is not understood without the one before: "each time", "that is why".
    Refers,
    /// What joins clauses only at their head: in the midst of one it is an adverb, as "nur", "trotzdem", "ya", "così".
    Adverb,
    /// What is said to who is asked for something: "please", "graag".
    Polite,
}

/// The small words of one language; of one that is not known, none.
#[derive(Debug, Default)]
pub(crate) struct SmallWords {
    roles: HashMap<&'static str, u32>,
    dots_ordinals: bool,
}

/// The languages that are known, and their words: a line for each role.
const KNOWN: [(&str, &str); 7] = [
    ("en", include_str!("../../model/en/small-words.tsv")),
    ("de", include_str!("../../model/de/small-words.tsv")),
    ("fr", include_str!("../../model/fr/small-words.tsv")),
    ("es", include_str!("../../model/es/small-words.tsv")),
    ("pt", include_str!("../../model/pt/small-words.tsv")),
    ("nl", include_str!("../../model/nl/small-words.tsv")),
    ("it", include_str!("../../model/it/small-words.tsv")),
];

/// Each language, read when it is first heard.
static READ: [OnceLock<SmallWords>; KNOWN.len()] = [const { OnceLock::new() }; KNOWN.len()];

static NONE: OnceLock<SmallWords> = OnceLock::new();

impl SmallWords {
    /// Those of a language, by its BCP 47 tag.
    pub(crate) fn of(language: &str) -> &'static Self {
        let primary = primary_subtag(language);
        let known = KNOWN.iter().zip(&READ).find(|((name, _), _)| *name == primary);
        known.map_or_else(
            || NONE.get_or_init(Self::default),
            |((_, lines), read)| read.get_or_init(|| Self { dots_ordinals: primary == "de", ..Self::read(lines) }),
        )
    }

    /// Whether a language is known.
    pub(crate) fn is_known(language: &str) -> bool {
        KNOWN.iter().any(|(name, _)| *name == language)
    }

    /// Whether a number with a stop after it is an ordinal: "beim 1. Mal".
    pub(crate) fn dots_ordinals(&self) -> bool {
        self.dots_ordinals
    }

    /// Whether it is one of the small words: those that are small in any place.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.roles.get(word).is_some_and(|roles| roles & !(Role::Refers.bit() | Role::Polite.bit()) != 0)
    }

    fn read(lines: &'static str) -> Self {
        let mut roles = HashMap::new();
        for (name, words) in lines.lines().filter_map(|line| line.split_once('\t')) {
            let Ok(role) = name.parse::<Role>() else { continue };
            for word in words.split(' ') {
                *roles.entry(word).or_default() |= role.bit();
            }
        }
        Self { roles, dots_ordinals: false }
    }

    /// Whether a word does this.
    pub(crate) fn is(&self, word: &str, role: Role) -> bool {
        self.roles.get(word).is_some_and(|roles| roles & role.bit() != 0)
    }

    /// The first of these that a word does.
    pub(crate) fn first_of<const N: usize>(&self, word: &str, roles: [Role; N]) -> Option<Role> {
        let known = self.roles.get(word)?;
        roles.into_iter().find(|role| known & role.bit() != 0)
    }
}

impl Role {
    const fn bit(self) -> u32 {
        1 << self as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_role() {
        for (language, lines) in KNOWN {
            for line in lines.lines() {
                let (name, words) = line.split_once('\t').unwrap();
                assert!(name.parse::<Role>().is_ok(), "{language}: {name}");
                assert!(!words.contains("  ") && words == words.to_lowercase(), "{language}: {name}");
            }
            assert_eq!(lines.lines().count(), 20, "{language}");
        }
    }

    #[test]
    fn a_word_may_do_several_things() {
        let german = SmallWords::of("de-AT");
        assert!(german.is("die", Role::Det) && german.is("die", Role::Which) && !german.is("die", Role::But));
        assert_eq!(german.first_of("aber", [Role::And, Role::But]), Some(Role::But));
        assert!(!SmallWords::of("fi").is("mutta", Role::But));
    }
}
