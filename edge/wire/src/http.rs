//! What HTTP headers say (RFC 9110).

use serde::{Deserialize, Serialize};

/// Whether an `If-None-Match` header names this entity tag. Weak comparison (13.1.2): proxies weaken tags.
///
/// ```
/// assert!(heard_wire::http::has_etag("\"a\", W/\"b\"", "\"b\""));
/// assert!(!heard_wire::http::has_etag("\"a\"", "\"b\""));
/// ```
#[must_use]
pub fn has_etag(if_none_match: &str, etag: &str) -> bool {
    if_none_match.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

/// What an `If-Match` header asks for, of entity tags that are revisions: any, or one of these. Proxies that
/// pack an answer weaken its tag or mark it (`"3-gzip"`), and it is the same revision all the same.
///
/// ```
/// use heard_wire::http::IfMatch;
/// let header = IfMatch::read("\"3\", W/\"4\", \"5-zstd\"");
/// assert!(header.fits(3) && header.fits(4) && header.fits(5) && !header.fits(6) && IfMatch::read("*").fits(9));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IfMatch(String);

impl IfMatch {
    /// Of a header as it came. What is no revision of ours matches nothing.
    #[must_use]
    pub fn read(header: &str) -> Self {
        Self(header.to_owned())
    }

    /// Whether this revision is asked for.
    #[must_use]
    pub fn fits(&self, revision: i64) -> bool {
        let is_it = |tag: &str| {
            let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
            tag.split('-').next().and_then(|number| number.parse().ok()) == Some(revision)
        };
        self.0.trim() == "*" || self.0.split(',').any(is_it)
    }
}

/// Whether an `Accept-Encoding` header takes `encoding`; a quality of zero refuses it.
///
/// ```
/// assert!(heard_wire::http::accepts_encoding("gzip;q=0.5, BR", "br"));
/// assert!(!heard_wire::http::accepts_encoding("gzip, br; q=0.0", "br"));
/// ```
#[must_use]
pub fn accepts_encoding(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let mut fields = part.split(';').map(str::trim);
        let named = fields.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !fields.any(|field| matches!(field.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Whether a content type is one in which JSON is sent: ours, or `text/plain`, for which a browser asks no permission.
///
/// ```
/// assert!(heard_wire::http::is_json("Text/Plain; charset=utf-8") && heard_wire::http::is_json("application/json"));
/// assert!(!heard_wire::http::is_json("text/xml") && !heard_wire::http::is_json(""));
/// ```
#[must_use]
pub fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    ["text/plain", "application/json", "application/merge-patch+json"]
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
}

/// Whether an `Idempotency-Key` is of the form it must have: 1 to 255 visible ASCII characters without blanks.
///
/// ```
/// assert!(heard_wire::http::is_idempotency_key("order-17"));
/// assert!(!heard_wire::http::is_idempotency_key("a b"));
/// ```
#[must_use]
pub fn is_idempotency_key(key: &str) -> bool {
    (1..=255).contains(&key.len()) && key.bytes().all(|byte| (0x21..0x7f).contains(&byte))
}

/// The key in an `Authorization: Bearer` header.
///
/// ```
/// assert_eq!(heard_wire::http::bearer("bearer  abc "), Some("abc"));
/// assert_eq!(heard_wire::http::bearer("Basic abc"), None);
/// ```
#[must_use]
pub fn bearer(authorization: &str) -> Option<&str> {
    let (_, key) = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?;
    Some(key.trim())
}
