//! What crosses the network: types, validation, ids and problem codes, shared by the Worker and the widget.
//!
//! Nothing here knows a clock, randomness, a network, `worker` or `leptos`. The bodies of requests are read by functions
//! named `from_json`, which refuse what they do not know. `Deserialize` reads what we stored or told ourselves, and passes
//! over members that a later release added.

pub mod api;
mod asking;
mod cases;
mod conversations;
mod fields;
pub mod http;
mod id;
mod improving;
mod language;
mod moment;
pub mod nullable;
mod page;
mod page_url;
mod problem;
mod responses;
mod sites;
mod survey;
mod text;
mod timestamp;
mod webhooks;

pub use asking::*;
pub use cases::*;
pub use conversations::*;
pub use fields::Fault;
pub use id::{
    AnnouncementId, CaseId, EndpointId, EventId, ExperimentName, ImprovementId, MailboxId, MessageId, OptionId,
    PasskeyId, QuestionId, ResponseId, SessionId, SiteId, TeammateId, ThemeId, VisitorId,
};
pub use improving::*;
pub use language::{Language, LanguageTag, primary_subtag};
pub use moment::Moment;
pub use page::{List, Listed, NoCursor, Page};
pub use page_url::PageUrl;
pub use problem::{Code, FieldError, Problem, Rate};
pub use responses::*;
pub use sites::*;
pub use survey::*;
pub use text::InvalidText;
pub use timestamp::Timestamp;
pub use webhooks::*;
