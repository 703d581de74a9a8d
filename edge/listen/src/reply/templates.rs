//! The written replies: one file a language, three tones each, lines with variants.

use heard_wire::{AskPrompts, Language, TimeUnit, Tone, Within};
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// A language's replies.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Messages {
    /// The language that this is.
    #[serde(skip)]
    pub(crate) language: Language,
    /// The one question, by what is missing.
    #[serde(skip)]
    pub(crate) ask: Option<AskPrompts>,
    warm: Lines,
    /// Where a language has one tone, that is the warm one.
    plain: Option<Lines>,
    formal: Option<Lines>,
    /// Two quotes as one, between the quotation marks of the line it goes into.
    pub(crate) pair: String,
    /// Two names.
    pub(crate) names: String,
    /// What stands for "a" before a title, in languages that say "alla signora".
    #[serde(default)]
    pub(crate) titled: BTreeMap<String, String>,
    /// That the reply was put together automatically, and who reads the answer.
    pub(crate) automatic: String,
    /// To who told where they can be reached.
    pub(crate) reached: Reached,
    /// By when somebody answers.
    pub(crate) within: Times,
    pub(crate) reads: String,
}

/// What becomes of an email address or a phone number: what the owner promises, or that it is noted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reached {
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) email_noted: String,
    pub(crate) phone_noted: String,
}

/// Times, in the forms that a language has for numbers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Times {
    hours: Forms,
    days: Forms,
    working_days: Forms,
}

/// One text for each of the language's plural categories (CLDR), with `{n}` for the number.
type Forms = BTreeMap<String, String>;

impl Times {
    /// In the language of the tag.
    pub(crate) fn told(&self, within: Within, language: Language) -> String {
        let forms = match within.unit {
            // Settings take no promise in minutes or in hours of business.
            TimeUnit::Minutes | TimeUnit::Hours | TimeUnit::BusinessHours => &self.hours,
            TimeUnit::Days => &self.days,
            TimeUnit::WorkingDays => &self.working_days,
        };
        let form = forms.get(category(language, within.number)).or_else(|| forms.values().next_back());
        form.map_or_else(String::new, |form| form.replacen("{n}", &within.number.to_string(), 1))
    }
}

/// The plural category of a number, by CLDR.
fn category(language: Language, number: u16) -> &'static str {
    let rules =
        language.as_ref().parse::<Locale>().ok().and_then(|locale| PluralRules::try_new_cardinal(locale.into()).ok());
    match rules.map(|rules| rules.category_for(number)) {
        Some(PluralCategory::Zero) => "zero",
        Some(PluralCategory::One) => "one",
        Some(PluralCategory::Two) => "two",
        Some(PluralCategory::Few) => "few",
        Some(PluralCategory::Many) => "many",
        Some(PluralCategory::Other) | None => "other",
    }
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
    /// The same with regret, in the languages that are read.
    #[serde(default)]
    pub(crate) regret: Vec<String>,
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
    widget: Prompts,
}

/// Of the widget's texts, those that a reply asks with.
#[derive(Deserialize)]
struct Prompts {
    ask: AskPrompts,
}

impl Messages {
    pub(crate) fn lines(&self, tone: Tone) -> &Lines {
        match tone {
            Tone::Warm => &self.warm,
            Tone::Plain => self.plain.as_ref().unwrap_or(&self.warm),
            Tone::Formal => self.formal.as_ref().unwrap_or(&self.warm),
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
        let texts: Option<Texts> = serde_json::from_str(language.texts()).ok();
        texts.map_or_else(Messages::default, |texts| Messages { language, ask: Some(texts.widget.ask), ..texts.reply })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_counts_as_it_does() {
        let numbers = || (1..=200).chain([999, 1_000]);
        for language in Language::ALL {
            let messages = messages_in(*language);
            for unit in [TimeUnit::Hours, TimeUnit::Days, TimeUnit::WorkingDays] {
                for number in numbers() {
                    let told = messages.within.told(Within { number, unit }, *language);
                    assert!(!told.is_empty() && !told.contains('{'), "{language:?} {number}: {told}");
                    let counted = told.contains(&number.to_string());
                    assert!(counted || number <= 2, "{language:?} {number}: {told}");
                }
                let times = &messages.within;
                let forms = [&times.hours, &times.days, &times.working_days];
                let wanted: std::collections::BTreeSet<&str> =
                    numbers().map(|number| category(*language, number)).collect();
                for forms in forms {
                    assert!(wanted.iter().all(|category| forms.contains_key(*category)), "{language:?}: {forms:?}");
                }
            }
        }
        let told = |language: Language, number| {
            messages_in(language).within.told(Within { number, unit: TimeUnit::Days }, language)
        };
        assert!(told(Language::Romanian, 2).ends_with("2 zile"), "{}", told(Language::Romanian, 2));
        assert!(told(Language::Romanian, 20).ends_with("20 de zile"), "{}", told(Language::Romanian, 20));
    }

    #[test]
    fn every_language_has_every_tone_and_keeps_its_places() {
        for language in Language::ALL {
            let Texts { reply: messages, .. } = serde_json::from_str(language.texts()).unwrap();
            assert!(messages.pair.contains("{one}") && messages.pair.contains("{two}"), "{language:?}");
            assert!(!messages.automatic.is_empty() && messages.reads.contains("{reader}"), "{language:?}");
            assert!(messages.names.contains("{one}") && messages.names.contains("{two}"), "{language:?}");
            for tone in [Tone::Warm, Tone::Plain, Tone::Formal] {
                let Lines { thanks, happy, unhappy, noted, praise, criticism, criticisms, both, .. } =
                    messages.lines(tone);
                let Lines {
                    likely,
                    regret,
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
                    (if regret.is_empty() { likely } else { regret }, &["{criticism}"]),
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
