//! The API, described once: which method at which address does what, and who may. The router, 404, 405, `HEAD`,
//! preflights, scopes and the OpenAPI document come from this table.

use crate::cases::CaseFilter;
use crate::responses::ResponseFilter;
use crate::sites::Scope;
use matchit::Router;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use strum::IntoStaticStr;

/// An HTTP method of the API. `HEAD` goes where `GET` does, and `OPTIONS` is answered for every address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Adds, or makes something happen.
    Post,
    /// Creates or replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands in a request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who may call an operation. Where a key may, a desk's cookie may that was exchanged for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Anybody: customers' pages call it.
    Public,
    /// Anybody; who brings the owner key, or a key of the site with this scope or more, is trusted.
    PublicOrKey(Scope),
    /// The customer of an answer, by its id and the secret of the browser that began it.
    Customer,
    /// Who is signed in at the desk, by the cookie that only their browser has.
    Desk,
    /// The holder of the owner key alone.
    Owner,
    /// The holder of the owner key, or of a key of the site with this scope or more.
    Key(Scope),
}

/// One operation: a row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// What it does.
    pub operation: OperationId,
    /// How it is called.
    pub method: Method,
    /// Where, with parameters in braces.
    pub path: &'static str,
    /// By whom.
    pub access: Access,
    /// Whether a request with an `Idempotency-Key` happens once.
    pub idempotent: bool,
    /// In a few words, for the documentation.
    pub summary: &'static str,
}

