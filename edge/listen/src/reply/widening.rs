//! How much around a point is read back with it: a short comment as it is, and a short sentence to its end. Who reads their own
//! words misses each that was left out, and half a sentence may say the opposite.

use crate::analysis::listener::{Listened, Point};
use crate::policy::POLICY;
use crate::reply::framing::{Feels, meet};
use crate::reply::quoted::{MAX_PAIR_BYTES, Quoted};
use crate::text::never::holds_never;
use crate::text::quote::quote;
use crate::text::sentences::trimmed;
use crate::text::words::words as words_of;
use heard_wire::Polarity;
use std::ops::Range;

/// Words of a comment that is read back as it is.
const WHOLE_COMMENT: usize = 14;
/// Words of a sentence that is.
const WHOLE_SENTENCE: usize = 14;

/// How likely a part feels otherwise for the whole to be told as it stands.
const LIKELY: f32 = 0.5;

/// The same quotes, each as wide as it is read well.
pub(super) fn widened<'a>(text: &'a str, listened: &Listened, quotes: Vec<Quoted<'a>>) -> Vec<Quoted<'a>> {
    if quotes.is_empty() || !listened.is_read {
        return quotes;
    }
    let all = 0..text.len();
    if words_in(text, &all) <= WHOLE_COMMENT
        && let Some(whole) = within(text, listened, &all, &quotes)
    {
        return vec![whole];
    }
    let mut wide: Vec<Quoted<'a>> = Vec::new();
    let mut length: usize = quotes.iter().map(|quoted| quoted.words.len()).sum();
    for quoted in quotes {
        let sentence = listened.sentences.iter().find(|sentence| meet(sentence, &quoted.span) > 0).cloned();
        let short = sentence.filter(|sentence| {
            words_in(text, sentence) <= WHOLE_SENTENCE && sentence.end >= quoted.span.end && quoted.feels != Feels::Wish
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
        match within(text, listened, &sentence, &parts).filter(fits) {
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

/// Some quotes as the one that holds them, where all of it may be read back.
fn within<'a>(text: &'a str, listened: &Listened, span: &Range<usize>, parts: &[Quoted<'a>]) -> Option<Quoted<'a>> {
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
        found || listened.points.iter().filter(is_within).any(|point| feels(point) >= LIKELY)
    };
    let of = |wanted: fn(Feels) -> bool| parts.iter().any(|part| wanted(part.feels));
    let praises = of(|feels| feels == Feels::Praise);
    let criticises = of(|feels| matches!(feels, Feels::Criticism(_)));
    // What holds both, or something else beside, is told as it stands: neither gladly nor with regret.
    let is_mixed = match first.feels {
        Feels::Praise => criticises || heard(Polarity::Negative),
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
    let leans = if is_mixed { 1.0 } else { leans };
    let praise = if is_mixed { 1.0 } else { parts.iter().map(|part| part.praise).fold(1.0, f32::min) };
    let claims = parts.iter().flat_map(|part| part.claims.clone()).collect();
    Some(Quoted { words, span, feels, leans, praise, claims })
}
