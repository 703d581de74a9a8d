//! The words of a comment that may be shown for a span of it.

use crate::text::contact_details::offers_contact;
use crate::text::quotable::is_quotable;
use std::ops::Range;

/// Longest quote, in bytes, so that a reply stays a reply.
pub(crate) const MAX_QUOTE_BYTES: usize = 160;

/// The words to show for a span, cut at a blank when too long. `None` when they are not fit to be read back.
pub(crate) fn quote<'a>(text: &'a str, span: &Range<usize>) -> Option<&'a str> {
    let cut = shortened(text.get(span.clone())?);
    is_quotable(cut).then_some(cut)
}

/// At most [`MAX_QUOTE_BYTES`] of the words, cut at a blank, and nothing from a comma on that leads to a way to reach somebody.
fn shortened(words: &str) -> &str {
    let words = before_contact(words);
    match words.get(..words.floor_char_boundary(MAX_QUOTE_BYTES)) {
        Some(head) if head.len() < words.len() => head.rsplit_once(char::is_whitespace).map_or("", |(kept, _)| kept),
        _ => words,
    }
}

/// The words up to the comma from which on they lead to a way to reach somebody. Beyond a quote's length it does not matter.
fn before_contact(words: &str) -> &str {
    // Asked of each quote many times, and most hold neither.
    if !words.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@') {
        return words;
    }
    let mut end = 0;
    for part in words.split_inclusive([',', ';']) {
        if end > MAX_QUOTE_BYTES {
            return words;
        }
        if offers_contact(part) {
            return words.get(..end).unwrap_or_default().trim_end_matches([',', ';']);
        }
        end += part.len();
    }
    // "07700, 900123".
    if offers_contact(words) { "" } else { words }
}

/// Like [`shortened`], but never nothing: one endless word is cut within.
pub(crate) fn stored(words: &str) -> &str {
    let head = words.get(..words.floor_char_boundary(MAX_QUOTE_BYTES)).unwrap_or_default();
    Some(shortened(words)).filter(|kept| !kept.is_empty()).unwrap_or(head)
}
