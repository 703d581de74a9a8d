//! What a reply says, before it is put into words: what is read back and as what, whom to thank, what is asked.

use crate::analysis::finding::Finding;
use crate::analysis::listener::{Listened, Point};
use crate::policy::POLICY;
use crate::reply::answers::{Answers, answers};
use crate::reply::asking::{SOUR, ask};
use crate::reply::framing::{Feels, felt, is_wished, meet};
use crate::reply::quoted::{MAX_PAIR_BYTES, Quoted};
use crate::reply::widening::widened;
use crate::text::quote::quote;
use heard_wire::{Ask, Band, Claim, GraveKind, Intent, Polarity, ReplyKind, Score, SiteSettings};
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
    pub(crate) answers: Vec<Answers>,
    /// What the opening claims to have understood.
    pub(crate) claims: Vec<Claim>,
    pub(crate) ask: Option<Ask>,
    /// Whether the customer would rather not say.
    pub(crate) declines: bool,
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
    /// Criticism, and how it is taken.
    Criticism(Quotes<'a>, Taken),
    /// One of each, the criticism first, and whether it may be called that.
    Both(&'a str, &'a str, bool),
}

impl Opening<'_> {
    pub(crate) const fn kind(&self) -> ReplyKind {
        match self {
            Self::Plain => ReplyKind::Thanks,
            Self::Sorry(_) => ReplyKind::Sorry,
            Self::Noted(_) => ReplyKind::Noted,
            Self::Idea(_) => ReplyKind::Idea,
            Self::Praise(_) => ReplyKind::Praise,
            Self::Criticism(..) => ReplyKind::Criticism,
            Self::Both(..) => ReplyKind::Both,
        }
    }

    /// The words that it reads back.
    fn read_back(&self) -> impl Iterator<Item = &str> {
        let words = match *self {
            Self::Plain => [None, None],
            Self::Sorry(words) => [words, None],
            Self::Idea(words) => [Some(words), None],
            Self::Noted(quotes) | Self::Praise(quotes) | Self::Criticism(quotes, _) => {
                [Some(quotes.first), quotes.second]
            }
            Self::Both(criticism, praise, _) => [Some(criticism), Some(praise)],
        };
        words.into_iter().flatten()
    }
}

/// How what an unhappy customer says is taken.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Taken {
    /// As a failure of ours.
    Failure,
    /// With regret, whatever of it was ours.
    Regret,
    /// As it was said.
    Heard,
}

/// One or two quotes.
#[derive(Debug, PartialEq, Clone, Copy)]
pub(crate) struct Quotes<'a> {
    pub(crate) first: &'a str,
    pub(crate) second: Option<&'a str>,
}

