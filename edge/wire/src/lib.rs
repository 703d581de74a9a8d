//! What crosses the network: types, validation, ids and problem codes, shared by the Worker and the widget.
//!
//! Nothing here knows a clock, randomness, a network, `worker` or `leptos`.

mod acknowledgement;
mod directory;
mod endpoint;
mod event;
mod fields;
mod filter;
mod heard;
mod id;
mod key;
mod message;
mod metrics;
mod problem;
mod reference;
mod response;
mod score;
mod settings;
mod signature;
mod submission;
mod survey;
mod timestamp;
mod voice;

pub use acknowledgement::{Acknowledgement, Ask, Claim, Polarity, Receipt};
pub use directory::{SitePage, SiteSummary};
pub use endpoint::{
    Attempt, AttemptPage, DisabledReason, Endpoint, EndpointChange, EndpointSettings, EventFilter, Replay, TestEvent,
};
pub use event::{Event, EventData, EventType};
pub use filter::ResponseFilter;
pub use heard::{Amount, AmountKind, Heard, Person, Suggestion, ThemeFound, Topic};
pub use id::{EndpointId, EventId, InvalidId, MessageId, ResponseId, SiteId};
pub use key::{ApiKey, NewApiKey, Scope};
pub use message::{MAX_MESSAGE_CHARACTERS, MAX_MESSAGES, Message, Messages, NewMessage};
pub use metrics::{Metrics, MetricsBy, Tally};
pub use problem::{Code, FieldError, Problem};
pub use reference::reference_of;
pub use response::{Response, ResponsePage};
pub use score::{Band, Score};
pub use settings::{Promise, SiteSettings, Theme};
pub use signature::{EndpointSecret, SignatureScheme};
pub use submission::{MAX_BODY_BYTES, MAX_COMMENT_CHARACTERS, Shown, Submission};
pub use survey::{AskPrompts, AskRules, Survey, SurveyCopy, WhyPrompts};
pub use timestamp::Timestamp;
pub use voice::{Tone, Voice};
