//! Which language a comment is in, from the letters and the small words that no sentence goes without.

use heard_wire::primary_subtag;

/// Words that also mean something in English are left out of the other lists: taking English for another language loses
/// what was said.
const SMALL_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "was", "is", "to", "i", "of", "it", "for", "very", "my", "with", "have", "you", "they",
            "not", "but", "good", "great", "had", "were", "are", "in", "a", "an", "all", "be", "no", "so", "on", "at",
            "that", "this", "we", "me", "staff", "service", "as", "by", "or", "from", "if", "there", "what", "would",
            "can", "get", "got", "do", "did", "has", "been", "more", "need", "their", "our", "your", "when", "out",
            "up", "just", "like", "than", "too", "could", "should", "never", "always", "still", "nothing", "how",
            "who", "time", "help", "thank", "thanks", "nice", "easy", "bad", "slow",
        ],
    ),
    (
        "de",
        &[
            "es", "war", "gut", "der", "das", "und", "ist", "nicht", "ich", "sehr", "mit", "ein", "eine", "zu", "wir",
            "auch", "aber", "für", "den", "von", "immer", "alles", "keine", "dass", "bei", "schnell", "gute", "leider",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "y", "es", "muy", "que", "una", "por", "con", "para", "pero", "bien", "fue", "todo",
            "lo", "servicio", "del", "más", "está", "gracias", "siempre",
        ],
    ),
    (
        "fr",
        &[
            "le", "les", "et", "est", "très", "des", "une", "pas", "je", "pour", "mais", "avec", "était", "c'est",
            "bien", "du", "nous", "vous", "rien", "merci", "trop", "qui",
        ],
    ),
    (
        "pt",
        &[
            "os",
            "é",
            "muito",
            "que",
            "não",
            "em",
            "um",
            "uma",
            "para",
            "com",
            "mas",
            "foi",
            "bom",
            "tudo",
            "da",
            "atendimento",
            "mais",
            "obrigado",
            "obrigada",
            "está",
            "meu",
        ],
    ),
    (
        "it",
        &[
            "il", "gli", "è", "molto", "che", "non", "una", "per", "ma", "sono", "tutto", "bene", "ho", "servizio",
            "della", "con", "più", "grazie",
        ],
    ),
    (
        "nl",
        &[
            "het", "een", "niet", "ik", "zeer", "heel", "met", "te", "van", "voor", "maar", "goed", "wij", "snel",
            "erg", "geen", "bij", "ook",
        ],
    ),
];

/// The language of a comment as a BCP 47 tag; `und` when it cannot be told. Very short Latin text counts as `page`.
pub(crate) fn language_of(text: &str, words: &[crate::text::words::Word], page: &str) -> &'static str {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let latin = text.chars().filter(|c| c.is_alphabetic() && (*c as u32) < 0x250).count();
    if letters == 0 || latin * 2 < letters {
        return "und";
    }
    let mut best = ("und", 0_usize, 0_usize);
    for (language, small) in SMALL_WORDS {
        let hits = words.iter().filter(|word| small.contains(&word.text.as_str())).count();
        if hits > best.1 {
            best = (language, hits, best.1);
        } else {
            best.2 = best.2.max(hits);
        }
    }
    let clear = best.1 > best.2 && (best.1 >= 2 || best.1 * 4 >= words.len());
    let page_language = primary_subtag(page);
    let of_the_page = SMALL_WORDS.iter().map(|(language, _)| *language).find(|language| *language == page_language);
    match of_the_page {
        _ if clear => best.0,
        // Latin letters and no word that tells: most people write in the language they were asked in.
        Some(language) => language,
        None => "und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn languages_are_told_by_their_small_words() {
        for (text, page, language) in [
            ("As possible be as close as needed for appointments.", "en", "en"),
            ("Arrived quicker than expected . Ambulance crew fantastic", "en", "en"),
            ("Fantastic crew", "de", "de"),
            ("Das Essen war leider nicht gut", "en", "de"),
            ("Muito bom o atendimento", "en", "pt"),
            ("Todo muy bien, gracias", "en", "es"),
            ("C'était très bien", "en", "fr"),
            ("Es war alles gut", "en", "de"),
            ("Очень хорошо", "en", "und"),
            ("", "en", "und"),
        ] {
            assert_eq!(language_of(text, &words(text, 0), page), language, "{text}");
        }
    }
}
