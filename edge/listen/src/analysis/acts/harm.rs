//! Harm that is told in so many words, in each language: what must never be overheard, whatever the encoder makes of it.

use crate::text::phrases::Phrases;
use crate::text::small_words::{Role, SmallWords};
use crate::text::words::Word;
use heard_wire::GraveKind;
use std::sync::OnceLock;

/// Turns of phrase, one a line after the kind of harm.
const LISTS: [(&str, &str); 7] = [
    ("en", include_str!("../../../model/en/harm.tsv")),
    ("de", include_str!("../../../model/de/harm.tsv")),
    ("fr", include_str!("../../../model/fr/harm.tsv")),
    ("es", include_str!("../../../model/es/harm.tsv")),
    ("pt", include_str!("../../../model/pt/harm.tsv")),
    ("nl", include_str!("../../../model/nl/harm.tsv")),
    ("it", include_str!("../../../model/it/harm.tsv")),
];

static READ: [OnceLock<Phrases<GraveKind>>; LISTS.len()] = [const { OnceLock::new() }; LISTS.len()];

/// Words before a turn of phrase over which a negation reaches: "no stitches", "did not touch me".
const REACH: usize = 2;

/// The kind of harm that these words tell of, if they do so plainly.
pub(crate) fn told_plainly(words: &[Word], language: &str) -> Option<GraveKind> {
    let known = LISTS.iter().zip(&READ).find(|((name, _), _)| *name == language);
    let ((_, list), read) = known?;
    let phrases = read.get_or_init(|| {
        let lines = list.lines().filter_map(|line| line.split_once('\t'));
        Phrases::new(lines.filter_map(|(kind, phrase)| Some((phrase, kind.parse().ok()?))))
    });
    let small = SmallWords::of(language);
    let is_denied = |at: usize| {
        let before = words.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        before.iter().any(|word| small.is(&word.text, Role::Not))
    };
    // "I do not want to live" is a negation itself.
    let found = (0..words.len()).flat_map(|at| phrases.at(words, at).map(move |(_, kind)| (at, kind)));
    let mut told = found.filter(|(at, kind)| *kind == GraveKind::SelfHarm || !is_denied(*at)).map(|(_, kind)| kind);
    told.next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn plain_words_of_harm_are_never_overheard() {
        for (text, language, kind) in [
            ("I want to kill myself", "en", Some(GraveKind::SelfHarm)),
            ("I was sexually assaulted by a member of staff", "en", Some(GraveKind::Harassment)),
            ("Ich will nicht mehr leben", "de", Some(GraveKind::SelfHarm)),
            ("Ich wurde vom Kellner begrapscht", "de", Some(GraveKind::Harassment)),
            ("J'ai été agressée par votre vigile", "fr", Some(GraveKind::Harassment)),
            ("Mi hijo tuvo una reacción alérgica y acabó en urgencias", "es", Some(GraveKind::Injury)),
            ("sofri uma reação alérgica", "pt", Some(GraveKind::Injury)),
            ("Ik heb mijn enkel gebroken op jullie trap", "nl", Some(GraveKind::Injury)),
            ("Mio figlio è finito in ospedale", "it", Some(GraveKind::Injury)),
            ("I was injured by the door", "en", Some(GraveKind::Injury)),
            ("nobody was injured", "en", None),
            ("Mein Vater wurde verletzt", "de", Some(GraveKind::Injury)),
            ("mi sono fatta male alla mano", "it", Some(GraveKind::Injury)),
            ("no stitches needed, thank you", "en", None),
            ("the cake is to die for", "en", None),
        ] {
            assert_eq!(told_plainly(&words(text, 0), language), kind, "{text}");
        }
    }

    #[test]
    fn every_line_names_a_kind() {
        for (language, list) in LISTS {
            for line in list.lines() {
                let (kind, phrase) = line.split_once('\t').unwrap();
                assert!(kind.parse::<GraveKind>().is_ok_and(|kind| kind != GraveKind::Unknown), "{language}: {line}");
                assert!(!phrase.is_empty() && phrase == phrase.to_lowercase(), "{language}: {line}");
            }
        }
    }
}
