//! What the customer says they will do, or want from us.

use crate::analysis::acts::leaving::is_open;
use crate::analysis::sentiment::lexicon_score::is_beyond_praise;
use crate::lexicon::NEGATIONS;
use crate::text::clauses::Clause;
use crate::text::phrases::Phrases;
use crate::text::words::Word;
use heard_wire::Intent;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a turn of phrase says the customer will do or wants, one a line: the intent's name and the phrase.
const INTENTS: &str = include_str!("../../../model/en/intents.tsv");

/// The intents, in the order in which they are told.
static TOLD: LazyLock<Vec<Intent>> = LazyLock::new(|| {
    let mut intents: Vec<Intent> = lines().map(|(_, intent)| intent).collect();
    intents.dedup();
    intents
});

static INTENT_PHRASES: LazyLock<Phrases<Intent>> = LazyLock::new(|| Phrases::new(lines()));

fn lines() -> impl Iterator<Item = (&'static str, Intent)> {
    INTENTS
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(name, phrase)| Some((phrase, name.parse().ok()?)))
}

/// What the customer will do or wants, from a fixed list, in the order of the list.
pub(crate) fn intents(clauses: &[Clause]) -> Vec<Intent> {
    let by_phrase = clauses.iter().flat_map(|clause| {
        let is_open = is_open(clause.words, "en");
        INTENT_PHRASES.within(clause.words).filter(move |intent| *intent != Intent::WillLeave || !is_open)
    });
    let mut meant: HashSet<Intent> = by_phrase.collect();
    if clauses.iter().any(|clause| points_elsewhere(clause.words)) {
        meant.insert(Intent::AlreadyTold);
    }
    if clauses.iter().any(|clause| asks_for_action(clause.words)) {
        meant.insert(Intent::WantsContact);
    }
    let mut found: Vec<Intent> = TOLD.iter().copied().filter(|intent| meant.contains(intent)).collect();
    // "Would not recommend" holds "recommend" too; "cannot recommend too highly" holds "cannot recommend".
    if clauses.iter().any(|clause| is_beyond_praise(clause.words)) {
        found.retain(|intent| *intent != Intent::WillNotRecommend);
    } else if found.contains(&Intent::WillNotRecommend) {
        found.retain(|intent| *intent != Intent::WillRecommend);
    }
    found
}

/// "If you call me I'll explain": a request, which tells of nothing yet.
pub(crate) fn asks_for_contact(words: &[Word]) -> bool {
    INTENT_PHRASES.within(words).any(|intent| intent == Intent::WantsContact)
}

/// Whether the words ask for what a person has to do.
pub(crate) fn asks_for_a_person(words: &[Word]) -> bool {
    asks_for_contact(words) || asks_for_action(words)
}

/// "Cancel my policy please": something that no survey can do, and a person has to.
fn asks_for_action(words: &[Word]) -> bool {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let has = |wanted: &str| words.iter().any(|word| word.text == wanted);
    let follows = |at: usize, pair: [&str; 2]| [text(at), text(at + 1)] == pair;
    // "I want my deposit back", "where is my £340 refund".
    let is_wanted = |at: usize| follows(at, ["want", "my"]) && (at + 2..at + 5).any(|at| text(at) == "back");
    let asks_where = |at: usize| follows(at, ["where", "is"]) || matches!(text(at), "where's" | "wheres");
    let is_missing = has("my") && MISSING.iter().any(|what| has(what));
    // "Could a human look at it".
    let asks_anybody = |at: usize| {
        let who = if matches!(text(at + 1), "a" | "any" | "some") { text(at + 2) } else { text(at + 1) };
        (MODALS.contains(&text(at)) || text(at) == "can") && ANYBODY.contains(&who)
    };
    if (0..words.len()).any(|at| is_wanted(at) || asks_where(at) && is_missing) || (0..3).any(asks_anybody) {
        return true;
    }
    let mut at = 0;
    while POLITE.contains(&text(at)) || MODALS.contains(&text(at)) && text(at + 1) == "you" {
        at += if POLITE.contains(&text(at)) { 1 } else { 2 };
    }
    let next = text(at + 1);
    let is_mine = matches!(next, "my" | "me" | "us");
    match text(at) {
        "refund" | "reimburse" => {
            is_mine || at > 0 && (next == "the" || next.starts_with(|c: char| c.is_ascii_digit()))
        }
        verb => ACTIONS.contains(&verb) && is_mine,
    }
}

/// "Please tell the man with the grey moustache": something to be done for somebody, and no idea.
pub(crate) fn pleads(words: &[Word]) -> bool {
    words.windows(2).any(|pair| match pair {
        [please, verb] => POLITE.contains(&please.text.as_str()) && PLEAS.contains(&verb.text.as_str()),
        _ => false,
    })
}

const PLEAS: &[&str] =
    &["tell", "pass", "thank", "give", "say", "help", "look", "read", "check", "fix", "sort", "stop"];

const MISSING: &[&str] =
    &["refund", "order", "parcel", "money", "deposit", "delivery", "package", "item", "card", "luggage"];

