//! API keys of a site: made, listed, revoked, and checked.

use crate::cases;
use crate::context::Context;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, run};
use constant_time_eq::constant_time_eq;
use heard_wire::{Actor, AddedApiKey, ApiKey, BackupRecord, KeyHolder, List, NewApiKey, Scope, TeammateId, Timestamp};
use hmac_sha256::Hash;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Keys of a site.
const MAX_KEYS: usize = 50;
/// `hk_` and 12 hexadecimal digits.
const PREFIX_BYTES: usize = 15;
/// A key's last use is noted once a minute.
const NOTE_USE_AFTER: Duration = Duration::from_secs(60);

/// Does nothing, for who may: what is asked where a request is at fault before anything else is done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Authorize {}

impl Operation for Authorize {
    type Reply = ();
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, _: &mut Site<'_>) -> Result<(), Failure> {
        Ok(())
    }
}

/// Who asks, by the key that was shown.
#[derive(Debug, Serialize, Deserialize)]
pub struct Introduce {}

impl Operation for Introduce {
    type Reply = KeyHolder;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<KeyHolder, Failure> {
        let person = match &site.actor {
            Actor::Person { person } => Some(cases::known_teammate(site, person)?),
            _ => None,
        };
        Ok(KeyHolder { allows: site.allows, person })
    }
}

/// Makes a key, and gives it whole for the only time.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddKey {
    /// As validated.
    pub new: NewApiKey,
}

impl Operation for AddKey {
    type Reply = AddedApiKey;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<AddedApiKey, Failure> {
        const ACT: &str = "write a key";
        site.has_room(Thing::Key, MAX_KEYS, "SELECT count(*) FROM keys", [])?;
        let context = &mut site.context;
        let [a, b, c, d, e, f, ..] = (context.random)();
        let prefix = format!("hk_{}", const_hex::encode([a, b, c, d, e, f]));
        let secret = [(context.random)(), (context.random)()].concat();
        let key = format!("{prefix}_{}", const_hex::encode(secret));
        let NewApiKey { name, scope, person } = self.new;
        if let Some(person) = &person {
            cases::named_teammate(site, person, "/person")?;
        }
        let context = &mut site.context;
        let listed = ApiKey { prefix, name, scope, person, created_at: context.now, last_used_at: None };
        run(
            site.sql,
            ACT,
            "INSERT INTO keys (prefix, name, scope, hash, created_at, person) VALUES (?, ?, ?, ?, ?, ?)",
            [
                Cell::from(listed.prefix.as_str()),
                Cell::from(listed.name.as_str()),
                Cell::from(scope.as_str()),
                Cell::from(hash(&key)),
                Cell::from(listed.created_at),
                Cell::from(listed.person.as_ref().map(TeammateId::as_str)),
            ],
        )?;
        Ok(AddedApiKey { listed, key })
    }
}

/// All keys, oldest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListKeys {}

impl Operation for ListKeys {
    type Reply = List<ApiKey>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<ApiKey>, Failure> {
        const ACT: &str = "list the keys";
        let statement =
            "SELECT prefix, name, scope, person, created_at, last_used_at FROM keys ORDER BY created_at, prefix";
        let rows = run(site.sql, ACT, statement, [])?.into_iter();
        let items = rows.map(|row| read(Columns::of(row, ACT))).collect::<Result<_, _>>()?;
        Ok(List { items })
    }
}

/// Every key with its hash, for a copy of the site.
pub(crate) fn export(site: &Site<'_>) -> Result<Vec<BackupRecord>, SiteError> {
    const ACT: &str = "export the keys";
    let statement =
        "SELECT hash, prefix, name, scope, person, created_at, last_used_at FROM keys ORDER BY created_at, prefix";
    let rows = run(site.sql, ACT, statement, [])?.into_iter().map(|row| {
        let mut columns = Columns::of(row, ACT);
        let hash = columns.text()?;
        Ok(BackupRecord::Key { listed: read(columns)?, hash })
    });
    rows.collect()
}

fn read(mut columns: Columns) -> Result<ApiKey, SiteError> {
    Ok(ApiKey {
        prefix: columns.text()?,
        name: columns.text()?,
        scope: columns.parsed()?,
        person: columns.optional_text()?.and_then(|id| id.parse().ok()),
        created_at: columns.timestamp()?,
        last_used_at: columns.optional_timestamp()?,
    })
}

/// Revokes a key at once.
#[derive(Debug, Serialize, Deserialize)]
pub struct RevokeKey {
    /// How it begins.
    pub prefix: String,
}

impl Operation for RevokeKey {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        let statement = "DELETE FROM keys WHERE prefix = ? RETURNING prefix";
        match one(site.sql, "revoke a key", statement, [Cell::from(self.prefix)])? {
            Some(_) => Ok(()),
            None => Err(Refusal::NotFound { thing: Thing::Key }.into()),
        }
    }
}

/// What a key is.
pub(crate) struct Checked {
    /// What it allows.
    pub(crate) scope: Scope,
    /// Whose it is.
    pub(crate) person: Option<TeammateId>,
}

/// How somebody shows that a key is theirs.
pub(crate) enum Proof<'a> {
    /// By the whole of it.
    Key(&'a str),
    /// By having shown it when they signed in; how it begins.
    SignedIn(&'a str),
}

/// What this key allows, which must be at least `needs`. Its use is noted, where that may be written.
pub(crate) fn check_key(
    sql: &dyn Sql,
    context: &mut Context<'_>,
    may_write: bool,
    proof: &Proof<'_>,
    needs: Scope,
) -> Result<Checked, Failure> {
    const ACT: &str = "check a key";
    let prefix = match proof {
        Proof::Key(key) => key.get(..PREFIX_BYTES).ok_or(Refusal::InvalidKey)?,
        Proof::SignedIn(prefix) => prefix,
    };
    let statement = "SELECT hash, scope, coalesce(last_used_at, 0), person FROM keys WHERE prefix = ?";
    let mut columns = one(sql, ACT, statement, [Cell::from(prefix)])?.ok_or(Refusal::InvalidKey)?;
    let (known, scope, last_used) = (columns.text()?, columns.parsed::<Scope>()?, columns.timestamp()?);
    let person = columns.optional_text()?.and_then(|id| id.parse().ok());
    if let Proof::Key(key) = proof
        && !constant_time_eq(known.as_bytes(), hash(key).as_bytes())
    {
        return Err(Refusal::InvalidKey.into());
    }
    let now: Timestamp = context.now;
    if may_write && now >= last_used + NOTE_USE_AFTER {
        let params = [Cell::from(now), Cell::from(prefix)];
        run(sql, ACT, "UPDATE keys SET last_used_at = ? WHERE prefix = ?", params)?;
    }
    if scope >= needs { Ok(Checked { scope, person }) } else { Err(Refusal::ScopeTooNarrow { needs }.into()) }
}

/// Keys are 32 random bytes, so a hash without salt or stretching cannot be turned around.
fn hash(key: &str) -> String {
    const_hex::encode(Hash::hash(key.as_bytes()))
}
