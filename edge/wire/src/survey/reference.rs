use crate::id::ResponseId;
use crate::text::{check, checked_text, text_schema};

/// Crockford's base 32: no I, L, O or U, so that it survives being read out on the phone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The reference a customer gets: the last 40 random bits of the id, as in `7K3Q-9F2M`.
///
/// ```
/// let id = "0190a5c4-7a1c-7def-8123-456789abcdef".parse().unwrap();
/// assert_eq!(heard_wire::reference_of(&id), "CY4T-QKFF");
/// ```
#[must_use]
pub fn reference_of(id: &ResponseId) -> String {
    let bits =
        id.as_str().chars().filter_map(|c| c.to_digit(16)).fold(0_u64, |bits, digit| (bits << 4) | u64::from(digit));
    let mut text = String::with_capacity(9);
    for place in (0..8).rev() {
        let digit = usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0);
        text.extend(ALPHABET.get(digit).map(|b| char::from(*b)));
        if place == 4 {
            text.push('-');
        }
    }
    text
}

checked_text! {
    /// A reference as a customer reads it out, in whatever spelling: dashes, blanks and case do not matter, and what looks
    /// alike is the same.
    ///
    /// ```
    /// let read_out: heard_wire::Reference = "cy4t qkff".parse().unwrap();
    /// assert_eq!(read_out.as_str(), "CY4T-QKFF");
    /// assert_eq!("O1lO-0000".parse::<heard_wire::Reference>().unwrap().as_str(), "0110-0000");
    /// assert!("CY4T-QKF".parse::<heard_wire::Reference>().is_err());
    /// ```
    Reference, as_printed, |text| {
        let digits = text.bytes().filter(|byte| ALPHABET.contains(byte)).count();
        check(digits == 8 && text.len() == 9, "must be a reference such as CY4T-QKFF")
    }
}

text_schema!(Reference);

impl Reference {
    /// The last ten hexadecimal digits of the ids that have it.
    ///
    /// ```
    /// assert_eq!("CY4T-QKFF".parse::<heard_wire::Reference>().unwrap().end_of_id(), "6789abcdef");
    /// ```
    #[must_use]
    pub fn end_of_id(&self) -> String {
        let place = |digit: u8| ALPHABET.iter().position(|known| *known == digit);
        let bits = self
            .as_str()
            .bytes()
            .filter_map(place)
            .fold(0_u64, |bits, place| (bits << 5) | u64::try_from(place).unwrap_or(0));
        format!("{bits:010x}")
    }
}

/// Crockford's reading: I and L are 1, O is 0.
fn as_printed(text: String) -> String {
    let digit = |c: char| match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        c => c,
    };
    let digits: Vec<char> = text.chars().filter(|c| !matches!(c, '-' | ' ')).take(9).map(digit).collect();
    match digits.split_at_checked(4) {
        Some((first, last)) => first.iter().chain(&['-']).chain(last).collect(),
        None => digits.into_iter().collect(),
    }
}
