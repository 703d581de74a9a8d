//! Events, where they go, and how they got there.

mod attempt;
mod delivery;
mod endpoint;
mod endpoint_patch;
mod event;
mod event_type;
mod secret;
mod signature;

pub use attempt::{Attempt, AttemptCursor, Queued, Replay, TestEvent, TestQueued};
pub use delivery::{DeliveryCursor, DeliveryState, DeliveryStatus};
pub use endpoint::{BodyFormat, DisabledReason, Endpoint, EndpointSettings, EventFilter};
pub use endpoint_patch::EndpointPatch;
pub use event::{CaseEvent, Event, EventBody, EventCursor, EventKind, Notify, Praise};
pub use event_type::EventType;
pub use secret::{AddedEndpoint, EndpointSecret, Rotation};
pub use signature::SignatureScheme;
