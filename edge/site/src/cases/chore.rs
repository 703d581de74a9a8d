//! What time does to cases: warnings, misses, waking and closing.

use crate::cases::clocks::next_tick;
use crate::cases::machine::{Step, step};
use crate::cases::table::store;
use crate::chore::{Chore, Work};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, run, scalar};
use heard_wire::{Actor, Case, Timestamp};
use std::time::Duration;

/// Looks at the cases whose time has come.
pub(crate) const TICKING: Chore = Chore {
    name: "clocks of cases",
    due: |sql, _| {
        let next = "SELECT min(next_at) FROM cases WHERE next_at IS NOT NULL";
        Ok(scalar(sql, "find the next clock of a case", next, [])?.map(Timestamp::from_millis))
    },
    no_sooner: Duration::ZERO,
    work: Work::Here(tick),
};

/// Cases at a time.
const AT_ONCE: usize = 50;

fn tick(site: &mut Site<'_>) -> Result<(), SiteError> {
    const ACT: &str = "look at the clocks of cases";
    let policy = site.policy()?;
    let now = site.context.now;
    let due = "SELECT number, document FROM cases WHERE next_at IS NOT NULL AND next_at <= ? ORDER BY next_at LIMIT ?";
    for row in run(site.sql, ACT, due, [Cell::from(now), Cell::count(AT_ONCE)])? {
        let mut columns = Columns::of(row, ACT);
        let number = Cell::from(columns.integer()?);
        // One that does not read back must not stop the others, and is not looked at again.
        let case: Option<Case> = columns.json().ok();
        if let Some(mut case) = case {
            let acts = step(&mut case, Step::Tick { close_after: policy.close_after() }, now, &policy.calendar);
            let acts = acts.unwrap_or_default();
            if acts.is_empty() {
                // Warned of silently, or nothing to tell: where it goes on is written all the same.
                let params =
                    [Cell::json(ACT, &case)?, Cell::from(next_tick(&case, policy.close_after())), number.clone()];
                run(site.sql, ACT, "UPDATE cases SET document = ?, next_at = ? WHERE number = ?", params)?;
            } else {
                store(site, &policy, &case, acts, &Actor::Rule, None)?;
            }
            if next_tick(&case, policy.close_after()).is_none_or(|next| next > now) {
                continue;
            }
        }
        run(site.sql, ACT, "UPDATE cases SET next_at = NULL WHERE number = ?", [number])?;
    }
    Ok(())
}
