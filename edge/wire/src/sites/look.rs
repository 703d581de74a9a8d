use crate::fields::{Fault, Fields};
use crate::problem::Problem;
use crate::text::{check, checked_text, text_schema};
use serde::{Deserialize, Serialize};

checked_text! {
    /// A colour as `#rrggbb`, in lower case.
    ///
    /// ```
    /// let red: heard_wire::Color = "#C81E1E".parse().unwrap();
    /// assert_eq!(red.as_str(), "#c81e1e");
    /// assert_eq!("fa0".parse::<heard_wire::Color>().unwrap().as_str(), "#ffaa00");
    /// assert!("red".parse::<heard_wire::Color>().is_err());
    /// ```
    Color, lower, |text| {
        let is_hex = text.strip_prefix('#').is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        check(is_hex, "must be a colour such as #1f4fd1")
    }
}

text_schema!(Color);

impl Color {
    /// Of red, green and blue.
    #[must_use]
    pub fn of([red, green, blue]: [u8; 3]) -> Self {
        Self(format!("#{red:02x}{green:02x}{blue:02x}"))
    }

    /// Red, green and blue.
    #[must_use]
    pub fn rgb(&self) -> [u8; 3] {
        // Six hexadecimal digits behind the mark, as was checked.
        let digits = u32::from_str_radix(self.0.trim_start_matches('#'), 16).unwrap_or_default();
        let [_, red, green, blue] = digits.to_be_bytes();
        [red, green, blue]
    }
}

/// `E4002B` and `#fff` are spellings, too.
fn lower(text: String) -> String {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.strip_prefix('#').unwrap_or(&text);
    if digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return std::iter::once('#').chain(digits.chars().flat_map(|digit| [digit, digit])).collect();
    }
    format!("#{digits}")
}

/// How the widget looks. The snippet's own attributes on a page come before these.
///
/// ```
/// let look: heard_wire::Look = serde_json::from_str(r##"{"accent":"#c81e1e","radius":4,"font":"page","scheme":"auto"}"##).unwrap();
/// assert!(look.fault().is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// The brand's colour, for what is chosen and for buttons. Letters on it are light or dark, as can be
    /// read; lines and links on the panel are in a darker or lighter one of the same hue where it could not (WCAG 2.2 AA, 4.5 to 1).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub accent: Option<Color>,
    /// How round the corners of controls are, in pixels, 0 to 24; the panel's are rounder. 8 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 24)))]
    pub radius: Option<u8>,
    /// Which letters; absent: the device's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub font: Option<Font>,
    /// Light or dark; absent: as the page is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
    /// Where it stands; absent: `bottom-right`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Whether a small tab stands at the edge of the page, which asks whoever presses it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tab: Option<bool>,
    /// An image above the question, 28 pixels high: an address that begins with `https://`, at most 500 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// Which letters the widget is set in.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Font {
    /// The device's own.
    #[default]
    System,
    /// The page's.
    Page,
}

/// Light or dark.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Always light.
    Light,
    /// Always dark.
    Dark,
    /// As the reader's device is set.
    Auto,
}

/// Where the widget stands on a page.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Position {
    /// In this corner.
    BottomRight,
    /// In this corner.
    BottomLeft,
    /// In this corner.
    TopRight,
    /// In this corner.
    TopLeft,
    /// In the middle.
    Center,
    /// Along the lower edge.
    Bar,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_default(font: &Font) -> bool {
    *font == Font::default()
}

impl Look {
    /// Reads and checks a body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let (accent, radius) = (fields.optional_checked("accent"), fields.optional("radius"));
        let (font, scheme, tab) = (fields.optional("font"), fields.optional("scheme"), fields.optional("tab"));
        let (position, logo) = (fields.optional("position"), fields.optional_text("logo", 500));
        let look = Self { accent, radius, font, scheme, position, tab, logo };
        if let Some(Fault { pointer, detail }) = look.fault() {
            fields.invalid(pointer.trim_start_matches('/'), &detail);
        }
        fields.finish(|| Some(look))
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, if anything.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        if self.radius.is_some_and(|radius| radius > 24) {
            return Some(Fault::at("/radius", "must be from 0 to 24"));
        }
        // It becomes part of a style sheet.
        let is_bad = |logo: &String| {
            logo.len() > 500
                || !logo.starts_with("https://")
                || url::Url::parse(logo).is_err()
                || logo
                    .chars()
                    .any(|letter| letter.is_whitespace() || letter.is_control() || "\"'()\\<>".contains(letter))
        };
        let how = "must begin with https://, without quotes, brackets and blanks, and have at most 500 bytes";
        self.logo.as_ref().is_some_and(is_bad).then(|| Fault::at("/logo", how))
    }
}

/// What a look comes to: the answer to `POST /v1/sites/{site}/look`.
///
/// ```
/// let tried: heard_wire::TriedLook = serde_json::from_str(r##"{"css":"","light":{"accent":"#1f4fd1","on":"#ffffff",
///   "ink":"#1f4fd1","contrast":6.9,"corrected":false},"dark":{"accent":"#8fb0ff","on":"#10141a","ink":"#8fb0ff","contrast":7.9,"corrected":true}}"##).unwrap();
/// assert!(tried.dark.corrected);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedLook {
    /// The style sheet that is added to the widget's own.
    pub css: String,
    /// Colours on a light panel.
    pub light: Shade,
    /// Colours on a dark one.
    pub dark: Shade,
}

/// The colours that are shown for a brand's.
///
/// ```
/// let shade: heard_wire::Shade = serde_json::from_str(r##"{"accent":"#1f4fd1","on":"#ffffff","ink":"#1f4fd1","contrast":6.9,"corrected":false}"##).unwrap();
/// assert_eq!(shade.on.as_str(), "#ffffff");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shade {
    /// What buttons and the chosen score are filled with.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub accent: Color,
    /// For letters on it.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub on: Color,
    /// For lines and links on the panel.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub ink: Color,
    /// The lowest contrast of any with what it stands on, as WCAG counts it: 1 to 21.
    pub contrast: f64,
    /// Whether one of them is darker or lighter than the brand's own.
    pub corrected: bool,
}

/// The look as pages get it.
///
/// ```
/// let look: heard_wire::SurveyLook = serde_json::from_str(r#"{"css":":host{--radius:4px}","position":"top-left"}"#).unwrap();
/// assert!(look.scheme.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyLook {
    /// Added to the widget's own style sheet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub css: String,
    /// Which letters, unless the device's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub font: Font,
    /// Light or dark; absent: as the page is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<Scheme>,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}
