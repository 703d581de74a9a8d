//! Events, where they go, and how they got there.

mod attempt;
mod endpoint;
mod endpoint_patch;
mod event;
mod event_type;
mod secret;
mod signature;

pub use attempt::{Attempt, AttemptCursor, Queued, Replay, TestEvent, TestQueued};
pub use endpoint::{DisabledReason, Endpoint, EndpointSettings, EventFilter};
pub use endpoint_patch::EndpointPatch;
pub use event::{Event, EventBody, EventKind};
pub use event_type::EventType;
pub use secret::{AddedEndpoint, EndpointSecret};
pub use signature::SignatureScheme;
