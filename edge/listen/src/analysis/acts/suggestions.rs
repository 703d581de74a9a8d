//! Ideas: clauses in which the customer says what to do, to the owner or to other customers.

use crate::lexicon::NEGATIONS;
use crate::text::phrases::Phrases;
use crate::text::words::Word;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Turns of phrase that propose something wherever they stand, one a line.
const CUES: &str = include_str!("../../../model/en/ideas.txt");

/// Verbs that open an instruction.
const IMPERATIVES: &str = include_str!("../../../model/en/imperatives.txt");

/// Words that may stand before the verb of an instruction.
const OPENERS: &[&str] = &[
    "and",
    "also",
    "but",
    "definitely",
    "just",
    "maybe",
    "or",
    "otherwise",
    "perhaps",
    "please",
    "so",
    "then",
    "instead",
    "however",
    "ps",
    "pls",
    "at",
    "least",
    "definately",
    "defo",
];

/// A verb after one of these is no instruction: it has a subject, or is a noun.
const BINDS: &[&str] = &[
    "a", "an", "and", "any", "can", "cannot", "could", "did", "didn't", "do", "does", "don't", "have", "he", "i",
    "i'd", "i'll", "it", "may", "might", "must", "my", "never", "no", "not", "of", "one", "or", "our", "people", "she",
    "should", "some", "that", "the", "their", "there", "these", "they", "this", "to", "we", "we'll", "who", "will",
    "with", "won't", "would", "you", "you'll", "your", "want", "in", "on", "for", "at", "always", "just", "really",
    "need",
];

/// Forms of "to be" and "to have" that make a statement of what began like an instruction ("check in was slow").
const STATES: &[&str] = &["is", "was", "were", "are", "has", "had", "went", "took"];

static INSTRUCTING: LazyLock<HashSet<&str>> = LazyLock::new(|| IMPERATIVES.split_whitespace().collect());

static CUE_PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new(CUES.lines().map(|cue| (cue, ()))));

/// Turns of phrase that hold a cue and propose nothing.
static NO_IDEAS: LazyLock<Phrases<()>> = LazyLock::new(|| {
    let phrases = [
        "let us down",
        "let me down",
        "lets us down",
        "lets me down",
        "would love to return",
        "would love to come",
        "would love to stay",
        "would like to thank",
        "would like to say",
        "i'd like to thank",
        "i'd like to say",
        "no need to",
        "not need to",
        "didn't need to",
        "don't need to",
        "never need to",
        "have to wait",
        "have to queue",
        "best to date",
        "let us know",
        "keep it up",
        "keep up the",
        "let me know",
        "please see",
        "please read",
        "should have arrived",
        "should have been delivered",
        "cancel my",
        "close my",
        "delete my",
        "call me",
        "ring me",
        "contact me",
        "talk to a human",
        "speak to a human",
        "learning curve",
        "should never",
        "shouldn't have",
        "should not have",
        "should have been",
        "should have come",
        "should have told",
        "should have known",
    ];
    Phrases::new(phrases.map(|phrase| (phrase, ())))
});

/// Whether a turn of phrase tells that nothing is proposed.
pub(crate) fn holds_no_idea(words: &[Word]) -> bool {
    NO_IDEAS.within(words).next().is_some() || reports_what_was_done(words)
}

/// "I end up exporting everything", "Booked an automatic".
fn reports_what_was_done(words: &[Word]) -> bool {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    match text(0) {
        "i" | "we" => {
            text(1).ends_with("ed") && !matches!(text(1), "need" | "feed")
                || matches!(text(1), "end" | "have" | "had" | "got" | "paid" | "was" | "were")
        }
        opener => matches!(opener, "booked" | "paid" | "ordered" | "asked" | "waited" | "charged" | "bought"),
    }
}

/// Whether a clause proposes something.
pub(crate) fn is_suggestion(words: &[Word]) -> bool {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    // "I wish I had switched years ago", "never felt rushed": told of the past.
    let regrets = texts.windows(3).any(|three| matches!(three, ["wish", "i'd", _] | ["wish", "i", "had"]));
    let reports =
        matches!(texts.as_slice(), ["never" | "always", next, ..] if next.ends_with("ed") || PAST.contains(next));
    if regrets || reports {
        return false;
    }
    CUE_PHRASES.within(words).next().is_some() && !holds_no_idea(words)
        || recommends_doing(&texts)
        || recommends_a_thing(&texts)
        || would_be_better(&texts)
        || is_instruction(&texts)
        || is_conditional_instruction(&texts)
}

/// What follows "never" or "always" in a report.
const PAST: &[&str] = &[
    "been", "felt", "had", "seen", "met", "room", "got", "found", "a", "the", "so", "very", "on", "in", "good", "great",
];

