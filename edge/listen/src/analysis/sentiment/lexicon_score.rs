//! How a clause feels, from words, phrases and what turns them around.

use crate::lexicon::{CRITICISM, DIMINISHERS, NEGATIONS, PHRASES, PRAISE, UNREAL};
use crate::text::phrases::Phrases;
use crate::text::words::Word;
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

/// Whether a word carries a feeling by itself.
pub(crate) fn is_known(word: &str) -> bool {
    LEXICON.contains_key(word)
}

static PHRASE_VALUES: LazyLock<Phrases<f32>> = LazyLock::new(|| {
    let lines = PHRASES.lines().filter_map(|line| line.split_once('\t'));
    Phrases::new(lines.map(|(sign, phrase)| (phrase, if sign == "+" { 1.5 } else { -1.5 })))
});

/// Opening words that tell of something missed.
const MISSED: &[&str] = &["no", "never", "nobody", "lack", "lacks", "lacking", "missing", "cannot", "can't", "unable"];

/// What nobody misses.
const GLADLY_MISSED: &[&str] = &[
    "fees",
    "fee",
    "charges",
    "queue",
    "queues",
    "queuing",
    "wait",
    "waiting",
    "hassle",
    "fuss",
    "pressure",
    "mess",
    "stress",
    "drama",
    "faff",
    "nonsense",
    "ads",
    "adverts",
    "jargon",
    "delay",
    "delays",
    "pain",
    "contract",
    "paperwork",
];

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
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let is_gladly_missed = text(0) == "no"
        && (1..4).any(|at| {
            GLADLY_MISSED.contains(&text(at))
                && matches!(text(at + 1), "" | "which" | "and" | "or" | "no" | "at" | "so" | "just")
        });
    if is_gladly_missed && found.criticism == 0.0 {
        // "No foreign fees".
        found.praise += 1.5;
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
    match unsurpassed(words) {
        Some(value) if value < 0.0 => found = Evidence { criticism: 3.0, ..Evidence::default() },
        None if !is_beyond_praise(words) => {}
        _ => found = Evidence { praise: 3.0, ..Evidence::default() },
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
    let at = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    // "I don't think I've ever had such service", "you won't find friendlier staff": praise by comparison.
    let compares = words.iter().any(|word| {
        let text = word.text.as_str();
        matches!(text, "bad" | "wrong" | "enough" | "better" | "fault" | "ever" | "such" | "how" | "more" | "nicer")
            || text.ends_with("er") && feeling_of(word).is_some()
            || text.ends_with("ier")
    });
    let denies = (0..words.len()).any(|place| match at(place) {
        "don't" | "dont" | "didn't" | "didnt" | "wouldn't" | "wouldnt" | "not" => {
            matches!(at(place + 1), "think" | "say" | "believe" | "call" | "find")
        }
        "can't" | "cant" | "cannot" | "couldn't" => matches!(at(place + 1), "say" | "call" | "find"),
        "anything" => at(place + 1) == "but",
        "far" => {
            let praise = words.get(place + 2).and_then(feeling_of).is_some_and(|value| value > 0.0);
            at(place + 1) == "from" && praise && place.checked_sub(1).is_none_or(|before| at(before) != "not")
        }
        _ => false,
    });
    denies && !compares
}

/// "Nobody was rude", "none of them were ever unfriendly"; but "nobody fixed the broken lift".
fn nobody_did(words: &[Word]) -> bool {
    let at = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let nobody = match at(0) {
        "nobody" | "neither" => true,
        "no" => at(1) == "one",
        "none" => at(1) == "of",
        _ => false,
    };
    let is_bad = |place: usize| words.get(place).and_then(feeling_of).is_some_and(|value| value < 0.0);
    let was = |place: usize| matches!(at(place), "was" | "were" | "is" | "are" | "been");
    nobody && (1..words.len()).any(|place| was(place) && (is_bad(place + 1) || is_bad(place + 2)))
}

/// "I cannot recommend them highly enough", "couldn't fault it any way I tried": praise that wears a negation.
pub(crate) fn is_beyond_praise(words: &[Word]) -> bool {
    let place = |from: usize, of: &[&str]| {
        let found = words.iter().skip(from).take(8).position(|word| of.contains(&word.text.as_str()));
        found.map(|place| from + place)
    };
    // "I don't think it could be bettered".
    if words.iter().any(|word| word.text == "bettered") {
        return words.iter().any(|word| NEGATIONS.contains(&word.text.as_str()));
    }
    let opens = ["cannot", "can't", "cant", "couldn't", "couldnt", "could", "can", "impossible", "hard"];
    let Some(cannot) = place(0, &opens) else {
        return false;
    };
    let at = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let opener = at(cannot);
    if matches!(opener, "could" | "can") && !matches!(at(cannot + 1), "not" | "never") {
        return false;
    }
    let tried = cannot + 1;
    let faulted = place(tried, &["fault", "criticise", "criticize"]).is_some()
        // "I can't complain", but not "you can't even complain by phone".
        || place(tried, &["complain"]).is_some_and(|verb| verb + 1 == words.len() && at(tried) != "even");
    let praised = place(tried, &["recommend", "reccommend", "recomend", "praise", "rate", "thank", "commend"]);
    let enough = |verb: usize| {
        let beyond = place(verb + 1, &["enough", "highly", "higher", "better", "sufficiently"]);
        beyond.is_some_and(|beyond| {
            !(verb + 1..beyond).any(|between| matches!(at(between), "when" | "there" | "if" | "because"))
        })
    };
    faulted || opener != "hard" && praised.is_some_and(enough)
}

/// What something could not have been more, above 0 for "nicer" and "more helpful", below for "worse" and "more difficult".
fn unsurpassed(words: &[Word]) -> Option<f32> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let could = words.iter().position(|word| matches!(word.text.as_str(), "could" | "couldn't" | "couldnt"))?;
    let denied = if text(could) == "could" {
        (could + 1..could + 3).find(|at| matches!(text(*at), "not" | "hardly" | "scarcely" | "barely"))?
    } else {
        could
    };
    let is = (denied + 1..denied + 4)
        .take_while(|at| text(*at) != "only")
        .find(|at| matches!(text(*at), "be" | "been" | "gone"))?;
    let what = if matches!(text(is + 1), "any" | "much") { is + 2 } else { is + 1 };
    match text(what) {
        // "More obliging": whoever says that praises, if the word is no criticism.
        "more" => words.get(what + 1).map(|word| feeling_of(word).unwrap_or(1.0)),
        "less" => words.get(what + 1).and_then(feeling_of).map(|value| -value),
        comparative if BETTER.contains(&comparative) => Some(1.0),
        comparative if WORSE.contains(&comparative) => Some(-1.0),
        _ => None,
    }
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

/// What somebody or something could not have been more.
const BETTER: &[&str] = &[
    "better",
    "clearer",
    "easier",
    "faster",
    "friendlier",
    "happier",
    "kinder",
    "lovelier",
    "nicer",
    "quicker",
    "simpler",
    "smoother",
];

const WORSE: &[&str] = &["worse", "ruder", "slower", "harder", "dirtier", "colder"];

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
        // "I cannot believe how kind they were" turns nothing around.
        let marvels =
            words.get(from + offset + 1).is_some_and(|next| matches!(next.text.as_str(), "believe" | "imagine"));
        let free = !marvels && !spoken_for.get(from + offset).copied().unwrap_or(true);
        free && (NEGATIONS.contains(&word.text.as_str()) || DIMINISHERS.contains(&word.text.as_str()))
    });
    turns.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

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
            ("No foreign fees which is why I joined", true),
            ("no heating", false),
            ("No contract was ever sent", false),
            ("No paperwork was given for the car", false),
            ("no hassle and no queue", true),
            ("I don't think it could be bettered", true),
            ("ridiculously cheap", true),
            ("crazy low prices", true),
            ("I don't think the staff are friendly", false),
            ("The staff were anything but friendly", false),
            ("I can't say anything good", false),
            ("far from friendly", false),
            ("I can't think of anything bad", true),
            ("I cannot believe how friendly the staff are", true),
            ("great shop, not far from home", true),
            ("I don't think I've ever had such great service", true),
            ("nobody fixed the broken shower", false),
            ("You can't even complain", false),
            ("I can't complain", true),
            ("I would use them again", true),
            ("I will never order again", false),
            ("I could not wish for a better service", true),
            ("the lad behind the counter couldn't have been nicer", true),
            ("it could not be easier", true),
            ("they couldn't have been more helpful", true),
            ("it could hardly have gone better", true),
            ("it couldn't have been more difficult", false),
            ("it could not have been worse", false),
            ("it couldn't be any easier", true),
            ("they could not have been more obliging", true),
            ("they couldn't have been less helpful", false),
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
