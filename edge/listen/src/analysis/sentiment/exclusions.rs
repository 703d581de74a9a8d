//! Complaints that are none about the owner: what is wrong with others, and what was put right.

use crate::analysis::sentiment::lexicon_score::evidence;
use crate::lexicon::NEGATIONS;
use crate::text::clauses::Clause;
use crate::text::words::Word;

/// "Other banks are rude", "unlike other airlines", "all my other doctors"; but "the other staff were rude".
pub(crate) fn is_of_others(words: &[Word]) -> bool {
    let at = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    match at(0) {
        "other" => is_elsewhere(at(1)),
        "others" | "competitors" => true,
        "unlike" => matches!(at(1), "other" | "others" | "most"),
        "all" | "most" => at(1) == "other" && is_elsewhere(at(2)) || at(1) == "my" && at(2) == "other",
        _ => false,
    }
}

/// Whether "other ..." is somebody else's: "other banks", but not "other staff".
fn is_elsewhere(what: &str) -> bool {
    what != "than" && what.ends_with('s') && !OUR_OWN.contains(&what)
}

/// What an owner has several of.
const OUR_OWN: &[&str] = &[
    "areas",
    "colleagues",
    "cashiers",
    "customers",
    "days",
    "departments",
    "dishes",
    "drivers",
    "employees",
    "guests",
    "issues",
    "items",
    "members",
    "nurses",
    "ones",
    "parts",
    "passengers",
    "patients",
    "problems",
    "products",
    "reps",
    "rooms",
    "servers",
    "staffs",
    "things",
    "times",
    "visits",
    "waiters",
    "waitresses",
    "wards",
    "was",
    "workers",
];

/// "I am 81 and not good with computers", "only had it three weeks", "my chemo": what is so with the customer, not with the
/// business.
pub(crate) fn is_of_oneself(words: &[Word]) -> bool {
    let mut said = words.iter().map(|word| word.text.as_str()).skip_while(|word| JOINING.contains(word));
    let trouble = words.windows(2).any(|pair| match pair {
        [my, what] => my.text == "my" && TROUBLES.contains(&what.text.as_str()),
        _ => false,
    });
    let of_self = match (said.next(), said.next(), said.next()) {
        (Some("i'm" | "im"), Some(what), _) | (Some("i"), Some("am"), Some(what)) => {
            CONDITIONS.contains(&what) || what.bytes().all(|byte| byte.is_ascii_digit())
        }
        (Some("i"), Some("only"), Some(verb)) => SELDOM.contains(&verb),
        (Some("only"), Some("had" | "used" | "been" | "bought" | "joined" | "started"), Some(what)) => {
            matches!(what, "it" | "them" | "once" | "twice" | "since" | "last" | "recently" | "here")
        }
        _ => false,
    };
    let not_good_with = words.windows(2).any(|pair| pair.iter().map(|word| word.text.as_str()).eq(["good", "with"]));
    // "I have a bad hip".
    let is_ailing = words.windows(4).any(|four| match four {
        [has, a, bad, part] => {
            matches!(has.text.as_str(), "have" | "got" | "with")
                && a.text == "a"
                && bad.text == "bad"
                && AILING.contains(&part.text.as_str())
                && words
                    .first()
                    .is_some_and(|word| matches!(word.text.as_str(), "i" | "i've" | "ive" | "as" | "because"))
        }
        _ => false,
    });
    // "I was not the patient".
    let said: Vec<&str> = words.iter().take(5).map(|word| word.text.as_str()).collect();
    let of_another = matches!(
        said.as_slice(),
        ["i", "was" | "am", "not", "the", "patient" | "customer" | "buyer" | "user" | "guest"]
    );
    of_another || is_ailing || (of_self || trouble) && (evidence(words).criticism == 0.0 || not_good_with)
}

const JOINING: &[&str] = &["and", "but", "because", "as", "since", "so", "though", "although"];

/// What people say they are.
const CONDITIONS: &[&str] = &[
    "allergic",
    "pregnant",
    "disabled",
    "deaf",
    "blind",
    "coeliac",
    "celiac",
    "vegan",
    "vegetarian",
    "retired",
    "elderly",
    "old",
    "diabetic",
    "autistic",
    "dyslexic",
    "new",
];

/// What they have only done a little.
const SELDOM: &[&str] = &["been", "used", "use", "started", "joined", "go", "went", "come", "came", "bought", "visit"];

const AILING: &[&str] =
    &["hip", "back", "knee", "knees", "leg", "legs", "shoulder", "foot", "feet", "eyesight", "hearing"];

