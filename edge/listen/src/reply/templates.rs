//! The written replies: one file a language, three tones each, lines with variants.

use heard_wire::{Language, Tone};
use serde::Deserialize;
use std::sync::{LazyLock, OnceLock};

/// A language's replies.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Messages {
    /// The language that this is.
    #[serde(skip)]
    pub(crate) language: Language,
    warm: Lines,
    plain: Lines,
    formal: Lines,
    /// Two quotes as one, between the quotation marks of the line it goes into.
    pub(crate) pair: String,
    /// Two names.
    pub(crate) names: String,
    /// That the reply was put together automatically, and who reads the answer.
    pub(crate) automatic: String,
    pub(crate) reads: String,
}

/// Lines with variants, so that two customers with alike comments do not read the same words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lines {
    pub(crate) thanks: Vec<String>,
    pub(crate) happy: Vec<String>,
    pub(crate) unhappy: Vec<String>,
    pub(crate) noted: Vec<String>,
    pub(crate) praise: Vec<String>,
    pub(crate) criticism: Vec<String>,
    /// Two criticisms.
    pub(crate) criticisms: Vec<String>,
    pub(crate) both: Vec<String>,
    /// What is likely a criticism, told without judging it.
    pub(crate) likely: Vec<String>,
    pub(crate) both_likely: Vec<String>,
    /// What no thank-you is enough for.
    pub(crate) grave: Vec<String>,
    /// The same where the words cannot be read back.
    pub(crate) sorry: Vec<String>,
    pub(crate) idea: Vec<String>,
    pub(crate) person: Vec<String>,
    pub(crate) reader: Vec<String>,
    /// To who told us before.
    pub(crate) told: Vec<String>,
    /// To who leaves.
    pub(crate) leaving: Vec<String>,
    /// To who wants something done.
    pub(crate) request: Vec<String>,
    pub(crate) question: Vec<String>,
}

/// A language's texts, of which replies are made of these.
#[derive(Deserialize)]
struct Texts {
    reply: Messages,
}

impl Messages {
    pub(crate) fn lines(&self, tone: Tone) -> &Lines {
        match tone {
            Tone::Warm => &self.warm,
            Tone::Plain => &self.plain,
            Tone::Formal => &self.formal,
        }
    }
}

/// Each file, read when its language is first spoken: a fresh isolate reads one, and not all of them.
static MESSAGES: [OnceLock<Messages>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];

static EMPTY: LazyLock<Messages> = LazyLock::new(Messages::default);

/// What is said in a language.
pub(crate) fn messages_in(language: Language) -> &'static Messages {
    let place = Language::ALL.iter().position(|known| *known == language);
    let Some(messages) = place.and_then(|place| MESSAGES.get(place)) else { return &EMPTY };
    messages.get_or_init(|| {
        // A test reads every file, so this is never seen; an empty reply would still be better than a trap.
        let reply = serde_json::from_str(language.texts()).map(|texts: Texts| texts.reply).unwrap_or_default();
        Messages { language, ..reply }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_tone_and_keeps_its_places() {
        for language in Language::ALL {
            let Texts { reply: messages } = serde_json::from_str(language.texts()).unwrap();
            assert!(messages.pair.contains("{one}") && messages.pair.contains("{two}"), "{language:?}");
            assert!(!messages.automatic.is_empty() && messages.reads.contains("{reader}"), "{language:?}");
            assert!(messages.names.contains("{one}") && messages.names.contains("{two}"), "{language:?}");
            for tone in [Tone::Warm, Tone::Plain, Tone::Formal] {
                let Lines { thanks, happy, unhappy, noted, praise, criticism, criticisms, both, .. } =
                    messages.lines(tone);
                let Lines {
                    likely,
                    both_likely,
                    grave,
                    sorry,
                    idea,
                    person,
                    reader,
                    told,
                    leaving,
                    request,
                    question,
                    ..
                } = messages.lines(tone);
                for (lines, places) in [
                    (thanks, &[][..]),
                    (happy, &[]),
                    (unhappy, &[]),
                    (noted, &["{quote}"]),
                    (praise, &["{praise}"]),
                    (criticism, &["{criticism}"]),
                    (criticisms, &["{criticism}"]),
                    (both, &["{criticism}", "{praise}"]),
                    (likely, &["{criticism}"]),
                    (both_likely, &["{criticism}", "{praise}"]),
                    (grave, &["{criticism}"]),
                    (sorry, &[]),
                    (idea, &["{idea}"]),
                    (person, &["{name}"]),
                    (reader, &["{reader}"]),
                    (told, &[]),
                    (leaving, &[]),
                    (request, &[]),
                    (question, &[]),
                ] {
                    assert!(lines.len() >= 2, "{language:?} {tone:?} {places:?}: two customers read the same line");
                    for line in lines {
                        assert_eq!(line.matches('{').count(), places.len(), "{language:?}: {line}");
                        assert!(places.iter().all(|place| line.contains(place)), "{language:?}: {line}");
                        let criticism = line.find("{criticism}");
                        assert!(criticism.is_none() || criticism <= line.find("{praise}").or(criticism), "{line}");
                    }
                }
            }
        }
    }
}
