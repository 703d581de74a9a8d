//! By when a case wants an answer, in words.

use crate::browser;
use crate::calendar;
use crate::texts::tf;
use heard_wire::{Case, CaseStatus, Clock, Priority};

/// When the first clock that runs falls due.
pub(crate) fn due(case: &Case) -> Option<&Clock> {
    let clocks = [&case.first_response, &case.next_response, &case.resolution_clock];
    clocks.into_iter().flatten().filter(|clock| clock.is_running()).min_by_key(|clock| clock.due_at)
}

/// Whether it is for us to do something now.
pub(crate) fn is_awake(case: &Case) -> bool {
    matches!(case.status, CaseStatus::New | CaseStatus::Open)
}

/// Whether the customer waits for a word of ours: nobody has answered yet, or they wrote after that.
pub(crate) fn is_owed(case: &Case) -> bool {
    is_awake(case) && (case.first_response_at.is_none() || case.customer_waits_since.is_some())
}

/// Whether they were promised a word, or wrote and wait for one.
pub(crate) fn is_promised(case: &Case) -> bool {
    is_owed(case) && (case.first_response.is_some() || case.customer_waits_since.is_some())
}

/// Who was answered comes last; of the others what is urgent comes first, then who waits longest past what was promised, then who
/// has a deadline, then the newest.
pub(crate) fn by_need(cases: &mut [Case]) {
    cases.sort_by_key(|case| {
        let is_asleep = matches!(case.status, CaseStatus::Snoozed | CaseStatus::Waiting);
        let due = due(case).map_or(i64::MAX, |clock| clock.due_at.as_millis());
        (
            is_asleep,
            !is_owed(case),
            case.priority < Priority::Urgent,
            due,
            std::cmp::Reverse(case.priority),
            -case.opened_at.as_millis(),
        )
    });
}

/// Whether a clock that runs is past its time.
pub(crate) fn is_late(case: &Case) -> bool {
    due(case).is_some_and(|clock| clock.due_at.as_millis() < browser::now())
}

/// "4 h late", "by 14:00", or how the case stands.
pub(crate) fn told(case: &Case, zone: &str) -> String {
    match (case.status, due(case)) {
        (CaseStatus::Waiting, _) => crate::texts::t("status.waiting"),
        (CaseStatus::Snoozed, _) => {
            let until = case.snoozed_until.map(|until| calendar::moment(until, zone)).unwrap_or_default();
            tf("clock.sleeps", &[("until", &until)])
        }
        (CaseStatus::Resolved | CaseStatus::Closed, _) => {
            crate::texts::t(&format!("status.{}", <&str>::from(case.status)))
        }
        (_, Some(clock)) if clock.due_at.as_millis() < browser::now() => {
            let late = calendar::seconds_between(clock.due_at.as_millis(), browser::now());
            tf("clock.late", &[("by", &calendar::duration(late))])
        }
        (_, Some(clock)) => {
            let left = calendar::seconds_between(browser::now(), clock.due_at.as_millis());
            tf("clock.left", &[("time", &calendar::duration(left))])
        }
        (_, None) if !is_owed(case) => crate::texts::t("clock.answered"),
        (_, None) => {
            let since = case.customer_waits_since.unwrap_or(case.opened_at);
            let waits = calendar::seconds_between(since.as_millis(), browser::now());
            tf("clock.waits", &[("time", &calendar::duration(waits))])
        }
    }
}