macro_rules! routes {
    ($($operation:ident: $method:ident $path:literal, $access:expr, $(once($once:literal),)? $summary:literal;)*) => {
        /// The name of an operation; in camel case it is the `operationId` of the OpenAPI document.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr)]
        #[strum(serialize_all = "camelCase")]
        pub enum OperationId {
            $(#[doc = $summary] $operation,)*
        }

        /// Every operation.
        pub const ROUTES: &[Route] = &[$(Route {
            operation: OperationId::$operation,
            method: Method::$method,
            path: $path,
            access: $access,
            idempotent: false $(|| $once)?,
            summary: $summary,
        }),*];
    };
}

use Access::{Customer, Desk, Key, Owner, Public, PublicOrKey};
use Scope::{Admin, Read, Write};

routes! {
    ReadSurvey: Get "/v1/sites/{site}/survey", Public, "What the widget asks, in one language";
    Submit: Post "/v1/sites/{site}/responses", PublicOrKey(Write), "Store an answer and hear what was said";
    CountShown: Post "/v1/sites/{site}/shown", Public, "Count that the question was shown";
    ListEventTypes: Get "/v1/event-types", Public, "Every type of event with an example";

    ReadOpenapi: Get "/v1/openapi.json", Public, "This document";

    // Not by Idempotency-Key: the answer would have to be kept, and with it the cookie.
    SignIn: Post "/v1/session", Public, "Exchange a key for a cookie, with which the desk may what the key may";
    ReadSession: Get "/v1/session", Desk, "Who is signed in";
    SignOut: Delete "/v1/session", Desk, "Sign out: the cookie is worth nothing any more";
    ListSessions: Get "/v1/sessions", Owner, "Who is signed in at the desk, with whatever key";
    EndSession: Delete "/v1/sessions/{session}", Owner, "Sign somebody out";

    MakeChallenge: Post "/v1/passkeys/challenge", Public, "What an authenticator is to sign, to add a passkey or to sign in with one";
    AddPasskey: Post "/v1/passkeys", Desk, "Add a passkey, which opens what the key opens that one is signed in with";
    ListPasskeys: Get "/v1/passkeys", Desk, "One's own passkeys; with the owner key everybody's";
    RemovePasskey: Delete "/v1/passkeys/{passkey}", Desk, "Remove a passkey";

    ListSites: Get "/v1/sites", Owner, "Every site of this Worker; for the owner key alone";
    ReadSite: Get "/v1/sites/{site}", Key(Read), "The site's settings";
    WriteSite: Put "/v1/sites/{site}", Key(Admin), "Create the site or replace its settings";

    ChangeSite: Patch "/v1/sites/{site}", Key(Admin), "Change some of the site's settings (RFC 7396)";
    EraseSite: Delete "/v1/sites/{site}", Owner, "Erase the site with everything in it";

    ListResponses: Get "/v1/sites/{site}/responses", Key(Read), "Responses, newest first";
    ExportCsv: Get "/v1/sites/{site}/responses.csv", Key(Read), "All responses as CSV";
    ExportNdjson: Get "/v1/sites/{site}/responses.ndjson", Key(Read), "All responses, one JSON a line";
    ReadMetrics: Get "/v1/sites/{site}/metrics", Key(Read), "What the responses add up to";
    ReadQuestionMetrics: Get "/v1/sites/{site}/metrics/questions", Key(Read),
        "What the answers to the owner's own questions add up to";
    ReadFollowUpMetrics: Get "/v1/sites/{site}/metrics/follow-ups", Key(Read), "What the questions brought that replies ask back";
    ReadExperiment: Get "/v1/sites/{site}/experiment", Key(Read), "What came of an experiment";
    ReadResponse: Get "/v1/sites/{site}/responses/{response}", Key(Read), "One response";
    ReviewResponse: Patch "/v1/sites/{site}/responses/{response}", Key(Write), once(true),
        "Let a response count, put it aside, or correct what was heard in it";
    EraseResponse: Delete "/v1/sites/{site}/responses/{response}", Key(Admin),
        "Erase a response and all that belongs to it";
    EraseResponses: Delete "/v1/sites/{site}/responses", Key(Admin),
        "Erase the responses that a filter lets through; it must name one at least";

    ListVisitorResponses: Get "/v1/sites/{site}/visitors/{visitor}/responses", Key(Read),
        "All answers of one visitor, newest first";
    EraseVisitor: Delete "/v1/sites/{site}/visitors/{visitor}/responses", Key(Admin),
        "Erase all answers of one visitor";

    ListMessages: Get "/v1/sites/{site}/responses/{response}/messages", Key(Read),
        "What the customer was told, oldest first";
    AddMessage: Post "/v1/sites/{site}/responses/{response}/messages", Key(Write), once(true), "Write to the customer";

    TryTargeting: Post "/v1/sites/{site}/targeting", Key(Write), "Try whether somebody would be asked, and why not; nothing is kept";
    TryLook: Post "/v1/sites/{site}/look", Key(Write), "Try what a look comes to, with colours that can be read; nothing is kept";
    TryListening: Post "/v1/sites/{site}/listen", Key(Write), "Try what would be heard in a comment, and answered; nothing is kept";

    TryAudience: Post "/v1/sites/{site}/audience", Key(Write), "Look who said something, and how many can be told; nothing is kept";
    ListAnnouncements: Get "/v1/sites/{site}/announcements", Key(Read), "What was told to those who said it, newest first";
    Announce: Post "/v1/sites/{site}/announcements", Key(Write), once(true),
        "Tell those who said it what was done, or of an idea, where they wrote";
    ReadAnnouncement: Get "/v1/sites/{site}/announcements/{announcement}", Key(Read), "One announcement, and how far it came";
    TakeBackAnnouncement: Delete "/v1/sites/{site}/announcements/{announcement}", Key(Write),
        "Take an announcement back: who has not seen it, does not";
    ListImprovements: Get "/v1/sites/{site}/improvements", Key(Read), "Improvements, changed last first";
    AddImprovement: Post "/v1/sites/{site}/improvements", Key(Write), once(true), "Write an improvement down";
    ReadImprovement: Get "/v1/sites/{site}/improvements/{improvement}", Key(Read), "One improvement, with what stands behind it";
    ChangeImprovement: Patch "/v1/sites/{site}/improvements/{improvement}", Key(Write), once(true),
        "Change an improvement, or say where it stands (RFC 7396)";
    RemoveImprovement: Delete "/v1/sites/{site}/improvements/{improvement}", Key(Write), "Remove an improvement";
    ListIdeas: Get "/v1/sites/{site}/ideas", Key(Read), "Ideas of customers, those that seem to mean the same together";
    ReadBrightSpots: Get "/v1/sites/{site}/bright-spots", Key(Read), "What promoters are glad of and whom customers praise by name, month by month";
    ReadHuddle: Get "/v1/sites/{site}/huddle", Key(Read), "A page for the weekly huddle: seven days, against the seven before";
    ListWatches: Get "/v1/sites/{site}/watches", Key(Read), "What changed that nobody asked about, in 30 days";

    ListPeople: Get "/v1/sites/{site}/people", Key(Read), "The owner's people, who answer customers";
    AddPerson: Post "/v1/sites/{site}/people", Key(Admin), once(true), "Add a person";
    ChangePerson: Patch "/v1/sites/{site}/people/{person}", Key(Admin), once(true),
        "Change a person, or say until when they are away (RFC 7396)";
    RemovePerson: Delete "/v1/sites/{site}/people/{person}", Key(Admin),
        "Remove a person; their keys are revoked, and their cases are nobody's";

    ListCases: Get "/v1/sites/{site}/cases", Key(Read), "Cases, newest first";
    OpenCase: Post "/v1/sites/{site}/cases", Key(Write), once(true), "Open a case for a response";
    ReadLoop: Get "/v1/sites/{site}/cases/metrics", Key(Read), "How well the loop is closed";
    ReadCase: Get "/v1/sites/{site}/cases/{case}", Key(Read), "One case";
    ChangeCase: Patch "/v1/sites/{site}/cases/{case}", Key(Write), once(true),
        "Assign, snooze, resolve, reopen or close a case";
    ListCaseHistory: Get "/v1/sites/{site}/cases/{case}/history", Key(Read),
        "Who did what to a case, oldest first; notes and calls, too";
    ReplyToCase: Post "/v1/sites/{site}/cases/{case}/messages", Key(Write), once(true),
        "Write to the customer of a case";
    AddNote: Post "/v1/sites/{site}/cases/{case}/notes", Key(Write), once(true),
        "Write something down that the customer never sees";
    LogCall: Post "/v1/sites/{site}/cases/{case}/calls", Key(Write), once(true), "Log a call to the customer";
    ListCalls: Get "/v1/sites/{site}/call-list", Key(Read), "Whom to call, and whether it is daytime there";

    RevokeThread: Delete "/v1/sites/{site}/responses/{response}/thread", Key(Write),
        "Let no browser into the conversation any more with what it kept; a stolen phone, a shared computer";
    ReadThread: Get "/v1/sites/{site}/thread", Customer,
        "For a customer: the conversation, and all that is kept about their answer";
    ChangeThread: Patch "/v1/sites/{site}/thread", Customer,
        "For a customer: correct what was said, take it or a contact back, be told by email";
    EraseThread: Delete "/v1/sites/{site}/thread", Customer,
        "For a customer: erase the answer and all that belongs to it";
    WriteToTeam: Post "/v1/sites/{site}/thread/messages", Customer, "For a customer: write back";
    MarkRead: Post "/v1/sites/{site}/thread/read", Customer, "For a customer: all of it was seen";
    Judge: Post "/v1/sites/{site}/thread/verdict", Customer, "For a customer: say whether it is better";
    ReadNews: Get "/v1/sites/{site}/news/{mailbox}", Public, "How much a customer has not seen, and nothing else";
    AskToStop: Get "/v1/sites/{site}/news/{mailbox}/unsubscribe", Public,
        "The page behind the link in a mail: one button, and nothing ends by looking at it";
    StopNotifying: Post "/v1/sites/{site}/news/{mailbox}/unsubscribe", Public,
        "Tell a customer nothing more by email (RFC 8058)";
    ReadVisitorKey: Get "/v1/sites/{site}/visitor-key", Key(Admin), "What the owner's server vouches for visitors with";
    // Not by Idempotency-Key: the answer would have to be kept, and with it the key.
    RotateVisitorKey: Post "/v1/sites/{site}/visitor-key", Key(Admin), "Make a new one; the one before is good for a week";

    ExportSite: Get "/v1/sites/{site}/backup", Key(Admin), "The whole site, one record a line";
    ImportSite: Post "/v1/sites/{site}/backup", Owner, "Make the site what a backup says; with dry_run tell what would change";
    RestoreSite: Post "/v1/sites/{site}/restore", Owner, "Set the site back to a moment of the last 30 days";
    ImportResponses: Post "/v1/sites/{site}/responses.csv", Key(Admin),
        "Take in another tool's table; with dry_run show how it is understood";

    ListKeys: Get "/v1/sites/{site}/keys", Key(Admin), "API keys";
    // Not by Idempotency-Key: the answer would have to be kept, and with it the key.
    AddKey: Post "/v1/sites/{site}/keys", Key(Admin), "Make an API key";
    RevokeKey: Delete "/v1/sites/{site}/keys/{prefix}", Key(Admin), "Revoke an API key at once";

    ListEndpoints: Get "/v1/sites/{site}/endpoints", Key(Read), "Webhook endpoints";
    AddEndpoint: Post "/v1/sites/{site}/endpoints", Key(Admin), once(true), "Add an endpoint";
    ReadEndpoint: Get "/v1/sites/{site}/endpoints/{endpoint}", Key(Read), "One endpoint";
    ChangeEndpoint: Patch "/v1/sites/{site}/endpoints/{endpoint}", Key(Admin), once(true),
        "Change, disable or enable an endpoint";
    RemoveEndpoint: Delete "/v1/sites/{site}/endpoints/{endpoint}", Key(Admin), "Remove an endpoint and its log";
    ReadSecret: Get "/v1/sites/{site}/endpoints/{endpoint}/secret", Key(Admin),
        "Its signing secret, or for v1a its public key";
    RotateSecret: Post "/v1/sites/{site}/endpoints/{endpoint}/secret", Key(Admin), once(true),
        "Give it a new secret; both sign for a while";
    ListDeliveries: Get "/v1/sites/{site}/deliveries", Key(Read), "Where events stand with all endpoints, newest first";
    ListEvents: Get "/v1/sites/{site}/events", Key(Read), "Events of 30 days, newest first";
    ReadEvent: Get "/v1/sites/{site}/events/{event}", Key(Read), "One event, as it was sent";
    ListAttempts: Get "/v1/sites/{site}/endpoints/{endpoint}/attempts", Key(Read),
        "Every attempt of 30 days, newest first";
    SendTest: Post "/v1/sites/{site}/endpoints/{endpoint}/test", Key(Write), once(true), "Send an example of an event";
    Replay: Post "/v1/sites/{site}/endpoints/{endpoint}/replay", Key(Write), once(true),
        "Send a range of events again, 5,000 at a time";
    Resend: Post "/v1/sites/{site}/endpoints/{endpoint}/events/{event}/resend", Key(Write), once(true),
        "Send one event again";
}

impl OperationId {
    /// The `operationId` of the OpenAPI document.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The query parameters that it knows; any other is refused.
    #[must_use]
    pub fn parameters(self) -> Vec<&'static str> {
        let filtered = |more: &[&'static str]| [&ResponseFilter::PARAMETERS, more].concat();
        match self {
            Self::ReadSurvey => vec!["lang"],
            Self::ListSites | Self::ListVisitorResponses => vec!["cursor", "limit"],
            Self::ListResponses => filtered(&["cursor", "limit"]),
            Self::ExportCsv => filtered(&["separator", "bom"]),
            Self::ExportNdjson | Self::EraseResponses => filtered(&[]),
            Self::ReadMetrics => filtered(&["by", "tz"]),
            Self::ReadQuestionMetrics | Self::ReadFollowUpMetrics => filtered(&["tz"]),
            Self::ReadExperiment => vec!["name"],
            Self::ImportSite => vec!["dry_run"],
            Self::ImportResponses => {
                vec![
                    "dry_run",
                    "day_first",
                    "score",
                    "comment",
                    "created_at",
                    "id",
                    "visitor",
                    "lang",
                    "page",
                    "contact",
                ]
            }
            Self::ListCases => [&CaseFilter::PARAMETERS[..], &["cursor", "limit"]].concat(),
            Self::ReadBrightSpots => vec!["months"],
            Self::ReadHuddle => vec!["until"],
            Self::ReadLoop => vec!["since", "until"],
            Self::ListCalls => vec!["why", "daytime", "limit"],
            Self::ListEvents => vec!["cursor", "limit", "type", "response"],
            Self::ListDeliveries => vec!["cursor", "limit", "state", "endpoint", "event"],
            Self::ListAttempts => vec!["cursor", "limit", "event"],
            _ => Vec::new(),
        }
    }

    /// Its row of the table.
    #[must_use]
    pub fn route(self) -> Option<&'static Route> {
        ROUTES.iter().find(|route| route.operation == self)
    }
}

