use crate::id::{EndpointId, EventId};
use crate::page::Listed;
use crate::text::{InvalidText, as_text};
use crate::timestamp::Timestamp;
use crate::webhooks::event_type::EventType;
use serde::{Deserialize, Serialize};

/// Where an event stands with one endpoint.
///
/// ```
/// let d: heard_wire::DeliveryStatus = serde_json::from_str(r#"{"endpoint":"ep_00000000000000000000000000000000",
///   "event":"evt_00000000000000000000000000000000","sequence":7,"type":"response.scored","state":"failed","attempts":10,
///   "next_at":null,"delivered_at":null,"status":500,"error":null}"#).unwrap();
/// assert_eq!(d.state, heard_wire::DeliveryState::Failed);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Delivery"))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryStatus {
    /// Where to.
    pub endpoint: EndpointId,
    /// The event, as in `webhook-id`.
    pub event: EventId,
    /// Its place in the site's order.
    pub sequence: i64,
    /// Its type.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// How it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it is tried next; `null` when it is not.
    pub next_at: Option<Timestamp>,
    /// When it was taken; `null` when it was not.
    pub delivered_at: Option<Timestamp>,
    /// HTTP status of the last answer; `null` when there was none.
    pub status: Option<u16>,
    /// What went wrong last, in words.
    pub error: Option<String>,
}

/// How a delivery stands.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeliveryState {
    /// It is on its way, for the first time or again.
    Pending,
    /// The endpoint took it.
    Delivered,
    /// It was given up, or its endpoint is switched off: a replay or a resend tries again.
    Failed,
}

impl Listed for DeliveryStatus {
    const MEMBER: &'static str = "deliveries";
    const PAGE: &'static str = "DeliveryPage";
    type Cursor = DeliveryCursor;
}

/// Where a page of deliveries ends: an event's place, and an endpoint.
///
/// ```
/// let text = "17_ep_00000000000000000000000000000000";
/// assert_eq!(text.parse::<heard_wire::DeliveryCursor>().unwrap().to_string(), text);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeliveryCursor {
    /// Of the last event of the page.
    pub sequence: i64,
    /// Of the last endpoint of the page.
    pub endpoint: EndpointId,
}

impl std::str::FromStr for DeliveryCursor {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        let invalid = InvalidText("must be the next_cursor of an earlier page");
        let (sequence, endpoint) = text.split_once('_').ok_or(invalid)?;
        let sequence = sequence.parse().map_err(|_| invalid)?;
        Ok(Self { sequence, endpoint: endpoint.parse().map_err(|_| invalid)? })
    }
}

as_text!(DeliveryCursor);

impl std::fmt::Display for DeliveryCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.sequence, self.endpoint)
    }
}
