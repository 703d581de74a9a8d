//! Ids. Those that we make are random; a response's is made by the widget.

use crate::text::{check, checked_text};

checked_text! {
    /// A site's name in URLs and snippets: 1 to 40 of `a-z`, `0-9` and `-`, beginning with a letter or digit.
    ///
    /// ```
    /// assert!("demo".parse::<heard_wire::SiteId>().is_ok());
    /// assert!("../etc".parse::<heard_wire::SiteId>().is_err());
    /// ```
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    SiteId, |text| {
        let fits = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-');
        check(fits, "a site id is 1 to 40 of a-z, 0-9 and -, and does not begin with -")
    }
}

checked_text! {
    /// A response's id: a UUID version 7 (RFC 9562) in lower case, made by the widget.
    ///
    /// ```
    /// assert!("0190a5c4-7a1c-7def-8123-456789abcdef".parse::<heard_wire::ResponseId>().is_ok());
    /// assert!("0190a5c4-7a1c-4def-8123-456789abcdef".parse::<heard_wire::ResponseId>().is_err());
    /// ```
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    ResponseId, |text| {
        let fits = text.len() == 36
            && text.bytes().enumerate().all(|(at, b)| match at {
                8 | 13 | 18 | 23 => b == b'-',
                14 => b == b'7',
                19 => matches!(b, b'8' | b'9' | b'a' | b'b'),
                _ => is_lower_hex(b),
            });
        check(fits, "must be a UUID version 7 in lower case")
    }
}

impl ResponseId {
    /// From milliseconds since 1970, of which 48 bits count, and random bits, of which 74 count.
    ///
    /// ```
    /// let id = heard_wire::ResponseId::from_parts(0x0190_a5c4_7a1c, u128::MAX);
    /// assert_eq!(id.as_str(), "0190a5c4-7a1c-7fff-bfff-ffffffffffff");
    /// assert_eq!(id.as_str().parse(), Ok(id));
    /// ```
    #[must_use]
    pub fn from_parts(millis: u64, random: u128) -> Self {
        let bits = (u128::from(millis) << 80) | (random & ((1 << 80) - 1));
        let bits = bits & !(0xf << 76) | (7 << 76);
        let bits = bits & !(0b11 << 62) | (0b10 << 62);
        let mut text = String::with_capacity(36);
        for place in (0..32).rev() {
            text.extend(u32::try_from((bits >> (place * 4)) & 15).ok().and_then(|digit| char::from_digit(digit, 16)));
            if matches!(place, 24 | 20 | 16 | 12) {
                text.push('-');
            }
        }
        Self(text)
    }
}

/// An id of ours: a prefix and 32 hexadecimal digits.
macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $must_be:literal) => {
        checked_text! {
            $(#[$doc])*
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            $name, |text| {
                let digits = text.strip_prefix($prefix);
                check(digits.is_some_and(|rest| rest.len() == 32 && rest.bytes().all(is_lower_hex)), $must_be)
            }
        }

        impl $name {
            /// From 16 random bytes.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(format!("{}{}", $prefix, const_hex::encode(bytes)))
            }
        }
    };
}

random_id! {
    /// An event's id, sent as `webhook-id`: `evt_` and 32 hexadecimal digits; the same over all retries.
    ///
    /// ```
    /// assert!(heard_wire::EventId::from_random([7; 16]).as_str().starts_with("evt_0707"));
    /// ```
    EventId, "evt_", "must be evt_ and 32 hexadecimal digits"
}

impl EventId {
    /// Of the event at this place in its site's order, told apart by random bytes.
    ///
    /// ```
    /// let id = heard_wire::EventId::at(-3, [7; 16]);
    /// assert_eq!(id.sequence(), Some(-3));
    /// assert_eq!(heard_wire::EventId::from_random([7; 16]).sequence(), None);
    /// ```
    #[must_use]
    pub fn at(sequence: i64, bytes: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = bytes;
        let mut id = [0; 16];
        let (random, place) = id.split_at_mut(8);
        random.copy_from_slice(&[a, b, c, d, e, f, g, h]);
        place.copy_from_slice(&sequence.to_be_bytes());
        Self::from_random(id)
    }

    /// The place that the id tells. Ids of earlier releases are random throughout: what comes out of them is hardly ever a
    /// place that there can be, and `None` where it is none.
    #[must_use]
    pub fn sequence(&self) -> Option<i64> {
        let digits = u64::from_str_radix(self.as_str().get(20..)?, 16).ok()?;
        // More than JavaScript counts exactly is no place.
        Some(i64::from_be_bytes(digits.to_be_bytes())).filter(|place| place.unsigned_abs() < 1 << 53)
    }
}

random_id! {
    /// A webhook endpoint's id: `ep_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::EndpointId::from_random([7; 16]).as_str().starts_with("ep_0707"));
    /// ```
    EndpointId, "ep_", "must be ep_ and 32 hexadecimal digits"
}