/// "Recommend getting a room at the back", but not "recommend this hotel".
fn recommends_doing(texts: &[&str]) -> bool {
    texts.windows(2).any(|pair| match pair {
        [verb, doing] => verb.starts_with("recommend") && doing.ends_with("ing") && doing.len() > 5,
        _ => false,
    })
}

/// "We would recommend a taxi", but not "would recommend this hotel", "recommend it to a friend".
fn recommends_a_thing(texts: &[&str]) -> bool {
    let told = texts.iter().any(|text| NEGATIONS.contains(text) || matches!(*text, "was" | "were" | "they"));
    !told
        && texts.windows(3).any(|three| match three {
            ["recommend", "a" | "an", thing] => *thing != "friend",
            _ => false,
        })
}

/// "A microwave would also be really useful".
fn would_be_better(texts: &[&str]) -> bool {
    let wished = |at: usize| {
        let rest = texts.get(at + 1..).unwrap_or_default();
        let be = rest.iter().take(3).position(|text| *text == "be").unwrap_or(usize::MAX);
        let then = rest.get(be.saturating_add(1)..).unwrap_or_default();
        then.iter().take(3).any(|text| WELCOME.contains(text)) && !then.iter().take(3).any(|text| *text == "not")
    };
    let reported = |at: usize| texts.iter().take(at).any(|text| REPORTING.contains(text));
    let would = |text: &str| matches!(text, "would" | "it'd" | "that'd");
    texts.iter().enumerate().any(|(at, text)| would(text) && wished(at) && !reported(at))
}

/// Words before a "would" that is told of, not wished for.
const REPORTING: &[&str] =
    &["thought", "told", "said", "expected", "knew", "assumed", "hoped", "he", "she", "they", "promised", "if"];

/// What an idea would be.
const WELCOME: &[&str] = &[
    "nice",
    "great",
    "good",
    "useful",
    "helpful",
    "cool",
    "handy",
    "better",
    "ideal",
    "perfect",
    "welcome",
    "lovely",
    "beneficial",
    "benefit",
    "bonus",
    "improvement",
    "brilliant",
    "fantastic",
    "appreciated",
    "easier",
    "wonderful",
];

fn is_instruction(texts: &[&str]) -> bool {
    let skipped = texts.iter().take_while(|text| OPENERS.contains(text)).count();
    let rest = texts.get(skipped..).unwrap_or_default();
    let opens = match rest {
        ["open", next, ..] => matches!(*next, "on" | "a" | "more" | "the" | "earlier" | "another" | "up"),
        [verb, ..] => INSTRUCTING.contains(verb) && !rest.starts_with(&["keep", "it"]),
        [] => false,
    };
    opens && rest.len() >= 3 && !rest.iter().take(5).any(|text| STATES.contains(text))
}

/// "If you want quiet, ask for the back", "small rooms, if you can ask for a suite".
fn is_conditional_instruction(texts: &[&str]) -> bool {
    let opens = texts.first().is_some_and(|first| matches!(*first, "if" | "when" | "unless"));
    if !opens {
        let from = texts.windows(2).position(|pair| pair == ["if", "you"]);
        let rest = from.and_then(|from| texts.get(from + 2..)).unwrap_or_default();
        return rest.windows(2).any(|pair| match pair {
            [before, verb] => ASKING.contains(verb) && !BINDS.contains(before),
            _ => false,
        });
    }
    let rest = texts.get(2..).unwrap_or_default();
    rest.windows(2).any(|pair| match pair {
        [before, verb] => INSTRUCTING.contains(verb) && !BINDS.contains(before) && *verb != "be" && *verb != "do",
        _ => false,
    })
}

/// Verbs that ask others to do something wherever they stand.
const ASKING: &[&str] = &["ask", "avoid", "bring", "request", "try", "choose", "skip", "book"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn ideas_are_told_from_reports() {
        for (text, idea) in [
            ("You should open on Sundays", true),
            ("Please add a second till", true),
            ("a microwave would have been welcome", true),
            ("Bring your own towels", true),
            ("Just ask for a table by the window", true),
            ("If you want a quiet night, ask for the back", true),
            ("I recommend booking early", true),
            ("I recommend this place to everyone", false),
            ("We would recommend a taxi from the airport", true),
            ("Highly recommend the lovely staff", false),
            ("Support never answers", false),
            ("Never too busy", false),
            ("Open late, suits me", false),
            ("They let us check in early", false),
            ("They let us down badly", false),
            ("They said it would be easier online and it was not", false),
            ("No use if you miss the last train", false),
            ("A microwave would also be really useful", true),
            ("I thought it would be worse", false),
            ("Rooms small, if you get a chance ask for a suite", true),
            ("I am not sure if you take cards", false),
            ("Check in was slow", false),
            ("We had a lovely stay", false),
            ("They always listen", false),
            ("I wish I had switched years ago", false),
            ("Never felt rushed by the doctor", false),
        ] {
            assert_eq!(is_suggestion(&words(text, 0)), idea, "{text}");
        }
    }
}
