//! Ideas: clauses in which the customer says what to do.

use crate::words::Word;

const CUES: &[&[&str]] = &[
    &["should"],
    &["suggest"],
    &["suggestion"],
    &["please"],
    &["i", "wish"],
    &["would", "be", "nice"],
    &["would", "be", "great"],
    &["would", "be", "good"],
    &["would", "be", "better"],
    &["would", "be", "helpful"],
    &["would", "be", "useful"],
    &["would", "like"],
    &["would", "love"],
    &["would", "have", "been", "welcome"],
    &["would", "have", "been", "nice"],
    &["could", "do", "with"],
    &["needs", "to"],
    &["need", "to"],
    &["needs", "more"],
    &["need", "more"],
    &["how", "about"],
    &["why", "not"],
    &["it", "would", "help"],
    &["would", "help"],
    &["consider"],
    &["add"],
    &["allow"],
    &["provide"],
    &["make", "it"],
    &["make", "sure"],
    &["bring", "back"],
    &["recommend", "that"],
    &["could", "you"],
    &["can", "you"],
    &["if", "only"],
    &["if", "you", "could"],
    &["if", "they", "could"],
    &["ought", "to"],
    &["must", "have"],
    &["be", "sure", "to"],
    &["don't", "forget"],
];

/// Whether a clause proposes something.
pub(crate) fn is_suggestion(words: &[Word]) -> bool {
    CUES.iter().any(|cue| match cue {
        // These only propose when they open the clause, as an imperative does.
        [verb @ ("add" | "allow" | "provide" | "consider")] => words.first().is_some_and(|word| word.text == *verb),
        _ => words.windows(cue.len()).any(|here| here.iter().zip(*cue).all(|(word, part)| word.text == *part)),
    })
}
