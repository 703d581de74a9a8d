//! A comment changed a little: what is claimed changes as it should, or stays.

use crate::{claims, heard};
use heard_wire::Polarity;

#[test]
fn upper_case_and_typographic_apostrophes_change_nothing() {
    for text in ["The waiter was rude", "The cake was delicious", "It wasn't good"] {
        let plain = claims(text, 5);
        assert_eq!(claims(&text.to_uppercase(), 5), plain, "{text}");
        assert_eq!(claims(&text.replace('\'', "’"), 5), plain, "{text}");
    }
}

const PRAISES: &[&str] =
    &["The waiter was friendly", "The cake was delicious", "The team was very helpful", "The soup was excellent"];
const CRITICISMS: &[&str] =
    &["The waiter was rude", "The cake was awful", "The team was unhelpful", "The soup was terrible"];

fn sorted(text: &str, score: u8) -> Vec<(Option<String>, Polarity)> {
    let mut found = claims(text, score);
    found.sort();
    found.dedup();
    found
}

/// Which feelings are claimed, the criticism first.
fn polarities(text: &str, score: u8) -> Vec<Polarity> {
    let mut found: Vec<Polarity> = claims(text, score).into_iter().map(|(_, polarity)| polarity).collect();
    found.sort_by_key(|polarity| *polarity != Polarity::Negative);
    found.dedup();
    found
}

#[test]
fn a_negation_takes_the_praise_away() {
    for praise in PRAISES {
        assert!(claims(praise, 8).iter().any(|(_, polarity)| *polarity == Polarity::Positive), "{praise}");
        let negated = praise.replace(" was ", " was not ");
        assert!(claims(&negated, 8).iter().all(|(_, polarity)| *polarity == Polarity::Negative), "{negated}");
    }
}

#[test]
fn sides_swapped_around_but_are_the_same_sides() {
    for (praise, criticism) in PRAISES.iter().zip(CRITICISMS.iter().cycle().skip(1)) {
        let one = polarities(&format!("{praise} but {}", criticism.to_lowercase()), 7);
        let other = polarities(&format!("{criticism} but {}", praise.to_lowercase()), 7);
        assert_eq!(one, other, "{praise} / {criticism}");
        assert!(one.first() == Some(&Polarity::Negative), "{praise} but {criticism}");
    }
}

#[test]
fn a_complaint_appended_is_heard_first() {
    for praise in PRAISES {
        let (_, reply) = heard(&format!("{praise} but it was far too expensive"), Some(7));
        let first =
            reply.claims.first().map(|claim| (claim.theme.as_ref().map(|theme| theme.as_str()), claim.polarity));
        assert_eq!(first, Some((Some("price"), Polarity::Negative)), "{praise}: {}", reply.text);
    }
}

#[test]
fn the_score_alone_turns_no_claim_around() {
    for text in PRAISES.iter().chain(CRITICISMS) {
        let mut polarities: Vec<Polarity> =
            (0..=10).flat_map(|score| claims(text, score)).map(|(_, polarity)| polarity).collect();
        polarities.dedup();
        assert!(polarities.len() <= 1, "{text}: {polarities:?}");
    }
}

#[test]
fn an_emoji_and_a_greeting_change_nothing() {
    for text in PRAISES.iter().chain(CRITICISMS) {
        assert_eq!(sorted(&format!("{text} 🙂"), 7), sorted(text, 7), "{text}");
        assert_eq!(sorted(&format!("Hello. {text}"), 7), sorted(text, 7), "{text}");
    }
}

/// The text with two letters inside its longest words exchanged, one word at a time.
fn mistyped(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.len() >= 5) {
        for place in 1..word.len() - 2 {
            let typo = [&word[..place], &word[place + 1..place + 2], &word[place..=place], &word[place + 2..]].concat();
            let mut words = words.clone();
            words[at] = &typo;
            found.push(words.join(" "));
        }
    }
    found
}

#[test]
fn a_typo_may_silence_a_claim_and_never_turns_it_around() {
    let mut kept = 0;
    let mut all = 0;
    for text in PRAISES.iter().chain(CRITICISMS) {
        let said = sorted(text, 7);
        let polarity = said[0].1;
        for typo in mistyped(text) {
            let found = claims(&typo, 7);
            assert!(found.iter().all(|(_, other)| *other == polarity), "{typo}: {found:?}");
            all += 1;
            kept += usize::from(!found.is_empty());
        }
    }
    assert!(kept * 2 > all, "only {kept} of {all} typos were understood");
}

#[test]
fn a_name_changes_no_claim() {
    for text in PRAISES.iter().chain(CRITICISMS) {
        let with_name = text.replace("waiter", "waiter Tom");
        assert_eq!(polarities(&with_name, 7), polarities(text, 7), "{with_name}");
        assert_eq!(polarities(&format!("Tom says: {text}"), 7), polarities(text, 7), "{text}");
    }
}

#[test]
fn two_feelings_in_one_breath_are_told_apart() {
    for (text, praised, criticised) in [
        ("lovely cake with a rude waiter", "food", "staff"),
        ("the soup was awful and the waiter adorable", "staff", "food"),
        ("Great food although far too expensive", "food", "price"),
    ] {
        let (listened, reply) = heard(text, Some(7));
        let felt = |theme: &str, polarity| {
            listened.heard.themes.iter().any(|found| found.id.as_str() == theme && found.polarity == polarity)
        };
        assert!(
            felt(praised, Polarity::Positive) && felt(criticised, Polarity::Negative),
            "{:?}",
            listened.heard.themes
        );
        // Praise quoted together with a complaint is never called one, nor the other way round.
        let told = |polarity| reply.claims.iter().filter(move |claim| claim.polarity == polarity);
        let together = told(Polarity::Negative).any(|bad| told(Polarity::Positive).any(|good| good.quote == bad.quote));
        assert!(!together || !reply.text.contains("not good enough"), "{}", reply.text);
    }
}
