//! Regular expressions that browsers and we read alike, and that no address makes slow.

use std::iter::Peekable;
use std::str::Chars;

/// Of an address so much is searched.
pub(super) const SEARCHED: usize = 500;
/// Repetitions without an end: each makes a search slower by as much as the address is long.
const MOST_ENDLESS: usize = 2;

/// What is wrong with an expression, if anything: it has letters, `.`, classes, escapes of signs and `\d \w \s \b`, groups,
/// `|`, `^`, `$` and repetitions of single letters or classes.
pub(super) fn fault(pattern: &str) -> Option<&'static str> {
    let mut letters = pattern.chars().peekable();
    let (mut open, mut endless) = (0_usize, 0_usize);
    // What a repetition would repeat.
    let mut before = Before::Nothing;
    while let Some(letter) = letters.next() {
        before = match letter {
            '\\' => match letters.next() {
                Some('b' | 'B') => Before::Nothing,
                Some('d' | 'D' | 'w' | 'W' | 's' | 'S') => Before::One,
                Some(sign) if sign.is_ascii_punctuation() && !matches!(sign, '<' | '>') => Before::One,
                _ => return Some("escapes only signs, and has \\d \\w \\s \\b"),
            },
            '[' => {
                if !is_class(&mut letters) {
                    return Some("has classes of letters such as [a-z0-9]");
                }
                Before::One
            }
            '(' => {
                if letters.next_if_eq(&'?').is_some() && letters.next_if_eq(&':').is_none() {
                    return Some("has no flags, names and lookaround");
                }
                open += 1;
                Before::Nothing
            }
            ')' => {
                let Some(left) = open.checked_sub(1) else { return Some("closes what it opens") };
                open = left;
                Before::Group
            }
            '|' | '^' | '$' => Before::Nothing,
            '*' | '+' | '?' | '{' => {
                let Some(is_endless) = repetition(letter, &mut letters) else {
                    return Some("repeats by * + ? {2} {2,3}");
                };
                match before {
                    Before::One => {}
                    // Once or not at all.
                    Before::Group if letter == '?' => {}
                    Before::Group => return Some("repeats no groups"),
                    Before::Nothing => return Some("repeats letters and classes"),
                }
                // As few as can be is read alike.
                let _ = letters.next_if_eq(&'?');
                endless += usize::from(is_endless);
                Before::Nothing
            }
            ']' | '}' => return Some("escapes brackets that are meant as such"),
            _ => Before::One,
        };
    }
    if open > 0 {
        return Some("closes what it opens");
    }
    (endless > MOST_ENDLESS).then_some("has at most two of * and +")
}

enum Before {
    Nothing,
    One,
    Group,
}

/// Reads the rest of a class.
fn is_class(letters: &mut Peekable<Chars<'_>>) -> bool {
    let _ = letters.next_if_eq(&'^');
    let mut count = 0;
    while let Some(letter) = letters.next() {
        match letter {
            ']' => return count > 0,
            '\\' => match letters.next() {
                Some('d' | 'w' | 's') => {}
                Some(sign) if sign.is_ascii_punctuation() => {}
                _ => return false,
            },
            // Sets of sets.
            '[' => return false,
            '&' | '~' | '-' if letters.peek() == Some(&letter) => return false,
            _ => {}
        }
        count += 1;
    }
    false
}

/// Reads the rest of a repetition, and tells whether it has no end.
fn repetition(first: char, letters: &mut Peekable<Chars<'_>>) -> Option<bool> {
    if first != '{' {
        return Some(first != '?');
    }
    let mut inner = String::new();
    loop {
        match letters.next()? {
            '}' => break,
            letter => inner.push(letter),
        }
    }
    let is_number = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    match inner.split_once(',') {
        None => is_number(&inner).then_some(false),
        Some((least, "")) => is_number(least).then_some(true),
        Some((least, most)) => (is_number(least) && is_number(most)).then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn only_what_both_read_alike_and_quickly_is_let_in() {
        for good in [
            "/order/[0-9]+",
            "[?&]plan=(pro|team)",
            "#/done$",
            r"^https://(www\.)?shop\.example/$",
            r"/\d{4}/\w+",
            "caf[ée]$",
            "a*?b",
            "/a{2,3}/",
            r"\bshop\b",
            "(?:a|b)?",
            "[^/]+/x",
            r"[\w-]+",
            ".*",
        ] {
            assert_eq!(fault(good), None, "{good}");
            assert!(regex_lite::Regex::new(good).is_ok(), "{good}");
        }
        for bad in [
            "/(a+)+$",
            "(a|a)*b",
            "a**",
            "a+*",
            "s++",
            "s{2}{3}",
            "^*",
            "$*",
            r"\b*",
            "^?shop",
            "(?i)a",
            "(?<=a)b",
            "(?P<n>a)",
            r"\u{73}",
            r"\U00000073",
            r"\a",
            r"\<shop",
            r"\>",
            "[]a]",
            "[^]a]",
            "[[:alpha:]]",
            "[a&&b]",
            "a)",
            "(a",
            "a.*b.*c.*d",
            r"\A",
            r"\z",
            "{2}",
            "a{,3}",
            "]",
            "a{200}",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
