use crate::asking::pattern;
use crate::fields::Fault;
use crate::language::LanguageTag;
use crate::text::is_hidden;
use regex_lite::Regex;
use serde::{Deserialize, Serialize};

/// Who is asked. All of it must hold; what is absent or empty holds for everybody.
///
/// ```
/// let targeting: heard_wire::Targeting = serde_json::from_str(r#"{"pages":[{"is":"prefix","url":"/shop"},
///   {"is":"glob","url":"/shop/*/checkout","not":true}],"devices":["phone"],"min_visits":2}"#).unwrap();
/// assert!(targeting.fault().is_none() && !targeting.is_everybody());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Targeting {
    /// On pages that one of these names, and none that is `not`; at most 50.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageRule>,
    /// On any of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub devices: Vec<Device>,
    /// On pages in any of these languages: `de` means `de-AT`, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub languages: Vec<LanguageTag>,
    /// Of whom the page told this by `heard("properties", {...})`; at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<PropertyRule>,
    /// From this page of a visit on.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_pages: u16,
    /// From this visit on; one begins after half an hour without a page.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_visits: u16,
    /// So many days after the first visit.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_days: u16,
    /// So many of a hundred visitors, who stay the same, 1 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
    pub sample_percent: Option<u8>,
    /// Whether those are left alone whose browser asks not to be tracked (DNT, Global Privacy Control).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub respect_privacy_signals: bool,
}

/// What browsers of a kind have in common.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Device {
    /// Used with fingers, and small.
    Phone,
    /// Used with fingers, and large.
    Tablet,
    /// Everything else.
    Desktop,
    /// Of a later release.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

/// Pages by their address.
///
/// ```
/// let rule: heard_wire::PageRule = serde_json::from_str(r#"{"is":"exact","url":"/cart"}"#).unwrap();
/// assert!(rule.fits("https://shop.example/cart/?a=b") && !rule.fits("https://shop.example/cart/2"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRule {
    /// How `url` is meant.
    pub is: PageMatch,
    /// One that begins with `/` is held against the path, others against the whole address. What follows `?` or `#` in a
    /// page's address counts only where it is in this, too; at most 200 bytes.
    pub url: String,
    /// Whether these pages are left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
}

/// How an address is compared.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageMatch {
    /// The same; a slash at the end makes no difference.
    Exact,
    /// Begins with it.
    Prefix,
    /// The same, where `*` stands for anything.
    Glob,
    /// A regular expression that is found anywhere in the first 500 letters of the whole address, `?` and `#` included. It has at
    /// most two of `*` and `+`, repeats no groups, and no flags, names and lookaround: no address makes it slow.
    Regex,
    /// Of a later release.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

/// What the page tells of a visitor.
///
/// ```
/// let rule: heard_wire::PropertyRule = serde_json::from_str(r#"{"name":"orders","is":"at_least","value":"3"}"#).unwrap();
/// assert!(rule.fits(Some("10")) && !rule.fits(Some("2")) && !rule.fits(None));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyRule {
    /// At most 80 bytes.
    pub name: String,
    /// How it is compared.
    pub is: PropertyMatch,
    /// With what, as text; at most 200 bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

/// How a property is compared.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyMatch {
    /// The same text.
    Equal,
    /// Another text, or none.
    NotEqual,
    /// Has the text in it.
    Contains,
    /// The same number or more.
    AtLeast,
    /// The same number or less.
    AtMost,
    /// The page told of it at all.
    Known,
    /// Of a later release.
    #[serde(other)]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unknown,
}

const MAX_PAGES: usize = 50;
const MAX_LANGUAGES: usize = 50;
const MAX_PROPERTIES: usize = 20;
const MAX_DEVICES: usize = 3;

impl Targeting {
    /// Whether nobody is left out.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        for (pointer, count, most) in [
            ("/pages", self.pages.len(), MAX_PAGES),
            ("/languages", self.languages.len(), MAX_LANGUAGES),
            ("/properties", self.properties.len(), MAX_PROPERTIES),
            ("/devices", self.devices.len(), MAX_DEVICES),
        ] {
            if count > most {
                return Some(Fault::at(pointer, format!("must be at most {most}")));
            }
        }
        if self.sample_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            return Some(Fault::at("/sample_percent", "must be from 1 to 100"));
        }
        if self.devices.contains(&Device::Unknown) {
            return Some(Fault::at("/devices", "must be phone, tablet and desktop"));
        }
        let pages = self.pages.iter().enumerate();
        let properties = self.properties.iter().enumerate();
        pages
            .filter_map(|(place, rule)| Some(rule.fault()?.below(&format!("/pages/{place}"))))
            .chain(properties.filter_map(|(place, rule)| Some(rule.fault()?.below(&format!("/properties/{place}")))))
            .next()
    }
}

