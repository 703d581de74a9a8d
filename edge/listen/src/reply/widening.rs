//! How much around a point is read back with it: a short comment as it is, and a short sentence to its end. Who reads their own
//! words misses each that was left out, and half a sentence may say the opposite.

use crate::analysis::listener::{Listened, Point};
use crate::policy::POLICY;
use crate::reply::asking::SOUR;
use crate::reply::framing::{Feels, felt, meet};
use crate::reply::quoted::{MAX_PAIR_BYTES, Quoted};
use crate::text::never::holds_never;
use crate::text::quote::quote;
use crate::text::sentences::trimmed;
use crate::text::words::words as words_of;
use heard_wire::{Band, Polarity, Score};
use std::ops::Range;

/// The same quotes, each as wide as it is read well.
pub(super) fn widened<'a>(
    text: &'a str,
    listened: &Listened,
    score: Option<Score>,
    quotes: Vec<Quoted<'a>>,
) -> Vec<Quoted<'a>> {
    if quotes.is_empty() || !listened.is_read {
        return quotes;
    }
    let all = 0..text.len();
    if words_in(text, &all) <= POLICY.whole_comment
        && let Some(whole) = within(text, listened, score, &all, &quotes)
    {
        // Who is happy told one thing, and what stood against it.
        let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
        let sides = if whole.is_mixed && !is_happy { both_sides(text, listened, score, &all, &quotes) } else { None };
        return sides.unwrap_or_else(|| vec![whole]);
    }
    let mut wide: Vec<Quoted<'a>> = Vec::new();
    let mut length: usize = quotes.iter().map(|quoted| quoted.words.len()).sum();
    for quoted in quotes {
        let sentence = listened.sentences.iter().find(|sentence| meet(sentence, &quoted.span) > 0).cloned();
        let short = sentence.filter(|sentence| {
            let holds = sentence.start <= quoted.span.start && sentence.end >= quoted.span.end;
            words_in(text, sentence) <= POLICY.whole_sentence && holds && quoted.feels != Feels::Wish
        });
        let Some(sentence) = short else {
            wide.push(quoted);
            continue;
        };
        // Both of one sentence are one.
        let before = wide.iter().position(|other| meet(&other.span, &sentence) > 0).map(|at| wide.remove(at));
        let parts: Vec<Quoted<'a>> = before.into_iter().chain([quoted]).collect();
        let narrow: usize = parts.iter().map(|part| part.words.len()).sum();
        let fits = |whole: &Quoted| length - narrow + whole.words.len() <= MAX_PAIR_BYTES;
        match within(text, listened, score, &sentence, &parts).filter(fits) {
            // Both sides stand there already.
            Some(whole) if whole.is_mixed && parts.len() == 2 => wide.extend(parts),
            Some(whole) => {
                length = length - narrow + whole.words.len();
                wide.push(whole);
            }
            None => wide.extend(parts),
        }
    }
    wide
}

fn words_in(text: &str, span: &Range<usize>) -> usize {
    text.get(span.clone()).unwrap_or_default().split_whitespace().count()
}

/// What praises and what criticises in a stretch, where the two are all of it: one word of thanks or of regret for both would be
/// wrong for one of them.
fn both_sides<'a>(
    text: &'a str,
    listened: &Listened,
    score: Option<Score>,
    span: &Range<usize>,
    parts: &[Quoted<'a>],
) -> Option<Vec<Quoted<'a>>> {
    let is_all = |one: &Range<usize>, other: &Range<usize>| {
        let (first, last) = if one.start < other.start { (one, other) } else { (other, one) };
        let is_rim = |rim: Range<usize>| words_in(text, &rim) == 0;
        is_rim(span.start..first.start)
            && is_rim(last.end..span.end)
            && first.end <= last.start
            && words_in(text, &(first.end..last.start)) <= JOINED
    };
    if let [one, other] = parts
        && is_all(&one.span, &other.span)
    {
        return Some(parts.to_vec());
    }
    let is_bad = |point: &&Point| {
        let sounds_bad = point.feels <= POLICY.sounds_bad || point.feeling.criticism >= POLICY.surely_criticism;
        point.feeling.praise < POLICY.hardly_praise && sounds_bad
    };
    // Of who is unhappy it has to sound good throughout.
    let is_unhappy = score.is_some_and(|score| score.band() == Band::Detractor);
    let least = if is_unhappy { POLICY.tells_praise } else { POLICY.holds_both };
    let is_good = |point: &&Point| {
        point.feeling.praise >= least && point.feels >= POLICY.sounds_good && point.extremes.0 >= POLICY.sounds_bad
    };
    let (worse, better) = listened.points.iter().filter(is_bad).find_map(|worse| {
        let better = listened.points.iter().filter(is_good).find(|better| is_all(&worse.span, &better.span))?;
        Some((worse, better))
    })?;
    let told = |point: &Point, feels: Feels| {
        // What was found of it before stays.
        let known = parts.iter().find(|part| part.span == point.span && part.feels != Feels::Unsure);
        let words = quote(text, &point.span)?;
        let wanted = if feels == Feels::Praise { Polarity::Positive } else { Polarity::Negative };
        let part = || {
            let (_, mut claims) = felt(text, listened, point, score);
            claims.retain(|claim| claim.polarity == wanted);
            Quoted::of(point, words, feels, claims)
        };
        Some(known.cloned().unwrap_or_else(part))
    };
    Some(vec![told(worse, Feels::Criticism(false))?, told(better, Feels::Praise)?])
}

