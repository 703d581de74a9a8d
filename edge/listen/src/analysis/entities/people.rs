//! The people a customer names, and how they felt where they named them.

use crate::analysis::finding::Finding;
use crate::text::words::Word;
use heard_wire::{Person, Polarity};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that a person's name follows.
const BEFORE_A_NAME: &[&str] = &[
    "named",
    "called",
    "waiter",
    "waitress",
    "server",
    "bartender",
    "nurse",
    "doctor",
    "dr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "sister",
    "driver",
    "agent",
    "adviser",
    "advisor",
    "engineer",
    "manager",
    "colleague",
    "assistant",
    "receptionist",
    "technician",
    "host",
    "hostess",
    "guide",
    "rep",
    "lady",
    "guy",
    "gentleman",
];

/// Capitals that are no names.
const NO_NAMES: &[&str] = &[
    "he",
    "she",
    "they",
    "we",
    "it",
    "you",
    "this",
    "that",
    "there",
    "great",
    "very",
    "i",
    "i'm",
    "i've",
    "i'd",
    "i'll",
    "the",
    "a",
    "an",
    "my",
    "our",
    "your",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "who",
    "was",
    "is",
    "and",
    "very",
    "service",
    "on",
    "at",
    "in",
    "to",
    "for",
];

/// People named after their role ("our waiter Tom", "Dr Osei") or before what they did ("Tom was so helpful"), as
/// written, each once.
pub(crate) fn people(text: &str, words: &[Word], findings: &[Finding]) -> Vec<Person> {
    let mut found: Vec<(String, Person)> = Vec::new();
    // Who types without capitals types names so too.
    let is_typed_small = !text.chars().skip(1).any(char::is_uppercase);
    for (at, word) in words.iter().enumerate() {
        let written = text.get(word.start..word.end).unwrap_or_default();
        let written = written.strip_suffix("'s").or(written.strip_suffix("’s")).unwrap_or(written);
        let lower = word.text.strip_suffix("'s").unwrap_or(&word.text);
        if NO_NAMES.contains(&lower) || found.iter().any(|(known, _)| known == lower) {
            continue;
        }
        let is_capital = written.starts_with(char::is_uppercase) && written.chars().skip(1).any(char::is_lowercase);
        let before = words.get(at.saturating_sub(2)..at).unwrap_or_default();
        let introduced = || follows_a_role(text, before, word) || follows_thanks(text, before, word);
        let acts = || lower != word.text || words.get(at + 1).is_some_and(|next| ACTS.contains(&next.text.as_str()));
        let is_named = match is_capital {
            true => introduced() || is_given_name(lower),
            false => is_typed_small && is_given_name(lower) && !WORDS_TOO.contains(&lower) && (introduced() || acts()),
        };
        let name = text.get(titled(text, before, word)..word.start + written.len());
        if let Some(name) = name.filter(|_| is_named) {
            found.push((lower.to_owned(), Person { name: name.to_owned(), polarity: felt_at(word, findings) }));
        }
    }
    found.into_iter().map(|(_, person)| person).collect()
}

/// What follows the name of somebody who did something, when it is typed without a capital.
const ACTS: &[&str] = &[
    "is",
    "was",
    "has",
    "had",
    "did",
    "does",
    "who",
    "and",
    "at",
    "in",
    "on",
    "from",
    "behind",
    "she's",
    "shes",
    "he's",
    "hes",
    "she",
    "he",
    "helped",
    "served",
    "sorted",
    "fixed",
    "explained",
    "went",
    "made",
    "took",
    "gave",
    "kept",
    "really",
    "always",
    "deserves",
    "knows",
    "came",
    "rang",
    "called",
    "stayed",
    "so",
    "very",
];

/// Where the name begins: "Dr Osei" is called that.
fn titled(text: &str, before: &[Word], name: &Word) -> usize {
    let title = before.last().filter(|title| {
        let between = text.get(title.end..name.start);
        TITLES.contains(&title.text.as_str()) && matches!(between, Some(" " | ". "))
    });
    title.map_or(name.start, |title| title.start)
}

