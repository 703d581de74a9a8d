//! Attempts: how they end and what follows, over days that pass at a stroke.

use crate::common::{Bench, answered, id};
use heard_site::Refusal;
use heard_site::webhooks::{AttemptOutcome, DISABLE_AFTER, ListAttempts, SendTest, next_due_after, record_attempt};
use heard_wire::{DisabledReason, Event, EventKind, EventType, Moment, Queued, Replay, Timestamp};
use std::time::Duration;

const HOUR: i64 = 3_600_000;

#[test]
fn a_busy_endpoint_is_left_alone_as_long_as_it_asks_within_bounds() {
    for (retry_after, pause) in [(None, 30_000), (Some(120), 120_000), (Some(0), 5_000), (Some(1_000_000), HOUR)] {
        let retry_after = retry_after.map(Duration::from_secs);
        let mut bench = Bench::new();
        bench.add_endpoint();
        bench.submit(&id(1), 1, 9, None);
        bench.deliver(&AttemptOutcome { retry_after, ..answered(429) });
        // A new event waits too: the pause is the endpoint's, not the delivery's.
        bench.submit(&id(2), 1, 9, None);
        assert!(bench.due(10).is_empty());
        bench.pass(pause - 1);
        assert!(bench.due(10).len() <= 1, "{retry_after:?}");
        bench.pass(501);
        assert_eq!(bench.due(10).len(), 2, "{retry_after:?}");
    }
    // Other failures pause one delivery, not the endpoint.
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    bench.deliver(&answered(500));
    bench.submit(&id(2), 1, 9, None);
    assert_eq!(bench.due(10).len(), 1);
}

#[test]
fn the_alarm_rings_when_a_pause_ends() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 9, Some("x"));
    bench.deliver(&AttemptOutcome { retry_after: Some(Duration::from_secs(600)), ..answered(503) });
    assert_eq!(bench.next_wake(), Some(bench.now.plus_millis(600_000)));
}

#[test]
fn five_days_of_failure_disable_an_endpoint_and_the_others_are_told() {
    let mut bench = Bench::new();
    let failing = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    assert_eq!(bench.deliver(&answered(500)), 1);
    let healthy = bench.add(r#"{"url":"https://ops.example/"}"#);
    bench.pass(i64::try_from(DISABLE_AFTER.as_millis()).unwrap() - 1);
    bench.deliver(&answered(500));
    assert_eq!(bench.endpoint(&failing).disabled_at, None);
    assert!(bench.endpoint(&failing).failing_since.is_some());
    bench.submit(&id(2), 1, 9, None);
    bench.pass(1);
    for delivery in bench.due(10) {
        let status = if delivery.endpoint == failing.id { 500 } else { 200 };
        bench.with(|site| record_attempt(site, &delivery, &answered(status)));
    }
    let disabled = bench.endpoint(&failing);
    assert_eq!(disabled.disabled_reason, Some(DisabledReason::Failing));
    let told = bench.due(10);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].endpoint, healthy.id);
    let event: Event = serde_json::from_str(&told[0].body).unwrap();
    assert!(matches!(event.kind, EventKind::EndpointDisabled(told) if told.id == failing.id));

    // Nothing is sent there until the owner starts it again, and then what it missed on request.
    let test = SendTest { id: failing.id.clone(), event_type: EventType::ResponseScored };
    assert!(matches!(bench.call(test), Err(Refusal::EndpointDisabled)));
    assert_eq!(bench.change(&failing, r#"{"enabled":true}"#).disabled_at, None);
    let replay = Replay { since: Moment::At(Timestamp::from_millis(0)), until: None, only_failed: true };
    let Queued { queued: count, next_since } = bench.replay(&failing, replay).unwrap();
    assert_eq!(next_since, None);
    // Both scores, and that it was itself disabled.
    assert_eq!(count, 3);
}

#[test]
fn one_success_ends_the_count_of_days() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    bench.deliver(&answered(500));
    bench.pass(HOUR);
    bench.deliver(&answered(204));
    assert_eq!(bench.endpoint(&endpoint).failing_since, None);
}

#[test]
fn the_log_tells_of_every_attempt_page_by_page() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    let refused = AttemptOutcome {
        error: Some("connection refused".into()),
        took: Duration::from_millis(3),
        ..AttemptOutcome::default()
    };
    bench.deliver(&refused);
    bench.pass(HOUR);
    bench.deliver(&AttemptOutcome { answer: Some("é".repeat(3_000)), ..answered(500) });
    bench.pass(HOUR);
    bench.deliver(&answered(200));
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let page = bench.call(ListAttempts { id: endpoint.id.clone(), event: None, cursor, limit: 2 }).unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.iter().map(|attempt| attempt.status).collect::<Vec<_>>(), [Some(200), Some(500), None]);
    assert_eq!(seen[1].answer.as_ref().map(String::len), Some(2_048));
    assert_eq!(seen[2].error.as_deref(), Some("connection refused"));
    assert_eq!(seen[0].event, seen[2].event);
}

#[test]
fn a_failing_delivery_is_tried_ten_times_over_three_days_and_then_given_up() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 4, None);
    let from = bench.now;
    let mut attempts = 0;
    let mut events = std::collections::HashSet::new();
    while let Some(wake) = next_due_after(&bench.sql, bench.now.plus_millis(-1)).unwrap() {
        bench.now = wake.max(bench.now);
        let Some(delivery) = bench.due(8).into_iter().next() else { break };
        events.insert(delivery.event.clone());
        attempts += 1;
        bench.with(|site| record_attempt(site, &delivery, &answered(500)));
    }
    assert_eq!((attempts, events.len()), (10, 1));
    let days = (bench.now.as_millis() - from.as_millis()) as f64 / 86_400_000.0;
    assert!((3.1..3.5).contains(&days), "{days} days");
    bench.pass(i64::from(u32::MAX));
    assert!(bench.due(8).is_empty());
}

#[test]
fn a_backlog_of_one_endpoint_hides_nothing_from_another() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    for count in 0..50 {
        bench.submit(&id(count), 1, 4, None);
    }
    bench.pass(1_000);
    bench.add_endpoint();
    bench.submit(&id(99), 1, 4, None);
    let found = bench.due(8);
    let endpoints: std::collections::HashMap<_, usize> = found.iter().fold(Default::default(), |mut all, delivery| {
        *all.entry(delivery.endpoint.clone()).or_default() += 1;
        all
    });
    let mut counts: Vec<usize> = endpoints.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 8]);
}

#[test]
fn an_attempt_that_ends_after_its_endpoint_was_switched_off_leaves_nothing_due() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    let under_way = bench.due(1).remove(0);
    bench.change(&endpoint, r#"{"enabled":false}"#);
    bench.with(|site| record_attempt(site, &under_way, &answered(500)));
    bench.change(&endpoint, r#"{"enabled":true}"#);
    bench.pass(HOUR);
    assert!(bench.due(1).is_empty(), "it is left for a replay");
}
