//! Webhook endpoints: what the owner sets for them, and their secrets.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, run};
use crate::webhooks::signing::Signer;
use heard_wire::{
    AddedEndpoint, BackupRecord, DisabledReason, Endpoint, EndpointId, EndpointPatch, EndpointSecret, EndpointSettings,
    List, Rotation, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Endpoints of a site.
const MAX_ENDPOINTS: usize = 20;

/// Adds an endpoint with a fresh secret.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddEndpoint {
    /// As validated.
    pub settings: EndpointSettings,
}

impl Operation for AddEndpoint {
    type Reply = AddedEndpoint;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<AddedEndpoint, Failure> {
        const ACT: &str = "add an endpoint";
        site.has_room(Thing::Endpoint, MAX_ENDPOINTS, "SELECT count(*) FROM endpoints", [])?;
        let Self { settings } = self;
        let id = EndpointId::from_random((site.context.random)());
        let signer = Signer::new(settings.signature, site.context.random);
        let created_at = site.context.now;
        run(
            site.sql,
            ACT,
            "INSERT INTO endpoints (id, settings, picky, secret, created_at) VALUES (?, ?, ?, ?, ?)",
            [
                Cell::from(id.as_str()),
                Cell::json(ACT, &settings)?,
                has_filter(&settings),
                Cell::from(signer.secret()),
                Cell::from(created_at),
            ],
        )?;
        let EndpointSecret { secret, public_key, .. } = signer.shown(None);
        let endpoint =
            Endpoint { id, settings, created_at, failing_since: None, disabled_at: None, disabled_reason: None };
        Ok(AddedEndpoint { endpoint, secret, public_key })
    }
}

/// All endpoints, oldest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListEndpoints {}

impl Operation for ListEndpoints {
    type Reply = List<Endpoint>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<Endpoint>, Failure> {
        const ACT: &str = "list the endpoints";
        let statement = format!("SELECT {COLUMNS} FROM endpoints ORDER BY created_at, id");
        let rows = run(site.sql, ACT, &statement, [])?.into_iter();
        let items = rows.map(|row| Ok(shown(site, read(Columns::of(row, ACT))?))).collect::<Result<_, SiteError>>()?;
        Ok(List { items })
    }
}

/// One endpoint.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadEndpoint {
    /// Of the endpoint.
    pub id: EndpointId,
}

impl Operation for ReadEndpoint {
    type Reply = Endpoint;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Endpoint, Failure> {
        Ok(shown(site, known(site, &self.id)?))
    }
}

/// Changes, disables or enables an endpoint.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeEndpoint {
    /// Of the endpoint.
    pub id: EndpointId,
    /// As far as it can be validated by itself.
    pub patch: EndpointPatch,
}

impl Operation for ChangeEndpoint {
    type Reply = Endpoint;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Endpoint, Failure> {
        const ACT: &str = "change an endpoint";
        let mut endpoint = known(site, &self.id)?;
        let enabled = self.patch.enabled;
        let changed = self.patch.applied_to(&endpoint.settings);
        endpoint.settings = changed.map_err(|problem| Refusal::Invalid { problem: Box::new(problem) })?;
        match enabled {
            Some(false) if endpoint.disabled_at.is_none() => disable(site, &mut endpoint, DisabledReason::ByOwner)?,
            Some(true) if endpoint.disabled_at.is_some() => enable(site.sql, &mut endpoint)?,
            _ => {}
        }
        let params =
            [Cell::json(ACT, &endpoint.settings)?, has_filter(&endpoint.settings), Cell::from(self.id.as_str())];
        run(site.sql, ACT, "UPDATE endpoints SET settings = ?, picky = ? WHERE id = ?", params)?;
        Ok(shown(site, endpoint))
    }
}

/// Removes an endpoint with its log and what was still on its way there.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveEndpoint {
    /// Of the endpoint.
    pub id: EndpointId,
}

impl Operation for RemoveEndpoint {
    type Reply = ();
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        known(site, &self.id)?;
        for statement in [
            "DELETE FROM deliveries WHERE endpoint = ?",
            "DELETE FROM attempts WHERE endpoint = ?",
            "DELETE FROM endpoints WHERE id = ?",
            // A reply that is kept for its Idempotency-Key would tell of an endpoint that is gone, with its secret.
            "DELETE FROM answered WHERE instr(reply, ?) > 0",
        ] {
            run(site.sql, "remove an endpoint", statement, [Cell::from(self.id.as_str())])?;
        }
        Ok(())
    }
}

/// What the deliveries of an endpoint are verified with.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadSecret {
    /// Of the endpoint.
    pub id: EndpointId,
}

impl Operation for ReadSecret {
    type Reply = EndpointSecret;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<EndpointSecret, Failure> {
        const ACT: &str = "read a secret";
        let statement = "SELECT secret, previous_until FROM endpoints WHERE id = ?";
        let found = one(site.sql, ACT, statement, [Cell::from(self.id.as_str())])?;
        let mut columns = found.ok_or(Refusal::NotFound { thing: Thing::Endpoint })?;
        let signer = Signer::read(&columns.text()?).ok_or(SiteError::Unreadable { act: ACT })?;
        let until = columns.optional_timestamp()?.filter(|until| *until > site.context.now);
        Ok(signer.shown(until))
    }
}

