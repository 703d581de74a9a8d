//! What the owner's server vouches for visitors with.

use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, run};
use constant_time_eq::constant_time_eq;
use heard_wire::{BackupRecord, Timestamp, VisitorId, VisitorKeys, VisitorProof};
use hmac_sha256::HMAC;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long the key before is good after a rotation: pages are cached, and servers restart one by one.
const OVERLAP: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Shows the keys.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadVisitorKeys {}

impl Operation for ReadVisitorKeys {
    type Reply = VisitorKeys;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<VisitorKeys, Failure> {
        Ok(keys(site.sql, site.context.now)?)
    }
}

/// Makes a new key. The one before is good for a week more.
#[derive(Debug, Serialize, Deserialize)]
pub struct RotateVisitorKey {}

impl Operation for RotateVisitorKey {
    type Reply = VisitorKeys;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<VisitorKeys, Failure> {
        const ACT: &str = "make a visitor key";
        let now: Timestamp = site.context.now;
        let key = const_hex::encode([(site.context.random)(), (site.context.random)()].concat());
        run(site.sql, ACT, "DELETE FROM visitor_keys WHERE until IS NOT NULL", [])?;
        run(site.sql, ACT, "UPDATE visitor_keys SET until = ?", [Cell::from(now + OVERLAP)])?;
        let params = [Cell::from(key), Cell::from(now)];
        run(site.sql, ACT, "INSERT INTO visitor_keys (key, created_at) VALUES (?, ?)", params)?;
        Ok(keys(site.sql, site.context.now)?)
    }
}

fn keys(sql: &dyn Sql, now: Timestamp) -> Result<VisitorKeys, SiteError> {
    const ACT: &str = "read the visitor keys";
    let statement = "SELECT key, until FROM visitor_keys WHERE until IS NULL OR until > ?";
    let mut keys = VisitorKeys::default();
    for row in run(sql, ACT, statement, [Cell::from(now)])? {
        let mut columns = Columns::of(row, ACT);
        match (columns.text()?, columns.optional_timestamp()?) {
            (key, None) => keys.key = Some(key),
            (key, until) => (keys.previous, keys.previous_until) = (Some(key), until),
        }
    }
    Ok(keys)
}

/// The keys that are good, for a copy of the site that the owner makes.
pub(super) fn export(site: &Site<'_>) -> Result<Vec<BackupRecord>, SiteError> {
    const ACT: &str = "export the visitor keys";
    if !site.is_owner {
        return Ok(Vec::new());
    }
    let statement =
        "SELECT key, created_at, until FROM visitor_keys WHERE until IS NULL OR until > ? ORDER BY created_at";
    let rows = run(site.sql, ACT, statement, [Cell::from(site.context.now)])?.into_iter().map(|row| {
        let mut columns = Columns::of(row, ACT);
        let (key, created_at) = (columns.text()?, columns.timestamp()?);
        Ok(BackupRecord::VisitorKey { key, created_at, until: columns.optional_timestamp()? })
    });
    rows.collect()
}

/// Whether the owner's server vouches for visitors at all.
fn has_visitor_keys(site: &Site<'_>) -> Result<bool, SiteError> {
    Ok(visitor_key(site)?.is_some())
}

/// The key that the owner's server vouches with.
pub(crate) fn visitor_key(site: &Site<'_>) -> Result<Option<String>, SiteError> {
    Ok(keys(site.sql, site.context.now)?.key)
}

/// Whether the owner's server vouches for this visitor.
pub(crate) fn vouches(
    sql: &dyn Sql,
    now: Timestamp,
    visitor: &VisitorId,
    proof: &VisitorProof,
) -> Result<bool, SiteError> {
    let VisitorKeys { key, previous, .. } = keys(sql, now)?;
    let fits = |key: String| {
        let mac = const_hex::encode(HMAC::mac(visitor.as_str().as_bytes(), key.as_bytes()));
        constant_time_eq(mac.as_bytes(), proof.as_str().as_bytes())
    };
    Ok([key, previous].into_iter().flatten().any(fits))
}

/// Whether somebody speaks for this visitor: with a proof, or where the owner has no key to prove it with.
pub(crate) fn speaks_for(
    site: &Site<'_>,
    visitor: &VisitorId,
    proof: Option<&VisitorProof>,
) -> Result<bool, SiteError> {
    match proof {
        Some(proof) => vouches(site.sql, site.context.now, visitor, proof),
        None => Ok(!has_visitor_keys(site)?),
    }
}
