//! How much strangers may send: counted in memory, by the hour, and never written down.

use heard_wire::{Rate, Timestamp};
use std::collections::HashMap;

const HOUR_MILLIS: i64 = 3_600_000;

/// Requests of one address in an hour, of whatever kind: a school of two hundred that answers at once needs a thousand.
const REQUESTS: u32 = 1_200;
/// Secrets of one address in an hour that open nothing. They are of 128 bits: this is about noise, not about luck.
const GUESSES: u32 = 60;
/// Answers of one address in an hour that are put aside.
const APART: u32 = 240;
/// Showings of one address in an hour that count.
const SHOWN: u32 = 300;
/// Answers of a site in an hour that count, from whatever addresses.
const ANSWERS_OF_ALL: u32 = 10_000;
/// Bytes of words in an hour that are put aside.
const APART_BYTES_OF_ALL: usize = 2_000_000;
/// Bytes of words of one address in an hour, and of all: fifty addresses that send nothing else fill no site in a day.
const BYTES: usize = 1_000_000;
const BYTES_OF_ALL: usize = 50_000_000;
/// Addresses that are told apart; further ones are bounded by what holds for all.
const ADDRESSES: usize = 20_000;

/// What strangers have sent to a site in this hour.
#[derive(Debug, Default)]
pub struct Strangers {
    hour: i64,
    addresses: HashMap<String, Sent>,
    answers: u32,
    apart_bytes: usize,
    bytes: usize,
}

#[derive(Debug, Default, Clone, Copy)]
struct Sent {
    requests: u32,
    answers: u32,
    apart: u32,
    shown: u32,
    guesses: u32,
    bytes: usize,
}

impl Strangers {
    /// Takes a request in, unless its address has sent too many. An address that is not known, as where no proxy names it, has
    /// no share of its own.
    pub(crate) fn request(
        &mut self,
        now: Timestamp,
        address: Option<&str>,
        bytes: usize,
    ) -> Result<Option<Rate>, Rate> {
        self.turn(now);
        let of_all = Rate { limit: 0, remaining: 0, resets_in: until_next_hour(now) };
        if bytes > 0 && self.bytes.saturating_add(bytes) > BYTES_OF_ALL {
            return Err(of_all);
        }
        self.bytes = self.bytes.saturating_add(bytes);
        let Some(sent) = self.sent(address) else { return Ok(None) };
        sent.requests = sent.requests.saturating_add(1);
        let rate = Rate {
            limit: REQUESTS,
            remaining: REQUESTS.saturating_sub(sent.requests),
            resets_in: until_next_hour(now),
        };
        sent.bytes = sent.bytes.saturating_add(bytes);
        if sent.requests > REQUESTS || bytes > 0 && sent.bytes > BYTES { Err(rate) } else { Ok(Some(rate)) }
    }

    /// Counts a secret that did not open a conversation, and refuses an address that has tried too many.
    pub(crate) fn guesses(&mut self, now: Timestamp, address: Option<&str>, is_wrong: bool) -> Result<(), Rate> {
        self.turn(now);
        let Some(sent) = self.sent(address) else { return Ok(()) };
        sent.guesses += u32::from(is_wrong);
        let rate = Rate { limit: GUESSES, remaining: 0, resets_in: until_next_hour(now) };
        if sent.guesses > GUESSES { Err(rate) } else { Ok(()) }
    }

    /// Whether one more answer of this address counts.
    pub(crate) fn answer_counts(&mut self, address: Option<&str>, limit: u16) -> bool {
        let counts = self.answers < ANSWERS_OF_ALL && self.sent(address).is_none_or(|sent| sent.answers < limit.into());
        if counts {
            self.answers += 1;
            if let Some(sent) = self.sent(address) {
                sent.answers += 1;
            }
        }
        counts
    }

    /// Whether one more answer, with so many bytes of words, is put aside.
    pub(crate) fn has_room_apart(&mut self, address: Option<&str>, bytes: usize) -> bool {
        let fits = self.apart_bytes.saturating_add(bytes) <= APART_BYTES_OF_ALL
            && self.sent(address).is_none_or(|sent| sent.apart < APART);
        if fits {
            self.apart_bytes += bytes;
            if let Some(sent) = self.sent(address) {
                sent.apart += 1;
            }
        }
        fits
    }

    /// Whether one more showing at this address counts.
    pub(crate) fn shown_counts(&mut self, address: Option<&str>) -> bool {
        let Some(sent) = self.sent(address) else { return true };
        sent.shown += 1;
        sent.shown <= SHOWN
    }

    /// Everything begins anew with the hour.
    fn turn(&mut self, now: Timestamp) {
        let hour = now.as_millis().div_euclid(HOUR_MILLIS);
        if self.hour != hour {
            *self = Self { hour, ..Self::default() };
        }
    }

    fn sent(&mut self, address: Option<&str>) -> Option<&mut Sent> {
        let address = address?;
        if self.addresses.len() >= ADDRESSES && !self.addresses.contains_key(address) {
            return None;
        }
        Some(self.addresses.entry(address.to_owned()).or_default())
    }
}

/// In seconds, at least one.
pub(crate) fn until_next_hour(now: Timestamp) -> u32 {
    let left = HOUR_MILLIS - now.as_millis().rem_euclid(HOUR_MILLIS);
    u32::try_from(left / 1_000 + 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_share_by_the_hour() {
        let mut strangers = Strangers::default();
        let mut now = Timestamp::from_millis(1_800_000_000_000);
        for left in (0..REQUESTS).rev() {
            assert_eq!(strangers.request(now, Some("a"), 0).unwrap().unwrap().remaining, left);
        }
        let over = strangers.request(now, Some("a"), 0).unwrap_err();
        assert!(over.remaining == 0 && (1..=3_601).contains(&over.resets_in));
        assert!(strangers.request(now, Some("b"), 0).is_ok());
        assert_eq!(strangers.request(now, None, 0), Ok(None));
        assert_eq!((0..70).filter(|_| strangers.answer_counts(Some("b"), 60)).count(), 60);
        assert!(strangers.answer_counts(Some("c"), 60) && strangers.answer_counts(None, 60));
        now = now.plus_millis(HOUR_MILLIS);
        assert!(strangers.request(now, Some("a"), 0).is_ok());
        let kept = (0..100).filter(|_| strangers.request(now, Some("long"), 20_000).is_ok()).count();
        assert_eq!(kept, BYTES / 20_000);
        let kept = (0..9_999).filter(|_| strangers.request(now, None, 20_000).is_ok()).count();
        assert!(kept <= BYTES_OF_ALL / 20_000 && strangers.request(now, None, 0).is_ok(), "a score still counts");
    }

    #[test]
    fn what_is_put_aside_has_a_bound_in_bytes_and_addresses_in_number() {
        let mut strangers = Strangers::default();
        let kept = (0..1_000).filter(|_| strangers.has_room_apart(None, 20_000)).count();
        assert_eq!(kept, APART_BYTES_OF_ALL / 20_000);
        for address in 0..ADDRESSES + 10 {
            strangers.request(Timestamp::from_millis(0), Some(&address.to_string()), 0).unwrap();
        }
        assert_eq!(strangers.addresses.len(), ADDRESSES);
    }
}
