//! Why a site refuses, and how that is told.

use crate::store::SiteError;
use heard_wire::{Code, Problem, Rate, Scope, SiteId};
use serde::{Deserialize, Serialize};

/// Why something is not done. Nothing was written then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// The owner has not created this site.
    UnknownSite,
    /// There is no such key, or no such site: which of the two is told to those with a key only.
    InvalidKey,
    /// The key is for less.
    ScopeTooNarrow {
        /// What is needed.
        needs: Scope,
    },
    /// The answer was begun by a browser that kept a secret, and this is not it.
    WrongSecret,
    /// The answer was erased.
    Erased,
    /// That was more than there may be.
    TooMany {
        /// How much there may be, and when again.
        rate: Rate,
    },
    /// The `Idempotency-Key` came before with another request.
    IdempotencyKeyReused,
    /// The settings are at another revision than was asked for.
    RevisionChanged {
        /// At which; `None` where there are none yet.
        revision: Option<i64>,
    },
    /// Several responses have the reference by which one is to be erased.
    ReferenceOfSeveral,
    /// There is no such time zone.
    UnknownTimeZone,
    /// There is no such thing.
    NotFound {
        /// What was looked for.
        thing: Thing,
    },
    /// There is no more room for things of this kind.
    Full {
        /// Of which kind.
        thing: Thing,
        /// How many there can be.
        most: usize,
    },
    /// Nothing is sent to an endpoint that is switched off.
    EndpointDisabled,
    /// There is no such conversation, or the secret is not its own: which of the two is told to nobody.
    UnknownThread,
    /// A closed case stays as it is.
    CaseClosed,
    /// The case is at another revision than was asked for.
    CaseChanged {
        /// At which.
        revision: i64,
    },
    /// The improvement is at another revision than was asked for.
    ImprovementChanged {
        /// At which.
        revision: i64,
    },
    /// The response has a case that is not closed.
    HasCase,
    /// A case sleeps until a moment that lies ahead, and no longer than a year.
    SnoozeOutOfReach,
    /// Nothing was resolved of which a customer could say whether it is better.
    NothingToJudge,
    /// Another message has this id.
    MessageIdTaken,
    /// What would come out of a change is not valid.
    Invalid {
        /// With every field at fault.
        problem: Box<Problem>,
    },
    /// A later release has written here; this one only reads.
    NewerSchema,
    /// The site's object still runs a release that does not know this operation.
    #[serde(other)]
    UnknownOperation,
}

/// What a site has many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A response.
    Response,
    /// A message of a response.
    Message,
    /// A webhook endpoint.
    Endpoint,
    /// An event.
    Event,
    /// An API key.
    Key,
    /// One of the owner's people.
    Teammate,
    /// A case.
    Case,
    /// Something in the history of a case.
    CaseEntry,
    /// An experiment.
    Experiment,
    /// An improvement.
    Improvement,
    /// An announcement.
    Announcement,
}

