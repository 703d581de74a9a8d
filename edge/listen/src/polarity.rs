//! How a clause feels, from words, phrases and what turns them around.

use crate::lexicon::{CRITICISM, DIMINISHERS, NEGATIONS, PHRASES, PRAISE, UNREAL};
use crate::phrases::Phrases;
use crate::words::Word;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Evidence for praise and for criticism in one clause, each 0 and up; about 1 per word.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Evidence {
    pub(crate) praise: f32,
    pub(crate) criticism: f32,
    /// Whether all of it is only wished for or supposed.
    pub(crate) unreal: bool,
}

static LEXICON: LazyLock<HashMap<&'static str, f32>> = LazyLock::new(|| {
    let praise = PRAISE.split_whitespace().map(|word| (word, 1.0));
    let criticism = CRITICISM.split_whitespace().map(|word| (word, -1.0));
    praise.chain(criticism).collect()
});

static PHRASE_VALUES: LazyLock<Phrases<f32>> = LazyLock::new(|| {
    let lines = PHRASES.lines().filter_map(|line| line.split_once('\t'));
    Phrases::new(lines.map(|(sign, phrase)| (phrase, if sign == "+" { 1.5 } else { -1.5 })))
});

/// Opening words that tell of something missed.
const MISSED: &[&str] = &["no", "never", "nobody", "lack", "lacks", "lacking", "missing", "cannot", "can't", "unable"];

/// Words back over which a negation reaches.
const REACH: usize = 4;

/// Weighs a clause.
pub(crate) fn evidence(words: &[Word]) -> Evidence {
    let mut found = Evidence::default();
    let mut spoken_for = vec![false; words.len()];
    for (at, value) in phrase_hits(words, &mut spoken_for) {
        // "It never works well" is no praise; a criticism stays one under a negation.
        let turned = value > 0.0 && is_negated(words, &spoken_for, at);
        add(&mut found, if turned { -1.0 } else { value });
    }
    for (at, word) in words.iter().enumerate() {
        if spoken_for.get(at).copied().unwrap_or(true) {
            continue;
        }
        // "Ridiculously cheap" says how much, and nothing else.
        let next = words.get(at + 1).map_or("", |next| next.text.as_str());
        let says_how_much = INTENSIFIERS.contains(&word.text.as_str())
            && (next == "low" || LEXICON.get(next).is_some_and(|value| *value > 0.0));
        if says_how_much {
            continue;
        }
        if let Some(value) = LEXICON.get(word.text.as_str()) {
            let turned = is_negated(words, &spoken_for, at);
            // "Could have been cheaper": it was not.
            let wished = COMPARATIVES.contains(&word.text.as_str()) && is_wished(words, at);
            // "Not good" is criticism; "not bad" is faint praise.
            let value = match (turned, *value > 0.0) {
                _ if wished => -1.5,
                (false, _) => *value,
                (true, true) => -1.0,
                (true, false) => 0.5,
            };
            add(&mut found, value);
        }
    }
    // "No support from within the app": what is not there was missed.
    if found == Evidence::default()
        && words.len() > 1
        && words.first().is_some_and(|word| MISSED.contains(&word.text.as_str()))
    {
        found.criticism += 1.5;
    }
    // "I don't think the staff are friendly", "anything but friendly": praise that is denied.
    if found.praise > 0.0 && is_denied(words) {
        found = Evidence { criticism: found.praise + found.criticism, ..Evidence::default() };
    } else if found.criticism > 0.0 && found.praise < 1.0 && nobody_did(words) {
        // "Nobody was rude".
        found = Evidence { praise: 1.5, ..Evidence::default() };
    }
    if is_beyond_praise(words) {
        found = Evidence { praise: 3.0, ..Evidence::default() };
    }
    found.unreal = words.iter().any(|word| UNREAL.contains(&word.text.as_str()));
    found
}

/// What a word by itself says for praise, above 0, or criticism, below.
pub(crate) fn feeling_of(word: &Word) -> Option<f32> {
    LEXICON.get(word.text.as_str()).copied()
}

/// Words that strengthen praise as they would strengthen anything.
const INTENSIFIERS: &[&str] = &[
    "ridiculously",
    "stupidly",
    "insanely",
    "unbelievably",
    "terribly",
    "awfully",
    "incredibly",
    "crazy",
    "sick",
    "wickedly",
    "shockingly",
    "scarily",
];

fn is_denied(words: &[Word]) -> bool {
    const DENIES: &[&str] =
        &["don't", "dont", "didn't", "didnt", "wouldn't", "wouldnt", "can't", "cant", "cannot", "couldn't", "not"];
    const SAYING: &[&str] = &["think", "say", "believe", "call", "find", "imagine", "remember"];
    words.windows(2).any(|pair| match pair {
        [one, two] => {
            DENIES.contains(&one.text.as_str()) && SAYING.contains(&two.text.as_str())
                || one.text == "anything" && two.text == "but"
                || one.text == "far" && two.text == "from"
        }
        _ => false,
    }) && !words.iter().any(|word| matches!(word.text.as_str(), "bad" | "wrong" | "enough" | "better" | "fault"))
}