/// Words that may stand between two sides and in neither.
const JOINED: usize = 2;

/// Some quotes as the one that holds them, where all of it may be read back, and whether it holds both praise and criticism.
fn within<'a>(
    text: &'a str,
    listened: &Listened,
    score: Option<Score>,
    span: &Range<usize>,
    parts: &[Quoted<'a>],
) -> Option<Quoted<'a>> {
    let span = trimmed(text, span.clone())?;
    let words = quote(text, &span).filter(|words| words.len() == span.len())?;
    let first = parts.first()?;
    // An idea is written down as it was put.
    let has_wish = parts.iter().any(|part| part.feels == Feels::Wish);
    let is_spoilt = listened.unfit.iter().any(|unfit| meet(unfit, &span) > 0)
        || holds_never(&words_of(words, 0), &listened.heard.language);
    if is_spoilt || has_wish {
        return None;
    }
    let heard = |polarity: Polarity| {
        let mut here = listened.findings.iter().filter(|finding| meet(&finding.span, &span) > 0);
        let found = here.any(|finding| finding.polarity == polarity && finding.confidence >= POLICY.likely);
        let feels = |point: &Point| match polarity {
            Polarity::Negative => point.feeling.criticism,
            _ => point.feeling.praise,
        };
        let is_within = |point: &&Point| meet(&point.span, &span) == point.span.len();
        found || listened.points.iter().filter(is_within).any(|point| feels(point) >= POLICY.holds_both)
    };
    let of = |wanted: fn(Feels) -> bool| parts.iter().any(|part| wanted(part.feels));
    let praises = of(|feels| feels == Feels::Praise);
    let criticises = of(|feels| matches!(feels, Feels::Criticism(_)));
    // What holds both, or something else beside, is told as it stands: neither gladly nor with regret. Who is not happy praises
    // no more than was found to praise.
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    let told: usize = parts.iter().map(|part| part.words.len()).sum();
    let is_mixed = match first.feels {
        Feels::Praise => criticises || heard(Polarity::Negative) || !is_happy && told * 10 < words.len() * 8,
        Feels::Criticism(_) => praises || heard(Polarity::Positive),
        Feels::Wish | Feels::Unsure => heard(Polarity::Positive) && heard(Polarity::Negative),
    };
    let feels = match first.feels {
        _ if is_mixed => Feels::Unsure,
        Feels::Unsure if criticises && !praises => Feels::Criticism(false),
        feels => feels,
    };
    #[expect(clippy::cast_precision_loss, reason = "there are two at most")]
    let leans = parts.iter().map(|part| part.leans).sum::<f32>() / parts.len().max(1) as f32;
    // Praise from who gives next to nothing is meant otherwise.
    let is_mixed = is_mixed && score.is_none_or(|score| score.get() > SOUR);
    let least = |of: fn(&Quoted) -> f32| parts.iter().map(of).fold(f32::INFINITY, f32::min);
    let (worst, praise) = (least(|part| part.worst), least(|part| part.praise));
    let claims = parts.iter().flat_map(|part| part.claims.clone()).collect();
    Some(Quoted { words, span, feels, leans, worst, is_mixed, praise, claims })
}