const ANYBODY: &[&str] = &["somebody", "someone", "anybody", "anyone", "human", "person", "manager"];
const POLITE: &[&str] = &["please", "pls", "plz", "kindly"];
const MODALS: &[&str] = &["can", "could", "will", "would"];
const ACTIONS: &[&str] = &["cancel", "close", "delete", "remove", "unsubscribe", "send"];

/// Answers that tell nothing, one a line: after `=` all that a clause says, after `!` what settles it wherever it stands, after
/// `$` what it ends with, else a turn of phrase anywhere in it.
const EMPTY: &str = include_str!("../../../model/en/empty.txt");

/// Words that may be added to such an answer.
const ADDED: &[&str] = &["really", "tbh", "honestly", "sorry", "well", "um", "er", "thanks", "actually"];

/// Words up to which a turn of phrase speaks for a clause.
const SHORT: usize = 9;

/// How an answer tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Emptiness {
    /// It holds a turn of phrase that mostly goes with telling nothing.
    Turn,
    /// It is known to tell nothing.
    Whole,
}

/// "Best regards, Tom", "too early to say", "ask my wife": nothing is felt here.
pub(crate) fn emptiness(words: &[Word]) -> Option<Emptiness> {
    static WITHIN: LazyLock<Phrases<char>> = LazyLock::new(|| {
        let lines = EMPTY.lines().filter(|line| !line.starts_with('='));
        Phrases::new(lines.map(|line| (line.trim_start_matches(['$', '!']), line.chars().next().unwrap_or_default())))
    });
    static WHOLE: LazyLock<HashSet<&str>> =
        LazyLock::new(|| EMPTY.lines().filter_map(|line| line.strip_prefix('=')).collect());
    if words.len() > SHORT {
        return None;
    }
    let signs_off = words.first().is_some_and(|word| matches!(word.text.as_str(), "regards" | "cheers" | "sincerely"));
    let said = words.iter().map(|word| word.text.as_str()).filter(|word| !ADDED.contains(word));
    if signs_off && words.len() <= 3 || WHOLE.contains(said.collect::<Vec<_>>().join(" ").as_str()) {
        return Some(Emptiness::Whole);
    }
    let found = (0..words.len()).flat_map(|at| WITHIN.at(words, at).map(move |(length, mark)| (at + length, mark)));
    let meant = found.filter_map(|(end, mark)| match mark {
        '!' => Some(Emptiness::Whole),
        '$' => (end == words.len()).then_some(Emptiness::Turn),
        _ => Some(Emptiness::Turn),
    });
    meant.max()
}

/// "I would rather not say": asking again would press.
pub(crate) fn declines(words: &[Word]) -> bool {
    let says = |phrase: &&[&str]| {
        words.windows(phrase.len()).any(|here| here.iter().zip(*phrase).all(|(word, part)| word.text == *part))
    };
    [
        &["not", "to", "say"][..],
        &["rather", "not"],
        &["no", "comment"],
        &["none", "of", "your"],
        &["personal", "reasons"],
        &["another", "survey"],
        &["me", "surveys"],
        &["more", "surveys"],
    ]
    .iter()
    .any(says)
}

/// What a thank-you has to be sorry for, whatever else is said, one a line.
const GRAVE: &str = include_str!("../../../model/en/grave.txt");

/// "Tears of joy", "my son passed first time".
const NOT_GRAVE: &[&str] = &[
    "tears of joy",
    "tears of laughter",
    "tears laughing",
    "passed first",
    "passed her test",
    "passed his test",
    "passed my test",
    "passed their test",
    "passed her exam",
    "passed his exam",
    "passed my exam",
    "passed her driving",
    "passed his driving",
    "passed my driving",
    "cancer patients",
    "cancer research",
    "cancer charity",
];

/// "My husband died and I had to explain it to four people", "I left in tears".
pub(crate) fn is_grave(words: &[Word]) -> bool {
    static PHRASES: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new(GRAVE.lines().map(|line| (line, ()))));
    static NOT_SO: LazyLock<Phrases<()>> = LazyLock::new(|| Phrases::new(NOT_GRAVE.iter().map(|line| (*line, ()))));
    let is_denied = |at: usize| {
        let before = words.get(at.saturating_sub(3)..at).unwrap_or_default();
        // "No sign, hurt my hip": a "no" denies the next word only.
        before.last().is_some_and(|word| word.text == "no")
            || before.iter().any(|word| word.text != "no" && NEGATIONS.contains(&word.text.as_str()))
            || before.iter().any(|word| word.text == "nobody")
    };
    (0..words.len()).any(|at| PHRASES.at(words, at).next().is_some() && !is_denied(at))
        && NOT_SO.within(words).next().is_none()
}

/// "When we had to let Biscuit go": a pet that was put down.
pub(crate) fn lets_go(words: &[Word]) -> bool {
    let had_to = words.windows(2).any(|pair| matches!(pair, [to, let_] if to.text == "to" && let_.text == "let"));
    had_to && words.windows(3).any(|three| matches!(three, [let_, _, go] if let_.text == "let" && go.text == "go"))
}

