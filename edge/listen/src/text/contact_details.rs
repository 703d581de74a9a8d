//! Contact details offered in the text.

/// Whether the comment holds an email address or something like a phone number.
pub(crate) fn offers_contact(text: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && !"._+-@".contains(letter)).any(is_email) || has_phone(text)
}

/// Whether somebody left it to be reached by: an email address, or a number written as phone numbers are. Dates, orders and
/// accounts have as many digits, and nobody is called there.
pub(crate) fn leaves_contact(text: &str) -> bool {
    let mut tokens = text.split(|letter: char| !letter.is_alphanumeric() && !"._+-@".contains(letter));
    let is_between = |letter: char| " \u{a0}-–().".contains(letter);
    let mut numbers = text.split(|letter: char| !(letter.is_ascii_digit() || letter == '+' || is_between(letter)));
    tokens.any(is_email) || numbers.any(|number| is_phone(number.trim_matches(is_between)))
}

/// "+44 20 7946 0958", "020 7946 0958", "(030) 1234567", "555-123-4567".
fn is_phone(number: &str) -> bool {
    let groups: Vec<usize> =
        number.split(|letter: char| !letter.is_ascii_digit()).map(str::len).filter(|n| *n > 0).collect();
    let digits: usize = groups.iter().sum();
    let is_american = groups == [3, 3, 4] || groups == [1, 3, 3, 4];
    (9..=15).contains(&digits) && (number.starts_with(['+', '0']) || is_american)
}

/// Whether the number of a case, an order or an account stands there: "88213-B", "PCN 4471902". Phone numbers are none.
pub(crate) fn names_a_case(text: &str) -> bool {
    let tokens = text.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '-' | '/')));
    let is_number = |token: &str| {
        let digits = token.chars().filter(char::is_ascii_digit).count();
        let is_mixed = token.chars().any(char::is_alphabetic);
        let is_date = token.split(['-', '/']).all(|part| part.len() <= 4) && token.contains(['-', '/']) && !is_mixed;
        (digits >= 6 || is_mixed && digits >= 4) && !is_date && !token.starts_with('0') && digits <= 14
    };
    !leaves_contact(text) && tokens.into_iter().any(is_number)
}

fn is_email(token: &str) -> bool {
    token.trim_matches(|c: char| !c.is_alphanumeric()).split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.')
    })
}

/// Nine digits or more (ITU-T E.164 has up to fifteen), with nothing but blanks and phone punctuation between them.
fn has_phone(text: &str) -> bool {
    let mut digits = 0_usize;
    text.chars().any(|letter| {
        match letter {
            '0'..='9' => digits += 1,
            ' ' | '\u{a0}' | '-' | '–' | '—' | '(' | ')' | '+' | '/' | '.' | ',' => {}
            _ => digits = 0,
        }
        digits >= 9
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_case_is_told_from_other_numbers() {
        for text in ["Claim 88213-B, read it", "look at PCN 4471902", "protocolo 2091834", "Order 1234567890"] {
            assert!(names_a_case(text), "{text}");
        }
        for text in ["rude on 2026-11-22", "12/05/2026", "paid 38 quid in 2024", "ring 020 7946 0958", "waited 45mins"]
        {
            assert!(!names_a_case(text), "{text}");
        }
    }

    #[test]
    fn what_is_left_to_be_reached_by_is_told_from_other_numbers() {
        for text in ["ring 020 7946 0958", "(030) 1234567", "+49 30 1234567", "555-123-4567", "jo@shop.example"] {
            assert!(leaves_contact(text), "{text}");
        }
        for text in [
            "Order 1234567890",
            "rude on 2026-11-22 10:00.",
            "IBAN DE89 3704 0044 0532 0130 00",
            "Order #4471-2290-118 still missing",
        ] {
            assert!(!leaves_contact(text), "{text}");
        }
    }

    #[test]
    fn addresses_and_numbers_are_seen() {
        assert!(offers_contact("mail me at jo@shop.example."));
        assert!(offers_contact("ring +44 (0)20 7946 0958 please"));
        assert!(!offers_contact("waited 20 minutes on 12/05/2024 @ the desk"));
        assert!(!offers_contact("order 12345"));
        for text in ["07700 900123 07700 900124", "07700, 900123", "07700–900123", "anna@x.org/bob@y.org"] {
            assert!(offers_contact(text), "{text}");
        }
    }
}
