//! Which of the customer's words a reply reads back, as criticism and as praise.

use crate::analysis::listener::{Finding, Listened, quote, shortened};
use heard_wire::{Band, Claim, Polarity, Score};
use std::cmp::Ordering;

/// The words to read back, at most two of each.
pub(crate) struct Told<'a> {
    pub(crate) criticism: Vec<&'a str>,
    pub(crate) praise: Vec<&'a str>,
    /// Whether the criticism is a plain wish.
    pub(crate) is_wish: bool,
}

/// Confidence from which a criticism that is not quoted keeps the reply from praise, and praise quoted with a criticism from
/// calling it one.
const DOUBTED: f32 = 0.4;

/// Confidence from which there is praise for a criticism to be the other side of.
const LIKELY: f32 = 0.4;

/// Score up to which praise is told only beside a criticism.
const SOUR: u8 = 3;

/// What of a comment is told, given its score.
pub(crate) fn told<'a>(text: &'a str, listened: &Listened, score: Option<Score>) -> Told<'a> {
    let mut criticism = surest(listened, text, Polarity::Negative);
    let praises = |finding: &Finding| finding.polarity == Polarity::Positive && finding.confidence >= LIKELY;
    let holds_praise = listened.findings.iter().any(praises);
    // A promoter's words that may be a criticism more often are none; so are facts told by a passive, and questions.
    criticism.retain(|words| {
        let complains =
            is_sure(listened, text, words) || !is_promoter(score) && complains_in_words(listened, text, words);
        let is_unhappy = score.is_none_or(|score| score.band() == Band::Detractor);
        let is_other_side = listened.has_other_side || holds_praise && !is_promoter(score);
        is_other_side || complains || is_unhappy && !words.ends_with('?')
    });
    // "Love it." beside a 1 is more often meant bitterly than well.
    let bitter = score.is_some_and(|score| score.get() <= SOUR);
    let praise = if criticism.is_empty() && (bitter || holds_untold_criticism(listened)) {
        Vec::new()
    } else {
        surest(listened, text, Polarity::Positive)
    };
    // "Otherwise fine" beside a complaint is politeness: praise is told there only when it is about something.
    let praise = if criticism.is_empty() || about_a_theme(listened, text, &praise) { praise } else { Vec::new() };
    let is_wish = matches!(criticism.as_slice(), [one] if is_plain_wish(listened, text, one));
    Told { criticism, praise, is_wish }
}

pub(crate) fn is_promoter(score: Option<Score>) -> bool {
    score.map(Score::band) == Some(Band::Promoter)
}

/// Whether praise beside a criticism that could not be quoted would sound as if the criticism had not been heard.
fn holds_untold_criticism(listened: &Listened) -> bool {
    let doubted = |finding: &Finding| finding.polarity == Polarity::Negative && finding.confidence >= DOUBTED;
    listened.has_other_side || listened.heard.overall == Polarity::Negative || listened.findings.iter().any(doubted)
}

fn complains_in_words(listened: &Listened, text: &str, words: &str) -> bool {
    let mut here = listened.findings.iter().filter(|finding| says(text, finding, words));
    here.any(Finding::has_words_of_criticism) || is_wish(listened, words)
}

/// Whether these words propose something and complain of nothing.
fn is_plain_wish(listened: &Listened, text: &str, words: &str) -> bool {
    let mut here = listened.findings.iter().filter(|finding| says(text, finding, words));
    is_wish(listened, words) && !words.ends_with('?') && !here.any(Finding::has_words_of_criticism)
}

/// Whether these words only just complain: "its ok, nothing special".
pub(crate) fn is_faint(words: &str) -> bool {
    let mut said = words.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    said.any(|word| FAINT.contains(&word.as_str()))
}

const FAINT: &[&str] = &["ok", "okay", "special", "average", "alright", "bit", "slightly", "fairly"];

/// Whether these words hold praise and criticism.
pub(crate) fn is_mixed(listened: &Listened, text: &str, words: &str) -> bool {
    let mut here = listened.findings.iter().filter(|finding| says(text, finding, words));
    here.any(|finding| {
        finding.has_words_of_both() || finding.polarity == Polarity::Positive && finding.confidence >= DOUBTED
    })
}

