//! A linear model of praise against criticism over hashed words; `train/polarity.py` makes its weights and
//! `model/README.md` tells from what.

use crate::lexicon::NEGATIONS;
use crate::words::Word;

/// 4 bytes of f32 scale, 4 of f32 bias, then an int8 weight for each of 2^17 buckets.
static MODEL: &[u8] = include_bytes!("../model/polarity.bin");
const BITS: u32 = 17;
/// Words after a negation that stand under it.
const REACH: usize = 3;

/// The log odds of praise against criticism, 0 for no evidence either way.
pub(crate) fn log_odds(words: &[Word]) -> f32 {
    let Some((scale, rest)) = MODEL.split_first_chunk::<4>() else { return 0.0 };
    let Some((bias, weights)) = rest.split_first_chunk::<4>() else { return 0.0 };
    let mut buckets = buckets(words);
    // A word said twice is said once.
    buckets.sort_unstable();
    buckets.dedup();
    let weight = |bucket: &usize| weights.get(*bucket).map_or(0, |byte| i32::from(byte.cast_signed()));
    let sum: i32 = buckets.iter().map(weight).sum();
    #[expect(clippy::cast_precision_loss, reason = "at most thousands of weights of at most 127")]
    let sum = sum as f32;
    sum * f32::from_le_bytes(*scale) + f32::from_le_bytes(*bias)
}

fn buckets(words: &[Word]) -> Vec<usize> {
    let mut found = Vec::with_capacity(words.len() * 2 + 1);
    let mut since = REACH + 1;
    let mut before = "^";
    for word in words {
        let under = if since <= REACH { "!" } else { "" };
        found.push(bucket(&[under, &word.text]));
        found.push(bucket(&[before, " ", &word.text]));
        before = &word.text;
        since = if NEGATIONS.contains(&word.text.as_str()) { 0 } else { since + 1 };
    }
    found.push(bucket(&[before, " $"]));
    found
}

/// FNV-1a of 32 bits, of which the highest are kept.
fn bucket(parts: &[&str]) -> usize {
    let code = parts
        .iter()
        .flat_map(|part| part.bytes())
        .fold(0x811c_9dc5_u32, |code, byte| (code ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    usize::try_from(code >> (32 - BITS)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::words;

    #[test]
    fn what_it_was_taught_it_knows() {
        let taught = include_str!("../train/phrasings.tsv");
        let lines: Vec<(&str, &str)> = taught.lines().filter_map(|line| line.split_once('\t')).collect();
        let right = lines.iter().filter(|(label, text)| (log_odds(&words(text, 0)) > 0.0) == (*label == "+")).count();
        // Below this the hashing here and in the script no longer agree.
        assert!(right * 100 >= lines.len() * 97, "{right} of {}", lines.len());
    }
}
