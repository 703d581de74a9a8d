use crate::listener::{Finding, Listened, quote};
use heard_wire::{Acknowledgement, Ask, Band, Claim, Polarity, Promise, Receipt, ResponseId, Score, reference_of};
use serde::Deserialize;
use std::cmp::Ordering;

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
    /// Two quotes as one, between the quotation marks of the line it goes into.
    pair: String,
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
/// At most two criticisms and two praises are quoted, the criticism first. Claims are made only
/// where [`Finding::is_claimable`]; below that the customer is quoted without a claim, or simply thanked.
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
    let unquoted_criticism = criticism.is_empty()
        && (listened.has_other_side
            || listened.heard.overall == Polarity::Negative
            || listened.findings.iter().any(|finding| finding.polarity == Polarity::Negative));
    let praise = if unquoted_criticism { Vec::new() } else { surest(listened, text, Polarity::Positive) };
    let joined = |quotes: &[&str]| match quotes {
        [one, two] => messages.pair.replace("{one}", one).replace("{two}", two),
        _ => quotes.concat(),
    };
    let lines = match (criticism.is_empty(), praise.is_empty()) {
        (false, false) => Some(&messages.both),
        (false, true) => Some(&messages.criticism),
        (true, false) => Some(&messages.praise),
        (true, true) => None,
    };
    let line = match (lines, listened.quotable.as_ref().and_then(|span| quote(text, span))) {
        (Some(lines), _) => {
            variant(lines, id).replace("{criticism}", &joined(&criticism)).replace("{praise}", &joined(&praise))
        }
        (None, Some(words)) => variant(&messages.noted, id).replace("{quote}", words),
        (None, None) => plain(messages, score, id),
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
        for quoted in quoted {
            claims.extend(claims_for(listened, text, quoted, polarity));
        }
    }
    (line, claims)
}

/// Whether a quote inside the line is part of these words.
fn overlaps(line: &str, words: &str) -> bool {
    line.split(['“', '”', '„', '«', '»']).any(|quoted| quoted.len() > 8 && words.contains(quoted.trim()))
}

/// The one or two quotes to lead with: about a theme before about none, then the surest, then the first. A second one
/// must be about another theme, and short.
fn surest<'a>(listened: &Listened, text: &'a str, polarity: Polarity) -> Vec<&'a str> {
    let mut ranked: Vec<(&Finding, &'a str)> = claimable(listened, polarity)
        .filter_map(|finding| Some((finding, quote(text, &finding.span)?)))
        .filter(|(_, words)| words.split_whitespace().count() >= 2)
        .collect();
    let rank = |finding: &Finding| (finding.theme.is_some(), finding.confidence);
    ranked.sort_by(|(one, _), (two, _)| rank(two).partial_cmp(&rank(one)).unwrap_or(Ordering::Equal));
    let Some((lead, first)) = ranked.first() else {
        return Vec::new();
    };
    let second = ranked.iter().find(|(finding, words)| {
        finding.span != lead.span
            && finding.theme.is_some()
            && finding.theme != lead.theme
            && first.len() + words.len() <= MAX_PAIR_BYTES
    });
    match second {
        // In the order in which the customer said it.
        Some((finding, words)) if finding.span.start < lead.span.start => vec![words, first],
        Some((_, words)) => vec![first, words],
        None => vec![first],
    }
}

/// Longest two quotes together, so that a reply stays a reply.
const MAX_PAIR_BYTES: usize = 140;

fn claimable(listened: &Listened, polarity: Polarity) -> impl Iterator<Item = &Finding> {
    listened.findings.iter().filter(move |finding| finding.polarity == polarity && finding.is_claimable())
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
        pair: String::new(),
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
            assert!(messages.pair.contains("{one}") && messages.pair.contains("{two}"), "{language}");
            assert!(has(&messages.noted, "{quote}") && has(&messages.idea, "{idea}"), "{language}");
            assert!(has(&messages.thanks, "") && has(&messages.happy, "") && has(&messages.unhappy, ""), "{language}");
        }
    }
}
