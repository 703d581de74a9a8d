//! How a site's object is asked: one JSON text in, one out.

use crate::context::Context;
use crate::operation::{Effect, Operation};
use crate::outcome::{done, refused};
use crate::refusal::{Failure, Refusal};
use crate::site::Site;
use crate::sites::Proof;
use crate::store::{SiteError, Sql, Tables};
use crate::survey::Strangers;
use crate::{cases, conversations, idempotency, improving, responses, sites, survey, webhooks};
use heard_wire::{Actor, CustomerKey, ResponseId, Scope};
use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::cell::{Cell, RefCell};

/// What the Worker sends to a site's object: everything that is needed to answer a request, at once. Members that a
/// release does not know are passed over, since for minutes after a deploy two releases talk to each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct Call<O> {
    /// What to do.
    pub operation: O,
    /// Who asks.
    pub credential: Credential,
    /// With which the operation happens once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
}

/// Who asks.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// Anybody, for what anybody may.
    Nobody,
    /// The holder of the owner key, which the Worker has compared.
    Owner,
    /// The holder of what claims to be a key of this site.
    Key {
        /// The whole key.
        key: String,
        /// What the operation needs.
        needs: Scope,
    },
    /// Somebody who showed a key of this site when they signed in at the desk.
    SignedIn {
        /// How it begins.
        prefix: String,
        /// What the operation needs.
        needs: Scope,
    },
    /// The holder of what claims to be the secret of an answer.
    Customer {
        /// Both.
        key: CustomerKey,
        /// A tag of the address, by which guesses are counted.
        address: Option<String>,
    },
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nobody => "Nobody",
            Self::Owner => "Owner",
            Self::Key { .. } => "Key",
            Self::SignedIn { .. } => "SignedIn",
            Self::Customer { .. } => "Customer",
        })
    }
}

/// An answer as it goes back to the Worker.
#[derive(Debug)]
pub struct Answered {
    /// An [`crate::Outcome`] as JSON.
    pub outcome: String,
    /// Whether there may be something to do for the alarm.
    pub wakes: bool,
    /// Whether the site is no more, so that its storage can go.
    pub is_gone: bool,
}

impl Answered {
    /// An answer after which there is nothing to do.
    fn quietly(outcome: String) -> Self {
        Self { outcome, wakes: false, is_gone: false }
    }
}

/// What an object keeps in mind between calls, and loses when it sleeps.
#[derive(Debug)]
pub struct Mind {
    /// What its tables are.
    pub tables: Cell<Tables>,
    /// What strangers have sent lately.
    pub strangers: RefCell<Strangers>,
}

impl Mind {
    /// Of an object that has just woken, on tables like these.
    #[must_use]
    pub fn new(tables: Tables) -> Self {
        Self { tables: Cell::new(tables), strangers: RefCell::default() }
    }
}

/// An operation as it travels: an object whose one member is called like it. What is in it is read only by who carries it out,
/// so that a call costs the code of its own operation and of no other: a fresh isolate compiles what it comes to.
#[derive(Debug)]
pub struct ByName<O>(pub O);

impl<O: Known> Serialize for ByName<O> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(O::NAME, &self.0)?;
        map.end()
    }
}

/// The name of an operation, and the rest of it unread.
struct Unread {
    name: String,
    operation: Box<RawValue>,
}

impl<'de> Deserialize<'de> for Unread {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneMember;

        impl<'de> Visitor<'de> for OneMember {
            type Value = Unread;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object with one member, which is called like an operation")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let named = map.next_entry::<String, Box<RawValue>>()?;
                let (name, operation) = named.ok_or_else(|| serde::de::Error::custom("no operation"))?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Unread { name, operation })
            }
        }

        deserializer.deserialize_map(OneMember)
    }
}

impl Unread {
    /// Reads it as this operation; one of another release's form is unknown here.
    fn read<O: DeserializeOwned>(&self) -> Result<O, Failure> {
        serde_json::from_str(self.operation.get()).map_err(|_| Refusal::UnknownOperation.into())
    }

    fn is<O: Known>(&self) -> bool {
        self.name == O::NAME
    }
}

/// Carries out a [`Call`] given as JSON.
///
/// # Errors
/// When the call does not read or SQLite refuses; nothing of it may then be committed.
pub fn answer<'a>(sql: &'a dyn Sql, context: Context<'a>, mind: &'a Mind, call: &str) -> Result<Answered, SiteError> {
    const ACT: &str = "read a call";
    let call: Call<Unread> = serde_json::from_str(call).map_err(|source| SiteError::Json { act: ACT, source })?;
    let erases = call.operation.is::<sites::EraseSite>();
    // A later release's Worker asks for what this one does not know.
    let Some(known) = known(&call.operation.name) else {
        return Ok(Answered::quietly(refused(Refusal::UnknownOperation)?));
    };
    match outcome_of(sql, context, mind, call, &known) {
        Ok(outcome) => {
            if erases {
                mind.tables.set(Tables::Missing);
                mind.strangers.take();
            }
            Ok(Answered { outcome, wakes: known.effect == Effect::Writes && !erases, is_gone: erases })
        }
        Err(Failure::Refused(refusal)) => Ok(Answered::quietly(refused(refusal)?)),
        Err(Failure::Broken(error)) => Err(error),
    }
}

