//! API keys of a site: made, listed, revoked, and checked.

use crate::sql::{Columns, run};
use crate::{Cell, Moment, SiteError, Sql};
use constant_time_eq::constant_time_eq;
use heard_wire::{ApiKey, NewApiKey, Scope, Timestamp};
use hmac_sha256::Hash;
use serde::{Deserialize, Serialize};

const MAX_KEYS: usize = 50;
/// `hk_` and 12 hexadecimal digits.
const PREFIX_BYTES: usize = 15;
/// A key's last use is noted once a minute.
const NOTE_USE_AFTER_MILLIS: i64 = 60_000;

/// Whether a key allows something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Allowed {
    /// It does.
    Yes,
    /// There is no such key.
    UnknownKey,
    /// It is for less.
    TooNarrow,
}

/// Makes a key, and gives it whole for the only time; `None` when the site has no more room.
pub(crate) fn add(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    new: NewApiKey,
) -> Result<Option<(ApiKey, String)>, SiteError> {
    if list(sql)?.len() >= MAX_KEYS {
        return Ok(None);
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let [a, b, c, d, e, f, ..] = (moment.random)();
    let prefix = format!("hk_{}", hex(&[a, b, c, d, e, f]));
    let whole = format!("{prefix}_{}", hex(&[(moment.random)(), (moment.random)()].concat()));
    let key = ApiKey { prefix, name: new.name, scope: new.scope, created_at: moment.now, last_used_at: None };
    run(
        sql,
        "write a key",
        "INSERT INTO keys (prefix, name, scope, hash, created_at) VALUES (?, ?, ?, ?, ?)",
        [
            Cell::from(key.prefix.as_str()),
            Cell::from(key.name.as_str()),
            Cell::from(scope_name(key.scope)),
            Cell::from(hash(&whole)),
            Cell::from(moment.now.as_millis()),
        ],
    )?;
    Ok(Some((key, whole)))
}

/// All keys, oldest first.
pub(crate) fn list(sql: &dyn Sql) -> Result<Vec<ApiKey>, SiteError> {
    const ACT: &str = "list the keys";
    let statement = "SELECT prefix, name, scope, created_at, last_used_at FROM keys ORDER BY created_at, prefix";
    run(sql, ACT, statement, [])?
        .into_iter()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            Ok(ApiKey {
                prefix: columns.text()?,
                name: columns.text()?,
                scope: scope_named(&columns.text()?).ok_or(SiteError::Unreadable { act: ACT })?,
                created_at: Timestamp::from_millis(columns.integer()?),
                last_used_at: columns.optional_integer()?.map(Timestamp::from_millis),
            })
        })
        .collect()
}

/// Revokes a key at once; whether there was one.
pub(crate) fn revoke(sql: &dyn Sql, prefix: &str) -> Result<bool, SiteError> {
    let gone = run(sql, "revoke a key", "DELETE FROM keys WHERE prefix = ? RETURNING prefix", [Cell::from(prefix)])?;
    Ok(!gone.is_empty())
}

/// Whether this key allows what needs this scope. Its use is noted.
pub(crate) fn check(sql: &dyn Sql, moment: &Moment<'_>, whole: &str, needed: Scope) -> Result<Allowed, SiteError> {
    const ACT: &str = "check a key";
    let Some(prefix) = whole.get(..PREFIX_BYTES) else { return Ok(Allowed::UnknownKey) };
    let statement = "SELECT hash, scope, coalesce(last_used_at, 0) FROM keys WHERE prefix = ?";
    let Some(row) = run(sql, ACT, statement, [Cell::from(prefix)])?.into_iter().next() else {
        return Ok(Allowed::UnknownKey);
    };
    let mut columns = Columns::of(row, ACT);
    let (known, scope, last_used) = (columns.text()?, scope_named(&columns.text()?), columns.integer()?);
    if !constant_time_eq(known.as_bytes(), hash(whole).as_bytes()) {
        return Ok(Allowed::UnknownKey);
    }
    let now = moment.now.as_millis();
    if now - last_used >= NOTE_USE_AFTER_MILLIS {
        let params = [Cell::from(now), Cell::from(prefix)];
        run(sql, ACT, "UPDATE keys SET last_used_at = ? WHERE prefix = ?", params)?;
    }
    Ok(if scope.is_some_and(|scope| scope >= needed) { Allowed::Yes } else { Allowed::TooNarrow })
}

/// Keys are 32 random bytes, so a hash without salt or stretching cannot be turned around.
fn hash(whole: &str) -> String {
    Hash::hash(whole.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

const SCOPES: [(Scope, &str); 3] = [(Scope::Read, "read"), (Scope::Write, "write"), (Scope::Admin, "admin")];

fn scope_name(scope: Scope) -> &'static str {
    SCOPES.iter().find(|(known, _)| *known == scope).map_or("", |(_, name)| name)
}

fn scope_named(name: &str) -> Option<Scope> {
    SCOPES.iter().find(|(_, known)| *known == name).map(|(scope, _)| *scope)
}
