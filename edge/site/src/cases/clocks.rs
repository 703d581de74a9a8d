//! The clocks of a case: started, stopped, and when somebody must look at them again.

use crate::cases::calendar::{Calendar, Counting};
use heard_wire::{Case, CaseStatus, Clock, SlaStatus, Timestamp, Within};
use std::time::Duration;

/// When a case must be looked at again, if it must.
#[must_use]
pub fn next_tick(case: &Case, close_after: Duration) -> Option<Timestamp> {
    let clocks = [&case.first_response, &case.next_response, &case.resolution_clock].into_iter().flatten();
    let of_clock = |clock: &Clock| match (clock.is_running(), clock.warned_at, clock.missed_at) {
        (true, None, None) => Some(clock.warn_at),
        (true, Some(_), None) => Some(clock.due_at),
        _ => None,
    };
    let closes = case.resolved_at.filter(|_| case.status == CaseStatus::Resolved).map(|at| at + close_after);
    clocks.filter_map(of_clock).chain(case.snoozed_until).chain(closes).min()
}

pub(super) fn started(within: Within, now: Timestamp, calendar: &Calendar) -> Clock {
    let (counting, amount): (Counting, Duration) = Calendar::amount(within);
    Clock {
        within,
        started_at: now,
        due_at: calendar.after(now, counting, amount),
        warn_at: calendar.after(now, counting, amount / 4 * 3),
        paused_at: None,
        paused_seconds: 0,
        warned_at: None,
        missed_at: None,
        ended_at: None,
    }
}

/// Stops a clock that has not stopped; what it showed then stays.
pub(super) fn end(clock: &mut Option<Clock>, now: Timestamp) {
    if let Some(clock) = clock.as_mut().filter(|clock| clock.ended_at.is_none()) {
        // A clock that stands still ends as it stood.
        clock.ended_at = Some(clock.paused_at.map_or(now, |paused| paused.min(now)));
        if clock.ended_at > Some(clock.due_at) {
            clock.missed_at.get_or_insert(now);
        }
    }
}

pub(super) fn sla_status(case: &Case) -> Option<SlaStatus> {
    let mut clocks =
        [&case.first_response, &case.next_response, &case.resolution_clock].into_iter().flatten().peekable();
    clocks.peek()?;
    let (mut active, mut missed) = (false, case.next_responses_missed > 0);
    for clock in clocks {
        active |= clock.ended_at.is_none();
        missed |= clock.is_missed();
    }
    Some(match (active, missed) {
        (true, false) => SlaStatus::Active,
        (true, true) => SlaStatus::ActiveWithMisses,
        (false, false) => SlaStatus::Hit,
        (false, true) => SlaStatus::Missed,
    })
}
