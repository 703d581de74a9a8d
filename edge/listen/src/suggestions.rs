//! Ideas: clauses in which the customer says what to do, to the owner or to other customers.

use crate::phrases::Phrases;
use crate::words::Word;
use std::sync::LazyLock;

/// Turns of phrase that propose something wherever they stand.
const CUES: &[&str] = &[
    "should",
    "suggest",
    "suggestion",
    "suggestions",
    "i wish",
    "would be nice",
    "would be great",
    "would be good",
    "would be better",
    "would be helpful",
    "would be useful",
    "would be welcome",
    "would be a good idea",
    "would like",
    "would love",
    "would prefer",
    "have been welcome",
    "have been nice",
    "have been better",
    "have been good if",
    "have been helpful",
    "could do with",
    "needs to",
    "need to",
    "needs more",
    "need more",
    "needs a",
    "needs some",
    "how about",
    "why not",
    "why don't you",
    "it would help",
    "would help",
    "recommend that",
    "recommend you",
    "advise",
    "advice",
    "a tip",
    "could you",
    "can you please",
    "if only",
    "if you could",
    "if they could",
    "if there was",
    "if there were",
    "ought to",
    "be sure to",
    "make sure",
    "make it easier",
    "make it possible",
    "bring back",
    "don't forget",
    "do not forget",
    "is a must",
    "better to",
    "best to",
    "best bet",
    "you must",
    "you have to",
    "you might want",
    "you may want",
    "worth asking",
    "let us",
    "let me",
    "allow us",
    "allow me",
    "give us",
    "please",
    "feature request",
    "there must be a way",
    "more options for",
    "in need of",
    "needs better",
    "need better",
    "needs an",
    "we need a",
    "it'd be great",
    "it'd be nice",
    "it'd be good",
    "would be ideal",
    "would be perfect if",
    "i'd like to",
    "i'd love to",
    "could they",
    "requesting",
    "must be given",
    "could really do with",
];

/// Verbs that open an instruction.
const IMPERATIVES: &[&str] = &[
    "add",
    "allow",
    "always",
    "ask",
    "avoid",
    "be",
    "book",
    "bring",
    "buy",
    "change",
    "check",
    "choose",
    "consider",
    "do",
    "don't",
    "eat",
    "enjoy",
    "expand",
    "fix",
    "forget",
    "get",
    "give",
    "go",
    "have",
    "hire",
    "improve",
    "include",
    "increase",
    "introduce",
    "invest",
    "keep",
    "leave",
    "let",
    "listen",
    "look",
    "lower",
    "make",
    "never",
    "offer",
    "open",
    "park",
    "pay",
    "plan",
    "provide",
    "put",
    "reduce",
    "remember",
    "remove",
    "replace",
    "request",
    "save",
    "send",
    "skip",
    "spend",
    "stay",
    "stop",
    "take",
    "tell",
    "train",
    "try",
    "turn",
    "update",
    "upgrade",
    "use",
    "visit",
    "walk",
    "watch",
];

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

static CUE_PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new(CUES.iter().map(|cue| (*cue, ()))));

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
    CUE_PHRASES.within(words).next().is_some()
        || recommends_doing(&texts)
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

fn is_instruction(texts: &[&str]) -> bool {
    let skipped = texts.iter().take_while(|text| OPENERS.contains(text)).count();
    let rest = texts.get(skipped..).unwrap_or_default();
    let opens = rest.first().is_some_and(|verb| IMPERATIVES.contains(verb));
    opens && rest.len() >= 3 && !rest.iter().take(5).any(|text| STATES.contains(text))
}

/// "If you want quiet, ask for the back."
fn is_conditional_instruction(texts: &[&str]) -> bool {
    let conditional = texts.first().is_some_and(|first| matches!(*first, "if" | "when" | "unless"));
    conditional
        && texts.windows(2).skip(2).any(|pair| match pair {
            [before, verb] => IMPERATIVES.contains(verb) && !BINDS.contains(before) && *verb != "be" && *verb != "do",
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

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