/// What there is at an address.
#[derive(Debug, Clone)]
pub struct Found {
    rows: Vec<&'static Route>,
    parameters: BTreeMap<String, String>,
}

impl Found {
    /// The operation that this method calls here. `HEAD` is `GET` without a body.
    #[must_use]
    pub fn operation(&self, method: &str) -> Option<&'static Route> {
        let method = if method == "HEAD" { "GET" } else { method };
        self.rows.iter().copied().find(|route| route.method.as_str() == method)
    }

    /// The methods there are here, as `Allow` names them.
    #[must_use]
    pub fn allowed(&self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.rows.iter().map(|route| route.method.as_str()).collect();
        if names.contains(&"GET") {
            names.push("HEAD");
        }
        names.push("OPTIONS");
        names
    }

    /// A parameter of the path; empty where the path has none of this name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }
}

/// Looks an address up; `None` when there is nothing. A slash at its end does not count. Parameters are decoded.
///
/// ```
/// let found = heard_wire::api::find("/v1/sites/shop/keys/hk%5F0123456789ab").unwrap();
/// assert_eq!((found.parameter("prefix"), found.allowed()), ("hk_0123456789ab", vec!["DELETE", "OPTIONS"]));
/// assert!(heard_wire::api::find("/v1/sites/shop/nothing").is_none());
/// ```
#[must_use]
pub fn find(path: &str) -> Option<Found> {
    let found = ROUTER.at(path.trim_end_matches('/')).ok()?;
    let decoded = |value: &str| percent_decode_str(value).decode_utf8_lossy().into_owned();
    let parameters = found.params.iter().map(|(name, value)| (name.to_owned(), decoded(value))).collect();
    Some(Found { rows: found.value.clone(), parameters })
}

