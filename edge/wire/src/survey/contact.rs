use crate::text::{check, checked_text, is_hidden, text_schema};
use serde::{Deserialize, Serialize};

checked_text! {
    /// Where a customer wants to be reached: an email address or a phone number, as they wrote it, at most 200 bytes.
    ///
    /// ```
    /// use heard_wire::{Contact, ContactKind};
    /// let contact: Contact = " jo@shop.example ".parse().unwrap();
    /// assert_eq!((contact.as_str(), contact.kind()), ("jo@shop.example", ContactKind::Email));
    /// assert_eq!("+44 (0)20 7946-0958".parse::<Contact>().unwrap().kind(), ContactKind::Phone);
    /// assert!("call me".parse::<Contact>().is_err() && "jo@shop".parse::<Contact>().is_err());
    /// ```
    Contact, |text| text.trim().to_owned(), |text| {
        let fits = text.len() <= 200 && !text.contains(is_hidden) && (is_email(text) || is_phone(text));
        check(fits, "must be an email address or a phone number of at most 200 bytes")
    }
}

text_schema!(Contact);

/// How somebody is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContactKind {
    /// By writing.
    Email,
    /// By calling.
    Phone,
}

impl Contact {
    /// Which of the two it is.
    #[must_use]
    pub fn kind(&self) -> ContactKind {
        if is_email(self.as_str()) { ContactKind::Email } else { ContactKind::Phone }
    }
}

/// A name, an at sign, and a host with a dot. Whether somebody reads it, only a message can tell.
fn is_email(text: &str) -> bool {
    let host_fits = |host: &str| {
        let labels = || host.split('.');
        labels().count() > 1 && labels().all(|label| !label.is_empty() && !label.contains('@'))
    };
    !text.contains([' ', '<', '>', '"', ',', ';', ':'])
        && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host_fits(host))
}

/// Five to twenty digits, with what people put between them.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(|letter| letter.is_numeric()).count();
    let between = |letter: char| letter.is_numeric() || " \u{a0}+-–()/.".contains(letter);
    (5..=20).contains(&digits) && text.chars().all(between)
}

/// What stands below the field for an email address or a phone number, in the owner's words.
///
/// ```
/// let notice: heard_wire::ContactNotice =
///     serde_json::from_str(r#"{"text":"Used for this answer only.","url":"https://shop.example/privacy"}"#).unwrap();
/// assert!(notice.url.is_some());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactNotice {
    /// What it is used for, at most 200 bytes on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The owner's privacy policy: an address that begins with `https://`, at most 500 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