/// Whether these words are surely a criticism.
pub(crate) fn is_sure(listened: &Listened, text: &str, words: &str) -> bool {
    let mut here = listened.findings.iter().filter(|finding| says(text, finding, words));
    here.any(|finding| finding.polarity == Polarity::Negative && finding.is_sure())
}

/// Whether these words propose something.
pub(crate) fn is_wish(listened: &Listened, words: &str) -> bool {
    listened.heard.suggestions.iter().any(|idea| idea.quote == words)
}

/// Whether praise in these words is about one of the owner's themes.
fn about_a_theme(listened: &Listened, text: &str, quotes: &[&str]) -> bool {
    let themed = |quoted: &&str| {
        claims_for(listened, text, quoted, Polarity::Positive).iter().any(|claim| claim.theme.is_some())
    };
    quotes.iter().any(themed)
}

/// The one or two quotes to lead with: about a theme before about none, then the surest, then the first. A second one
/// must be about another theme, and short. Praise in one breath with a criticism is not told as praise.
fn surest<'a>(listened: &Listened, text: &'a str, polarity: Polarity) -> Vec<&'a str> {
    let mut ranked: Vec<(&Finding, &'a str)> = claimable(listened, polarity)
        .filter_map(|finding| Some((finding, quote(text, &finding.span)?)))
        .filter(|(finding, _)| !is_doubted(listened, finding))
        // A word alone ("slow") is told when there is no doubt about it.
        .filter(|(finding, words)| finding.is_sure() || words.split_whitespace().count() >= 2)
        .collect();
    let rank = |finding: &Finding| (finding.is_surely_about(), finding.confidence);
    ranked.sort_by(|(one, _), (two, _)| rank(two).partial_cmp(&rank(one)).unwrap_or(Ordering::Equal));
    let Some((lead, first)) = ranked.first() else {
        return Vec::new();
    };
    let second = ranked.iter().find(|(finding, words)| {
        finding.span != lead.span
            && finding.is_surely_about()
            && finding.theme != lead.theme
            && !words.eq_ignore_ascii_case(first)
            && first.len() + words.len() <= MAX_PAIR_BYTES
    });
    match second {
        // In the order in which the customer said it.
        Some((finding, words)) if finding.span.start < lead.span.start => vec![words, first],
        Some((_, words)) => vec![first, words],
        None => vec![first],
    }
}

/// Whether praise stands in one breath with what may be a criticism.
fn is_doubted(listened: &Listened, praise: &Finding) -> bool {
    let mut beside = listened.findings.iter().filter(|finding| finding.span == praise.span);
    praise.polarity == Polarity::Positive
        && beside.any(|beside| beside.polarity == Polarity::Negative && beside.confidence >= DOUBTED)
}

/// Longest two quotes together, so that a reply stays a reply.
const MAX_PAIR_BYTES: usize = 140;

fn claimable(listened: &Listened, polarity: Polarity) -> impl Iterator<Item = &Finding> {
    listened.findings.iter().filter(move |finding| finding.polarity == polarity && finding.is_claimable())
}

/// Whether these words, which may be quoted, are the finding's.
fn says(text: &str, finding: &Finding, quoted: &str) -> bool {
    text.get(finding.span.clone()).is_some_and(|words| shortened(words) == quoted)
}

/// What the reply says with this quote: a claim for each theme it is surely about, or one without a theme.
pub(crate) fn claims_for(listened: &Listened, text: &str, quoted: &str, polarity: Polarity) -> Vec<Claim> {
    let here = || claimable(listened, polarity).filter(|finding| says(text, finding, quoted));
    let claim = |theme| Claim { theme, polarity, quote: quoted.to_owned() };
    let mut claims: Vec<Claim> = Vec::new();
    for finding in here().filter(|finding| finding.is_surely_about()) {
        if !claims.iter().any(|claim| claim.theme == finding.theme) {
            claims.push(claim(finding.theme.clone()));
        }
    }
    if claims.is_empty() && here().next().is_some() {
        claims.push(claim(None));
    }
    claims
}