/// "Read the notes on my account": the point stands somewhere else, and nothing is told here.
pub(crate) fn points_elsewhere(words: &[Word]) -> bool {
    let mut said =
        words.iter().map(|word| word.text.as_str()).filter(|word| !matches!(*word, "please" | "just" | "to"));
    let asks = said.next().is_some_and(|verb| matches!(verb, "read" | "see" | "refer" | "check" | "look" | "review"));
    asks && words.len() <= 14 && said.any(|word| WHERE.contains(&word))
}

const WHERE: &[&str] = &[
    "complaint",
    "complaints",
    "message",
    "messages",
    "notes",
    "note",
    "case",
    "email",
    "emails",
    "letter",
    "letters",
    "file",
    "account",
    "history",
    "above",
    "previous",
    "ticket",
    "tickets",
    "records",
    "record",
    "earlier",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clauses::clauses;
    use crate::text::words::words;

    #[test]
    fn an_answer_that_tells_nothing_is_told_from_one_that_begins_like_it() {
        for (text, empty) in [
            ("no reason really", true),
            ("No reason to complain", false),
            ("always put 7", true),
            ("they always put the customer first", false),
            ("nobody gets a ten", true),
            ("nobody gets back to you", false),
            ("I felt like a number", false),
            ("the location is good for me", false),
            ("ask my wife", true),
            ("ask for Maria", false),
            ("can't say", true),
            ("can't say a bad word", false),
            ("just signed up and already charged twice", false),
            ("Just joined", true),
            ("Felt like a 5 star hotel", false),
            ("dunno, felt like a 6", true),
            ("Can't type my card number in", false),
            ("The first number I rang was dead", false),
            ("Cheers for the quick delivery", false),
        ] {
            assert_eq!(emptiness(&words(text, 0)).is_some(), empty, "{text}");
        }
    }

    #[test]
    fn grave_words_are_told_from_what_looks_like_them() {
        for (text, grave) in [
            ("When my mum died you passed me around five departments", true),
            ("My dad passed with cancer and you kept calling", true),
            ("my son passed first time", false),
            ("They treat cancer patients here", false),
            ("nobody shouted at me", false),
            ("I slipped on a dress and it fitted", false),
            ("slipped on a wet floor", true),
            ("no sign, hurt my hip", true),
            ("The wifi fell twice", false),
            ("they burnt my toast", false),
        ] {
            assert_eq!(is_grave(&words(text, 0)), grave, "{text}");
        }
    }

    #[test]
    fn the_phrases_of_one_intent_stand_together() {
        assert_eq!(TOLD.iter().collect::<HashSet<_>>().len(), TOLD.len());
    }

    #[test]
    fn intents_are_told_apart() {
        for (text, expected) in [
            ("I would not recommend this place", &["will_not_recommend"][..]),
            ("Cannot recommend too highly", &["will_recommend"]),
            ("Would recommend to anyone. We will be back!", &["will_recommend", "will_return"]),
            ("Never again. Please call me.", &["will_leave", "wants_contact"]),
            ("Read my complaint", &["already_told"]),
            ("Please look at the notes on my account", &["already_told"]),
            ("Look at the lovely view from table nine", &[]),
            ("Nice cake", &[]),
            ("cancel my policy please", &["wants_contact"]),
            ("could you please refund me", &["wants_contact"]),
            ("please refund the 12.99", &["wants_contact"]),
            ("refund took six weeks", &[]),
            ("where is my £340 refund??", &["wants_contact"]),
            ("I want my deposit back", &["wants_contact"]),
            ("Will return with my family", &["will_return"]),
            ("Would send my mum here", &[]),
            ("You send me too many emails", &[]),
            ("They treated me like a human being", &[]),
            ("You cancelled my policy without asking", &[]),
            ("You have cancelled my flight", &[]),
            ("I've cancelled my subscription", &["will_leave"]),
            ("I cancelled my appointment and they were lovely about it", &[]),
            ("Just send my shirts in and they come back perfect", &[]),
            ("I want my whole family to come back here", &[]),
            ("Now refund takes weeks", &[]),
            ("No need to speak to anyone, lovely", &[]),
            ("I need to speak to someone about my bill", &["wants_contact"]),
            ("I had to cancel my holiday", &[]),
            ("send more people", &[]),
            ("Please could a human look at PCN 4471902", &["wants_contact"]),
            ("can somebody please just read the file", &["wants_contact"]),
            ("you can ask anybody there", &[]),
            ("I nearly went elsewhere", &[]),
            ("where is my refund", &["wants_contact"]),
        ] {
            let told: Vec<&str> = intents(&clauses(text, &words(text, 0))).into_iter().map(<&str>::from).collect();
            assert_eq!(told, expected, "{text}");
        }
    }

    #[test]
    fn every_line_names_an_intent() {
        assert_eq!(lines().count(), INTENTS.lines().filter(|line| !line.is_empty()).count());
    }
}
