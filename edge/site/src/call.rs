//! How a site's object is asked: one JSON text in, one out.

use crate::context::Context;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::site::Site;
use crate::store::{SiteError, Sql, Tables};
use crate::survey::Strangers;
use crate::{conversations, idempotency, responses, sites, survey, webhooks};
use heard_wire::Scope;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};

/// What the Worker sends to a site's object: everything that is needed to answer a request, at once. Members that a
/// release does not know are passed over, since for minutes after a deploy two releases talk to each other.
#[derive(Debug, Serialize, Deserialize)]
pub struct Call<O = AnyOperation> {
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
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nobody => "Nobody",
            Self::Owner => "Owner",
            Self::Key { .. } => "Key",
        })
    }
}

/// What a site's object answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome<R> {
    /// It is done.
    Done(R),
    /// It is refused.
    Refused(Refusal),
}

/// An answer as it goes back to the Worker.
#[derive(Debug)]
pub struct Answered {
    /// An [`Outcome`] as JSON.
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

/// Carries out a [`Call`] given as JSON.
///
/// # Errors
/// When the call does not read or SQLite refuses; nothing of it may then be committed.
pub fn answer<'a>(sql: &'a dyn Sql, context: Context<'a>, mind: &'a Mind, call: &str) -> Result<Answered, SiteError> {
    const ACT: &str = "read a call";
    let call: Call = match serde_json::from_str(call) {
        Ok(call) => call,
        // A later release's Worker asks for what this one does not know.
        Err(_) if serde_json::from_str::<Call<IgnoredAny>>(call).is_ok() => {
            return Ok(Answered::quietly(refused(Refusal::UnknownOperation)?));
        }
        Err(source) => return Err(SiteError::Json { act: ACT, source }),
    };
    let effect = call.operation.effect();
    let erases = matches!(call.operation, AnyOperation::EraseSite(_));
    match outcome_of(sql, context, mind, call) {
        Ok(outcome) => {
            if erases {
                mind.tables.set(Tables::Missing);
                mind.strangers.take();
            }
            Ok(Answered { outcome, wakes: effect == Effect::Writes && !erases, is_gone: erases })
        }
        Err(Failure::Refused(refusal)) => Ok(Answered::quietly(refused(refusal)?)),
        Err(Failure::Broken(error)) => Err(error),
    }
}

fn outcome_of<'a>(sql: &'a dyn Sql, mut context: Context<'a>, mind: &'a Mind, call: Call) -> Result<String, Failure> {
    let tables = &mind.tables;
    let Call { operation, credential, idempotency_key } = call;
    if tables.get() == Tables::Missing {
        // The object may have been undone, or the tables made, since it was last looked.
        tables.set(crate::store::upgrade(sql)?);
    }
    let operation = if tables.get() == Tables::Missing {
        match (operation, &credential) {
            (AnyOperation::WriteSite(operation), Credential::Owner) => {
                return Ok(done(&sites::create(sql, operation)?)?);
            }
            (AnyOperation::ImportRecords(import), Credential::Owner) if import.dry_run => {
                return Ok(done(&import.of_nothing())?);
            }
            (AnyOperation::ImportRecords(mut import), Credential::Owner) => {
                let settings = import.take_settings().ok_or(Refusal::UnknownSite)?;
                sites::create(
                    sql,
                    sites::WriteSite { site: import.site.clone(), settings, if_match: None, if_none_match: None },
                )?;
                tables.set(Tables::Current);
                AnyOperation::ImportRecords(import)
            }
            (_, Credential::Key { .. }) => return Err(Refusal::InvalidKey.into()),
            _ => return Err(Refusal::UnknownSite.into()),
        }
    } else {
        operation
    };
    let may_write = tables.get() == Tables::Current;
    let trusted = !matches!(credential, Credential::Nobody);
    let is_owner = matches!(credential, Credential::Owner);
    let reveals_secrets = match credential {
        Credential::Nobody => false,
        Credential::Owner => true,
        Credential::Key { key, needs } => sites::check_key(sql, &mut context, may_write, &key, needs)? >= Scope::Admin,
    };
    let Some(site) = Site::open(sql, context)? else { return Err(Refusal::UnknownSite.into()) };
    let mut site = Site { reveals_secrets, is_owner, trusted, strangers: Some(&mind.strangers), ..site };
    if operation.effect() != Effect::Reads && !may_write {
        return Err(Refusal::NewerSchema.into());
    }
    match idempotency_key {
        Some(key) => {
            let request = serde_json::to_string(&operation);
            let request = request.map_err(|source| SiteError::Json { act: "write a request", source })?;
            idempotency::once(&mut site, &key, request, |site| operation.carry_out(site))
        }
        None => operation.carry_out(&mut site),
    }
}

fn done(reply: &impl Serialize) -> Result<String, SiteError> {
    written(&Outcome::Done(reply))
}

fn refused(refusal: Refusal) -> Result<String, SiteError> {
    written(&Outcome::<()>::Refused(refusal))
}

fn written(outcome: &impl Serialize) -> Result<String, SiteError> {
    serde_json::to_string(outcome).map_err(|source| SiteError::Json { act: "write a reply", source })
}

macro_rules! operations {
    ($($name:ident: $operation:ty,)*) => {
        /// Any operation, as it travels.
        #[allow(clippy::large_enum_variant, reason = "one is made a request, and read in place; wasm32 is under the limit")]
        #[derive(Debug, Serialize, Deserialize)]
        pub enum AnyOperation {
            $(#[doc = concat!("See [`", stringify!($operation), "`].")] $name($operation),)*
        }

        $(impl From<$operation> for AnyOperation {
            fn from(operation: $operation) -> Self {
                Self::$name(operation)
            }
        })*

        impl AnyOperation {
            /// What it does to the tables.
            #[must_use]
            pub fn effect(&self) -> Effect {
                match self { $(Self::$name(_) => <$operation as Operation>::EFFECT,)* }
            }

            /// Does it, and gives the outcome as JSON.
            fn carry_out(self, site: &mut Site<'_>) -> Result<String, Failure> {
                match self { $(Self::$name(operation) => Ok(done(&operation.carry_out(site)?)?),)* }
            }
        }
    };
}

operations! {
    Authorize: sites::Authorize,
    ReadSite: sites::ReadSite,
    WriteSite: sites::WriteSite,
    ChangeSite: sites::ChangeSite,
    EraseSite: sites::EraseSite,
    ExportSite: sites::ExportSite,
    ImportRecords: sites::ImportRecords,
    ListKeys: sites::ListKeys,
    AddKey: sites::AddKey,
    RevokeKey: sites::RevokeKey,
    CountImpression: survey::CountImpression,
    Submit: survey::Submit,
    ListResponses: responses::ListResponses,
    ListVisitorResponses: responses::ListVisitorResponses,
    ReadResponse: responses::ReadResponse,
    ReadMetrics: responses::ReadMetrics,
    ReviewResponse: responses::ReviewResponse,
    EraseResponse: responses::EraseResponse,
    EraseResponses: responses::EraseResponses,
    EraseVisitor: responses::EraseVisitor,
    ListMessages: conversations::ListMessages,
    AddMessage: conversations::AddMessage,
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
