//! Messages that thank, agree or say goodbye, and want no answer.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Longer ones say something else, too.
const LONGEST: usize = 16;

static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../model/thanks.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether a message is made of nothing but thanks, agreement and goodbyes, in whatever language: only then nobody waits for an
/// answer to it. What is not on the list asks for one, since an answer too many costs less than one that never comes.
///
/// ```
/// assert!(heard_listen::is_only_thanks("Danke, tschüss!") && heard_listen::is_only_thanks("👍"));
/// assert!(!heard_listen::is_only_thanks("Thanks for nothing") && !heard_listen::is_only_thanks("Thank you, and when?"));
/// ```
#[must_use]
pub fn is_only_thanks(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    !text.contains(['?', '？', '؟']) && words.len() <= LONGEST && words.iter().all(|word| WORDS.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_alone_wait_for_nobody_in_any_language() {
        for text in [
            "thanks",
            "Thank you, bye!",
            "Perfect, thank you so much. See you next week",
            "ok",
            "…",
            "Vielen Dank!",
            "Merci, au revoir",
            "Merci beaucoup !",
            "Muchas gracias",
            "Grazie mille",
            "Bedankt!",
            "Obrigado",
            "ありがとうございました",
        ] {
            assert!(is_only_thanks(text), "{text}");
        }
        for text in [
            "Thanks for nothing",
            "Thanks, but no thanks",
            "Great, it is still cold",
            "Tomato.",
            "ok?",
            "Danke, aber es ist noch kalt",
            "Merci, mais quand ?",
            "返金してください。",
            "Good, and the other one",
        ] {
            assert!(!is_only_thanks(text), "{text}");
        }
    }
}
