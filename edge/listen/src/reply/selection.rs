//! What a reply says, before it is put into words: what is read back and as what, whom to thank, what is asked.

use crate::analysis::finding::Finding;
use crate::analysis::listener::{Listened, Point};
use crate::policy::POLICY;
use crate::text::quote::quote;
use crate::text::sentences::trimmed;
use heard_wire::{Ask, Band, Claim, GraveKind, Intent, Polarity, Score, SiteSettings};
use std::ops::Range;

/// A reply, to be put into words.
#[derive(Debug, PartialEq)]
pub(crate) struct Plan<'a> {
    pub(crate) opening: Opening<'a>,
    /// An idea that the opening does not read back.
    pub(crate) idea: Option<&'a str>,
    /// Who was praised by name.
    pub(crate) thanks: Vec<&'a str>,
    /// What the customer did that is answered by itself.
    pub(crate) answers: Option<Answers>,
    /// What the opening claims to have understood.
    pub(crate) claims: Vec<Claim>,
    pub(crate) ask: Option<Ask>,
}

/// The sentence that reads back what the customer said.
#[derive(Debug, PartialEq)]
pub(crate) enum Opening<'a> {
    /// Nothing is read back.
    Plain,
    /// What no thank-you is enough for.
    Sorry(Option<&'a str>),
    /// Quoted, and not judged.
    Noted(Quotes<'a>),
    Idea(&'a str),
    Praise(Quotes<'a>),
    /// Criticism, and whether it may be called that.
    Criticism(Quotes<'a>, bool),
    /// One of each, the criticism first, and whether it may be called that.
    Both(&'a str, &'a str, bool),
}

/// One or two quotes.
#[derive(Debug, PartialEq, Clone, Copy)]
pub(crate) struct Quotes<'a> {
    pub(crate) first: &'a str,
    pub(crate) second: Option<&'a str>,
}

/// What a customer does that is answered by itself.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Answers {
    /// Told us before.
    Told,
    Leaving,
    Request,
    Question,
}

/// Words to read back.
struct Quoted<'a> {
    words: &'a str,
    span: Range<usize>,
    feels: Feels,
    claims: Vec<Claim>,
}

/// What may be said of how a quote feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feels {
    Praise,
    /// Criticism, and whether it may be called that.
    Criticism(bool),
    Wish,
    Unsure,
}

/// Score up to which praise alone is taken for bitterness.
const SOUR: u8 = 2;

/// What is said to a comment, given its score.
pub(crate) fn select<'a>(
    text: &'a str,
    listened: &'a Listened,
    score: Option<Score>,
    settings: &SiteSettings,
) -> Plan<'a> {
    let quotes = if listened.grave.is_some() { Vec::new() } else { chosen(text, listened, score) };
    let mut claims: Vec<Claim> = quotes.iter().flat_map(|quoted| quoted.claims.clone()).collect();
    let opening = opening(text, listened, &quotes);
    if matches!(opening, Opening::Noted(_) | Opening::Idea(_) | Opening::Plain | Opening::Sorry(_)) {
        claims.clear();
    }
    let overlaps = |span: &Range<usize>| quotes.iter().any(|quoted| meet(&quoted.span, span) > 0);
    let ideas = listened.ideas.iter().filter(|(span, odds)| *odds >= POLICY.idea_told && !overlaps(span));
    let idea = ideas.filter_map(|(span, _)| quote(text, span)).next().filter(|_| listened.grave.is_none());
    let ask = ask(listened, score, &claims, settings);
    Plan { opening, idea, thanks: thanked(listened, score), answers: answers(listened, score), claims, ask }
}

/// At most two quotes, the best first.
fn chosen<'a>(text: &'a str, listened: &Listened, score: Option<Score>) -> Vec<Quoted<'a>> {
    if !listened.heard.informative {
        return Vec::new();
    }
    let mut chosen: Vec<(f32, Quoted)> = Vec::new();
    for point in &listened.points {
        let Point { span, rank, .. } = point;
        let least = match chosen.first() {
            _ if !listened.is_read => f32::NEG_INFINITY,
            None => POLICY.worth_quoting,
            Some((best, _)) => POLICY.worth_quoting_too.max(best - POLICY.behind_first),
        };
        let is_apart = chosen.iter().all(|(_, other)| meet(&other.span, span) == 0);
        let most = if listened.is_read { 2 } else { 1 };
        if *rank < least || chosen.len() == most {
            break;
        }
        let length: usize = chosen.iter().map(|(_, other)| other.words.len()).sum();
        if let Some(words) = quote(text, span).filter(|words| is_apart && words.len() + length <= MAX_PAIR_BYTES) {
            let (feels, claims) = felt(text, listened, point, score);
            chosen.push((*rank, Quoted { words, span: span.clone(), feels, claims }));
        }
    }
    chosen.into_iter().map(|(_, quoted)| quoted).collect()
}

