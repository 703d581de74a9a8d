use crate::fields::Fields;
use crate::id::ThemeId;
use crate::problem::{Code, Problem};
use crate::responses::standing::Standing;
use crate::sites::MAX_THEMES;
use crate::survey::Polarity;
use serde::{Deserialize, Serialize};

/// The body of `PATCH /v1/sites/{site}/responses/{response}`: somebody has looked at it. What is absent stays as it is.
///
/// ```
/// let p = heard_wire::ResponsePatch::from_json(br#"{"themes":[{"id":"delivery","polarity":"negative"}]}"#).unwrap();
/// assert_eq!((p.standing, p.themes.unwrap().len()), (None, 1));
/// assert!(heard_wire::ResponsePatch::from_json(br#"{"score":10}"#).is_err());
/// assert!(heard_wire::ResponsePatch::from_json(br#"{}"#).is_err());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponsePatch {
    /// Whether it counts from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standing: Option<Standing>,
    /// What it is about, where that was heard wrongly: all themes of the site that are in it, with the customer's feeling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub themes: Option<Vec<CorrectedTheme>>,
}

/// A theme as a person heard it.
///
/// ```
/// let theme: heard_wire::CorrectedTheme = serde_json::from_str(r#"{"id":"delivery","polarity":"negative"}"#).unwrap();
/// assert_eq!(theme.polarity, heard_wire::Polarity::Negative);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectedTheme {
    /// The theme's id in the site's settings.
    pub id: ThemeId,
    /// How the customer felt about it.
    pub polarity: Polarity,
}

impl ResponsePatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let standing = fields.optional("standing");
        let themes: Option<Vec<CorrectedTheme>> = fields.optional("themes");
        if themes.as_ref().is_some_and(|themes| themes.len() > MAX_THEMES) {
            fields.invalid("themes", &format!("must be at most {MAX_THEMES} themes"));
        }
        let is_twice = |themes: &[CorrectedTheme]| {
            themes.iter().enumerate().any(|(at, theme)| themes.iter().skip(at + 1).any(|other| other == theme))
        };
        if themes.as_deref().is_some_and(is_twice) {
            fields.invalid("themes", "must not have the same theme with the same feeling twice");
        }
        let patch = fields.finish(|| Some(Self { standing, themes }))?;
        if patch.standing.is_none() && patch.themes.is_none() {
            return Err(Problem::new(Code::MissingField, "Say what is to change: standing, or themes."));
        }
        Ok(patch)
    }
}
