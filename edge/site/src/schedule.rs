//! The alarm: what there is to do without being asked, and when the next of it falls due.
//!
//! Each room brings its chores. The alarm is set to the earliest. One that fails waits, longer each time, and holds no
//! other back.

use crate::chore::Chore;
use crate::store::Sql;
use crate::{cases, idempotency, improving, responses, survey, webhooks};
use heard_wire::Timestamp;

/// Every chore, what customers and owners wait for first.
pub const CHORES: [&Chore; 11] = [
    &webhooks::DELIVERING,
    &responses::COMPLETING,
    &cases::TICKING,
    &improving::ANNOUNCING,
    &responses::REANALYSING,
    &improving::HUDDLING,
    &improving::WATCHING,
    &responses::ERASING,
    &webhooks::FORGETTING,
    &survey::PRUNING,
    &idempotency::FORGETTING,
];

/// When the alarm must next ring, never in the past: the runtime takes no alarm at 0, and one that is due is due now.
#[must_use]
pub fn next_wake(sql: &dyn Sql, now: Timestamp) -> Option<Timestamp> {
    earliest(CHORES.into_iter(), sql, now)
}

/// The same after something was written now, where the alarm is set for all that was there before: what falls due later
/// than that is not looked for.
#[must_use]
pub fn next_wake_before(sql: &dyn Sql, now: Timestamp, rings: Timestamp) -> Option<Timestamp> {
    earliest(CHORES.into_iter().filter(|chore| now + chore.no_sooner < rings), sql, now).filter(|wake| *wake < rings)
}

fn earliest(chores: impl Iterator<Item = &'static Chore>, sql: &dyn Sql, now: Timestamp) -> Option<Timestamp> {
    let mut earliest: Option<Timestamp> = None;
    for chore in chores {
        let next = chore.next(sql, now);
        earliest = earliest.into_iter().chain(next).min();
        // Nothing is earlier than now.
        if earliest.is_some_and(|earliest| earliest <= now) {
            return Some(now);
        }
    }
    earliest
}

/// The chores that are due, in the order in which they are done.
pub fn due(sql: &dyn Sql, now: Timestamp) -> impl Iterator<Item = &'static Chore> {
    CHORES.into_iter().filter(move |chore| chore.next(sql, now).is_some_and(|due| due <= now))
}

/// The chore of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Chore> {
    CHORES.into_iter().find(|chore| chore.name == name)
}
