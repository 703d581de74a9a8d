//! Durations and prices.

use crate::text::words::Word;
use heard_wire::{Amount, AmountKind};

const MAX_AMOUNTS: usize = 10;

/// What is measured in the words, in order: "three weeks", "40 min", "£4.50", "30 euros".
pub(crate) fn amounts(text: &str, words: &[Word]) -> Vec<Amount> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, word) in words.iter().enumerate() {
        if found.len() == MAX_AMOUNTS {
            break;
        }
        if at < from {
            continue;
        }
        let Some((kind, end, after)) = amount_at(text, words, at) else { continue };
        let sign =
            text.get(..word.start).and_then(|before| before.chars().next_back()).filter(|sign| is_currency(*sign));
        let start = word.start - sign.map_or(0, char::len_utf8);
        found.extend(text.get(start..end).map(|quote| Amount { kind, quote: quote.to_owned() }));
        from = after;
    }
    found
}

/// The amount that begins at a word: its kind, its last byte, and the first word after it.
fn amount_at(text: &str, words: &[Word], at: usize) -> Option<(AmountKind, usize, usize)> {
    let word = words.get(at)?;
    if let Some((number, unit)) = split_unit(&word.text)
        && is_number(number)
        && is_time_unit(unit)
    {
        return Some((AmountKind::Duration, word.end, at + 1));
    }
    if !is_number(&word.text) {
        return None;
    }
    let digits = word.text.starts_with(|letter: char| letter.is_ascii_digit());
    // "4.50" and "1,200" are two words to the splitter.
    let mut end = word.end;
    let mut after = at + 1;
    while let Some(next) = words.get(after)
        && digits
        && matches!(text.get(end..next.start), Some("." | ","))
        && next.text.bytes().all(|byte| byte.is_ascii_digit())
    {
        (end, after) = (next.end, after + 1);
    }
    let before = text.get(..word.start).and_then(|before| before.chars().next_back());
    let rest = text.get(end..)?;
    let sign = rest.char_indices().find(|(_, letter)| *letter != ' ').filter(|(_, letter)| is_currency(*letter));
    match sign {
        Some((gap, sign)) if digits => return Some((AmountKind::Price, end + gap + sign.len_utf8(), after)),
        None if digits && before.is_some_and(is_currency) => return Some((AmountKind::Price, end, after)),
        _ => {}
    }
    let unit = words.get(after).filter(|unit| text.get(end..unit.start).is_some_and(|gap| gap.trim().is_empty()))?;
    if is_time_unit(&unit.text) {
        return Some((AmountKind::Duration, unit.end, after + 1));
    }
    (digits && CURRENCIES.contains(&unit.text.as_str())).then_some((AmountKind::Price, unit.end, after + 1))
}

fn is_currency(sign: char) -> bool {
    matches!(sign, '£' | '$' | '€' | '¥' | '₹')
}

const CURRENCIES: &[&str] =
    &["pound", "pounds", "quid", "dollar", "dollars", "bucks", "euro", "euros", "eur", "usd", "gbp", "cents", "pence"];

/// "40min" as number and unit.
fn split_unit(word: &str) -> Option<(&str, &str)> {
    let unit_at = word.find(|letter: char| !letter.is_ascii_digit()).filter(|at| *at > 0)?;
    word.split_at_checked(unit_at)
}

fn is_number(word: &str) -> bool {
    NUMBERS.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

const NUMBERS: &[&str] = &[
    "a", "an", "half", "one", "two", "couple", "three", "few", "several", "four", "five", "six", "seven", "eight",
    "nine", "ten", "twelve", "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "hundred",
];

fn is_time_unit(unit: &str) -> bool {
    UNITS.contains(&unit)
}

const UNITS: &[&str] = &[
    "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "day",
    "days", "week", "weeks", "wks", "month", "months", "year", "years",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    #[test]
    fn durations_and_prices_are_quoted_as_written() {
        let text = "Waited 40 minutes, then two weeks. Paid £4.50 and 1,200 € plus 30 euros; a 2hr delay, 5 stars.";
        let found: Vec<String> = amounts(text, &words(text, 0)).into_iter().map(|amount| amount.quote).collect();
        assert_eq!(found, ["40 minutes", "two weeks", "£4.50", "1,200 €", "30 euros", "2hr"]);
    }
}
