use crate::{SiteId, Timestamp};
use serde::{Deserialize, Serialize};

/// A site in the list of all sites of a Worker.
///
/// ```
/// let s: heard_wire::SiteSummary = serde_json::from_str(
///   r#"{"id":"shop","name":"Corner Shop","archived":false,"created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert_eq!(s.name, "Corner Shop");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSummary {
    /// As in its addresses.
    pub id: SiteId,
    /// As in its settings.
    pub name: String,
    /// Whether it takes no answers any more.
    pub archived: bool,
    /// When it was entered in the list: at its creation, or at the first change since there is one.
    pub created_at: Timestamp,
}

/// A page of sites, by id.
///
/// ```
/// let page: heard_wire::SitePage = serde_json::from_str(r#"{"sites":[],"next_cursor":null}"#).unwrap();
/// assert!(page.sites.is_empty());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SitePage {
    /// At most `limit`.
    pub sites: Vec<SiteSummary>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}
