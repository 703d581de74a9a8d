use crate::id::ThemeId;
use crate::moment::Moment;
use crate::problem::{Code, Problem};
use crate::responses::analysis::Intent;
use crate::responses::standing::Standing;
use crate::survey::{Band, Reference, Score};
use crate::text::InvalidText;
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
    /// `intent`: something that the customer does or wants, such as `wants_contact`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub intent: Option<Intent>,
    /// `grave`: whether the customer told of harm, `true` or `false`.
    #[serde(default)]
    pub grave: Option<bool>,
    /// `has_suggestion`: whether an idea was heard, `true` or `false`.
    #[serde(default)]
    pub has_suggestion: Option<bool>,
    /// `corrected`: whether a person corrected what was heard, `true` or `false`.
    #[serde(default)]
    pub corrected: Option<bool>,
    /// `since`: created at this moment (RFC 3339) or later, or on this day or later.
    pub since: Option<Moment>,
    /// `until`: created before this moment, or before this day.
    pub until: Option<Moment>,
    /// `lang`: language of the page, a BCP 47 tag or the beginning of one.
    pub lang: Option<String>,
    /// `page`: the page's address, or with a `*` at its end how it begins.
    pub page: Option<String>,
    /// `has_comment`: `true` or `false`.
    pub has_comment: Option<bool>,
    /// `q`: all of these words stand in the comment, in any order, accents and case aside; the last may be unfinished.
    pub q: Option<String>,
    /// `reference`: the one its customer was given, in any spelling.
    #[serde(default)]
    pub reference: Option<Reference>,
    /// `standing`: `counted` unless told, `suspect`, `test`, or `any`.
    #[serde(default)]
    pub standing: Standings,
}

/// Which responses are meant, by whether they count.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Standings {
    /// Those that count.
    #[default]
    Counted,
    /// Those that were put aside as suspect.
    Suspect,
    /// Those that were sent to try the survey out.
    Test,
    /// All.
    Any,
}

impl Standings {
    /// The one that is meant; `None` for all.
    #[must_use]
    pub const fn only(self) -> Option<Standing> {
        match self {
            Self::Counted => Some(Standing::Counted),
            Self::Suspect => Some(Standing::Suspect),
            Self::Test => Some(Standing::Test),
            Self::Any => None,
        }
    }
}

impl ResponseFilter {
    /// The names of its parameters.
    pub const PARAMETERS: [&'static str; 15] = [
        "score",
        "band",
        "theme",
        "intent",
        "grave",
        "has_suggestion",
        "corrected",
        "since",
        "until",
        "lang",
        "page",
        "has_comment",
        "q",
        "reference",
        "standing",
    ];

    /// Takes its parameters out of those given.
    ///
    /// # Errors
    /// A problem that names the parameter at fault.
    pub fn take(given: &mut BTreeMap<String, String>) -> Result<Self, Problem> {
        Ok(Self {
            score: parsed(given, "score", "a whole number from 0 to 10", |text| Score::new(text.parse().ok()?))?,
            band: parsed(given, "band", "promoter, passive or detractor", |text| text.parse().ok())?,
            theme: parsed(given, "theme", "a theme's id", |text| text.parse().ok())?,
            intent: parsed(given, "intent", "an intent such as wants_contact", |text| {
                text.parse().ok().filter(|intent| *intent != Intent::Unknown)
            })?,
            grave: parsed(given, "grave", "true or false", |text| text.parse().ok())?,
            has_suggestion: parsed(given, "has_suggestion", "true or false", |text| text.parse().ok())?,
            corrected: parsed(given, "corrected", "true or false", |text| text.parse().ok())?,
            since: checked(given, "since")?,
            until: checked(given, "until")?,
            lang: parsed(given, "lang", "a language tag such as en", |text| short(text, 35))?,
            page: parsed(given, "page", "an address of 1 to 2,048 bytes", |text| short(text, 2_048))?,
            has_comment: parsed(given, "has_comment", "true or false", |text| text.parse().ok())?,
            q: parsed(given, "q", "1 to 200 bytes with a letter or digit", |text| {
                short(text, 200).filter(|text| text.contains(char::is_alphanumeric))
            })?,
            reference: checked(given, "reference")?,
            standing: parsed(given, "standing", "counted, suspect, test or any", |text| text.parse().ok())?
                .unwrap_or_default(),
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

/// A parameter that checks itself.
fn checked<T>(given: &mut BTreeMap<String, String>, name: &str) -> Result<Option<T>, Problem>
where
    T: std::str::FromStr<Err = InvalidText>,
{
    let value = given.remove(name).map(|text| text.parse()).transpose();
    value.map_err(|InvalidText(must_be)| Problem::new(Code::InvalidParameter, format!("{name} {must_be}.")))
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
            ("until", "2026-02-30"),
            ("until", "2026-11-22T09:00:00"),
            ("reference", "CY4T"),
            ("standing", "odd"),
            ("theme", ""),
            ("has_comment", "yes"),
            ("q", "  ?! "),
        ] {
            let mut given = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            let problem = ResponseFilter::take(&mut given).unwrap_err();
            assert!(problem.detail.starts_with(name), "{name}: {}", problem.detail);
        }
    }

    #[test]
    fn a_plus_that_became_a_blank_is_explained() {
        let mut given = BTreeMap::from([("since".to_owned(), "2026-11-22T09:00:00 01:00".to_owned())]);
        assert!(ResponseFilter::take(&mut given).unwrap_err().detail.contains("%2B"));
    }
}
