//! Webhook endpoints: what the owner sets for them, and their secrets.

use crate::signing::Signer;
use crate::sql::{Columns, run};
use crate::{Cell, Moment, Row, SiteError, Sql};
use heard_wire::{DisabledReason, Endpoint, EndpointChange, EndpointId, EndpointSecret, EndpointSettings, Timestamp};

const MAX_ENDPOINTS: i64 = 20;

/// How long deliveries carry both signatures after a rotation.
pub(crate) const ROTATION_MILLIS: i64 = 24 * 3_600 * 1_000;

/// Adds an endpoint with a fresh secret; `None` when the site has no more room.
pub(crate) fn add(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    settings: EndpointSettings,
) -> Result<Option<(Endpoint, EndpointSecret)>, SiteError> {
    const ACT: &str = "add an endpoint";
    let count = run(sql, ACT, "SELECT count(*) FROM endpoints", [])?;
    let count = count.into_iter().next().map_or(Ok(0), |row| Columns::of(row, ACT).integer())?;
    if count >= MAX_ENDPOINTS {
        return Ok(None);
    }
    let id = EndpointId::from_random((moment.random)());
    let signer = Signer::new(settings.signature, moment.random);
    run(
        sql,
        ACT,
        "INSERT INTO endpoints (id, settings, picky, secret, created_at) VALUES (?, ?, ?, ?, ?)",
        [
            Cell::from(id.as_str()),
            json(&settings)?,
            is_picky(&settings),
            Cell::from(signer.secret()),
            Cell::from(moment.now.as_millis()),
        ],
    )?;
    let created_at = moment.now;
    let endpoint = Endpoint { id, settings, created_at, failing_since: None, disabled_at: None, disabled_reason: None };
    Ok(Some((endpoint, signer.shown(None))))
}

const COLUMNS: &str = "id, settings, created_at, failing_since, disabled_at, disabled_reason";

/// All endpoints, oldest first.
pub(crate) fn list(sql: &dyn Sql) -> Result<Vec<Endpoint>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM endpoints ORDER BY created_at, id");
    run(sql, "list the endpoints", &statement, [])?.into_iter().map(read).collect()
}

/// One endpoint.
pub(crate) fn find(sql: &dyn Sql, id: &EndpointId) -> Result<Option<Endpoint>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM endpoints WHERE id = ?");
    run(sql, "find an endpoint", &statement, [Cell::from(id.as_str())])?.into_iter().next().map(read).transpose()
}

fn read(row: Row) -> Result<Endpoint, SiteError> {
    let mut columns = Columns::of(row, "read an endpoint");
    Ok(Endpoint {
        id: columns.parsed()?,
        settings: columns.json()?,
        created_at: Timestamp::from_millis(columns.integer()?),
        failing_since: columns.optional_integer()?.map(Timestamp::from_millis),
        disabled_at: columns.optional_integer()?.map(Timestamp::from_millis),
        disabled_reason: columns.optional_text()?.as_deref().and_then(reason_named),
    })
}

/// Makes a change; `None` when there is no such endpoint.
pub(crate) fn change(
    sql: &dyn Sql,
    moment: &Moment<'_>,
    id: &EndpointId,
    change: EndpointChange,
) -> Result<Option<Endpoint>, SiteError> {
    const ACT: &str = "change an endpoint";
    let Some(mut endpoint) = find(sql, id)? else { return Ok(None) };
    match change.enabled {
        Some(false) if endpoint.disabled_at.is_none() => {
            disable(sql, moment.now, &mut endpoint, DisabledReason::ByOwner)?
        }
        Some(true) if endpoint.disabled_at.is_some() => enable(sql, &mut endpoint)?,
        _ => {}
    }
    endpoint.settings = endpoint.settings.changed(change);
    let params = [json(&endpoint.settings)?, is_picky(&endpoint.settings), Cell::from(id.as_str())];
    run(sql, ACT, "UPDATE endpoints SET settings = ?, picky = ? WHERE id = ?", params)?;
    Ok(Some(endpoint))
}

