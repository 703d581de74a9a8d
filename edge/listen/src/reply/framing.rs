//! As what a quote is told: praise, criticism, a wish, or without a claim. Two read it, clause by clause and as it stands
//! among all that could be read back; where both are sure they have to agree.

use crate::analysis::finding::Finding;
use crate::analysis::listener::{Listened, Point};
use crate::policy::POLICY;
use crate::reply::asking::SOUR;
use crate::text::sentences::trimmed;
use heard_wire::{Band, Claim, Polarity, Score};
use std::ops::Range;

/// What may be said of how a quote feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feels {
    Praise,
    /// Criticism, and whether it may be called that.
    Criticism(bool),
    Wish,
    Unsure,
}

/// Bytes that two spans share.
pub(super) fn meet(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.end.min(other.end).saturating_sub(one.start.max(other.start))
}

/// Whether a finding says mostly what stands at a span.
fn is_at(finding: &Finding, span: &Range<usize>) -> bool {
    let shared = meet(&finding.span, span);
    2 * shared > finding.span.len().min(span.len())
}

/// How a quote feels, and what may be claimed of it.
pub(super) fn felt(text: &str, listened: &Listened, point: &Point, score: Option<Score>) -> (Feels, Vec<Claim>) {
    let Point { span, .. } = point;
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
        Polarity::Negative => one.feels > POLICY.doubts_criticism && !one.is_sure() && !one.has_words_of_criticism(),
        Polarity::Positive => one.feels < POLICY.doubts_praise,
        Polarity::Neutral => true,
    };
    let claimable = || here().filter(|one| one.is_claimable() && !is_doubted(one));
    let claims = |polarity: Polarity| claimable().any(|one| one.polarity == polarity);
    let (criticises, praises) = (claims(Polarity::Negative), claims(Polarity::Positive));
    let is_happy = matches!(band, Some(Band::Promoter | Band::Passive));
    let is_sour = score.is_some_and(|score| score.get() <= SOUR);
    let is_unhappy = band == Some(Band::Detractor);
    let praised: usize =
        claimable().filter(|one| one.polarity == Polarity::Positive).map(|one| meet(&one.span, span)).sum();
    let is_praised_throughout = praised * 10 >= span.len() * 8;
    // Two who read it have to agree, where both are sure; where one is not, the other tells.
    let feels = match (told(text, listened, point, score), criticises, praises) {
        (Told::Question, ..) => return (Feels::Unsure, Vec::new()),
        (Told::Wish, ..) => return (Feels::Wish, Vec::new()),
        (_, true, true) => Feels::Criticism(false),
        (Told::Mixed, ..) | (Told::Praise, true, false) | (Told::Criticism(_), false, true) if is_happy => {
            Feels::Unsure
        }
        (Told::Mixed | Told::Criticism(_), false, true) | (Told::Praise | Told::Mixed, true, false) => Feels::Unsure,
        (Told::Mixed, ..) => Feels::Criticism(false),
        (Told::Criticism(is_sure), ..) => Feels::Criticism(is_sure && !is_happy),
        // Of who is unhappy the praise of a part is not that of the whole.
        (Told::Unsure, false, true) if is_unhappy && !is_praised_throughout => Feels::Unsure,
        (Told::Praise, ..) | (Told::Unsure, false, true) => {
            if is_sour {
                Feels::Unsure
            } else {
                Feels::Praise
            }
        }
        (Told::Unsure, true, false) => Feels::Criticism(listened.may_be_grave && !is_happy),
        (Told::Unsure, false, false) => Feels::Unsure,
    };
    let polarity = match feels {
        Feels::Praise => Polarity::Positive,
        Feels::Criticism(_) => Polarity::Negative,
        Feels::Wish | Feels::Unsure => return (feels, Vec::new()),
    };
    let words = |finding: &Finding| {
        // Words that hold both are claimed by their halves.
        let shared = finding.span.start.max(span.start)..finding.span.end.min(span.end);
        let shared = if criticises && praises { shared } else { span.clone() };
        trimmed(text, shared).and_then(|span| text.get(span)).unwrap_or_default().to_owned()
    };
    let mut claims: Vec<Claim> = Vec::new();
    for finding in claimable().filter(|one| one.polarity == polarity || criticises && praises) {
        let theme = finding.theme.clone().filter(|_| finding.is_surely_about());
        let claim = Claim { theme, polarity: finding.polarity, quote: words(finding) };
        if !claims.iter().any(|other| other.theme == claim.theme && other.polarity == claim.polarity)
            && !claim.quote.is_empty()
        {
            claims.push(claim);
        }
    }
    // What is about a theme says more than what is about none.
    let themed: Vec<Polarity> =
        claims.iter().filter(|claim| claim.theme.is_some()).map(|claim| claim.polarity).collect();
    claims.retain(|claim| claim.theme.is_some() || !themed.contains(&claim.polarity));
    if claims.is_empty() && point.rank >= POLICY.worth_quoting {
        claims.push(Claim { theme: None, polarity, quote: text.get(span.clone()).unwrap_or_default().to_owned() });
    }
    (feels, claims)
}