/// Longest two quotes together, so that a reply stays a reply.
const MAX_PAIR_BYTES: usize = 200;

/// Bytes that two spans share.
fn meet(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

/// Whether a finding says mostly what stands at a span.
fn is_at(finding: &Finding, span: &Range<usize>) -> bool {
    let shared = meet(&finding.span, span);
    2 * shared > finding.span.len().min(span.len())
}

/// How a quote feels, and what may be claimed of it.
fn felt(text: &str, listened: &Listened, point: &Point, score: Option<Score>) -> (Feels, Vec<Claim>) {
    let Point { span, feels, .. } = point;
    let feels = *feels;
    let band = score.map(Score::band);
    if !listened.is_read {
        // Nothing but the score tells how an unread language feels; at 7 and 8 it tells nothing.
        let claim =
            |polarity| Claim { theme: None, polarity, quote: text.get(span.clone()).unwrap_or_default().to_owned() };
        return match band {
            Some(Band::Detractor) => (Feels::Criticism(false), vec![claim(Polarity::Negative)]),
            Some(Band::Promoter) => (Feels::Praise, vec![claim(Polarity::Positive)]),
            _ => (Feels::Unsure, Vec::new()),
        };
    }
    let here = || listened.findings.iter().filter(|finding| is_at(finding, span));
    // What the encoder hears otherwise has to be sure.
    let is_doubted = |one: &Finding| match one.polarity {
        Polarity::Negative => feels > POLICY.doubts_criticism && !one.is_sure(),
        Polarity::Positive => feels < POLICY.doubts_praise,
        Polarity::Neutral => true,
    };
    let is_told = |one: &&Finding| one.is_claimable() && !is_doubted(one);
    let claimable = |polarity: Polarity| here().filter(is_told).filter(move |one| one.polarity == polarity);
    let is_wish =
        listened.ideas.iter().any(|(idea, odds)| *odds >= POLICY.idea_told && 2 * meet(idea, span) > idea.len());
    let (criticises, praises) =
        (claimable(Polarity::Negative).next().is_some(), claimable(Polarity::Positive).next().is_some());
    if is_wish && !here().any(|one| one.is_sure() && one.polarity == Polarity::Negative) {
        return (Feels::Wish, Vec::new());
    }
    let asks = text.get(span.clone()).is_some_and(|words| words.ends_with('?'));
    let felt = match (criticises, praises) {
        (true, false) => {
            let is_sure = claimable(Polarity::Negative).any(Finding::is_sure);
            Feels::Criticism(is_sure && band != Some(Band::Promoter) && !asks)
        }
        (false, true) if score.is_some_and(|score| score.get() <= SOUR) => Feels::Unsure,
        (false, true) => Feels::Praise,
        (true, true) => Feels::Criticism(false),
        (false, false) if band == Some(Band::Detractor) && feels < POLICY.doubts_criticism => Feels::Criticism(false),
        (false, false) => Feels::Unsure,
    };
    let polarity = match felt {
        Feels::Praise => Polarity::Positive,
        Feels::Criticism(_) => Polarity::Negative,
        Feels::Wish | Feels::Unsure => return (felt, Vec::new()),
    };
    let words = |finding: &Finding| {
        // Words that hold both are claimed by their halves.
        let shared = finding.span.start.max(span.start)..finding.span.end.min(span.end);
        let shared = if criticises && praises { shared } else { span.clone() };
        trimmed(text, shared).and_then(|span| text.get(span)).unwrap_or_default().to_owned()
    };
    let mut claims: Vec<Claim> = Vec::new();
    let told = here().filter(is_told).filter(|one| (one.polarity == polarity || criticises && praises));
    for finding in told {
        let theme = finding.theme.clone().filter(|_| finding.is_surely_about());
        let claim = Claim { theme, polarity: finding.polarity, quote: words(finding) };
        if !claims.iter().any(|other| other.theme == claim.theme && other.polarity == claim.polarity)
            && !claim.quote.is_empty()
        {
            claims.push(claim);
        }
    }
    // What is about a theme says more than what is about none.
    if claims.iter().any(|claim| claim.theme.is_some()) {
        claims.retain(|claim| claim.theme.is_some());
    }
    (felt, claims)
}

fn opening<'a>(text: &'a str, listened: &Listened, quotes: &[Quoted<'a>]) -> Opening<'a> {
    if let Some(grave) = &listened.grave {
        // What happened is read back; who died, or wants to, is not.
        let is_told = !matches!(grave.kind, GraveKind::SelfHarm | GraveKind::Bereavement);
        return Opening::Sorry(quote(text, &grave.span).filter(|_| is_told));
    }
    let pair = |one: &Quoted<'a>, other: &Quoted<'a>| {
        // In the order in which the customer said it.
        let (first, second) = if one.span.start <= other.span.start { (one, other) } else { (other, one) };
        Quotes { first: first.words, second: Some(second.words) }
    };
    match quotes {
        [] => Opening::Plain,
        [one, rest @ ..] => match (one.feels, rest.first().map(|other| (other, other.feels))) {
            (Feels::Wish, None) => Opening::Idea(one.words),
            (Feels::Unsure, None) => Opening::Noted(Quotes { first: one.words, second: None }),
            (Feels::Praise, None) => Opening::Praise(Quotes { first: one.words, second: None }),
            (Feels::Criticism(sure), None) => Opening::Criticism(Quotes { first: one.words, second: None }, sure),
            (Feels::Praise, Some((other, Feels::Praise))) => Opening::Praise(pair(one, other)),
            (Feels::Criticism(one_sure), Some((other, Feels::Criticism(sure)))) => {
                Opening::Criticism(pair(one, other), one_sure && sure)
            }
            (Feels::Criticism(sure), Some((other, Feels::Praise))) => Opening::Both(one.words, other.words, sure),
            (Feels::Praise, Some((other, Feels::Criticism(sure)))) => Opening::Both(other.words, one.words, sure),
            (Feels::Criticism(_), Some((other, _))) => Opening::Criticism(pair(one, other), false),
            (_, Some((other, _))) => Opening::Noted(pair(one, other)),
        },
    }
}

/// Who was praised by name.
fn thanked<'a>(listened: &'a Listened, score: Option<Score>) -> Vec<&'a str> {
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    let praised = listened
        .heard
        .people
        .iter()
        .filter(|person| person.polarity == Polarity::Positive || is_happy && person.polarity == Polarity::Neutral);
    praised.map(|person| person.name.as_str()).take(2).collect()
}