fn outcome_of<'a>(
    sql: &'a dyn Sql,
    mut context: Context<'a>,
    mind: &'a Mind,
    call: Call<Unread>,
    known: &Carrier,
) -> Result<String, Failure> {
    let tables = &mind.tables;
    let Call { operation, credential, idempotency_key } = call;
    if tables.get() == Tables::Missing {
        // The object may have been undone, or the tables made, since it was last looked.
        tables.set(crate::store::upgrade(sql)?);
    }
    if tables.get() == Tables::Missing {
        return match credential {
            Credential::Owner if operation.is::<sites::WriteSite>() => {
                Ok(done(&sites::create(sql, operation.read()?)?)?)
            }
            Credential::Owner if operation.is::<sites::ImportRecords>() => {
                import(sql, context, mind, operation.read()?)
            }
            Credential::Key { .. } | Credential::SignedIn { .. } => Err(Refusal::InvalidKey.into()),
            Credential::Customer { .. } => Err(Refusal::UnknownThread.into()),
            Credential::Owner | Credential::Nobody => Err(Refusal::UnknownSite.into()),
        };
    }
    let may_write = tables.get() == Tables::Current;
    let trusted = matches!(credential, Credential::Owner | Credential::Key { .. } | Credential::SignedIn { .. });
    let is_owner = matches!(credential, Credential::Owner);
    let (mut actor, mut customer, mut allows) = (Actor::Rule, None, Scope::Read);
    let mut holder = |proof: &Proof<'_>, needs| {
        let checked = sites::check_key(sql, &mut context, may_write, proof, needs)?;
        actor = checked.person.map_or(Actor::Owner, |person| Actor::Person { person });
        allows = checked.scope;
        Ok::<_, Failure>(checked.scope >= Scope::Admin)
    };
    let reveals_secrets = match credential {
        Credential::Nobody => false,
        Credential::Owner => {
            (actor, allows) = (Actor::Owner, Scope::Admin);
            true
        }
        Credential::Key { key, needs } => holder(&Proof::Key(&key), needs)?,
        Credential::SignedIn { prefix, needs } => holder(&Proof::SignedIn(&prefix), needs)?,
        Credential::Customer { key, address } => {
            (actor, customer) = (Actor::Customer, Some(check_customer(sql, &context, mind, key, address.as_deref())?));
            false
        }
    };
    let Some(site) = Site::open(sql, context)? else { return Err(Refusal::UnknownSite.into()) };
    let mut site =
        Site { reveals_secrets, is_owner, allows, trusted, actor, customer, strangers: Some(&mind.strangers), ..site };
    if known.effect != Effect::Reads && !may_write {
        return Err(Refusal::NewerSchema.into());
    }
    match idempotency_key {
        Some(key) => {
            // Another person's request is another one.
            let by = match &site.actor {
                Actor::Person { person } => format!(",\"by\":\"{person}\""),
                _ => String::new(),
            };
            let request = format!("{{\"{}\":{}{by}}}", operation.name, operation.operation.get());
            idempotency::once(&mut site, &key, request, |site| (known.carry_out)(&operation, site))
        }
        None => (known.carry_out)(&operation, &mut site),
    }
}

/// Whose answer it is. Refuses who neither knows the secret of an answer nor is vouched for, in the same time whether or not
/// there is such an answer, and who guesses.
fn check_customer(
    sql: &dyn Sql,
    context: &Context<'_>,
    mind: &Mind,
    key: CustomerKey,
    address: Option<&str>,
) -> Result<ResponseId, Failure> {
    let opened = match key {
        CustomerKey::Thread(key) => responses::opens(sql, context.now, &key)?.then_some(key.response),
        CustomerKey::Visitor { visitor, proof } => {
            let vouched = sites::vouches(sql, context.now, &visitor, &proof)?;
            responses::latest_of_vouched(sql, &visitor)?.filter(|_| vouched)
        }
    };
    let guesses = mind.strangers.borrow_mut().guesses(context.now, address, opened.is_none());
    match (opened, guesses) {
        // Whoever shares an address with somebody who guesses still reads their own.
        (Some(response), _) => Ok(response),
        (None, Ok(())) => Err(Refusal::UnknownThread.into()),
        (None, Err(rate)) => Err(Refusal::TooMany { rate }.into()),
    }
}

/// An import makes the site that it is of.
fn import<'a>(
    sql: &'a dyn Sql,
    context: Context<'a>,
    mind: &'a Mind,
    mut import: sites::ImportRecords,
) -> Result<String, Failure> {
    if import.dry_run {
        return Ok(done(&import.of_nothing())?);
    }
    let settings = import.take_settings().ok_or(Refusal::UnknownSite)?;
    let (site, if_match, if_none_match) = (import.site.clone(), None, None);
    sites::create(sql, sites::WriteSite { site, settings, if_match, if_none_match })?;
    mind.tables.set(Tables::Current);
    let Some(mut site) = Site::open(sql, context)? else { return Err(Refusal::UnknownSite.into()) };
    (site.is_owner, site.trusted, site.reveals_secrets) = (true, true, true);
    Ok(done(&import.carry_out(&mut site)?)?)
}