/// What befalls a customer elsewhere.
const TROUBLES: &[&str] = &[
    "chemo",
    "cancer",
    "operation",
    "illness",
    "surgery",
    "stroke",
    "anxiety",
    "disability",
    "divorce",
    "pregnancy",
    "allergy",
    "allergies",
    "accident",
    "condition",
    "depression",
    "diagnosis",
    "redundancy",
    "bereavement",
];

/// "My phone broke and they replaced it", "our flight was cancelled, but the crew sorted it at once".
pub(crate) fn is_repaired(clauses: &[Clause], at: usize) -> bool {
    let repairs = |clause: &Clause| {
        let text = |at: usize| clause.words.get(at).map_or("", |word| word.text.as_str());
        let has = |list: &[&str]| clause.words.iter().any(|word| list.contains(&word.text.as_str()));
        let mended = (1..clause.words.len()).any(|place| {
            REPAIRED.contains(&text(place)) && (place.saturating_sub(2)..place).any(|who| MENDERS.contains(&text(who)))
        });
        // "They replaced it with a worse one" mended nothing.
        let with = clause.words.iter().position(|word| word.text == "with");
        let with_worse =
            with.and_then(|with| clause.words.get(with..)).is_some_and(|rest| evidence(rest).criticism > 0.0);
        mended && !has(NEGATIONS) && !has(STILL_TO_DO) && !has(WORSE) && !with_worse
    };
    let next_gladly = |next: &Clause| repairs(next) && evidence(next.words).criticism == 0.0;
    // "Used to be awful, but now it is really good".
    let was = clauses.get(at).is_some_and(|clause| {
        let used = clause.words.iter().position(|word| word.text == "used");
        used.is_some_and(|used| used <= 2 && clause.words.get(used + 1).is_some_and(|next| next.text == "to"))
    });
    let praise_follows = |next: &Clause| {
        let found = evidence(next.words);
        next.contrasts && found.praise > found.criticism
    };
    clauses.get(at).is_some_and(repairs)
        || clauses.get(at + 1).is_some_and(|next| next_gladly(next) || was && praise_follows(next))
}

const MENDERS: &[&str] = &["they", "he", "she", "staff", "crew", "team", "who"];

const REPAIRED: &[&str] =
    &["replaced", "fixed", "sorted", "resolved", "repaired", "refunded", "rectified", "solved", "compensated"];

/// Words of what was put right for the worse.
const WORSE: &[&str] = &["worse", "worst", "wrong", "another", "used", "smaller", "badly", "poorly"];

/// Words of what has not been put right, or not for good.
const STILL_TO_DO: &[&str] = &[
    "be", "get", "needs", "need", "must", "should", "want", "hope", "please", "only", "half", "said", "say", "until",
    "again", "claimed", "promised", "asked",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clauses::clauses;
    use crate::text::words::words;

    #[test]
    fn what_is_so_with_the_customer_is_no_complaint() {
        for (text, of_oneself) in [
            ("I am 81 and not good with computers", true),
            ("I'm allergic to cats so only come in for bird seed", true),
            ("only had it 3 weeks", true),
            ("I was not a priority", false),
            ("Only had one waiter on", false),
            ("The mattress gave me a bad back", false),
            ("I was not the patient", true),
            ("i have a bad hip", true),
            ("I was not told the price", false),
            ("Had to stop because of my chemo", true),
            ("I am still waiting", false),
            ("I am a wheelchair user and the disabled bays are full of vans", false),
            ("I'm a customer and was treated rudely", false),
            ("only two tills were open", false),
            ("I only got half of it", false),
        ] {
            assert_eq!(is_of_oneself(&words(text, 0)), of_oneself, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_elsewhere_or_no_more_is_doubted() {
        for (text, of_others, repaired) in [
            ("Other banks are rude", true, false),
            ("The other waiter was rude", false, false),
            ("All other staff were rude", false, false),
            ("The phone broke and they replaced it with a worse one", false, false),
            ("The boiler broke and they fixed the faulty part", false, true),
            ("My phone broke and they replaced it with a broken one", false, false),
            ("My phone broke and they replaced it", false, true),
            ("My phone broke and they have not replaced it", false, false),
            ("It broke. They said it would be replaced", false, false),
            ("It used to be awful but now it is really good", false, true),
            ("It used to be lovely but now it is awful", false, false),
        ] {
            let words = words(text, 0);
            let clauses = clauses(text, &words);
            assert_eq!(clauses.iter().any(|clause| is_of_others(clause.words)), of_others, "{text}");
            assert_eq!(is_repaired(&clauses, 0), repaired, "{text}");
        }
    }
}
