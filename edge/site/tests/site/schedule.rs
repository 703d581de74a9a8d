//! The alarm: when it rings, and what holds nothing back.

use crate::common::{Bench, answered, id};
use heard_site::schedule::{CHORES, due, next_wake, next_wake_before};
use heard_site::webhooks::{AttemptOutcome, record_attempt};
use heard_site::{failed, went_well};
use heard_wire::Timestamp;
use std::time::Duration;

#[test]
fn r10_no_alarm_is_set_in_the_past() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.submit(&id(2), 1, 2, None);
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    // Everything is long overdue, and still the alarm rings now.
    bench.pass(90 * 24 * 3_600_000);
    let names: Vec<&str> = due(&bench.sql, bench.now).map(|chore| chore.name).collect();
    assert_eq!(names, ["delivering", "completion", "listening again", "the weekly huddle", "forgetting events"]);
    assert_eq!(bench.next_wake(), Some(bench.now));
    // Also where the clock says that it is 1970.
    let long_ago = Timestamp::from_millis(5);
    assert_eq!(next_wake(&bench.sql, long_ago), Some(long_ago));
}

#[test]
fn a_chore_that_fails_waits_longer_each_time_and_holds_no_other_back() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.configure(r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    let names = |bench: &Bench| due(&bench.sql, bench.now).map(|chore| chore.name).collect::<Vec<_>>();
    assert_eq!(names(&bench), ["delivering", "listening again"]);
    for minutes in [1, 2, 4, 8, 16, 32, 60, 60] {
        let until = failed(&bench.sql, bench.now, "listening again").unwrap();
        assert_eq!(until.since(bench.now), Duration::from_secs(minutes * 60));
        assert_eq!(names(&bench), ["delivering"]);
        assert_eq!(bench.next_wake(), Some(bench.now), "for what is left");
        bench.now = until;
        assert_eq!(names(&bench), ["delivering", "listening again"]);
    }
    went_well(&bench.sql, "listening again").unwrap();
    assert_eq!(failed(&bench.sql, bench.now, "listening again").unwrap().since(bench.now), Duration::from_secs(60));
    // When nothing else is due, the alarm rings when the wait is over.
    for delivery in heard_site::webhooks::due(&bench.sql, bench.now, 10).unwrap() {
        let outcome = AttemptOutcome { at: bench.now, ..answered(200) };
        bench.with(|site| record_attempt(site, &delivery, &outcome));
    }
    assert_eq!(bench.next_wake(), Some(bench.now + Duration::from_secs(60)));
}

#[test]
fn a_chore_that_cannot_tell_when_it_is_due_holds_no_other_back() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 2, None);
    bench.sql.0.execute_batch("ALTER TABLE answered RENAME TO elsewhere").unwrap();
    assert_eq!(bench.next_wake(), Some(bench.now));
    assert_eq!(bench.ring(), ["delivering"]);
}

#[test]
fn chores_have_names_of_their_own() {
    for chore in CHORES {
        assert_eq!(CHORES.iter().filter(|other| other.name == chore.name).count(), 1);
    }
}

#[test]
fn what_is_written_is_seen_to_in_time_though_not_every_chore_is_asked() {
    let mut bench = Bench::new();
    let mut rings = Timestamp::from_millis(i64::MAX);
    let mut act = |bench: &mut Bench, act: &dyn Fn(&mut Bench)| {
        act(bench);
        rings = next_wake_before(&bench.sql, bench.now, rings).unwrap_or(rings);
        assert_eq!(bench.next_wake(), Some(rings), "the alarm rings neither too late nor for nothing");
    };
    act(&mut bench, &|bench| drop(bench.submit(&id(1), 1, 9, None)));
    bench.pass(60_000);
    act(&mut bench, &|bench| drop(bench.submit(&id(2), 1, 9, Some("Lovely"))));
    bench.pass(60_000);
    act(&mut bench, &|bench| drop(bench.add_endpoint()));
    bench.pass(60_000);
    act(&mut bench, &|bench| drop(bench.submit(&id(3), 1, 9, None)));
}