impl PageRule {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        if self.is == PageMatch::Unknown {
            return Some(Fault::at("/is", "must be exact, prefix, glob or regex"));
        }
        if !is_text(&self.url, 200) {
            return Some(Fault::at("/url", "must be 1 to 200 bytes"));
        }
        let is_address = ["/", "*", "http://", "https://"].iter().any(|begins| self.url.starts_with(begins));
        if self.is != PageMatch::Regex {
            return (!is_address).then(|| Fault::at("/url", "must begin with /, * or https://"));
        }
        match pattern::fault(&self.url) {
            Some(fault) => Some(Fault::at("/url", format!("must be a regular expression that {fault}"))),
            None => Regex::new(&self.url).is_err().then(|| Fault::at("/url", "must be a regular expression")),
        }
    }

    /// Whether this is one of the pages, `not` aside.
    #[must_use]
    pub fn fits(&self, address: &str) -> bool {
        let (without_hash, hash) = address.split_once('#').map_or((address, None), |(page, hash)| (page, Some(hash)));
        let (page, query) =
            without_hash.split_once('?').map_or((without_hash, None), |(page, query)| (page, Some(query)));
        if self.is == PageMatch::Regex {
            let searched: String = address.chars().take(pattern::SEARCHED).collect();
            return Regex::new(&self.url).is_ok_and(|regex| regex.is_match(&searched));
        }
        let path_at = page.find("://").and_then(|at| page.get(at + 3..)?.find('/').map(|slash| at + 3 + slash));
        let path = path_at.and_then(|at| page.get(at..)).unwrap_or("/");
        let mut held = if self.url.starts_with('/') { path } else { page }.to_owned();
        let mut add = |mark: char, part: Option<&str>| {
            if let (true, Some(part)) = (self.url.contains(mark), part) {
                held.push(mark);
                held.push_str(part);
            }
        };
        add('?', query);
        add('#', hash);
        match self.is {
            PageMatch::Exact => without_slash(&held) == without_slash(&self.url),
            PageMatch::Prefix => held.starts_with(&self.url),
            PageMatch::Glob => globs(without_slash(&self.url), without_slash(&held)),
            PageMatch::Regex | PageMatch::Unknown => false,
        }
    }
}

impl PropertyRule {
    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let is_number = self.value.trim().parse::<f64>().is_ok_and(f64::is_finite);
        let wants_number = matches!(self.is, PropertyMatch::AtLeast | PropertyMatch::AtMost);
        if self.is == PropertyMatch::Unknown {
            return Some(Fault::at("/is", "must be equal, not_equal, contains, at_least, at_most or known"));
        }
        if !is_text(&self.name, 80) {
            return Some(Fault::at("/name", "must be 1 to 80 bytes"));
        }
        if wants_number && !is_number {
            return Some(Fault::at("/value", "must be a number, as text"));
        }
        let is_bad = self.value.len() > 200 || self.is == PropertyMatch::Contains && self.value.is_empty();
        is_bad.then(|| Fault::at("/value", "must be 1 to 200 bytes"))
    }

    /// Whether a visitor of whom the page told this is meant.
    #[must_use]
    pub fn fits(&self, told: Option<&str>) -> bool {
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let compared = told.and_then(number).zip(number(&self.value));
        match self.is {
            PropertyMatch::Equal => told == Some(&self.value),
            PropertyMatch::NotEqual => told != Some(&self.value),
            PropertyMatch::Contains => told.is_some_and(|told| told.contains(&self.value)),
            PropertyMatch::AtLeast => compared.is_some_and(|(told, wanted)| told >= wanted),
            PropertyMatch::AtMost => compared.is_some_and(|(told, wanted)| told <= wanted),
            PropertyMatch::Known => told.is_some(),
            PropertyMatch::Unknown => false,
        }
    }
}

/// A slash at the end makes no other page.
fn without_slash(address: &str) -> &str {
    address.strip_suffix('/').unwrap_or(address)
}

/// Whether `*` in a pattern can stand for what makes it the text.
fn globs(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

pub(super) fn is_text(text: &str, max_bytes: usize) -> bool {
    !text.trim().is_empty() && text.len() <= max_bytes && !text.contains(is_hidden)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_zero(number: &u16) -> bool {
    *number == 0
}
