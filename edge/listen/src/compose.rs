use crate::listener::{Finding, Listened, quote};
use heard_wire::{Acknowledgement, Ask, Band, Claim, Polarity, Promise, Receipt, ResponseId, Score, reference_of};
use serde::Deserialize;

/// How the owner speaks to customers.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// BCP 47 language of the page; the reply is in the comment's own language where we write it.
    pub language: &'a str,
    /// Printed on the receipt. Without it nothing is promised and no contact is asked for.
    pub promise: Option<&'a Promise>,
}

/// Lines with variants, so that two customers with alike comments do not read the same words.
#[derive(Debug, Deserialize)]
struct Messages {
    thanks: Vec<String>,
    happy: Vec<String>,
    unhappy: Vec<String>,
    noted: Vec<String>,
    praise: Vec<String>,
    criticism: Vec<String>,
    both: Vec<String>,
    idea: Vec<String>,
}

const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../messages/en.json")),
    ("de", include_str!("../messages/de.json")),
    ("es", include_str!("../messages/es.json")),
    ("fr", include_str!("../messages/fr.json")),
    ("pt", include_str!("../messages/pt.json")),
];

/// The reply to a comment, or to a score alone when `comment` is `None`.
///
/// At most one criticism and one praise are quoted, the criticism first. Claims are made only from
/// [`Listened::CLAIM_CONFIDENCE`]; below it the customer is quoted without a claim, or simply thanked.
#[must_use]
pub fn acknowledge(
    comment: Option<(&str, &Listened)>,
    score: Option<Score>,
    id: &ResponseId,
    voice: Voice<'_>,
) -> Acknowledgement {
    let language = comment.map_or(voice.language, |(_, listened)| match listened.heard.language.as_str() {
        "und" => voice.language,
        spoken => spoken,
    });
    let messages = messages_in(&[language, voice.language]);
    let (text, claims) = match comment {
        Some((text, listened)) if listened.heard.informative => reply(&messages, text, listened, score, id),
        _ => (plain(&messages, score, id), Vec::new()),
    };
    let promise = |part: fn(&Promise) -> &Option<String>| voice.promise.and_then(|promise| part(promise).clone());
    Acknowledgement {
        text,
        ask: comment.and_then(|(_, listened)| ask(listened, &claims, score, voice)),
        claims,
        receipt: Receipt {
            reference: reference_of(id),
            answered_by: promise(|promise| &promise.answered_by),
            by_when: promise(|promise| &promise.by_when),
        },
    }
}

fn reply(
    messages: &Messages,
    text: &str,
    listened: &Listened,
    score: Option<Score>,
    id: &ResponseId,
) -> (String, Vec<Claim>) {
    let criticism = surest(listened, text, Polarity::Negative);
    // Praise beside a criticism that could not be quoted would sound as if the criticism had not been heard.
    let unquoted_criticism = criticism.is_none()
        && (listened.heard.overall == Polarity::Negative
            || listened.findings.iter().any(|finding| finding.polarity == Polarity::Negative));
    let praise = surest(listened, text, Polarity::Positive).filter(|_| !unquoted_criticism);
    let fill = |lines: &[String], criticism: &str, praise: &str| {
        variant(lines, id).replace("{criticism}", criticism).replace("{praise}", praise)
    };
    let line = match (criticism, praise) {
        (Some(criticism), Some(praise)) => fill(&messages.both, criticism, praise),
        (Some(criticism), None) => fill(&messages.criticism, criticism, ""),
        (None, Some(praise)) => fill(&messages.praise, "", praise),
        (None, None) => match listened.quotable.as_ref().and_then(|span| quote(text, span)) {
            Some(words) => variant(&messages.noted, id).replace("{quote}", words),
            None => plain(messages, score, id),
        },
    };
    // An idea is written down as an idea, unless the customer has just read those words.
    let idea =
        listened.heard.suggestions.iter().find(|idea| !line.contains(&idea.quote) && !overlaps(&line, &idea.quote));
    let line = match idea {
        Some(idea) => format!("{line} {}", variant(&messages.idea, id).replace("{idea}", &idea.quote)),
        None => line,
    };
    let mut claims = Vec::new();
    for (quoted, polarity) in [(criticism, Polarity::Negative), (praise, Polarity::Positive)] {
        if let Some(quoted) = quoted {
            claims.extend(claims_for(listened, text, quoted, polarity));
        }
    }
    (line, claims)
}

