//! Slips of the thumb in words that carry a feeling: two letters exchanged, one doubled or not doubled. What is meant is
//! asked for a feeling only; themes, ideas and quotes keep what was written.

use crate::analysis::entities::people::is_title;
use crate::analysis::sentiment::lexicon_score::is_known;
use crate::models::network::NETWORK;
use crate::text::words::Word;
use std::borrow::Cow;

/// Letters of a word below which a slip could be any other word.
const SHORTEST: usize = 5;
/// Letters beyond which it is no word.
const LONGEST: usize = 16;

/// Words and names that look like a slip and are none.
const NO_SLIPS: &[&str] = &["brooke", "compliant", "greta", "latte", "prefect", "tinny"];

/// The words of a comment as they were meant.
pub(crate) fn as_meant<'a>(text: &str, words: &'a [Word]) -> Cow<'a, [Word]> {
    let mut found = Cow::Borrowed(words);
    for (at, word) in words.iter().enumerate() {
        let Some(meant) = mended(&word.text) else { continue };
        // A capital inside a sentence is a name's.
        let mut letters = text.get(word.start..word.end).unwrap_or_default().chars();
        let is_inside = at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|before| {
            let between = text.get(before.end..word.start).unwrap_or_default();
            is_title(&before.text) || !between.contains(['.', '!', '?', ';', '\n'])
        });
        if is_inside && letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
        {
            continue;
        }
        if let Some(word) = found.to_mut().get_mut(at) {
            word.text = meant;
        }
    }
    found
}

/// The word of feeling that was meant, when this is no word and one slip away from it.
fn mended(word: &str) -> Option<String> {
    let letters = word.as_bytes();
    let is_plain = letters.iter().all(u8::is_ascii_lowercase);
    let has_length = (SHORTEST..=LONGEST).contains(&letters.len());
    if !is_plain || !has_length || is_word(word) || is_known(word) || NO_SLIPS.contains(&word) {
        return None;
    }
    // The first letter is seldom wrong.
    (1..letters.len()).find_map(|at| {
        let (one, other) = (*letters.get(at)?, letters.get(at + 1).copied());
        let exchanged = |slip: &mut Vec<u8>| slip.swap(at, at + 1);
        let doubled = |slip: &mut Vec<u8>| slip.insert(at, one);
        let single = |slip: &mut Vec<u8>| {
            slip.remove(at);
        };
        let try_one = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut slip = letters.to_vec();
            change(&mut slip);
            String::from_utf8(slip).ok().filter(|slip| is_known(slip))
        };
        let exchange = other.is_some_and(|other| other != one);
        exchange.then(|| try_one(&exchanged)).flatten().or_else(|| try_one(&doubled)).or_else(|| {
            // "Usefull", but not "pleased" for "please" or "freezers" for "freezes".
            (other == Some(one)).then(|| try_one(&single)).flatten()
        })
    })
}

fn is_word(word: &str) -> bool {
    NETWORK.as_ref().is_some_and(|network| network.is_piece(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn a_slip_is_mended_and_a_word_or_name_is_left() {
        for (written, meant) in [
            ("firendly", "friendly"),
            ("excelent", "excellent"),
            ("usefull", "useful"),
            ("waitress", "waitress"),
            ("friendly", "friendly"),
            ("pleased", "pleased"),
            ("freezers", "freezers"),
            ("loaves", "loaves"),
            ("latte", "latte"),
            ("compliant", "compliant"),
            ("klarna", "klarna"),
            ("zzzzzzz", "zzzzzzz"),
        ] {
            assert_eq!(mended(written).unwrap_or_else(|| written.to_owned()), meant);
        }
    }

    #[test]
    fn what_was_written_keeps_its_place() {
        let text = "Very firendly, says Excelent!";
        let written = words(text, 0);
        let meant = as_meant(text, &written);
        assert_eq!(meant[1].text, "friendly");
        assert_eq!(text.get(meant[1].start..meant[1].end), Some("firendly"));
        assert_eq!(meant[3].text, "excelent", "a name");
        let text = "Slow. Firendly though. Dr. Lovley was late";
        let meant: Vec<String> = as_meant(text, &words(text, 0)).iter().map(|word| word.text.clone()).collect();
        assert_eq!(meant, ["slow", "friendly", "though", "dr", "lovley", "was", "late"]);
        assert_eq!(as_meant("EXCELENT STAFF", &words("EXCELENT STAFF", 0))[0].text, "excellent");
    }
}
