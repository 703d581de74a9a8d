//! Requests with an `Idempotency-Key`: carried out once, and answered the same for a day.

use crate::sql::{Columns, run};
use crate::{Cell, Command, Moment, Reply, SiteError, Sql, apply};

const REMEMBER_MILLIS: i64 = 24 * 3_600 * 1_000;

/// Carries the command out, unless one with this key was before: then its reply is given again.
pub(crate) fn once(sql: &dyn Sql, moment: &mut Moment<'_>, key: &str, command: Command) -> Result<Reply, SiteError> {
    const ACT: &str = "look for an earlier request";
    let unreadable = |_| SiteError::Unreadable { act: ACT };
    let request = serde_json::to_string(&command).map_err(unreadable)?;
    let old = Cell::from(moment.now.plus_millis(-REMEMBER_MILLIS).as_millis());
    run(sql, ACT, "DELETE FROM answered WHERE created_at <= ?", [old])?;
    let earlier = run(sql, ACT, "SELECT request, reply FROM answered WHERE key = ?", [Cell::from(key)])?;
    if let Some(row) = earlier.into_iter().next() {
        let mut columns = Columns::of(row, ACT);
        return if columns.text()? == request { columns.json() } else { Ok(Reply::KeyReused) };
    }
    let reply = apply(sql, moment, command)?;
    let written = serde_json::to_string(&reply).map_err(unreadable)?;
    run(
        sql,
        ACT,
        "INSERT INTO answered (key, request, reply, created_at) VALUES (?, ?, ?, ?)",
        [Cell::from(key), Cell::from(request), Cell::from(written), Cell::from(moment.now.as_millis())],
    )?;
    Ok(reply)
}
