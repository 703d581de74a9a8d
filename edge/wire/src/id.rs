use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidId(pub &'static str);

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $check:path) => {
        $(#[$doc])*
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id as it stands in paths and JSON.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                $check(&text)?;
                Ok(Self(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id! {
    /// A site's name in URLs and snippets: 1 to 40 of `a-z`, `0-9` and `-`, beginning with a letter or digit.
    ///
    /// ```
    /// assert!("demo".parse::<heard_wire::SiteId>().is_ok());
    /// assert!("../etc".parse::<heard_wire::SiteId>().is_err());
    /// ```
    SiteId, check_site
}

text_id! {
    /// A response's id: a UUID version 7 (RFC 9562) in lower case, made by the widget.
    ///
    /// ```
    /// assert!("0190a5c4-7a1c-7def-8123-456789abcdef".parse::<heard_wire::ResponseId>().is_ok());
    /// assert!("0190a5c4-7a1c-4def-8123-456789abcdef".parse::<heard_wire::ResponseId>().is_err());
    /// ```
    ResponseId, check_uuid_v7
}

text_id! {
    /// An event's id, sent as `webhook-id`: `evt_` and 32 hexadecimal digits; the same over all retries.
    ///
    /// ```
    /// assert!(heard_wire::EventId::from_random([7; 16]).as_str().starts_with("evt_0707"));
    /// ```
    EventId, check_event
}

text_id! {
    /// A webhook endpoint's id: `ep_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::EndpointId::from_random([7; 16]).as_str().starts_with("ep_0707"));
    /// ```
    EndpointId, check_endpoint
}

text_id! {
    /// A message's id: `msg_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::MessageId::from_random([7; 16]).as_str().starts_with("msg_0707"));
    /// ```
    MessageId, check_message
}

impl MessageId {
    /// From 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(prefixed_hex("msg_", &bytes))
    }
}

impl EventId {
    /// From 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(prefixed_hex("evt_", &bytes))
    }
}

impl EndpointId {
    /// From 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(prefixed_hex("ep_", &bytes))
    }
}

fn prefixed_hex(prefix: &str, bytes: &[u8]) -> String {
    bytes.iter().fold(prefix.to_owned(), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
        text
    })
}

fn check_site(text: &str) -> Result<(), InvalidId> {
    let fits = (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-');
    fits.then_some(()).ok_or(InvalidId("a site id is 1 to 40 of a-z, 0-9 and -, and does not begin with -"))
}

fn check_uuid_v7(text: &str) -> Result<(), InvalidId> {
    let fits = text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            14 => b == b'7',
            19 => matches!(b, b'8' | b'9' | b'a' | b'b'),
            _ => is_lower_hex(b),
        });
    fits.then_some(()).ok_or(InvalidId("a response id is a UUID version 7 in lower case"))
}

fn check_event(text: &str) -> Result<(), InvalidId> {
    check_prefixed(text, "evt_").ok_or(InvalidId("an event id is evt_ and 32 hexadecimal digits"))
}

fn check_endpoint(text: &str) -> Result<(), InvalidId> {
    check_prefixed(text, "ep_").ok_or(InvalidId("an endpoint id is ep_ and 32 hexadecimal digits"))
}

fn check_message(text: &str) -> Result<(), InvalidId> {
    check_prefixed(text, "msg_").ok_or(InvalidId("a message id is msg_ and 32 hexadecimal digits"))
}

fn check_prefixed(text: &str, prefix: &str) -> Option<()> {
    let rest = text.strip_prefix(prefix)?;
    (rest.len() == 32 && rest.bytes().all(is_lower_hex)).then_some(())
}

fn is_lower_hex(b: u8) -> bool {
    b.is_ascii_digit() || (b'a'..=b'f').contains(&b)
}
