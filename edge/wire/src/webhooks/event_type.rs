use serde::{Deserialize, Serialize};
use strum::VariantArray as _;

/// What an event says happened.
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
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
pub enum EventType {
    /// The first score of a response was saved, or one that was put aside counts from now on.
    #[serde(rename = "response.scored")]
    #[strum(serialize = "response.scored")]
    ResponseScored,
    /// The customer pressed Send, or left the answer alone for 30 minutes.
    #[serde(rename = "response.completed")]
    #[strum(serialize = "response.completed")]
    ResponseCompleted,
    /// A completed response was changed: a follow-up was answered, or the words or score corrected. Also when one that was
    /// told of does not count any more: then it has `suspect` or `test`.
    #[serde(rename = "response.updated")]
    #[strum(serialize = "response.updated")]
    ResponseUpdated,
    /// An answer was erased, with all that belongs to it. Only its id is told, so that copies elsewhere can follow.
    #[serde(rename = "response.erased")]
    #[strum(serialize = "response.erased")]
    ResponseErased,
    /// The customer was sent a message.
    #[serde(rename = "message.created")]
    #[strum(serialize = "message.created")]
    MessageCreated,
    /// An endpoint of the site was switched off because it failed for days or said it is gone. Other endpoints are told.
    #[serde(rename = "endpoint.disabled")]
    #[strum(serialize = "endpoint.disabled")]
    EndpointDisabled,
}

impl EventType {
    /// Every type, for the documentation.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The name as it stands in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
