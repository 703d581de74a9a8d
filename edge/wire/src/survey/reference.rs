use crate::id::ResponseId;

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