/// What is said to a comment, given its score.
pub(crate) fn select<'a>(
    text: &'a str,
    listened: &'a Listened,
    score: Option<Score>,
    settings: &SiteSettings,
) -> Plan<'a> {
    let quotes = if listened.grave.is_some() { Vec::new() } else { chosen(text, listened, score) };
    let mut quotes = widened(text, listened, score, quotes);
    // A wish beside something else is written down as an idea.
    let beside = if quotes.len() > 1 { quotes.iter().position(|quoted| quoted.feels == Feels::Wish) } else { None };
    let wish = beside.map(|at| quotes.remove(at).words);
    let mut claims: Vec<Claim> = quotes.iter().flat_map(|quoted| quoted.claims.clone()).collect();
    // What went wrong comes first.
    claims.sort_by_key(|claim| claim.polarity != Polarity::Negative);
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    let read_back: Vec<Range<usize>> = quotes.iter().map(|quoted| quoted.span.clone()).collect();
    let mut opening = opening(text, listened, &quotes, score);
    let is_unhappy = score.is_none_or(|score| score.band() == Band::Detractor);
    if let Opening::Criticism(quotes, Taken::Regret | Taken::Heard) = opening
        && !is_unhappy
    {
        // What may be a criticism is a detail to who is content.
        opening = Opening::Noted(quotes);
    }
    if let Opening::Praise(quotes) = opening
        && !is_happy
        && score.is_some()
        && holds_flat_part(listened, &read_back, if is_unhappy { POLICY.feels_praise } else { POLICY.sounds_bad })
    {
        // "greens good, welcome frosty" of who gives 6.
        opening = Opening::Noted(quotes);
        claims.clear();
    }
    if let Opening::Noted(quotes) = opening
        && score.is_some()
        && is_unhappy
    {
        // Who is unhappy is not thanked as if for a tip.
        opening = Opening::Criticism(quotes, Taken::Heard);
    }
    if let Opening::Praise(quotes) = opening
        && !is_happy
        && holds_untold_criticism(listened)
    {
        // Praise alone would sound as if the rest had not been heard.
        opening = Opening::Noted(quotes);
        claims.clear();
    }
    if let Opening::Praise(quotes) = opening
        && listened.tells_of_harm
    {
        // Nobody is glad to read of a death, however kind the thanks for it.
        opening = Opening::Noted(quotes);
    }
    if matches!(opening, Opening::Idea(_) | Opening::Plain | Opening::Sorry(_)) {
        claims.clear();
    }
    let overlaps = |span: &Range<usize>| quotes.iter().any(|quoted| meet(&quoted.span, span) > 0);
    let ideas = listened
        .ideas
        .iter()
        .filter(|(span, odds)| *odds >= POLICY.idea_told && !overlaps(span) && is_wished(listened, span));
    let idea =
        wish.or_else(|| ideas.filter_map(|(span, _)| quote(text, span)).next()).filter(|_| listened.grave.is_none());
    // Nobody is told to have said what the reply leaves out.
    claims.retain(|claim| opening.read_back().any(|words| words.contains(&claim.quote)));
    let ask = ask(listened, score, &claims, settings);
    if let Opening::Criticism(read_back, Taken::Heard) = opening
        && ask != Some(Ask::CheckScore)
        && is_regrettable(&quotes, score)
    {
        opening = Opening::Criticism(read_back, Taken::Regret);
    }
    // Whom a complaint names is not thanked for it.
    let is_blamed = |name: &str| match &opening {
        Opening::Criticism(quotes, _) => {
            [Some(quotes.first), quotes.second].into_iter().flatten().any(|words| words.contains(name))
        }
        Opening::Both(criticism, ..) => criticism.contains(name),
        _ => false,
    };
    let thanks = thanked(listened, score).into_iter().filter(|name| !is_blamed(name)).collect();
    // What is written down as an idea is not passed on as a request besides.
    let is_idea = idea.is_some() || matches!(opening, Opening::Idea(_));
    let mut answers = answers(listened, score);
    answers.retain(|answer| !is_idea || *answer != Answers::Request);
    Plan { opening, idea, thanks, answers, claims, ask, declines: listened.declines }
}

/// The plan for a reply to who answered the question of the one before: what would help is an idea because that was asked, and
/// other short answers are read back as they are.
pub(crate) fn answering<'a>(plan: Plan<'a>, text: &'a str, listened: &Listened, asked: Ask) -> Plan<'a> {
    let is_question = listened.heard.intents.contains(&Intent::Question);
    if listened.declines || is_question || matches!(plan.opening, Opening::Sorry(_)) {
        return plan;
    }
    let words = text.split_whitespace().count();
    let is_short = (2..=POLICY.whole_answer).contains(&words);
    let whole = quote(text, &(0..text.len())).filter(|_| is_short && !listened.may_be_grave);
    match (asked, &plan.opening, whole) {
        (
            Ask::WhatWouldHelp,
            Opening::Criticism(Quotes { first, .. }, _) | Opening::Noted(Quotes { first, .. }),
            whole,
        ) => Plan { opening: Opening::Idea(whole.unwrap_or(first)), idea: None, claims: Vec::new(), ..plan },
        (Ask::WhatWouldHelp, Opening::Plain, Some(whole)) => Plan { opening: Opening::Idea(whole), idea: None, ..plan },
        (_, Opening::Plain, Some(whole)) => {
            Plan { opening: Opening::Noted(Quotes { first: whole, second: None }), ..plan }
        }
        _ => plan,
    }
}