random_id! {
    /// A message's id: `msg_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::MessageId::from_random([7; 16]).as_str().starts_with("msg_0707"));
    /// ```
    MessageId, "msg_", "must be msg_ and 32 hexadecimal digits"
}

random_id! {
    /// A case's id: `case_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::CaseId::from_random([7; 16]).as_str().starts_with("case_0707"));
    /// ```
    CaseId, "case_", "must be case_ and 32 hexadecimal digits"
}

random_id! {
    /// An improvement's id: `imp_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::ImprovementId::from_random([7; 16]).as_str().starts_with("imp_0707"));
    /// ```
    ImprovementId, "imp_", "must be imp_ and 32 hexadecimal digits"
}

random_id! {
    /// An announcement's id: `ann_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::AnnouncementId::from_random([7; 16]).as_str().starts_with("ann_0707"));
    /// ```
    AnnouncementId, "ann_", "must be ann_ and 32 hexadecimal digits"
}

random_id! {
    /// The id of one of the owner's people: `per_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::TeammateId::from_random([7; 16]).as_str().starts_with("per_0707"));
    /// ```
    TeammateId, "per_", "must be per_ and 32 hexadecimal digits"
}

random_id! {
    /// The id of a session at the desk: `ses_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::SessionId::from_random([7; 16]).as_str().starts_with("ses_0707"));
    /// ```
    SessionId, "ses_", "must be ses_ and 32 hexadecimal digits"
}

random_id! {
    /// The id of a passkey: `pas_` and 32 hexadecimal digits.
    ///
    /// ```
    /// assert!(heard_wire::PasskeyId::from_random([7; 16]).as_str().starts_with("pas_0707"));
    /// ```
    PasskeyId, "pas_", "must be pas_ and 32 hexadecimal digits"
}

random_id! {
    /// Where a customer's page looks for news: `mbx_` and 32 hexadecimal digits. Who knows it learns how many there are, and
    /// nothing else.
    ///
    /// ```
    /// assert!(heard_wire::MailboxId::from_random([7; 16]).as_str().starts_with("mbx_0707"));
    /// ```
    MailboxId, "mbx_", "must be mbx_ and 32 hexadecimal digits"
}

checked_text! {
    /// The owner's own id for a visitor, 1 to 200 bytes on one line. It is what the page says, and proves nothing.
    ///
    /// ```
    /// assert!("customer-17".parse::<heard_wire::VisitorId>().is_ok());
    /// assert!("x".repeat(201).parse::<heard_wire::VisitorId>().is_err());
    /// ```
    VisitorId, |text| {
        let fits = (1..=200).contains(&text.len()) && !text.contains(char::is_control);
        check(fits, "must be 1 to 200 bytes without control characters")
    }
}

checked_text! {
    /// A theme's id in the site's settings: short and stable, for programs; 1 to 200 bytes.
    ///
    /// ```
    /// assert!("waiting".parse::<heard_wire::ThemeId>().is_ok());
    /// assert!("".parse::<heard_wire::ThemeId>().is_err());
    /// ```
    ThemeId, |text| check((1..=200).contains(&text.len()), "must be 1 to 200 bytes")
}

checked_text! {
    /// The id of one of the owner's own questions: short and stable, for programs and the columns of tables.
    ///
    /// ```
    /// assert!("first_order".parse::<heard_wire::QuestionId>().is_ok());
    /// assert!("Was it easy?".parse::<heard_wire::QuestionId>().is_err());
    /// ```
    QuestionId, |text| check(is_short_name(text), SHORT_NAME)
}

checked_text! {
    /// The id of something that can be chosen in answer to a question of the owner's.
    ///
    /// ```
    /// assert!("by-phone".parse::<heard_wire::OptionId>().is_ok());
    /// ```
    OptionId, |text| check(is_short_name(text), SHORT_NAME)
}

checked_text! {
    /// The name of an experiment, under which its answers are kept.
    ///
    /// ```
    /// assert!("short-question".parse::<heard_wire::ExperimentName>().is_ok());
    /// assert!("a:b".parse::<heard_wire::ExperimentName>().is_err());
    /// ```
    ExperimentName, |text| check(is_short_name(text), SHORT_NAME)
}

const SHORT_NAME: &str = "must be 1 to 40 of a-z, 0-9, _ and -, and begin with a letter or digit";

fn is_short_name(text: &str) -> bool {
    let fits = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, b'_' | b'-');
    (1..=40).contains(&text.len()) && text.bytes().all(fits) && !text.starts_with(['_', '-'])
}

crate::text::text_schema!(QuestionId);
crate::text::text_schema!(OptionId);
crate::text::text_schema!(ExperimentName);
crate::text::text_schema!(VisitorId);
crate::text::text_schema!(ThemeId);

fn is_lower_hex(b: u8) -> bool {
    b.is_ascii_digit() || (b'a'..=b'f').contains(&b)
}
