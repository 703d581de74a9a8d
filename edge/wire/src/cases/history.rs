use crate::cases::call::Call;
use crate::cases::case::{Outcome, Priority};
use crate::cases::clock::ClockName;
use crate::id::{EndpointId, MessageId, ResponseId, TeammateId};
use crate::page::{Listed, NoCursor};
use crate::survey::Score;
use crate::timestamp::Timestamp;
use crate::webhooks::EventType;
use serde::{Deserialize, Serialize};

/// Something that happened to a case: who did what when. Never changed, and gone only with the case.
///
/// ```
/// let entry: heard_wire::CaseEntry = serde_json::from_str(r#"{"id":3,"at":"2026-11-22T09:00:00.000Z",
///   "by":{"kind":"person","person":"per_00000000000000000000000000000000"},"act":{"kind":"noted","text":"Rang the kitchen."}}"#).unwrap();
/// assert!(matches!(entry.act, heard_wire::CaseAct::Noted { .. }));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// Counts up over all cases of a site.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What.
    pub act: CaseAct,
}

impl Listed for CaseEntry {
    const MEMBER: &'static str = "history";
    const PAGE: &'static str = "CaseHistory";
    type Cursor = NoCursor;
}

/// Who did something.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// One of the owner's people, by a key of theirs.
    Person {
        /// Who.
        person: TeammateId,
    },
    /// The holder of the owner key, or of a key that is nobody's.
    Owner,
    /// The customer.
    Customer,
    /// An endpoint that may reply.
    Endpoint {
        /// Which.
        endpoint: EndpointId,
    },
    /// A rule, or a clock.
    Rule,
}

/// What was done.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CaseAct {
    /// It was opened.
    Opened {
        /// By this rule.
        rule: String,
    },
    /// Somebody else sees to it.
    Assigned {
        /// Who; `null` for nobody.
        assignee: Option<TeammateId>,
    },
    /// It is as urgent as this.
    Prioritised {
        /// How urgent.
        priority: Priority,
    },
    /// The customer was written to.
    Replied {
        /// What.
        message: MessageId,
    },
    /// A system of the owner's wrote to the customer by itself: no clock stops for it.
    RepliedAutomatically {
        /// What.
        message: MessageId,
    },
    /// The customer wrote.
    Wrote {
        /// What.
        message: MessageId,
    },
    /// The customer was called.
    Called {
        /// How it went.
        call: Call,
    },
    /// Staff wrote something for themselves.
    Noted {
        /// What.
        text: String,
    },
    /// It was taken up, or woke.
    TakenUp {},
    /// The customer has to say something first.
    Waiting {},
    /// It sleeps.
    Snoozed {
        /// Until then.
        until: Timestamp,
    },
    /// It was put right.
    Resolved {
        /// What was changed, as the customer reads it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        resolution: Option<String>,
    },
    /// What lay behind it.
    Explained {
        /// The root cause; `null` where it was taken back.
        root_cause: Option<String>,
    },
    /// The customer said whether it is better.
    Judged {
        /// Yes, or not yet.
        better: bool,
        /// In their words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// It was resolved, and is not.
    Reopened {},
    /// For good.
    Closed {},
    /// Another answer of the customer belongs to it.
    Joined {
        /// Which.
        response: ResponseId,
    },
    /// Three quarters of the time are over.
    DueSoon {
        /// Of which clock.
        clock: ClockName,
    },
    /// A clock was missed.
    Overdue {
        /// Which.
        clock: ClockName,
    },
    /// Somebody else took over, because a clock was missed.
    Escalated {
        /// Who.
        assignee: TeammateId,
    },
    /// What became of the customer.
    Ended {
        /// What.
        outcome: Outcome,
    },
    /// The customer gave another score.
    Recovered {
        /// The one that opened the case.
        before: Score,
        /// The first after it was resolved.
        after: Score,
    },
}

impl CaseAct {
    /// The event that tells of it, if one does.
    #[must_use]
    pub fn event_type(&self) -> Option<EventType> {
        Some(match self {
            Self::Opened { .. } => EventType::CaseOpened,
            Self::Assigned { .. } => EventType::CaseAssigned,
            Self::Replied { .. } | Self::Called { call: Call { reached: true, .. } } => EventType::CaseReplied,
            Self::Waiting {} => EventType::CaseWaiting,
            Self::Snoozed { .. } => EventType::CaseSnoozed,
            Self::DueSoon { .. } => EventType::CaseDueSoon,
            Self::Overdue { .. } => EventType::CaseOverdue,
            Self::Escalated { .. } => EventType::CaseEscalated,
            Self::Resolved { .. } => EventType::CaseResolved,
            Self::Reopened {} => EventType::CaseReopened,
            Self::Closed {} => EventType::CaseClosed,
            Self::Recovered { .. } | Self::Ended { outcome: Outcome::Recovered } => EventType::CaseRecovered,
            _ => return None,
        })
    }
}