/// An operation that a site's object knows by its name.
pub trait Known: Operation + Serialize + DeserializeOwned {
    /// As it travels.
    const NAME: &'static str;
}

/// How an operation is carried out.
struct Carrier {
    effect: Effect,
    carry_out: fn(&Unread, &mut Site<'_>) -> Result<String, Failure>,
}

impl Carrier {
    const fn of<O: Known>() -> Self {
        Self { effect: O::EFFECT, carry_out: |operation, site| operation.read::<O>()?.told(site) }
    }
}

macro_rules! operations {
    ($($name:ident: $operation:ty,)*) => {
        $(impl Known for $operation {
            const NAME: &'static str = stringify!($name);
        })*

        fn known(name: &str) -> Option<Carrier> {
            Some(match name {
                $(stringify!($name) => Carrier::of::<$operation>(),)*
                _ => return None,
            })
        }
    };
}

operations! {
    Authorize: sites::Authorize,
    Introduce: sites::Introduce,
    ReadSite: sites::ReadSite,
    WriteSite: sites::WriteSite,
    ChangeSite: sites::ChangeSite,
    EraseSite: sites::EraseSite,
    ExportSite: sites::ExportSite,
    ImportRecords: sites::ImportRecords,
    ListKeys: sites::ListKeys,
    AddKey: sites::AddKey,
    RevokeKey: sites::RevokeKey,
    AskAdmission: survey::AskAdmission,
    CountImpression: survey::CountImpression,
    NoteClosing: survey::NoteClosing,
    ReadExperiment: survey::ReadExperiment,
    Submit: survey::Submit,
    ListResponses: responses::ListResponses,
    ListVisitorResponses: responses::ListVisitorResponses,
    ReadResponse: responses::ReadResponse,
    TryAudience: improving::TryAudience,
    Announce: improving::Announce,
    ListAnnouncements: improving::ListAnnouncements,
    ReadAnnouncement: improving::ReadAnnouncement,
    TakeBackAnnouncement: improving::TakeBackAnnouncement,
    AddImprovement: improving::AddImprovement,
    ListImprovements: improving::ListImprovements,
    ReadImprovement: improving::ReadImprovement,
    ChangeImprovement: improving::ChangeImprovement,
    RemoveImprovement: improving::RemoveImprovement,
    ListIdeas: improving::ListIdeas,
    ReadBrightSpots: improving::ReadBrightSpots,
    ReadHuddle: improving::ReadHuddle,
    ListWatches: improving::ListWatches,
    ReadMetrics: responses::ReadMetrics,
    ReadQuestionMetrics: responses::ReadQuestionMetrics,
    ReadFollowUpMetrics: responses::ReadFollowUpMetrics,
    ReviewResponse: responses::ReviewResponse,
    EraseResponse: responses::EraseResponse,
    EraseResponses: responses::EraseResponses,
    EraseVisitor: responses::EraseVisitor,
    ListMessages: conversations::ListMessages,
    AddMessage: conversations::AddMessage,
    ReplyToCase: conversations::ReplyToCase,
    ReadThread: conversations::ReadThread,
    MarkRead: conversations::MarkRead,
    WriteToTeam: conversations::WriteToTeam,
    JudgeCase: conversations::JudgeCase,
    ChangeThread: conversations::ChangeThread,
    EraseThread: conversations::EraseThread,
    ReadNews: conversations::ReadNews,
    StopNotifying: conversations::StopNotifying,
    RevokeThread: conversations::RevokeThread,
    ListPeople: cases::ListPeople,
    AddTeammate: cases::AddTeammate,
    ChangeTeammate: cases::ChangeTeammate,
    RemoveTeammate: cases::RemoveTeammate,
    ListCases: cases::ListCases,
    OpenCase: cases::OpenCase,
    ReadCase: cases::ReadCase,
    ChangeCase: cases::ChangeCase,
    ListHistory: cases::ListHistory,
    AddNote: cases::AddNote,
    LogCall: cases::LogCall,
    ListCalls: cases::ListCalls,
    ReadLoop: cases::ReadLoop,
    ReadVisitorKeys: sites::ReadVisitorKeys,
    RotateVisitorKey: sites::RotateVisitorKey,
    ListEndpoints: webhooks::ListEndpoints,
    AddEndpoint: webhooks::AddEndpoint,
    ReadEndpoint: webhooks::ReadEndpoint,
    ChangeEndpoint: webhooks::ChangeEndpoint,
    RemoveEndpoint: webhooks::RemoveEndpoint,
    ReadSecret: webhooks::ReadSecret,
    RotateSecret: webhooks::RotateSecret,
    ListAttempts: webhooks::ListAttempts,
    ListEvents: webhooks::ListEvents,
    ReadEvent: webhooks::ReadEvent,
    ListDeliveries: webhooks::ListDeliveries,
    Resend: webhooks::Resend,
    Replay: webhooks::ReplayEvents,
    SendTest: webhooks::SendTest,
}