/// "Our waiter Tom", "Dr. Osei".
fn follows_a_role(text: &str, before: &[Word], name: &Word) -> bool {
    let Some(role) = before.last() else { return false };
    let between = text.get(role.end..name.start).unwrap_or_default();
    let joined = between == " " || (between == ". " && TITLES.contains(&role.text.as_str()));
    joined && BEFORE_A_NAME.contains(&role.text.as_str())
}

/// "Served by Priyanka", "kudos to Oleg".
fn follows_thanks(text: &str, before: &[Word], name: &Word) -> bool {
    let [verb, link] = before else { return false };
    let joined = text.get(link.end..name.start) == Some(" ");
    joined && THANKS.contains(&(verb.text.as_str(), link.text.as_str()))
}

const THANKS: &[(&str, &str)] = &[
    ("served", "by"),
    ("helped", "by"),
    ("assisted", "by"),
    ("after", "by"),
    ("kudos", "to"),
    ("out", "to"),
    ("off", "to"),
    ("ask", "for"),
    ("thanks", "to"),
];

/// Whether a word stands before a surname.
pub(crate) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

pub(crate) fn is_given_name(word: &str) -> bool {
    NAMES.contains(word)
}

/// Given names that are no other words, for names that stand by themselves.
static NAMES: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../../../model/en/names.txt").split_whitespace().collect());

/// How the clause feels in which the name stands.
fn felt_at(name: &Word, findings: &[Finding]) -> Polarity {
    let here = findings.iter().filter(|finding| finding.span.contains(&name.start));
    let surest = here.max_by(|one, two| one.confidence.total_cmp(&two.confidence));
    surest.map_or(Polarity::Neutral, |finding| finding.polarity)
}

/// Abbreviations with a full stop that ends no sentence.
const TITLES: &[&str] = &["dr", "mr", "mrs", "ms"];

/// Given names that without a capital are words, or places.
const WORDS_TOO: &[&str] = &[
    "amber",
    "angus",
    "ash",
    "becky",
    "bella",
    "bev",
    "bob",
    "carol",
    "charlotte",
    "daisy",
    "dawn",
    "dean",
    "della",
    "diego",
    "eva",
    "flora",
    "florence",
    "franco",
    "frank",
    "georgia",
    "greta",
    "heather",
    "holly",
    "jack",
    "jackson",
    "jan",
    "jasmine",
    "jasper",
    "jay",
    "jean",
    "jo",
    "jordan",
    "josh",
    "ken",
    "lily",
    "lola",
    "lorraine",
    "mandy",
    "mario",
    "mel",
    "mia",
    "mike",
    "milo",
    "nick",
    "norma",
    "norman",
    "pam",
    "penny",
    "petra",
    "phil",
    "rob",
    "robin",
    "roger",
    "ron",
    "rosa",
    "rosemary",
    "rosie",
    "ross",
    "roy",
    "ruby",
    "sally",
    "serena",
    "stan",
    "stella",
    "ted",
    "tim",
    "tom",
    "una",
    "vera",
    "victor",
    "victoria",
    "wayne",
    "xavier",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn people_are_named_by_their_role_by_thanks_or_by_a_name_everybody_knows() {
        let text = "Our waiter Tom was kind, Dr. Osei's advice helped. The engineer Was late, the manager on Monday rude. \
                    Served by Oksana. Emma went out of her way. Delivery was slow, and Will you call?";
        let named: Vec<String> = people(text, &words(text, 0), &[]).into_iter().map(|person| person.name).collect();
        assert_eq!(named, ["Tom", "Dr. Osei", "Oksana", "Emma"]);
        let twice = "Dr Emma was so kind. Emma explained everything";
        assert_eq!(people(twice, &words(twice, 0), &[]).len(), 1);
    }

    #[test]
    fn who_types_without_capitals_types_names_so() {
        for (text, name) in [
            ("ask for maria shes brilliant", Some("maria")),
            ("fiona's great", Some("fiona")),
            ("the rosemary bread was great", None),
            ("The phone app shows maria as offline, Odd", None),
            ("the angus burger was great", None),
            ("lost my case in san diego", None),
            ("The best waiter I’ve ever had", None),
        ] {
            let found = people(text, &words(text, 0), &[]);
            assert_eq!(found.first().map(|person| person.name.as_str()), name, "{text}");
        }
    }
}
