use crate::id::ThemeId;
use crate::problem::{Code, Problem};
use crate::survey::{Band, Score};
use crate::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which responses are meant, in query parameters; what is absent lets everything through.
///
/// ```
/// use std::collections::BTreeMap;
/// let mut given = BTreeMap::from([("band".into(), "detractor".into()), ("q".into(), "till".into())]);
/// let filter = heard_wire::ResponseFilter::take(&mut given).unwrap();
/// assert_eq!((filter.band, given.len()), (Some(heard_wire::Band::Detractor), 0));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ResponseFilter {
    /// `score`: exactly this one.
    pub score: Option<Score>,
    /// `band`: `promoter`, `passive` or `detractor`.
    pub band: Option<Band>,
    /// `theme`: a theme's id, however the customer felt about it.
    pub theme: Option<ThemeId>,
    /// `since`: created at this moment (RFC 3339) or later.
    pub since: Option<Timestamp>,
    /// `until`: created before this moment.
    pub until: Option<Timestamp>,
    /// `lang`: language of the page, a BCP 47 tag or the beginning of one.
    pub lang: Option<String>,
    /// `page`: the page's address, or with a `*` at its end how it begins.
    pub page: Option<String>,
    /// `has_comment`: `true` or `false`.
    pub has_comment: Option<bool>,
    /// `q`: all of these words stand in the comment, in any order, accents and case aside; the last may be unfinished.
    pub q: Option<String>,
}

impl ResponseFilter {
    /// The names of its parameters.
    pub const PARAMETERS: [&'static str; 9] =
        ["score", "band", "theme", "since", "until", "lang", "page", "has_comment", "q"];

    /// Takes its parameters out of those given.
    ///
    /// # Errors
    /// A problem that names the parameter at fault.
    pub fn take(given: &mut BTreeMap<String, String>) -> Result<Self, Problem> {
        Ok(Self {
            score: parsed(given, "score", "a whole number from 0 to 10", |text| Score::new(text.parse().ok()?))?,
            band: parsed(given, "band", "promoter, passive or detractor", |text| text.parse().ok())?,
            theme: parsed(given, "theme", "a theme's id", |text| text.parse().ok())?,
            since: parsed(given, "since", "a moment such as 2026-11-22T09:00:00Z", moment)?,
            until: parsed(given, "until", "a moment such as 2026-11-22T09:00:00Z", moment)?,
            lang: parsed(given, "lang", "a language tag such as en", |text| short(text, 35))?,
            page: parsed(given, "page", "an address of 1 to 2,048 bytes", |text| short(text, 2_048))?,
            has_comment: parsed(given, "has_comment", "true or false", |text| text.parse().ok())?,
            q: parsed(given, "q", "1 to 200 bytes with a letter or digit", |text| {
                short(text, 200).filter(|text| text.contains(char::is_alphanumeric))
            })?,
        })
    }
}

fn parsed<T>(
    given: &mut BTreeMap<String, String>,
    name: &str,
    must_be: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = given.remove(name) else { return Ok(None) };
    let value = parse(&text);
    let problem = || Problem::new(Code::InvalidParameter, format!("{name} must be {must_be}."));
    value.map(Some).ok_or_else(problem)
}

fn moment(text: &str) -> Option<Timestamp> {
    serde_json::from_value(text.into()).ok()
}

fn short(text: &str, max_bytes: usize) -> Option<String> {
    (1..=max_bytes).contains(&text.len()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_at_fault_are_named() {
        for (name, value) in [
            ("score", "11"),
            ("score", "-1"),
            ("band", "fans"),
            ("since", "yesterday"),
            ("until", "12"),
            ("theme", ""),
            ("has_comment", "yes"),
            ("q", "  ?! "),
        ] {
            let mut given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            let problem = ResponseFilter::take(&mut given).unwrap_err();
            assert!(problem.detail.starts_with(name), "{name}: {}", problem.detail);
        }
    }
}
