//! Contact details offered in the text.

/// Whether the comment holds an email address or something like a phone number.
pub(crate) fn offers_contact(text: &str) -> bool {
    text.split(|letter: char| !letter.is_alphanumeric() && !"._+-@".contains(letter)).any(is_email) || has_phone(text)
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
