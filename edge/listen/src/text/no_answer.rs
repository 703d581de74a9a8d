//! Whole answers that tell nothing: that there is nothing to say, or no more than the score says.

use crate::text::words::Word;

/// Whether a whole comment says no more than that there is nothing to say: who wrote that is not asked again.
pub(crate) fn is_no_answer(words: &[Word]) -> bool {
    is_one_of(include_str!("../../model/no-answer.txt"), words)
}

/// Whether it says no more than a middling score does: "so so". Who wrote that may have more to say.
pub(crate) fn is_lukewarm(words: &[Word]) -> bool {
    is_one_of(include_str!("../../model/lukewarm.txt"), words)
}

fn is_one_of(list: &'static str, words: &[Word]) -> bool {
    const LONGEST: usize = 4;
    let lines = list.lines();
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
        for text in ["geht so", "Mais ou menos...", "so-so", "bof"] {
            assert!(is_lukewarm(&words(text, 0)) && !is_no_answer(&words(text, 0)), "{text}");
        }
    }
}
