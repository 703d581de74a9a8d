//! What a clause is about in the customer's own words, for the owner to find themes in that are not on the list yet.
//!
//! No grammar is parsed. A topic is a short run of words that can be a noun, where nouns stand in short answers: after
//! "the" or "my", before "was" or "took" at the start, or after a word of feeling at the end ("terrible parking").

use crate::analysis::entities::people::is_given_name;
use crate::analysis::sentiment::lexicon_score::feeling_of;
use crate::lexicon::{EMPTY, NEGATIONS};
use crate::text::clauses::{Clause, VERBS};
use crate::text::words::Word;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Words in a topic.
const LONGEST: usize = 3;

/// The bytes of the comment that name what the clause is about, if it names anything.
pub(crate) fn topic_of(clause: &Clause) -> Option<Range<usize>> {
    let words = clause.words;
    let after_determiner = (0..words.len()).find_map(|at| {
        let determiner = words.get(at).is_some_and(|word| DETERMINERS.contains(&word.text.as_str()));
        // "The rude parking attendant": how it was is not what it was.
        let start = at + 1 + usize::from(words.get(at + 1).is_some_and(|word| feeling_of(word).is_some()));
        determiner.then(|| run(words, start)).flatten()
    });
    let subject = || run(words, 0).filter(|found| words.get(found.end).is_some_and(is_verb));
    let felt = || {
        let feeling = words.iter().position(|word| feeling_of(word).is_some())?;
        run(words, feeling + 1).filter(|found| found.end == words.len())
    };
    let found = subject().or(after_determiner).or_else(felt)?;
    Some(words.get(found.start)?.start..words.get(found.end.checked_sub(1)?)?.end)
}

/// Whether a comment is no more than the name of something: "The music.", "mice".
pub(crate) fn names_only(words: &[Word]) -> bool {
    let skipped = usize::from(words.first().is_some_and(|word| DETERMINERS.contains(&word.text.as_str())));
    let named = words.get(skipped..).unwrap_or_default();
    let is_told =
        |word: &Word| feeling_of(word).is_none() && !EMPTY.contains(&word.text.as_str()) && word.text.len() > 3;
    run(words, skipped).is_some_and(|run| run.end == words.len()) && named.iter().all(is_told)
}

/// The longest run of words from here that can name something; `None` when there is none, or it is too long for a name.
fn run(words: &[Word], start: usize) -> Option<Range<usize>> {
    let rest = words.get(start..).unwrap_or_default();
    // A comma ends a name.
    let joined =
        |at: usize| at == 0 || rest.get(at - 1).zip(rest.get(at)).is_some_and(|(one, two)| one.end + 1 == two.start);
    let length = rest.iter().enumerate().take_while(|(at, word)| can_name(word) && joined(*at)).count();
    let telling = rest.get(..length)?.iter().any(|word| !VAGUE.contains(word.text.as_str()));
    ((1..=LONGEST).contains(&length) && telling).then(|| start..start + length)
}

fn can_name(word: &Word) -> bool {
    let text = word.text.as_str();
    text.len() > 2
        && text.chars().all(char::is_alphabetic)
        && !text.ends_with("ly")
        && !text.ends_with("est")
        && feeling_of(word).is_none()
        && !NAMES_NOTHING.contains(text)
        && !is_given_name(text)
        && ![DETERMINERS, VERBS, NEGATIONS, EMPTY].iter().any(|list| list.contains(&text))
}

fn is_verb(word: &Word) -> bool {
    VERBS.contains(&word.text.as_str())
}

const DETERMINERS: &[&str] =
    &["the", "my", "our", "your", "their", "his", "her", "its", "this", "these", "those", "a", "an", "some", "any"];

/// Names for anything: topics only together with another word.
static VAGUE: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../../../model/en/vague.txt").split_whitespace().collect());

/// Common words that are no nouns, and nouns that are nobody's topic.
static NAMES_NOTHING: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../../../model/en/not-nouns.txt").split_whitespace().collect());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clauses::clauses;
    use crate::text::words::words;

    #[test]
    fn what_a_clause_is_about_is_named_in_its_own_words() {
        for (text, topic) in [
            ("the parking garage was filthy", Some("parking garage")),
            ("checkout took ages", Some("checkout")),
            ("terrible parking", Some("parking")),
            ("I hated the rude car park attendant", Some("car park attendant")),
            ("my gift card did not work", Some("gift card")),
            ("I hated the jam, excels", Some("jam")),
            ("it was awful", None),
            ("the whole thing was bad", None),
            ("they never called me back", None),
            ("great", None),
            ("Maria was kind", None),
        ] {
            let found = clauses(text, &words(text, 0)).first().and_then(topic_of).and_then(|span| text.get(span));
            assert_eq!(found, topic, "{text}");
        }
    }
}