fn nobody_did(words: &[Word]) -> bool {
    let first = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let nobody = match first(0) {
        "nobody" | "neither" => true,
        "no" => first(1) == "one",
        "none" => first(1) == "of",
        _ => false,
    };
    // "Nobody answered" was missed; "nobody was rude" was not.
    nobody && words.iter().any(|word| feeling_of(word).is_some_and(|value| value < 0.0))
}

/// "I cannot recommend them highly enough", "couldn't fault it any way I tried": praise that wears a negation.
pub(crate) fn is_beyond_praise(words: &[Word]) -> bool {
    let place = |from: usize, of: &[&str]| {
        let found = words.iter().skip(from).take(8).position(|word| of.contains(&word.text.as_str()));
        found.map(|place| from + place)
    };
    let Some(cannot) =
        place(0, &["cannot", "can't", "cant", "couldn't", "couldnt", "could", "can", "impossible", "hard"])
    else {
        return false;
    };
    let negated = match words.get(cannot).map(|word| word.text.as_str()) {
        Some("could" | "can") => {
            words.get(cannot + 1).is_some_and(|next| matches!(next.text.as_str(), "not" | "never"))
        }
        _ => true,
    };
    if !negated {
        return false;
    }
    let faulted = place(cannot + 1, &["fault", "criticise", "criticize", "complain"]).is_some();
    let praised = place(cannot + 1, &["recommend", "reccommend", "recomend", "praise", "rate", "thank", "commend"]);
    let enough = |from: usize| place(from + 1, &["enough", "highly", "higher", "better", "sufficiently"]).is_some();
    faulted || praised.is_some_and(enough)
}

fn add(found: &mut Evidence, value: f32) {
    if value > 0.0 {
        found.praise += value;
    } else {
        found.criticism -= value;
    }
}

fn phrase_hits(words: &[Word], spoken_for: &mut [bool]) -> Vec<(usize, f32)> {
    let mut hits = Vec::new();
    for at in 0..words.len() {
        // The longest phrase speaks for the words in it.
        if let Some((length, value)) = PHRASE_VALUES.at(words, at).next()
            && let Some(mine) = spoken_for.get_mut(at..at + length)
            && !mine.contains(&true)
        {
            mine.fill(true);
            hits.push((at, value));
        }
    }
    hits
}

/// What something would be if it were as wished.
const COMPARATIVES: &[&str] = &[
    "better", "cheaper", "faster", "quicker", "easier", "clearer", "nicer", "happier", "lower", "perfect", "nice",
    "helpful",
];

fn is_wished(words: &[Word], at: usize) -> bool {
    let before = words.get(at.saturating_sub(5)..at).unwrap_or_default();
    let wish = |word: &Word| {
        matches!(
            word.text.as_str(),
            "could" | "would" | "should" | "if" | "wish" | "might" | "need" | "needs" | "needed" | "wanted"
        )
    };
    let could_not = |word: &Word| matches!(word.text.as_str(), "not" | "never" | "hardly");
    before.iter().any(wish) && !before.iter().any(could_not)
}

fn is_negated(words: &[Word], spoken_for: &[bool], at: usize) -> bool {
    let from = at.saturating_sub(REACH);
    let before = words.get(from..at).unwrap_or_default();
    let turns = before.iter().enumerate().filter(|(offset, word)| {
        let free = !spoken_for.get(from + offset).copied().unwrap_or(true);
        free && (NEGATIONS.contains(&word.text.as_str()) || DIMINISHERS.contains(&word.text.as_str()))
    });
    turns.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn known_traps_are_heard_right() {
        for (text, praise) in [
            ("cannot recommend too highly", true),
            ("I would not hesitate to use again", true),
            ("haven't had any problems", true),
            ("completely hassle free", true),
            ("I cannot recommend them highly enough", true),
            ("couldn't rate the staff any higher", true),
            ("It was impossible to criticise the room", true),
            ("I could not recommend this to anybody", false),
            ("they can not rate what I told them", false),
            ("it never lets you down", true),
            ("Nobody was rude", true),
            ("None of the staff were rude", true),
            ("nobody was friendly", false),
            ("nobody answered the phone", false),
            ("ridiculously cheap", true),
            ("crazy low prices", true),
            ("I don't think the staff are friendly", false),
            ("The staff were anything but friendly", false),
            ("I can't say anything good", false),
            ("far from friendly", false),
            ("I can't think of anything bad", true),
            ("I would use them again", true),
            ("I will never order again", false),
            ("I could not wish for a better service", true),
            ("the service is difficult to improve", true),
            ("not bad at all", true),
            ("the food was not good", false),
            ("it never works well for me and is slow", false),
            ("still waiting for my refund", false),
            ("not worth the money", false),
            ("would not recommend", false),
            ("nothing special", false),
            ("service could be better", false),
        ] {
            let found = evidence(&words(text, 0));
            assert_eq!(found.praise > found.criticism, praise, "{text}: {found:?}");
        }
    }
}