impl Refusal {
    /// The problem to answer with, for a request about this site.
    #[must_use]
    pub fn into_problem(self, site: &SiteId) -> Problem {
        let (code, detail) = match self {
            Self::UnknownSite => {
                (Code::UnknownSite, format!("There is no site “{site}” here. Create it with PUT /v1/sites/{site}."))
            }
            Self::InvalidKey => (Code::InvalidKey, "This key is not known here, or was revoked.".to_owned()),
            Self::ScopeTooNarrow { needs } => {
                (Code::InsufficientScope, format!("This needs a key with the scope {}.", needs.as_str()))
            }
            Self::WrongSecret => (
                Code::WrongSecret,
                "There is an answer with this id, and it changes only with the secret it was begun with, or with a key."
                    .to_owned(),
            ),
            Self::Erased => (Code::Erased, "This answer was erased. Begin another, with an id of its own.".to_owned()),
            Self::TooMany { rate } => {
                let detail = format!("Too much came at once. Try again in {} seconds.", rate.resets_in);
                return Problem { rate: Some(Box::new(rate)), ..Problem::new(Code::TooManyRequests, detail) };
            }
            Self::IdempotencyKeyReused => {
                (Code::IdempotencyKeyReused, "Use a new key for a new request; keys are kept for a day.".to_owned())
            }
            Self::RevisionChanged { revision } => {
                let detail = match revision {
                    Some(revision) => format!("The settings are at revision {revision} by now. Read them, and try again."),
                    None => "There is no such site yet, and so no revision that could match.".to_owned(),
                };
                (Code::PreconditionFailed, detail)
            }
            Self::ReferenceOfSeveral => (
                Code::Conflict,
                "Several answers have this reference, one of them perhaps made up for it: look at them with GET, and erase \
                 one by its id."
                    .to_owned(),
            ),
            Self::UnknownTimeZone => {
                (Code::InvalidParameter, "tz must be a time zone of the IANA database such as Europe/Berlin.".to_owned())
            }
            Self::NotFound { thing } => (Code::NotFound, thing.not_found().to_owned()),
            Self::Full { thing, most } => (Code::Conflict, thing.full(most)),
            Self::EndpointDisabled => {
                (Code::Conflict, "This endpoint is disabled. Enable it first: PATCH {\"enabled\": true}.".to_owned())
            }
            Self::UnknownThread => (
                Code::UnknownThread,
                "There is no such conversation, or this is not the secret of the browser that began it.".to_owned(),
            ),
            Self::CaseClosed => (Code::Conflict, "This case is closed for good. Open another for the response.".to_owned()),
            Self::CaseChanged { revision } => (
                Code::PreconditionFailed,
                format!("Somebody else was faster: the case is at revision {revision} by now. Read it, and try again."),
            ),
            Self::ImprovementChanged { revision } => (
                Code::PreconditionFailed,
                format!("Somebody else was faster: the improvement is at revision {revision} by now. Read it, and try again."),
            ),
            Self::HasCase => (Code::Conflict, "This response has a case already.".to_owned()),
            Self::SnoozeOutOfReach => {
                return Problem::of_field("/snoozed_until", "must lie ahead, and at most a year");
            }
            Self::NothingToJudge => (Code::Conflict, "Nothing was resolved here, or it is open again.".to_owned()),
            Self::MessageIdTaken => (Code::Conflict, "Another message has this id. Make one at random.".to_owned()),
            Self::Invalid { problem } => return *problem,
            Self::NewerSchema => (
                Code::NewerSchema,
                "This release reads what a newer one has stored, and does not write to it. Deploy the newer one again."
                    .to_owned(),
            ),
            Self::UnknownOperation => {
                (Code::Updating, "This site is being brought to a new release. Try again in a few minutes.".to_owned())
            }
        };
        Problem::new(code, detail)
    }
}

impl Thing {
    fn not_found(self) -> &'static str {
        match self {
            Self::Response => "There is no such response.",
            Self::Message => "There is no such message.",
            Self::Endpoint => "There is no such endpoint.",
            Self::Event => "There is no such event; events are kept for 30 days.",
            Self::Key => "There is no such key.",
            Self::Teammate => "There is no such person.",
            Self::Case => "There is no such case.",
            Self::CaseEntry => "There is no such entry.",
            Self::Improvement => "There is no such improvement.",
            Self::Announcement => "There is no such announcement.",
            Self::Experiment => "There is no such experiment. Set one with PATCH {\"experiment\": {\"name\": …}}.",
        }
    }

    fn full(self, most: usize) -> String {
        match self {
            Self::Message => format!("A response has at most {most} messages."),
            Self::Endpoint => format!("A site has at most {most} endpoints."),
            Self::Key => format!("A site has at most {most} keys. Revoke one first."),
            Self::Teammate => format!("A site has at most {most} people."),
            Self::Improvement => format!("A site has at most {most} improvements. Remove one first."),
            Self::Announcement => format!("A site has at most {most} announcements. Take one back first."),
            Self::Experiment => format!("A site has at most {most} experiments."),
            Self::CaseEntry => format!("A case has at most {most} entries in its history."),
            Self::Response | Self::Event | Self::Case => format!("There is room for {most}."),
        }
    }
}

/// Why an operation was not carried out.
#[derive(Debug)]
pub enum Failure {
    /// The one who asks can do something about it.
    Refused(Refusal),
    /// We can.
    Broken(SiteError),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<SiteError> for Failure {
    fn from(error: SiteError) -> Self {
        Self::Broken(error)
    }
}