/// What the ranking's own reader makes of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Question,
    Wish,
    Praise,
    /// Criticism, and whether it may be called that.
    Criticism(bool),
    /// Praise in one half, criticism in the other.
    Mixed,
    Unsure,
}

/// Whether words sound like a wish wherever they were looked at, so that they may be told as an idea.
pub(super) fn is_wished(listened: &Listened, span: &Range<usize>) -> bool {
    let here = listened.points.iter().filter(|point| 2 * meet(&point.span, span) > span.len());
    let most = here.map(|point| point.feeling.wish).reduce(f32::max);
    most.is_none_or(|most| !listened.is_read || most >= POLICY.may_wish)
}

/// As what the words of a point are read back.
fn told(text: &str, listened: &Listened, point: &Point, score: Option<Score>) -> Told {
    let Point { span, feeling, .. } = point;
    let is_happy = score.is_some_and(|score| score.band() != Band::Detractor);
    let holds = |idea: &Range<usize>| 2 * meet(idea, span) > idea.len();
    let is_idea = listened.ideas.iter().any(|(idea, _)| holds(idea));
    let is_told_idea = listened.ideas.iter().any(|(idea, odds)| *odds >= POLICY.idea_told && holds(idea));
    // A request, a question or a wish is no failure.
    let asks = point.asks || is_idea;
    let praise = if is_happy { POLICY.tells_praise } else { POLICY.tells_praise_unhappy };
    let (worst, best) = point.extremes;
    let is_mixed = worst < -POLICY.mixed && best > POLICY.mixed;
    // A part that sounds like a complaint takes the gladness away; where the clauses are not read one by one, one has to sound
    // glad.
    let is_whole = listened.heard.language != "en";
    let is_spoilt = worst < POLICY.spoils_praise || is_whole && best < POLICY.feels_praise;
    match () {
        () if text.get(span.clone()).is_some_and(|words| words.ends_with('?')) => Told::Question,
        () if is_mixed && feeling.criticism.max(feeling.praise) < POLICY.of_one_mind => Told::Mixed,
        () if feeling.criticism >= POLICY.regrets => Told::Criticism(!asks && (listened.may_be_grave || !is_happy)),
        // Who is unhappy and asks for something has no idea, but a case.
        () if point.asks && !is_happy && score.is_some() && feeling.wish > feeling.criticism.max(feeling.praise) => {
            Told::Unsure
        }
        () if is_told_idea && feeling.wish >= POLICY.may_wish || feeling.wish >= POLICY.tells_wish => Told::Wish,
        () if feeling.criticism >= POLICY.tells_criticism => Told::Criticism(listened.may_be_grave && !asks),
        // Without a score praise takes more than how it sounds.
        () if feeling.praise >= praise && score.is_some() && !is_spoilt => Told::Praise,
        () => Told::Unsure,
    }
}
