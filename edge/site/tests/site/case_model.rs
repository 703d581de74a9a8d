//! A case as a state machine: whatever is done to it in whatever order.

use crate::cases::MINUTE;
use crate::common::Bench;
use heard_site::Zone;
use heard_site::cases::{Calendar, Step, next_tick, step};
use heard_wire::{CaseAct, CaseStatus, Then, Timestamp};
use std::time::Duration;

/// What has happened to a case, as somebody who reads only its history counts it.
#[derive(Default)]
struct Counted {
    is_settled: bool,
    reopened: u32,
    answered: bool,
}

proptest::proptest! {
    /// Whatever is done in whatever order: nothing contradicts itself, closed is closed, what was missed stays so, and the
    /// history tells what the case says.
    #[test]
    fn any_sequence_of_steps_leaves_a_case_that_makes_sense(
        steps in proptest::collection::vec((0_u8..14, 0_i64..4_000), 1..60),
        sla in 0_u8..3,
    ) {
        let mut bench = Bench::new();
        let sla = ["{}", r#"{"first_response":{"number":60,"unit":"minutes"},"next_response":{"number":2,"unit":"hours"},
            "resolution":{"number":1,"unit":"days"}}"#, r#"{"next_response":{"number":1,"unit":"hours"}}"#][usize::from(sla)];
        bench.configure(&format!(r#"{{"name":"Shop","cases":{{"rules":[{{"name":"All","sla":{sla}}}]}}}}"#));
        bench.say(1, 2, "Cold soup.", "");
        let mut case = bench.case();
        let calendar = Calendar::new(Zone::named("UTC").unwrap(), None);
        let close_after = Duration::from_secs(14 * 24 * 3_600);
        let mut now = bench.now;
        let mut counted = Counted::default();
        let mut missed: Vec<Timestamp> = Vec::new();
        for (what, minutes) in steps {
            now = now.plus_millis(minutes * MINUTE);
            let message = heard_wire::MessageId::from_random([what; 16]);
            let reply = |then: Option<Then>| Step::Reply { message: message.clone(), by_person: what != 2, then, text: "ok".into() };
            let what = match what {
                0 => reply(None),
                1 => reply(Some(Then::Waiting)),
                2 => reply(Some(Then::Open)),
                3 => reply(Some(Then::Resolved)),
                4 => Step::CustomerWrites { message, wants_answer: true },
                5 => Step::CustomerWrites { message, wants_answer: false },
                6 => Step::Wait,
                7 => Step::Snooze(now.plus_millis(MINUTE * 90)),
                8 => Step::Open,
                9 => Step::Resolve(None),
                10 => Step::Judge { better: false, why: None },
                11 => Step::Judge { better: true, why: None },
                12 if minutes > 3_900 => Step::Close,
                _ => Step::Tick { close_after },
            };
            let before = case.clone();
            let Ok(acts) = step(&mut case, what, now, &calendar) else {
                proptest::prop_assert_eq!(&case, &before, "a refusal changes nothing");
                continue;
            };
            for act in acts {
                match act {
                    CaseAct::Resolved { .. } | CaseAct::Closed {} => counted.is_settled = true,
                    CaseAct::Reopened {} => {
                        counted.is_settled = false;
                        counted.reopened += 1;
                    }
                    _ => {}
                }
            }
            counted.answered = case.first_response_at.is_some();
            proptest::prop_assert_eq!(case.status.is_unsettled(), !counted.is_settled);
            proptest::prop_assert_eq!(case.reopen_count, counted.reopened);
            proptest::prop_assert_eq!(case.status == CaseStatus::Closed, case.closed_at.is_some());
            proptest::prop_assert_eq!(case.status == CaseStatus::Snoozed, case.snoozed_until.is_some());
            proptest::prop_assert!(case.status != CaseStatus::Resolved || case.resolved_at.is_some());
            proptest::prop_assert!(case.customer_waits_since.is_none() || counted.answered && case.status.is_unsettled());
            let clocks = [&case.first_response, &case.next_response, &case.resolution_clock];
            for clock in clocks.into_iter().flatten() {
                let pauses = case.resolution_clock.as_ref() == Some(clock) && case.status == CaseStatus::Waiting;
 proptest::prop_assert_eq!(clock.paused_at.is_some(), pauses && clock.ended_at.is_none());
                if let Some(at) = clock.missed_at {
                    missed.push(at);
                }
                if !case.status.is_unsettled() {
                    proptest::prop_assert!(clock.ended_at.is_some(), "{:?} goes on in {:?}", clock, case.status);
                }
            }
            let first_missed = case.first_response.as_ref().and_then(|clock| clock.missed_at);
            let was_missed = before.first_response.as_ref().and_then(|clock| clock.missed_at);
            proptest::prop_assert!(was_missed.is_none() || was_missed == first_missed);
            if let Some(next) = next_tick(&case, close_after) {
                // After a look at what is due, nothing is due.
                let mut looked = case.clone();
                let later = now.max(next);
                drop(step(&mut looked, Step::Tick { close_after }, later, &calendar));
                drop(step(&mut looked, Step::Tick { close_after }, later, &calendar));
                proptest::prop_assert!(next_tick(&looked, close_after).is_none_or(|again| again > later));
            }
            proptest::prop_assert!(case.revision >= before.revision);
        }
    }
}
