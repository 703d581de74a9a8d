use crate::id::SiteId;
use crate::page::Listed;
use crate::timestamp::Timestamp;
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
    /// Where Cloudflare keeps its data, such as `eu`; absent where nothing was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
}

impl Listed for SiteSummary {
    const MEMBER: &'static str = "sites";
    const PAGE: &'static str = "SitePage";
    type Cursor = SiteId;
}
