//! The people a customer names in the languages that the encoder reads.

use crate::analysis::reading::Outline;
use crate::analysis::sentiment::felt_words::felt_words;
use crate::models::encoder::{Does, Meaning};
use crate::text::small_words::Role;
use crate::text::words::Word;
use heard_wire::{Person, Polarity};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Given names of the languages, each a word by itself.
static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lists = [
        include_str!("../../../model/en/names.txt"),
        include_str!("../../../model/de/names.txt"),
        include_str!("../../../model/fr/names.txt"),
        include_str!("../../../model/es/names.txt"),
        include_str!("../../../model/pt/names.txt"),
        include_str!("../../../model/nl/names.txt"),
        include_str!("../../../model/it/names.txt"),
    ];
    lists.into_iter().flat_map(str::split_whitespace).collect()
});

/// Whether a word is a given name in any of the languages.
pub(crate) fn is_name(word: &str) -> bool {
    NAMES.contains(word)
}

/// People named after a title, or by a given name with a capital letter, each once.
pub(crate) fn people(outline: &Outline) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    for (segment, meaning) in outline.meant() {
        let words = outline.words.get(segment.words.clone()).unwrap_or_default();
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|before| words.get(before));
            let follows_title = before.is_some_and(|before| outline.small.is(&before.text, Role::Title));
            let written = outline.text.get(word.start..word.end).unwrap_or_default();
            let is_capital = written.starts_with(char::is_uppercase);
            // "Nossa Mel" is a pet, or a child.
            let is_theirs = before.is_some_and(|before| POSSESSIVES.contains(&before.text.as_str()));
            // "Merci à Sonia et Mélissa."
            let beside = at.checked_sub(2).and_then(|beside| words.get(beside)).map(|word| word.start..word.end);
            let beside = beside.and_then(|span| outline.text.get(span)).unwrap_or_default();
            let is_joined = before.is_some_and(|before| outline.small.is(&before.text, Role::And))
                && found.iter().any(|person| person.name == beside);
            // "Bella, istruttori bravi."
            let is_felt = !follows_title && felt_words(std::slice::from_ref(word), outline.language).abs() > 0.0;
            let is_named = is_capital
                && !is_theirs
                && !is_felt
                && written.chars().count() > 2
                && (follows_title || is_joined || is_name(&word.text));
            if is_named && !outline.small.has(&word.text) && !found.iter().any(|person| person.name == written) {
                found.push(Person {
                    name: named(outline, words.get(..at).unwrap_or_default(), word),
                    polarity: felt(meaning),
                });
            }
        }
    }
    found
}

/// Titles that are part of a name; a waiter is not called one.
const ADDRESSES: &[&str] = &[
    "herr",
    "herrn",
    "frau",
    "monsieur",
    "madame",
    "mademoiselle",
    "mme",
    "señor",
    "señora",
    "señorita",
    "don",
    "doña",
    "senhor",
    "senhora",
    "dona",
    "meneer",
    "mevrouw",
    "dhr",
    "mw",
    "signor",
    "signora",
    "signorina",
    "sig",
    "sr",
    "sra",
    "srta",
    "dr",
    "dra",
    "doktor",
    "docteur",
    "doctor",
    "doctora",
    "doutor",
    "doutora",
    "dokter",
    "dottor",
    "dottore",
    "dottoressa",
    "dott",
    "juf",
    "meester",
    "schwester",
    "zuster",
];

/// "Frau Dr. Weber" is called that, and "Herrn Yilmaz" is Herr Yilmaz.
fn named(outline: &Outline, before: &[Word], word: &Word) -> String {
    let titles = before.iter().rev().take_while(|title| ADDRESSES.contains(&title.text.as_str()));
    let first = titles.last();
    let name = outline.text.get(first.map_or(word.start, |title| title.start)..word.end).unwrap_or_default();
    match first {
        Some(title) if title.text == "herrn" => {
            format!("Herr{}", name.trim_start_matches(|letter: char| !letter.is_whitespace()))
        }
        _ => name.to_owned(),
    }
}

/// Whose a name after it is: nobody's who works there.
const POSSESSIVES: &[&str] = &[
    "mein", "meine", "meinen", "meinem", "meiner", "unser", "unsere", "unseren", "unserem", "unserer", "mon", "ma",
    "notre", "mi", "nuestro", "nuestra", "meu", "minha", "nosso", "nossa", "seu", "mijn", "onze", "ons", "mio", "mia",
    "nostro", "nostra",
];

/// How the customer felt where somebody is named.
fn felt(meaning: &Meaning) -> Polarity {
    let (thanks, complains) = (meaning.does(Does::ThanksPerson), meaning.does(Does::ComplainsOfPerson));
    let praise = meaning.feelings.praise();
    match () {
        () if thanks > 0.0 && thanks > complains || complains < 0.0 && praise > 1.0 => Polarity::Positive,
        () if complains > 0.0 || praise < -1.0 => Polarity::Negative,
        () => Polarity::Neutral,
    }
}