static ROUTER: LazyLock<Router<Vec<&'static Route>>> = LazyLock::new(|| {
    let mut addresses: BTreeMap<&str, Vec<&'static Route>> = BTreeMap::new();
    for route in ROUTES {
        addresses.entry(route.path).or_default().push(route);
    }
    let mut router = Router::new();
    for (path, rows) in addresses {
        // A test walks the table, so that no path stands in another's way.
        drop(router.insert(path, rows));
    }
    router
});

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// The path with something in each place of a parameter.
    fn filled(path: &str) -> String {
        path.split('/').map(|part| if part.starts_with('{') { "a-1" } else { part }).collect::<Vec<_>>().join("/")
    }

    #[test]
    fn every_row_is_found_by_its_method_and_address_and_by_nothing_else() {
        let mut seen = HashSet::new();
        for route in ROUTES {
            assert!(seen.insert((route.method, route.path)), "{route:?} stands there twice");
            let found = find(&filled(route.path)).unwrap();
            assert_eq!(found.operation(route.method.as_str()), Some(route));
            assert!(found.allowed().contains(&route.method.as_str()));
            assert_eq!(found.operation("HEAD").is_some(), found.operation("GET").is_some());
            let rows = ROUTES.iter().filter(|other| other.path == route.path).count();
            let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "BREW", ""].iter();
            assert_eq!(known.filter(|method| found.operation(method).is_some()).count(), rows, "{route:?}");
            assert!(
                find(&format!("{}/more", filled(route.path)))
                    .is_none_or(|more| { more.rows.iter().all(|row| row.path != route.path) })
            );
        }
    }

    #[test]
    fn rows_say_who_may_and_what_happens_once() {
        for route in ROUTES {
            let of_a_site = route.path.starts_with("/v1/sites/{site}");
            assert!(of_a_site || !matches!(route.access, Key(_)), "{route:?}: a key belongs to a site");
            assert!(!route.idempotent || route.method != Method::Get, "{route:?}: reading needs no Idempotency-Key");
            assert!(!route.summary.is_empty() && route.operation.as_str().starts_with(char::is_lowercase));
            assert_eq!(route.operation.route(), Some(route));
            let secret = route.path.contains("/keys") || route.path.ends_with("/secret");
            assert!(
                route.access != Owner || !of_a_site || !route.idempotent,
                "{route:?}: what is done twice is the same"
            );
            assert!(!secret || route.access == Key(Admin), "{route:?}: keys and secrets are for admins");
            let writes = route.method != Method::Get;
            assert!(!writes || route.access != Key(Read), "{route:?}: a key to read must not write");
        }
    }
}