/// Gives an endpoint a new secret; for a while deliveries are signed with the old one too.
#[derive(Debug, Serialize, Deserialize)]
pub struct RotateSecret {
    /// Of the endpoint.
    pub id: EndpointId,
    /// For how long.
    #[serde(default)]
    pub rotation: Rotation,
}

impl Operation for RotateSecret {
    type Reply = EndpointSecret;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<EndpointSecret, Failure> {
        let endpoint = known(site, &self.id)?;
        let overlap = Duration::from_secs(3_600) * u32::from(self.rotation.overlap_hours);
        let until: Timestamp = site.context.now + overlap;
        let signer = Signer::new(endpoint.settings.signature, site.context.random);
        let params = [Cell::from(until), Cell::from(signer.secret()), Cell::from(self.id.as_str())];
        run(
            site.sql,
            "rotate a secret",
            "UPDATE endpoints SET previous_secret = secret, previous_until = ?, secret = ? WHERE id = ?",
            params,
        )?;
        Ok(signer.shown(Some(until).filter(|until| *until > site.context.now)))
    }
}

const COLUMNS: &str = "id, settings, created_at, failing_since, disabled_at, disabled_reason";

/// The endpoint with this id.
pub(crate) fn find(sql: &dyn Sql, id: &EndpointId) -> Result<Option<Endpoint>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM endpoints WHERE id = ?");
    one(sql, "find an endpoint", &statement, [Cell::from(id.as_str())])?.map(read).transpose()
}

/// Every endpoint for a copy of the site: for the owner with its secret and everything in it.
pub(crate) fn export(site: &Site<'_>) -> Result<Vec<BackupRecord>, SiteError> {
    const ACT: &str = "export the endpoints";
    let statement = format!("SELECT secret, {COLUMNS} FROM endpoints ORDER BY created_at, id");
    let rows = run(site.sql, ACT, &statement, [])?.into_iter().map(|row| {
        let mut columns = Columns::of(row, ACT);
        let secret = Some(columns.text()?).filter(|_| site.is_owner);
        let endpoint = read(columns)?;
        let listed = if site.is_owner { endpoint } else { endpoint.masked() };
        Ok(BackupRecord::Endpoint { listed, secret })
    });
    rows.collect()
}

/// The endpoint with this id, or a refusal.
pub(crate) fn known(site: &Site<'_>, id: &EndpointId) -> Result<Endpoint, Failure> {
    find(site.sql, id)?.ok_or_else(|| Refusal::NotFound { thing: Thing::Endpoint }.into())
}

/// An endpoint as the one who asks may see it.
fn shown(site: &Site<'_>, endpoint: Endpoint) -> Endpoint {
    if site.reveals_secrets { endpoint } else { endpoint.masked() }
}

fn read(mut columns: Columns) -> Result<Endpoint, SiteError> {
    Ok(Endpoint {
        id: columns.parsed()?,
        settings: columns.json()?,
        created_at: columns.timestamp()?,
        failing_since: columns.optional_timestamp()?,
        disabled_at: columns.optional_timestamp()?,
        // A reason of a later release is none that could be told.
        disabled_reason: columns.optional_text()?.and_then(|reason| reason.parse().ok()),
    })
}

/// Stops sending to an endpoint. What was on its way is left for a replay.
pub(crate) fn disable(site: &Site<'_>, endpoint: &mut Endpoint, reason: DisabledReason) -> Result<(), SiteError> {
    const ACT: &str = "disable an endpoint";
    let now = site.context.now;
    (endpoint.disabled_at, endpoint.disabled_reason) = (Some(now), Some(reason));
    let id = || Cell::from(endpoint.id.as_str());
    let params = [Cell::from(now), Cell::from(<&str>::from(reason)), id()];
    run(site.sql, ACT, "UPDATE endpoints SET disabled_at = ?, disabled_reason = ? WHERE id = ?", params)?;
    let leave = "UPDATE deliveries SET next_at = NULL WHERE endpoint = ? AND next_at IS NOT NULL";
    run(site.sql, ACT, leave, [id()]).map(drop)
}

fn enable(sql: &dyn Sql, endpoint: &mut Endpoint) -> Result<(), SiteError> {
    (endpoint.disabled_at, endpoint.disabled_reason, endpoint.failing_since) = (None, None, None);
    run(
        sql,
        "enable an endpoint",
        "UPDATE endpoints SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, paused_until = NULL
         WHERE id = ?",
        [Cell::from(endpoint.id.as_str())],
    )
    .map(drop)
}

fn has_filter(settings: &EndpointSettings) -> Cell {
    Cell::from(i64::from(settings.has_filter()))
}