/// Stops sending to an endpoint. What was on its way is left for a replay.
pub(crate) fn disable(
    sql: &dyn Sql,
    now: Timestamp,
    endpoint: &mut Endpoint,
    reason: DisabledReason,
) -> Result<(), SiteError> {
    const ACT: &str = "disable an endpoint";
    (endpoint.disabled_at, endpoint.disabled_reason) = (Some(now), Some(reason));
    let id = || Cell::from(endpoint.id.as_str());
    let params = [Cell::from(now.as_millis()), Cell::from(reason_name(reason)), id()];
    run(sql, ACT, "UPDATE endpoints SET disabled_at = ?, disabled_reason = ? WHERE id = ?", params)?;
    run(sql, ACT, "UPDATE deliveries SET next_at = NULL WHERE endpoint = ? AND next_at IS NOT NULL", [id()])?;
    Ok(())
}

fn enable(sql: &dyn Sql, endpoint: &mut Endpoint) -> Result<(), SiteError> {
    (endpoint.disabled_at, endpoint.disabled_reason, endpoint.failing_since) = (None, None, None);
    run(
        sql,
        "enable an endpoint",
        "UPDATE endpoints SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL, paused_until = NULL
         WHERE id = ?",
        [Cell::from(endpoint.id.as_str())],
    )?;
    Ok(())
}

/// Removes an endpoint with its log and what was still on its way there; whether there was one.
pub(crate) fn remove(sql: &dyn Sql, id: &EndpointId) -> Result<bool, SiteError> {
    const ACT: &str = "remove an endpoint";
    run(sql, ACT, "DELETE FROM deliveries WHERE endpoint = ?", [Cell::from(id.as_str())])?;
    run(sql, ACT, "DELETE FROM attempts WHERE endpoint = ?", [Cell::from(id.as_str())])?;
    let removed = run(sql, ACT, "DELETE FROM endpoints WHERE id = ? RETURNING id", [Cell::from(id.as_str())])?;
    Ok(!removed.is_empty())
}

/// The secret of an endpoint.
pub(crate) fn secret(sql: &dyn Sql, moment: &Moment<'_>, id: &EndpointId) -> Result<Option<EndpointSecret>, SiteError> {
    const ACT: &str = "read a secret";
    let rows = run(sql, ACT, "SELECT secret, previous_until FROM endpoints WHERE id = ?", [Cell::from(id.as_str())])?;
    rows.into_iter()
        .next()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            let signer = Signer::read(&columns.text()?).ok_or(SiteError::Unreadable { act: ACT })?;
            let until = columns.optional_integer()?.map(Timestamp::from_millis);
            Ok(signer.shown(until.filter(|until| *until > moment.now)))
        })
        .transpose()
}

/// Gives an endpoint a new secret; for a day deliveries are signed with the old one too.
pub(crate) fn rotate_secret(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    id: &EndpointId,
) -> Result<Option<EndpointSecret>, SiteError> {
    let Some(endpoint) = find(sql, id)? else { return Ok(None) };
    let until = moment.now.plus_millis(ROTATION_MILLIS);
    let signer = Signer::new(endpoint.settings.signature, moment.random);
    let params = [Cell::from(until.as_millis()), Cell::from(signer.secret()), Cell::from(id.as_str())];
    run(
        sql,
        "rotate a secret",
        "UPDATE endpoints SET previous_secret = secret, previous_until = ?, secret = ? WHERE id = ?",
        params,
    )?;
    secret(sql, moment, id)
}

fn json(settings: &EndpointSettings) -> Result<Cell, SiteError> {
    let unreadable = |_| SiteError::Unreadable { act: "write an endpoint" };
    serde_json::to_string(settings).map(Cell::from).map_err(unreadable)
}

fn is_picky(settings: &EndpointSettings) -> Cell {
    let takes_all = settings.filter.is_open() && settings.event_types.iter().any(|pattern| pattern == "*");
    Cell::from(i64::from(!takes_all))
}

const REASONS: [(DisabledReason, &str); 3] =
    [(DisabledReason::ByOwner, "by_owner"), (DisabledReason::Gone, "gone"), (DisabledReason::Failing, "failing")];

fn reason_name(reason: DisabledReason) -> &'static str {
    REASONS.iter().find(|(known, _)| *known == reason).map_or("", |(_, name)| name)
}

fn reason_named(name: &str) -> Option<DisabledReason> {
    REASONS.iter().find(|(_, known)| *known == name).map(|(reason, _)| *reason)
}
