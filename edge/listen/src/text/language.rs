//! Which language a comment is in, from its small words and what the encoder makes of all its words.

use crate::models::encoder::{Encoded, LANGUAGES};
use crate::text::no_answer::is_lukewarm;
use crate::text::small_words::SmallWords;
use crate::text::words::Word;
use heard_wire::primary_subtag;

/// Share of the words that are small ones in any language that is read, at least, once there are several.
const SMALL_SHARE: f32 = 0.18;
/// Words from which on they have to be there.
const SEVERAL: usize = 5;
/// Log odds by which a language has to stand before the next where its small words are few.
const CLEAR: f32 = 3.0;
/// The same of so few words.
const CLEAR_OF_FEW: f32 = 6.0;
const FEW: usize = 2;
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
    if let Some(page) = LANGUAGES.iter().copied().find(|language| *language == page)
        && is_lukewarm(words)
    {
        // "regular", "normal": alike in several, and said to the page.
        return page;
    }
    let odds = encoded.meaning(0..words.len()).map_or([0.0; LANGUAGES.len()], |meaning| meaning.languages);
    let likely = |(name, odds): (&&'static str, f32)| {
        let small = SmallWords::of(name);
        let hits = words.iter().filter(|word| small.has(&word.text)).count();
        (*name, odds + OF_SMALL * hits.min(12) as f32 + if page == **name { OF_PAGE } else { 0.0 }, hits)
    };
    // The lists of the others are not read for it: a fresh isolate would pay for seven.
    let mut likeliest: Vec<_> = LANGUAGES.iter().zip(odds).collect();
    likeliest.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let asked = likeliest.iter().enumerate().filter(|(at, (name, _))| *at < LIKELIEST || **name == page);
    let mut told: Vec<_> = asked.map(|(_, one)| likely(*one)).collect();
    told.sort_by(|(_, one, _), (_, other, _)| other.total_cmp(one));
    let [(language, best, hits), (_, next, _), ..] = told.as_slice() else { return "und" };
    // A word or two are written alike in several.
    let clear = if words.len() <= FEW { CLEAR_OF_FEW } else { CLEAR };
    let (language, hits, is_clear) = (*language, *hits, best - next >= clear);
    let of_the_page = LANGUAGES.iter().copied().find(|language| *language == page);
    let is_foreign = foreign_letters(text, language) >= FOREIGN;
    let is_told = (hits > 0 || words.len() < SEVERAL) && is_clear && !is_foreign
        || hits > 0 && hits as f32 >= SMALL_SHARE * words.len() as f32 && !(is_foreign && hits < SEVERAL);
    // "Call me on": words of both, and nothing that is only the other's.
    let of_page = told.iter().find(|(name, _, _)| *name == page).map_or(0, |(_, _, hits)| *hits);
    let is_shared = hits > 0 && of_page >= hits && hits < SEVERAL;
    match of_the_page {
        Some(page) if is_shared && !is_foreign => page,
        _ if is_told => language,
        // A word or two, or a list of nouns, hold no small words: most people write in the language they were asked in.
        Some(page) if !is_foreign && (page == language || words.len() < SEVERAL) => page,
        _ if !is_foreign && words.len() < SEVERAL => language,
        _ => "und",
    }
}

/// Languages whose small words are looked for, beside the page's.
const LIKELIEST: usize = 3;

/// Letters that a language does not write, from which on it is another.
const FOREIGN: usize = 2;

/// How many letters of a text a language does not write.
fn foreign_letters(text: &str, language: &str) -> usize {
    let own = match language {
        "de" => "äöüß",
        "fr" => "àâçéèêëîïôùûüœæ",
        "es" => "áéíóúüñ",
        "pt" => "áâãàçéêíóôõúü",
        "nl" => "éëïóöü",
        "it" => "àèéìòù",
        _ => "é",
    };
    let letters =
        text.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphabetic() && !letter.is_ascii());
    letters.filter(|letter| !own.contains(*letter)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn languages_are_told_by_their_words() {
        for (text, page, language) in [
            ("As possible be as close as needed for appointments.", "en", "en"),
            ("Arrived quicker than expected . Ambulance crew fantastic", "en", "en"),
            ("Fantastic crew", "de", "en"),
            ("regular", "es", "es"),
            ("Das Essen war leider nicht gut", "en", "de"),
            ("call me on 020 7946 0958", "en", "en"),
            ("Muito bom o atendimento", "en", "pt"),
            ("Todo muy bien, gracias", "en", "es"),
            ("C'était très bien", "en", "fr"),
            ("Es war alles gut", "en", "de"),
            ("Alles was prima geregeld", "en", "nl"),
            ("Tutto perfetto, personale molto gentile", "en", "it"),
            ("entrega atrasada e ninguem responde", "en", "pt"),
            ("Seggiovia ferma, rimborso negato, mai piu", "en", "it"),
            ("Lieferung zu spät", "en", "de"),
            ("Obsługa była bardzo miła i jedzenie pyszne", "en", "und"),
            ("Palvelu oli hidasta mutta ruoka oli hyvää", "en", "und"),
            ("Очень хорошо", "en", "und"),
            ("", "en", "und"),
        ] {
            let words = words(text, 0);
            assert_eq!(language_of(text, &words, &Encoded::new(&words), page), language, "{text}");
        }
    }
}