/// Whether a quote inside the line is part of these words.
fn overlaps(line: &str, words: &str) -> bool {
    line.split(['“', '”', '„', '«', '»']).any(|quoted| quoted.len() > 8 && words.contains(quoted.trim()))
}

/// The quote to lead with: one about a theme before one about none, then the surest, then the first.
fn surest<'a>(listened: &Listened, text: &'a str, polarity: Polarity) -> Option<&'a str> {
    let mut best: Option<(&Finding, &'a str)> = None;
    for finding in claimable(listened, polarity) {
        let Some(words) = quote(text, &finding.span).filter(|words| words.split_whitespace().count() >= 2) else {
            continue;
        };
        let rank = |finding: &Finding| (finding.theme.is_some(), finding.confidence);
        if best.is_none_or(|(held, _)| rank(finding) > rank(held)) {
            best = Some((finding, words));
        }
    }
    best.map(|(_, words)| words)
}

fn claimable(listened: &Listened, polarity: Polarity) -> impl Iterator<Item = &Finding> {
    listened
        .findings
        .iter()
        .filter(move |finding| finding.polarity == polarity && finding.confidence >= Listened::CLAIM_CONFIDENCE)
}

fn claims_for(listened: &Listened, text: &str, quoted: &str, polarity: Polarity) -> Vec<Claim> {
    claimable(listened, polarity)
        .filter(|finding| quote(text, &finding.span) == Some(quoted))
        .map(|finding| Claim { theme: finding.theme.clone(), polarity, quote: quoted.to_owned() })
        .collect()
}

/// The one thing missing. Nothing is asked of a customer who has told it, or without a score to go by.
fn ask(listened: &Listened, claims: &[Claim], score: Option<Score>, voice: Voice<'_>) -> Option<Ask> {
    let band = score?.band();
    if !listened.heard.informative {
        return Some(match band {
            Band::Promoter => Ask::WhatStoodOut,
            Band::Passive => Ask::WhatWouldHelp,
            Band::Detractor => Ask::WhatHappened,
        });
    }
    let complained = claims.iter().any(|claim| claim.polarity == Polarity::Negative);
    if band != Band::Detractor || !complained {
        return None;
    }
    if voice.promise.is_some() && !listened.offers_contact {
        return Some(Ask::Contact);
    }
    listened.heard.suggestions.is_empty().then_some(Ask::WhatWouldHelp)
}

fn plain(messages: &Messages, score: Option<Score>, id: &ResponseId) -> String {
    let lines = match score.map(Score::band) {
        Some(Band::Promoter) => &messages.happy,
        Some(Band::Detractor) => &messages.unhappy,
        _ => &messages.thanks,
    };
    variant(lines, id).to_owned()
}

/// The same response always reads the same line.
fn variant<'a>(lines: &'a [String], id: &ResponseId) -> &'a str {
    let seed = id.as_str().bytes().fold(0_usize, |seed, byte| seed.wrapping_mul(31).wrapping_add(usize::from(byte)));
    let place = seed.checked_rem(lines.len()).unwrap_or(0);
    lines.get(place).map_or("", String::as_str)
}

fn messages_in(wanted: &[&str]) -> Messages {
    let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    let file = wanted
        .iter()
        .find_map(|tag| LANGUAGES.iter().find(|(language, _)| *language == primary(tag)))
        .or(LANGUAGES.first())
        .and_then(|(_, file)| serde_json::from_str(file).ok());
    // A test reads every file, so this is never seen; an empty reply would still be better than a trap.
    file.unwrap_or(Messages {
        thanks: Vec::new(),
        happy: Vec::new(),
        unhappy: Vec::new(),
        noted: Vec::new(),
        praise: Vec::new(),
        criticism: Vec::new(),
        both: Vec::new(),
        idea: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_file_reads_and_keeps_its_places() {
        for (language, file) in LANGUAGES {
            let messages: Messages = serde_json::from_str(file).unwrap();
            let has =
                |lines: &[String], place: &str| !lines.is_empty() && lines.iter().all(|line| line.contains(place));
            assert!(has(&messages.praise, "{praise}"), "{language}");
            assert!(has(&messages.criticism, "{criticism}"), "{language}");
            assert!(has(&messages.both, "{praise}") && has(&messages.both, "{criticism}"), "{language}");
            assert!(has(&messages.noted, "{quote}") && has(&messages.idea, "{idea}"), "{language}");
            assert!(has(&messages.thanks, "") && has(&messages.happy, "") && has(&messages.unhappy, ""), "{language}");
        }
    }
}
