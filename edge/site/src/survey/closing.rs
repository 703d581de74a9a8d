//! Visitors known by name who closed the question: they are left alone in every browser.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::site::Site;
use crate::sites::speaks_for;
use crate::store::{Cell, SiteError, run, scalar};
use crate::survey::sender::Sender;
use heard_wire::{Impression, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long it is kept that somebody closed the question: longer than owners wait before asking again.
const KEEP: Duration = Duration::from_secs(400 * 24 * 3_600);
/// Names are made up easily.
const MAX_CLOSINGS: i64 = 100_000;

/// Notes that a visitor closed the question without an answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct NoteClosing {
    /// By whom, and where.
    pub shown: Impression,
    /// A stranger as the Worker saw them.
    #[serde(default)]
    pub sender: Sender,
}

impl Operation for NoteClosing {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        const ACT: &str = "note that a visitor closed the question";
        let address = self.sender.address.as_deref();
        if let Some(strangers) = site.strangers {
            let mut strangers = strangers.borrow_mut();
            strangers.request(site.context.now, address, 0).map_err(|rate| Refusal::TooMany { rate })?;
            // As many as showings count of one address, so that nobody silences whole lists of names.
            if !strangers.shown_counts(address) {
                return Ok(());
            }
        }
        let Impression { visitor: Some(visitor), visitor_proof, .. } = &self.shown else { return Ok(()) };
        if !self.sender.suspicions.is_empty() || !speaks_for(site, visitor, visitor_proof.as_ref())? {
            // Nobody is told that it does not count.
            return Ok(());
        }
        let now = site.context.now;
        run(site.sql, ACT, "DELETE FROM closings WHERE at < ?", [Cell::from(now - KEEP)])?;
        let there = scalar(site.sql, ACT, "SELECT count(*) FROM closings", [])?.unwrap_or(0);
        if there >= MAX_CLOSINGS {
            let oldest = "DELETE FROM closings WHERE visitor = (SELECT visitor FROM closings ORDER BY at LIMIT 1)";
            run(site.sql, ACT, oldest, [])?;
        }
        let statement =
            "INSERT INTO closings (visitor, at) VALUES (?, ?) ON CONFLICT (visitor) DO UPDATE SET at = excluded.at";
        run(site.sql, ACT, statement, [Cell::from(visitor.as_str()), Cell::from(now)])?;
        Ok(())
    }
}

/// When this visitor closed the question last.
pub(super) fn closed_at(site: &Site<'_>, visitor: &VisitorId) -> Result<Option<Timestamp>, SiteError> {
    let statement = "SELECT at FROM closings WHERE visitor = ?";
    let at = scalar(site.sql, "look when a visitor closed the question", statement, [Cell::from(visitor.as_str())])?;
    Ok(at.map(Timestamp::from_millis))
}

/// Forgets that these visitors, a JSON list, closed it.
pub(crate) fn forget(site: &Site<'_>, visitors: Cell) -> Result<(), SiteError> {
    let statement = "DELETE FROM closings WHERE visitor IN (SELECT value FROM json_each(?))";
    run(site.sql, "forget who closed the question", statement, [visitors]).map(drop)
}
