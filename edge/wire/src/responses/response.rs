use crate::asking::Variant;
use crate::id::{ResponseId, SiteId, VisitorId};
use crate::language::LanguageTag;
use crate::page::Listed;
use crate::page_url::PageUrl;
use crate::responses::analysis::Analysis;
use crate::responses::standing::{Standing, Suspicion};
use crate::survey::{Acknowledgement, Answers, Band, Contact, Score};
use crate::text::{InvalidText, as_text};
use crate::timestamp::Timestamp;
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
    pub page: PageUrl,
    /// BCP 47 language of the page.
    pub lang: LanguageTag,
    /// The owner's own id for the visitor, if the page gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<VisitorId>,
    /// Whether the owner's server has vouched for `visitor`; absent where it has not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub visitor_verified: bool,
    /// The customer's time zone, by its name in the IANA database, if their browser told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Where the customer wants to be reached, if they told it in the field for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Answers to the owner's own questions, by their ids; absent where there are none.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub answers: Answers,
    /// What the visitor got of an experiment, as `short:b`; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
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
    pub heard: Option<Analysis>,
    /// What looked wrong about how it was sent; absent when nothing did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspect: Vec<Suspicion>,
    /// Whether it was sent to try the survey out; absent when it was not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
}

impl Response {
    /// Whether something was said, beside the score.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.comment.as_ref().is_some_and(|comment| !comment.trim().is_empty())
    }

    /// Whether it counts.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.test, self.suspect.is_empty()) {
            (true, _) => Standing::Test,
            (false, false) => Standing::Suspect,
            (false, true) => Standing::Counted,
        }
    }
}

impl Listed for Response {
    const MEMBER: &'static str = "responses";
    const PAGE: &'static str = "ResponsePage";
    type Cursor = ResponseCursor;
}

/// Where a page of responses ends: the last one's first save, and its id.
///
/// ```
/// let text = "1795338000000_0190a5c4-7a1c-7def-8123-456789abcdef";
/// assert_eq!(text.parse::<heard_wire::ResponseCursor>().unwrap().to_string(), text);
/// assert!("1795338000000_".parse::<heard_wire::ResponseCursor>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResponseCursor {
    /// Of the last response of the page.
    pub created_at: Timestamp,
    /// Of the last response of the page.
    pub id: ResponseId,
}

impl std::str::FromStr for ResponseCursor {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("must be the next_cursor of an earlier page");
        let (created_at, id) = text.split_once('_').ok_or(invalid)?;
        let created_at = created_at.parse().map_err(|_| invalid)?;
        Ok(Self { created_at: Timestamp::from_millis(created_at), id: id.parse().map_err(|_| invalid)? })
    }
}

as_text!(ResponseCursor);

impl std::fmt::Display for ResponseCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.created_at.as_millis(), self.id)
    }
}

/// A response with the acknowledgement the customer was shown for it: the answer to a submission.
///
/// ```
/// let json = r#"{"response":{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":1,"score":9,
///   "band":"promoter","comment":null,"page":"https://shop.example/","lang":"en","reference":"CY4T-QKFF",
///   "created_at":"2026-11-22T09:00:00.000Z","updated_at":"2026-11-22T09:00:00.000Z","completed_at":null},
///   "acknowledgement":{"text":"Thank you.","claims":[],"ask":null,"receipt":{"reference":"CY4T-QKFF"}}}"#;
/// assert_eq!(serde_json::from_str::<heard_wire::StoredResponse>(json).unwrap().acknowledgement.text, "Thank you.");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredResponse {
    /// The response as it now stands.
    pub response: Response,
    /// What the customer reads.
    pub acknowledgement: Acknowledgement,
}