/// Whether who is unhappy would miss a word of regret, be it unsure what of it was a failure.
fn is_regrettable(quotes: &[Quoted], score: Option<Score>) -> bool {
    const VERY_UNHAPPY: u8 = 4;
    let is_little = |quoted: &Quoted| quoted.praise < POLICY.hardly_praise;
    match score {
        Some(score) if score.get() <= VERY_UNHAPPY => {
            quotes.iter().any(|quoted| !quoted.is_mixed && (quoted.leans <= 0.5 || is_little(quoted)))
        }
        Some(_) => quotes.iter().all(|quoted| !quoted.is_mixed && (quoted.leans <= -0.5 || is_little(quoted))),
        None => quotes.iter().all(|quoted| !quoted.is_mixed && quoted.leans <= -0.5),
    }
}

/// Whether a part of what is read back sounds less glad by itself than the least log odds.
fn holds_flat_part(listened: &Listened, spans: &[Range<usize>], least: f32) -> bool {
    let is_told = |point: &&Point| spans.iter().any(|span| meet(&point.span, span) == point.span.len());
    listened.points.iter().filter(is_told).any(|point| point.extremes.0 < least)
}

/// Whether something was criticised that no quote tells.
fn holds_untold_criticism(listened: &Listened) -> bool {
    let doubted = |finding: &Finding| finding.polarity == Polarity::Negative && finding.confidence >= POLICY.likely;
    listened.heard.overall == Polarity::Negative || listened.findings.iter().any(doubted)
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
        // A wish within other words is written down as an idea beside them.
        let holds_idea = |(idea, odds): &(Range<usize>, f32)| {
            *odds >= POLICY.idea_told && meet(idea, span) == idea.len() && idea.len() * 10 < span.len() * 8
        };
        if listened.ideas.iter().any(holds_idea) && has_other(listened, point) {
            continue;
        }
        if let Some(words) = quote(text, span).filter(|words| {
            let is_said = chosen.iter().any(|(_, other)| other.words.eq_ignore_ascii_case(words));
            is_apart && !is_said && words.len() + length <= MAX_PAIR_BYTES
        }) {
            let (feels, claims) = felt(text, listened, point, score);
            chosen.push((*rank, Quoted::of(point, words, feels, claims)));
        }
    }
    let mut chosen: Vec<Quoted> = chosen.into_iter().map(|(_, quoted)| quoted).collect();
    // A word or two may be all there is.
    let all = 0..text.len();
    if chosen.is_empty()
        && !listened.findings.iter().any(Finding::has_words_of_criticism)
        && text.split_whitespace().count() <= POLICY.whole_for_want
        && let Some(words) = quote(text, &all)
    {
        chosen.push(Quoted {
            words,
            span: all,
            feels: Feels::Unsure,
            leans: 0.0,
            worst: 0.0,
            is_mixed: false,
            praise: 0.0,
            claims: Vec::new(),
        });
        return chosen;
    }
    chosen.extend(other_side(text, listened, score, &chosen));
    chosen
}

/// Whether something else is worth reading back that lies within a point.
fn has_other(listened: &Listened, point: &Point) -> bool {
    let is_within = |other: &&Point| other.span != point.span && meet(&other.span, &point.span) == other.span.len();
    listened.points.iter().filter(is_within).any(|other| other.rank >= POLICY.worth_quoting)
}

/// Whoever said two things that feel otherwise hears both: what stands against the only quote, where it is sure enough.
fn other_side<'a>(
    text: &'a str,
    listened: &Listened,
    score: Option<Score>,
    chosen: &[Quoted<'a>],
) -> Option<Quoted<'a>> {
    let [only] = chosen else { return None };
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    let stands_against = |feels: Feels| match (only.feels, feels) {
        (Feels::Praise | Feels::Unsure, Feels::Criticism(sure)) => sure || !is_happy,
        (Feels::Criticism(_), Feels::Praise) => score.is_none_or(|score| score.get() > SOUR),
        _ => false,
    };
    let apart =
        listened.points.iter().filter(|point| meet(&point.span, &only.span) == 0 && point.rank >= POLICY.other_side);
    apart
        .filter_map(|point| {
            let words = quote(text, &point.span).filter(|words| words.len() + only.words.len() <= MAX_PAIR_BYTES)?;
            let (feels, claims) = felt(text, listened, point, score);
            (stands_against(feels) && !claims.is_empty()).then(|| Quoted::of(point, words, feels, claims))
        })
        .next()
}

