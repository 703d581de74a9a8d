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
    /// The customer wrote a message.
    #[serde(rename = "message.received")]
    #[strum(serialize = "message.received")]
    MessageReceived,
    /// A customer who asked to be told by email has news: for a mailer of the owner's own. At most one in ten minutes.
    #[serde(rename = "message.notify")]
    #[strum(serialize = "message.notify")]
    MessageNotify,
    /// An answer became a case.
    #[serde(rename = "case.opened")]
    #[strum(serialize = "case.opened")]
    CaseOpened,
    /// Somebody else sees to a case, or nobody.
    #[serde(rename = "case.assigned")]
    #[strum(serialize = "case.assigned")]
    CaseAssigned,
    /// Somebody answered the customer: in writing, or by a call that reached them.
    #[serde(rename = "case.replied")]
    #[strum(serialize = "case.replied")]
    CaseReplied,
    /// The customer has to say something first.
    #[serde(rename = "case.waiting")]
    #[strum(serialize = "case.waiting")]
    CaseWaiting,
    /// A case sleeps until a time.
    #[serde(rename = "case.snoozed")]
    #[strum(serialize = "case.snoozed")]
    CaseSnoozed,
    /// Three quarters of the time for an answer or the resolution are over. Once for each clock.
    #[serde(rename = "case.due_soon")]
    #[strum(serialize = "case.due_soon")]
    CaseDueSoon,
    /// A clock was missed. Once for each clock.
    #[serde(rename = "case.overdue")]
    #[strum(serialize = "case.overdue")]
    CaseOverdue,
    /// Somebody else took a case over, because a clock was missed. Once.
    #[serde(rename = "case.escalated")]
    #[strum(serialize = "case.escalated")]
    CaseEscalated,
    /// A case is put right, as far as the owner can tell.
    #[serde(rename = "case.resolved")]
    #[strum(serialize = "case.resolved")]
    CaseResolved,
    /// A case that was resolved is not: the customer said so, or somebody of the owner's.
    #[serde(rename = "case.reopened")]
    #[strum(serialize = "case.reopened")]
    CaseReopened,
    /// A case is closed for good.
    #[serde(rename = "case.closed")]
    #[strum(serialize = "case.closed")]
    CaseClosed,
    /// The customer said that it is better, or gave a better score; or somebody of the owner's noted so.
    #[serde(rename = "case.recovered")]
    #[strum(serialize = "case.recovered")]
    CaseRecovered,
    /// A customer praised one of the owner's people by name.
    #[serde(rename = "praise.received")]
    #[strum(serialize = "praise.received")]
    PraiseReceived,
    /// An improvement was written down or changed.
    #[serde(rename = "improvement.changed")]
    #[strum(serialize = "improvement.changed")]
    ImprovementChanged,
    /// Everybody whom an announcement is for was told, where they wrote.
    #[serde(rename = "announcement.published")]
    #[strum(serialize = "announcement.published")]
    AnnouncementPublished,
    /// A customer said whether it is better, or whether an idea would help.
    #[serde(rename = "announcement.judged")]
    #[strum(serialize = "announcement.judged")]
    AnnouncementJudged,
    /// The week, for the huddle: on Mondays, where anything was said.
    #[serde(rename = "huddle.ready")]
    #[strum(serialize = "huddle.ready")]
    HuddleReady,
    /// Something changed that nobody asked about. The same cause once in seven days.
    #[serde(rename = "watch.raised")]
    #[strum(serialize = "watch.raised")]
    WatchRaised,
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
