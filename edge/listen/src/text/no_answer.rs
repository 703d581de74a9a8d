//! Answers by which somebody says that there is nothing to say.

use crate::text::words::Word;

/// Whether a whole comment says no more than that there is nothing to say: who wrote that is not asked again.
pub(crate) fn is_no_answer(words: &[Word]) -> bool {
    const LONGEST: usize = 4;
    let lines = include_str!("../../model/no-answer.txt").lines();
    let said = || words.iter().map(|word| word.text.as_str());
    let parts = |line: &'static str| line.split([' ', '/', '.']).filter(|part| !part.is_empty());
    (1..=LONGEST).contains(&words.len())
        && lines.filter(|line| !line.starts_with('#')).any(|line| parts(line).eq(said()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn nothing_to_say_is_heard_in_seven_languages() {
        for text in ["n/a", "Dont know", "Geen mening.", "nessun commento", "Keine Angabe", "Rien à ajouter", "não sei"]
        {
            assert!(is_no_answer(&words(text, 0)), "{text}");
        }
        for text in ["", "nothing works", "no comment from your staff", "fine", "no idea why it broke"] {
            assert!(!is_no_answer(&words(text, 0)), "{text}");
        }
    }
}
