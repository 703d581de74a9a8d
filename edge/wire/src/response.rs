use crate::{Band, Heard, ResponseId, Score, SiteId, Timestamp};
use serde::{Deserialize, Serialize};

/// One customer's answer, as stored, read back by the owner and sent in events.
///
/// ```
/// let r: heard_wire::Response = serde_json::from_str(r#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo",
///   "revision":2,"score":3,"band":"detractor","comment":"Cold soup.","page":"https://shop.example/","lang":"en",
///   "reference":"CY4T-QKFF","created_at":"2026-11-22T09:00:00.000Z","updated_at":"2026-11-22T09:00:20.000Z",
///   "completed_at":"2026-11-22T09:00:20.000Z"}"#).unwrap();
/// assert_eq!(r.band, heard_wire::Band::Detractor);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Made by the widget.
    pub id: ResponseId,
    /// The site that asked.
    pub site: SiteId,
    /// Counts up with every change; the highest wins.
    pub revision: u32,
    /// 0 to 10.
    pub score: Score,
    /// The score's group.
    pub band: Band,
    /// The verbatim as written; `null` until the customer presses Send, empty when they had nothing to add.
    pub comment: Option<String>,
    /// Where it was asked: origin and path, as the widget sends no query and no fragment.
    pub page: String,
    /// BCP 47 language of the page.
    pub lang: String,
    /// The owner's own id for the visitor, if the page gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
    /// What the customer can read out on the phone.
    pub reference: String,
    /// First save.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// When the customer pressed Send, or 30 minutes after the last change; `null` before.
    pub completed_at: Option<Timestamp>,
    /// What listening found; absent without a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
}

/// A page of responses, newest first.
///
/// ```
/// let p: heard_wire::ResponsePage = serde_json::from_str(r#"{"responses":[],"next_cursor":null}"#).unwrap();
/// assert!(p.next_cursor.is_none());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResponsePage {
    /// Newest first, by the time of the first save.
    pub responses: Vec<Response>,
    /// Pass as `cursor` to get the next page; `null` on the last.
    pub next_cursor: Option<String>,
}
