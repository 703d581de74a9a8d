//! Which language a comment is in, from the letters and the small words that no sentence goes without.

const SMALL_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "was", "is", "to", "i", "of", "it", "for", "very", "my", "with", "have", "you", "they",
            "not", "but", "good", "great", "had", "were", "are", "in", "a", "all", "be", "no", "so", "on", "at",
            "that", "this", "we", "me", "staff", "service",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "nicht", "ich", "war", "sehr", "mit", "ein", "eine", "zu", "es", "wir",
            "auch", "aber", "für", "den", "von", "gut", "schnell", "immer", "alles",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "las", "y", "es", "muy", "de", "que", "no", "en", "un", "una", "por", "con", "para",
            "pero", "bien", "fue", "todo", "lo", "servicio", "me",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "et", "est", "très", "de", "des", "un", "une", "pas", "je", "pour", "mais", "avec",
            "que", "en", "était", "c'est", "bien", "du", "service", "nous",
        ],
    ),
    (
        "pt",
        &[
            "o",
            "a",
            "os",
            "as",
            "e",
            "é",
            "muito",
            "de",
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
            "do",
            "da",
            "atendimento",
        ],
    ),
    (
        "it",
        &[
            "il", "la", "le", "gli", "e", "è", "molto", "di", "che", "non", "un", "una", "per", "con", "ma", "sono",
            "tutto", "bene", "ho", "servizio",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "en", "is", "niet", "ik", "was", "zeer", "heel", "met", "te", "van", "voor", "maar",
            "goed", "wij", "snel", "erg",
        ],
    ),
];

/// The language of a comment as a BCP 47 tag; `und` when it cannot be told. Very short Latin text counts as `page`.
pub(crate) fn language_of(text: &str, words: &[crate::words::Word], page: &str) -> &'static str {
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
    // One small word in a long text, or a tie, is no evidence.
    if best.1 > best.2 && (best.1 * 8 >= words.len() || best.1 >= 3) {
        return best.0;
    }
    let page_language = page.split('-').next().unwrap_or(page);
    let spoken = SMALL_WORDS.iter().find(|(language, _)| language.eq_ignore_ascii_case(page_language));
    if words.len() <= 6 { spoken.map_or("und", |(language, _)| language) } else { "und" }
}
