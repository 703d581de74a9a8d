//! Requests with an `Idempotency-Key`: carried out once, and answered the same for a day.

use crate::chore::{Chore, Work};
use crate::refusal::{Failure, Refusal};
use crate::site::Site;
use crate::store::{Cell, SiteError, one, run, scalar};
use heard_wire::Timestamp;
use std::time::Duration;

/// How long an answer is kept.
const KEEP: Duration = Duration::from_secs(24 * 3_600);

/// Forgets what was answered a day ago.
pub(crate) const FORGETTING: Chore = Chore {
    name: "idempotency keys",
    due: |sql, _| {
        let oldest = scalar(sql, "find the oldest request", "SELECT min(created_at) FROM answered", [])?;
        Ok(oldest.map(|oldest| Timestamp::from_millis(oldest) + KEEP))
    },
    no_sooner: KEEP,
    work: Work::Here(forget_old),
};

/// Carries the operation out, unless one with this key was before: then its outcome is given again. A refusal is not
/// remembered, as nothing happened.
pub(crate) fn once(
    site: &mut Site<'_>,
    key: &str,
    request: String,
    carry_out: impl FnOnce(&mut Site<'_>) -> Result<String, Failure>,
) -> Result<String, Failure> {
    const ACT: &str = "look for an earlier request";
    let since = Cell::from(site.context.now - KEEP);
    let statement = "SELECT request, reply FROM answered WHERE key = ? AND created_at > ?";
    if let Some(mut columns) = one(site.sql, ACT, statement, [Cell::from(key), since])? {
        return if columns.text()? == request {
            Ok(columns.text()?)
        } else {
            Err(Refusal::IdempotencyKeyReused.into())
        };
    }
    let outcome = carry_out(site)?;
    run(
        site.sql,
        ACT,
        "INSERT OR REPLACE INTO answered (key, request, reply, created_at) VALUES (?, ?, ?, ?)",
        [Cell::from(key), Cell::from(request), Cell::from(outcome.as_str()), Cell::from(site.context.now)],
    )?;
    Ok(outcome)
}

fn forget_old(site: &mut Site<'_>) -> Result<(), SiteError> {
    let old = Cell::from(site.context.now - KEEP);
    let statement = "DELETE FROM answered WHERE key IN (
         SELECT key FROM answered WHERE created_at <= ? ORDER BY created_at LIMIT 500)";
    run(site.sql, "forget old requests", statement, [old]).map(drop)
}