/// What of what the customer did is answered by itself.
fn answers(listened: &Listened, score: Option<Score>) -> Option<Answers> {
    let does = |intent: Intent| listened.heard.intents.contains(&intent);
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    if listened.grave.is_some() || !listened.heard.informative {
        return None;
    }
    match () {
        () if does(Intent::AlreadyTold) && !is_happy => Some(Answers::Told),
        () if does(Intent::Request) || does(Intent::WantsContact) => Some(Answers::Request),
        () if does(Intent::WillLeave) && !is_happy => Some(Answers::Leaving),
        () if does(Intent::Question) => Some(Answers::Question),
        () => None,
    }
}

/// The one thing missing. Nothing is asked of a customer who has told it, or without a score to go by.
fn ask(listened: &Listened, score: Option<Score>, claims: &[Claim], settings: &SiteSettings) -> Option<Ask> {
    let band = score?.band();
    let does = |intent: Intent| listened.heard.intents.contains(&intent);
    let contact = (!listened.offers_contact).then_some(Ask::Contact);
    if listened.grave.is_some() {
        return contact;
    }
    // Who asks for something and left no number is asked for it, whatever the owner promises.
    if does(Intent::WantsContact) || does(Intent::Request) {
        return contact;
    }
    if !listened.heard.informative {
        return (!listened.declines && !does(Intent::AlreadyTold)).then_some(match band {
            Band::Promoter => Ask::WhatStoodOut,
            Band::Passive => Ask::WhatWouldHelp,
            Band::Detractor => Ask::WhatHappened,
        });
    }
    let complained = claims.iter().any(|claim| claim.polarity == Polarity::Negative);
    if band != Band::Detractor || !complained {
        return None;
    }
    // Asking how to reach somebody says that somebody will: only where the owner promises an answer.
    if settings.promise.is_some() {
        return contact;
    }
    (listened.heard.suggestions.is_empty() && !does(Intent::AlreadyTold)).then_some(Ask::WhatWouldHelp)
}
