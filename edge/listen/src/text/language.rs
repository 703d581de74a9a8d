//! Which language a comment is in, from its small words and what the encoder makes of all its words.

use crate::models::encoder::{Encoded, LANGUAGES};
use crate::text::small_words::SmallWords;
use crate::text::words::Word;
use heard_wire::primary_subtag;

/// Share of the words that are small ones in any language that is read, at least, once there are several.
const SMALL_SHARE: f32 = 0.18;
/// Words from which on they have to be there.
const SEVERAL: usize = 5;
/// What a small word of a language says for it, in log odds, and the page's being in it.
const OF_SMALL: f32 = 0.8;
const OF_PAGE: f32 = 1.0;

/// The language of a comment as a BCP 47 tag; `und` when it cannot be told or is not read. Very short Latin text counts as
/// `page`.
#[expect(clippy::cast_precision_loss, reason = "a comment has few words")]
pub(crate) fn language_of(text: &str, words: &[Word], encoded: &Encoded, page: &str) -> &'static str {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let latin = text.chars().filter(|letter| letter.is_alphabetic() && (*letter as u32) < 0x250).count();
    if letters == 0 || latin * 2 < letters {
        return "und";
    }
    let page = primary_subtag(page);
    let odds = encoded.meaning(0..words.len()).map_or([0.0; LANGUAGES.len()], |meaning| meaning.languages);
    let likely = |(name, odds): (&&'static str, f32)| {
        let small = SmallWords::of(name);
        let hits = words.iter().filter(|word| small.has(&word.text)).count();
        (*name, odds + OF_SMALL * hits.min(12) as f32 + if page == **name { OF_PAGE } else { 0.0 }, hits)
    };
    let best = LANGUAGES.iter().zip(odds).map(likely).max_by(|(_, one, _), (_, other, _)| one.total_cmp(other));
    let Some((language, _, hits)) = best else { return "und" };
    let is_told = words.len() < SEVERAL || hits as f32 >= SMALL_SHARE * words.len() as f32;
    let of_the_page = LANGUAGES.iter().copied().find(|language| *language == page);
    match of_the_page {
        _ if is_told => language,
        // A list of nouns holds no small words: most people write in the language they were asked in.
        Some(page) if page == language => page,
        _ => "und",
    }
}
