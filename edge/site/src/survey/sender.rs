//! Who sends an answer, as far as a stranger's request shows it.

use heard_wire::{SiteId, SurveyToken, Suspicion, Timestamp};
use hmac_sha256::HMAC;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use std::time::Duration;

/// A stranger, as the Worker saw the request. Of the address only a tag comes along, which is another every day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sender {
    /// The address's tag; `None` where it is not known.
    pub address: Option<String>,
    /// What looks wrong.
    pub suspicions: Vec<Suspicion>,
    /// How many answers an hour from one address count, as the site's settings say; 0 for as usual.
    pub answers_per_address: u16,
}

/// How long a token is good: a page may stay open for a day. To the hour, so that a cached survey stays as it is.
const GOOD_FOR: Duration = Duration::from_secs(25 * 3_600);
const HOUR_SECONDS: i64 = 3_600;

/// The hour in which a survey is given out: with it, the token changes.
#[must_use]
pub fn token_hour(now: Timestamp) -> i64 {
    now.as_seconds().div_euclid(HOUR_SECONDS) * HOUR_SECONDS
}

/// The token of a survey for pages of this origin; an empty one for pages of the Worker's own, of which browsers tell none.
#[must_use]
pub fn issue_token(owner_key: &str, site: &SiteId, origin: &str, now: Timestamp) -> Option<SurveyToken> {
    let hour = token_hour(now);
    format!("{hour:x}-{}", token_mac(owner_key, site, origin, hour)).parse().ok()
}

/// Whether a token was given out for pages of this origin, and not too long ago.
#[must_use]
pub fn is_good_token(owner_key: &str, site: &SiteId, origin: &str, now: Timestamp, token: &SurveyToken) -> bool {
    let Some((hour, mac)) = token.as_str().split_once('-') else { return false };
    let Ok(hour) = i64::from_str_radix(hour, 16) else { return false };
    let begun = Timestamp::from_millis(hour.saturating_mul(1_000));
    // A clock of another place may be a little ahead.
    let is_timely = begun <= now + Duration::from_secs(60) && now.since(begun) <= GOOD_FOR;
    let expected = token_mac(owner_key, site, origin, hour);
    is_timely && constant_time_eq::constant_time_eq(expected.as_bytes(), mac.as_bytes())
}

fn token_mac(owner_key: &str, site: &SiteId, origin: &str, hour: i64) -> String {
    let signed = format!("survey token\n{site}\n{}\n{hour}", origin.to_ascii_lowercase());
    tag(owner_key, &signed)
}

/// What stands for an address on this day, at this site. Of an IPv6 address the network counts: a household has one, and
/// addresses in it without number.
#[must_use]
pub fn address_tag(owner_key: &str, site: &SiteId, address: &str, now: Timestamp) -> Option<String> {
    tag_of_network(owner_key, site.as_str(), address, now)
}

/// The same for who signs in at the desk, which is of no site.
#[must_use]
pub fn network_tag(owner_key: &str, address: &str, now: Timestamp) -> Option<String> {
    tag_of_network(owner_key, "", address, now)
}

/// By which it is known whether somebody signed in with this owner key.
#[must_use]
pub fn key_tag(owner_key: &str) -> String {
    tag(owner_key, "session")
}

fn tag_of_network(owner_key: &str, site: &str, address: &str, now: Timestamp) -> Option<String> {
    let network = match address.trim().parse().ok()? {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    };
    let day = now.as_seconds().div_euclid(24 * HOUR_SECONDS);
    Some(tag(owner_key, &format!("address\n{site}\n{day}\n{network}")))
}

fn tag(owner_key: &str, signed: &str) -> String {
    let mac = HMAC::mac(signed.as_bytes(), owner_key.as_bytes());
    const_hex::encode(mac.get(..16).unwrap_or_default())
}

/// Beginnings of what programs call themselves that are no browsers, and words of those that drive one.
const PROGRAMS: [&str; 11] = [
    "curl/",
    "wget/",
    "python",
    "go-http-client",
    "java/",
    "node",
    "axios/",
    "undici",
    "ruby",
    "libwww-perl",
    "postmanruntime",
];
const ROBOTS: [&str; 5] = ["headlesschrome", "bot/", "crawler", "spider", "phantomjs"];

/// Whether a `User-Agent` is none of a person's browser.
#[must_use]
pub fn is_automated(user_agent: &str) -> bool {
    let name = user_agent.trim().to_ascii_lowercase();
    name.is_empty()
        || PROGRAMS.iter().any(|program| name.starts_with(program))
        || ROBOTS.iter().any(|robot| name.contains(robot))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "owner-key-of-the-tests-0123456789";

    #[test]
    fn a_token_is_good_for_its_site_origin_and_day() {
        let (site, other): (SiteId, SiteId) = ("shop".parse().unwrap(), "other".parse().unwrap());
        let now = Timestamp::from_millis(1_800_000_000_000);
        let later = |hours: i64| now.plus_millis(hours * 3_600_000);
        let token = issue_token(KEY, &site, "https://shop.example", now).unwrap();
        let good = |site, origin: &str, at| is_good_token(KEY, site, origin, at, &token);
        assert!(good(&site, "https://shop.example", now) && good(&site, "https://SHOP.example", later(24)));
        assert!(!good(&site, "https://shop.example", later(26)) && !good(&site, "https://shop.example", later(-2)));
        assert!(!good(&other, "https://shop.example", now) && !good(&site, "", now));
        assert!(!is_good_token("another-key-0123456789-0123456789", &site, "https://shop.example", now, &token));
        for made_up in ["x", "-", "6b49d200-", "ffffffffffffffff-00", "7fffffffffffffff-0011"] {
            assert!(!is_good_token(KEY, &site, "", now, &made_up.parse().unwrap()), "{made_up}");
        }
        let soon = issue_token(KEY, &site, "https://shop.example", now.plus_millis(1_000)).unwrap();
        assert_eq!(soon, token, "a survey stays as it is for the hour");
    }

    #[test]
    fn an_address_is_told_apart_for_a_day_and_cannot_be_read_back() {
        let site: SiteId = "shop".parse().unwrap();
        let now = Timestamp::from_millis(1_800_000_000_000);
        let tag = |address: &str, at| address_tag(KEY, &site, address, at);
        assert_eq!(tag("192.0.2.7", now), tag(" 192.0.2.7", now));
        assert_ne!(tag("192.0.2.7", now), tag("192.0.2.8", now));
        assert_ne!(tag("192.0.2.7", now), tag("192.0.2.7", now.plus_millis(86_400_000)));
        assert_eq!(tag("2001:db8:1:2::1", now), tag("2001:db8:1:2:ffff::9", now));
        assert_ne!(tag("2001:db8:1:2::1", now), tag("2001:db8:1:3::1", now));
        assert_eq!(tag("nobody", now), None);
    }

    #[test]
    fn programs_are_known_by_what_they_call_themselves() {
        for name in ["", "curl/8.5.0", "python-requests/2.32", "Mozilla/5.0 HeadlessChrome/120", "Googlebot/2.1"] {
            assert!(is_automated(name), "{name}");
        }
        for name in ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120 Safari/537.36", "Cubot X30 Mozilla"]
        {
            assert!(!is_automated(name), "{name}");
        }
    }
}