fn opening<'a>(text: &'a str, listened: &Listened, quotes: &[Quoted<'a>], score: Option<Score>) -> Opening<'a> {
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
    let taken = |sure: bool| if sure { Taken::Failure } else { Taken::Heard };
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    let is_unhappy = score.is_some_and(|score| score.band() == Band::Detractor);
    // Who gives next to nothing has no other side, and words that only the score takes for praise are none.
    let is_good = |quoted: &Quoted| {
        let is_plain = quoted.leans >= POLICY.sounds_good && quoted.worst >= POLICY.spoils_other_side;
        score.is_none_or(|score| score.get() > SOUR)
            && !(quoted.is_mixed && quoted.praise < POLICY.other_side_praise)
            && (is_happy || is_plain)
    };
    let is_sour = score.is_some_and(|score| score.get() <= SOUR);
    let is_praise = |quoted: &Quoted| quoted.praise >= POLICY.other_side_praise;
    let both = |worse: &Quoted<'a>, better: &Quoted<'a>| {
        let is_bad = is_unhappy && worse.leans < 0.0 && worse.praise < POLICY.hardly_praise;
        let is_sure = matches!(worse.feels, Feels::Criticism(true)) || is_bad;
        Opening::Both(worse.words, better.words, is_sure)
    };
    match quotes {
        [] => Opening::Plain,
        [one, rest @ ..] => {
            match (one.feels, rest.first().map(|other| (other, other.feels))) {
                (Feels::Wish, None) => Opening::Idea(one.words),
                (Feels::Unsure, None) => Opening::Noted(Quotes { first: one.words, second: None }),
                (Feels::Praise, None) => Opening::Praise(Quotes { first: one.words, second: None }),
                (Feels::Criticism(sure), None) => {
                    Opening::Criticism(Quotes { first: one.words, second: None }, taken(sure))
                }
                (Feels::Praise, Some((other, Feels::Praise))) => Opening::Praise(pair(one, other)),
                (Feels::Criticism(one_sure), Some((other, Feels::Criticism(sure)))) => {
                    Opening::Criticism(pair(one, other), taken(one_sure && sure))
                }
                // Who is happy is heard on more sides than there are.
                (Feels::Criticism(false), Some((other, Feels::Praise)))
                | (Feels::Praise, Some((other, Feels::Criticism(false))))
                    if is_happy =>
                {
                    Opening::Noted(pair(one, other))
                }
                (Feels::Criticism(_), Some((other, Feels::Praise))) if is_good(other) => both(one, other),
                (Feels::Praise, Some((other, Feels::Criticism(_)))) if is_good(one) => both(other, one),
                (Feels::Criticism(_), Some((other, Feels::Praise)))
                | (Feels::Praise, Some((other, Feels::Criticism(_)))) => {
                    Opening::Criticism(pair(one, other), Taken::Heard)
                }
                // And of who gives next to nothing the good half is left unsaid.
                (Feels::Criticism(sure), Some((other, Feels::Unsure))) if is_sour && is_praise(other) => {
                    Opening::Criticism(Quotes { first: one.words, second: None }, taken(sure))
                }
                (Feels::Unsure, Some((other, Feels::Criticism(sure)))) if is_sour && is_praise(one) => {
                    Opening::Criticism(Quotes { first: other.words, second: None }, taken(sure))
                }
                // Nobody is sorry for what was good.
                (Feels::Criticism(_), Some((other, Feels::Unsure)))
                | (Feels::Unsure, Some((other, Feels::Criticism(_))))
                    if other.praise.max(one.praise) >= POLICY.other_side_praise
                        && is_good(if one.praise <= other.praise { other } else { one }) =>
                {
                    if one.praise <= other.praise { both(one, other) } else { both(other, one) }
                }
                (Feels::Criticism(_), Some((other, Feels::Unsure | Feels::Wish)))
                | (Feels::Unsure | Feels::Wish, Some((other, Feels::Criticism(_)))) => {
                    Opening::Criticism(pair(one, other), Taken::Heard)
                }
                (_, Some((other, _))) => Opening::Noted(pair(one, other)),
            }
        }
    }
}

/// Who was praised by name.
fn thanked(listened: &Listened, score: Option<Score>) -> Vec<&str> {
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    let praised = listened
        .heard
        .people
        .iter()
        .filter(|person| person.polarity == Polarity::Positive || is_happy && person.polarity == Polarity::Neutral);
    praised.map(|person| person.name.as_str()).take(2).collect()
}
