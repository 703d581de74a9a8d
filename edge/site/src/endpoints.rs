use crate::sql::{Columns, run};
use crate::{Cell, Moment, SiteError, Sql};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use heard_wire::{Endpoint, EndpointId, NewEndpoint, Timestamp};

const MAX_ENDPOINTS: i64 = 20;

/// Adds an endpoint with a fresh secret; `None` when the site has no more room.
pub(crate) fn add(sql: &dyn Sql, moment: &mut Moment<'_>, new: NewEndpoint) -> Result<Option<Endpoint>, SiteError> {
    const ACT: &str = "add an endpoint";
    let count = run(sql, ACT, "SELECT count(*) FROM endpoints", [])?;
    let count = count.into_iter().next().map_or(Ok(0), |row| Columns::of(row, ACT).integer())?;
    if count >= MAX_ENDPOINTS {
        return Ok(None);
    }
    let endpoint = Endpoint {
        id: EndpointId::from_random((moment.random)()),
        url: new.url,
        secret: new_secret([(moment.random)(), (moment.random)()]),
        created_at: moment.now,
        disabled_at: None,
    };
    run(
        sql,
        ACT,
        "INSERT INTO endpoints (id, url, secret, created_at) VALUES (?, ?, ?, ?)",
        [
            Cell::from(endpoint.id.as_str()),
            Cell::from(endpoint.url.as_str()),
            Cell::from(endpoint.secret.as_str()),
            Cell::from(moment.now.as_millis()),
        ],
    )?;
    Ok(Some(endpoint))
}

/// All endpoints, oldest first.
pub(crate) fn list(sql: &dyn Sql) -> Result<Vec<Endpoint>, SiteError> {
    const ACT: &str = "list the endpoints";
    run(sql, ACT, "SELECT id, url, secret, created_at, disabled_at FROM endpoints ORDER BY created_at, id", [])?
        .into_iter()
        .map(|row| {
            let mut columns = Columns::of(row, ACT);
            Ok(Endpoint {
                id: columns.parsed()?,
                url: columns.text()?,
                secret: columns.text()?,
                created_at: Timestamp::from_millis(columns.integer()?),
                disabled_at: columns.optional_integer()?.map(Timestamp::from_millis),
            })
        })
        .collect()
}

/// Removes an endpoint and what was still on its way there; whether there was one.
pub(crate) fn remove(sql: &dyn Sql, id: &EndpointId) -> Result<bool, SiteError> {
    const ACT: &str = "remove an endpoint";
    run(sql, ACT, "DELETE FROM deliveries WHERE endpoint = ?", [Cell::from(id.as_str())])?;
    let removed = run(sql, ACT, "DELETE FROM endpoints WHERE id = ? RETURNING id", [Cell::from(id.as_str())])?;
    Ok(!removed.is_empty())
}

/// `whsec_` and the base64 of 32 random bytes, as Standard Webhooks wants it.
fn new_secret(halves: [[u8; 16]; 2]) -> String {
    format!("whsec_{}", STANDARD.encode(halves.concat()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_secret_is_base64_of_its_bytes() {
        let secret = super::new_secret([*b"0123456789abcdef", *b"ghijklmnopqrstuv"]);
        assert_eq!(secret, "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=");
    }
}
