//! Answers that were left alone.

use crate::cases;
use crate::chore::{Chore, Work};
use crate::responses::stored;
use crate::site::Site;
use crate::store::{Cell, SiteError, run, scalar};
use crate::webhooks::{Audience, emit};
use heard_wire::{EventKind, Timestamp};
use std::time::Duration;

/// An answer left alone for this long counts as complete.
pub const COMPLETE_AFTER: Duration = Duration::from_secs(30 * 60);

/// Answers completed at a time.
const AT_ONCE: usize = 100;

/// Completes answers that were left alone.
pub(crate) const COMPLETING: Chore = Chore {
    name: "completion",
    due: |sql, _| {
        let oldest = "SELECT min(updated_at) FROM responses WHERE completed_at IS NULL";
        let oldest = scalar(sql, "find an answer to complete", oldest, [])?;
        Ok(oldest.map(|oldest| Timestamp::from_millis(oldest) + COMPLETE_AFTER))
    },
    no_sooner: COMPLETE_AFTER,
    work: Work::Here(complete_abandoned),
};

/// Completes the answers that were left alone for [`COMPLETE_AFTER`].
fn complete_abandoned(site: &mut Site<'_>) -> Result<(), SiteError> {
    const ACT: &str = "complete abandoned answers";
    let before = Cell::from(site.context.now - COMPLETE_AFTER);
    let rest = "completed_at IS NULL AND updated_at <= ? ORDER BY updated_at LIMIT ?";
    for row in stored::select(site, ACT, rest, vec![before, Cell::count(AT_ONCE)])? {
        let id = row.first().cloned().unwrap_or(Cell::Null);
        let complete = "UPDATE responses SET completed_at = ? WHERE id = ?";
        run(site.sql, ACT, complete, [Cell::from(site.context.now), id])?;
        // A row that does not read back must not stop the others, and is not looked at again.
        let Ok(mut stored) = stored::read(row, &site.id) else { continue };
        stored.response.completed_at = Some(site.context.now);
        let considered = cases::consider(site, &stored.response, None)?;
        emit(site, EventKind::ResponseCompleted(stored.response.clone()), Audience::All)?;
        if let Some(considered) = considered {
            considered.store(site, &stored.response)?;
        }
    }
    Ok(())
}
