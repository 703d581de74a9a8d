use crate::text::InvalidText;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use url::{Host, Url};

/// Schemes of pages in a browser, whose hosts a browser spells in its own way.
const WEB: [&str; 2] = ["http", "https"];
/// Schemes of apps that show pages.
const APPS: [&str; 4] = ["capacitor", "ionic", "app", "file"];

/// An origin that may show the survey, as a browser spells it: `https://shop.example`, or with all below it
/// `https://*.shop.example`. Case, default ports and international names are normalised.
///
/// ```
/// use heard_wire::Origin;
/// let origin: Origin = "HTTPS://Bücher.example:443".parse().unwrap();
/// assert_eq!(origin.as_str(), "https://xn--bcher-kva.example");
/// assert!(origin.allows("https://xn--bcher-kva.example"));
/// assert!("https://*".parse::<Origin>().is_err() && "http://localhost:*".parse::<Origin>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Origin(String);

crate::text::text_schema!(Origin);

impl Origin {
    /// As a browser spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a page of this origin, as told in an `Origin` header, is meant. Schemes and hosts compare without case.
    #[must_use]
    pub fn allows(&self, origin: &str) -> bool {
        let origin = origin.to_ascii_lowercase();
        match self.0.split_once("://*.") {
            None => self.0 == origin,
            Some((scheme, domain)) => origin
                .strip_prefix(scheme)
                .and_then(|rest| rest.strip_prefix("://"))
                .and_then(|host| host.strip_suffix(domain))
                .and_then(|below| below.strip_suffix('.'))
                .is_some_and(|below| !below.is_empty() && below.bytes().all(is_of_a_name)),
        }
    }
}

impl FromStr for Origin {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        normalised(text).map(Self).ok_or(InvalidText("must be an origin such as https://shop.example, without a path"))
    }
}

/// Whether a browser could find it: no part is empty.
fn is_a_name(domain: &str) -> bool {
    domain.strip_suffix('.').unwrap_or(domain).split('.').all(|label| !label.is_empty() && label.len() <= 63)
}

/// Of a host's name as a browser spells it.
fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._".contains(&byte)
}

fn normalised(text: &str) -> Option<String> {
    let (scheme, place) = text.split_once("://").filter(|_| text.len() <= 300)?;
    // As an address bar gives it.
    let place = place.strip_suffix('/').unwrap_or(place);
    let scheme = scheme.to_ascii_lowercase();
    let (star, place) = place.strip_prefix("*.").map_or(("", place), |domain| ("*.", domain));
    if place.is_empty() || place.contains(['/', '?', '#', '@', '*', '\\']) || place.contains(char::is_whitespace) {
        return None;
    }
    if APPS.contains(&scheme.as_str()) {
        return Some(format!("{scheme}://{star}{}", place.to_ascii_lowercase()));
    }
    let url = Url::parse(&format!("{scheme}://{place}")).ok().filter(|_| WEB.contains(&scheme.as_str()))?;
    let host = url.host().filter(|host| match host {
        // Nothing lies below an address, and below a top-level domain lies everybody.
        Host::Domain(domain) => is_a_name(domain) && (star.is_empty() || domain.contains('.')),
        _ => star.is_empty(),
    })?;
    if url.port() == Some(0) {
        return None;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{star}{host}{port}"))
}

impl From<String> for Origin {
    /// As it was stored: what an earlier release let through is kept, and allows nothing that a browser would send. Left
    /// out, it could empty a list, and an empty list allows every page.
    fn from(text: String) -> Self {
        text.parse().unwrap_or(Self(text))
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn origins_match_exactly_or_below_a_star() {
        for (allowed, origin, fits) in [
            ("https://a.example", "https://a.example", true),
            ("https://A.example", "https://a.EXAMPLE", true),
            ("https://a.example:443", "https://a.example", true),
            ("http://a.example:80", "http://a.example", true),
            ("https://a.example/", "https://a.example", true),
            ("http://localhost:3000", "http://localhost:3000", true),
            ("https://münchen.example", "https://xn--mnchen-3ya.example", true),
            ("capacitor://localhost", "capacitor://localhost", true),
            ("https://a.example", "http://a.example", false),
            ("https://a.example", "https://a.example.evil.example", false),
            ("https://a.example", "https://a.example:8443", false),
            ("https://*.a.example", "https://shop.a.example", true),
            ("https://*.a.example", "https://new.shop.a.example", true),
            ("https://*.a.example", "https://a.example", false),
            ("https://*.a.example", "https://.a.example", false),
            ("https://*.a.example", "https://evila.example", false),
            ("https://*.a.example", "https://evil.example/.a.example", false),
            ("https://*.a.example", "https://u@b.a.example", false),
            ("https://*.a.example", "http://shop.a.example", false),
            ("https://*.a.example:8443", "https://shop.a.example:8443", true),
            ("https://a.example", "null", false),
        ] {
            assert_eq!(allowed.parse::<Origin>().unwrap().allows(origin), fits, "{allowed} {origin}");
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused_and_yet_read_where_it_is_stored() {
        for text in [
            "https://*",
            "https://a*.example",
            "http://localhost:*",
            "https://a.example/path",
            "https://user@a.example",
            "https://a b.example",
            "https://*.127.0.0.1",
            "https://shop..example",
            "https://.shop.example",
            "https://shop.example:0",
            "https://*.com",
            "javascript://a.example",
            "https://",
            "a.example",
            "*",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
            assert_eq!(Origin::from(text.to_owned()).as_str(), text);
        }
    }
}
