use serde::{Deserialize, Serialize};

/// Where customers may say it in public, too.
///
/// ```
/// let link: heard_wire::ReviewLink = serde_json::from_str(r#"{"url":"https://reviews.example/cafe"}"#).unwrap();
/// assert_eq!(link.to, heard_wire::ReviewedBy::Promoters);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewLink {
    /// Begins with `https://`; at most 500 bytes.
    pub url: String,
    /// Who is offered it, below the thank-you. Some places of reviews want that everybody is.
    #[serde(default)]
    pub to: ReviewedBy,
}

/// Who is offered a link to reviews.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewedBy {
    /// Who gave a 9 or a 10.
    #[default]
    Promoters,
    /// Everybody.
    Everyone,
}
