//! Sessions at the desk, over time.

use crate::common::Bench;
use heard_site::sites::{SessionCommand, SessionsFound, sessions};
use heard_wire::{Session, SessionHolder, SessionId, Timestamp};

const HOUR: i64 = 3_600_000;

struct Desk {
    bench: Bench,
    now: Timestamp,
}

impl Desk {
    fn new() -> Self {
        Self { bench: Bench::new(), now: Timestamp::from_millis(1_795_338_000_000) }
    }

    fn ask(&self, command: SessionCommand) -> SessionsFound {
        sessions(&self.bench.sql, self.now, command).unwrap()
    }

    fn later(&mut self, millis: i64) {
        self.now = Timestamp::from_millis(self.now.as_millis() + millis);
    }

    fn begin(&self, number: u8) {
        let session = Session {
            id: SessionId::from_random([number; 16]),
            holder: SessionHolder::Owner,
            browser: None,
            created_at: self.now,
            last_used_at: self.now,
        };
        self.ask(SessionCommand::Begin { session, secret: format!("secret {number}"), opened_with: None });
    }

    fn is_in(&self, number: u8, secret: &str) -> bool {
        let find = SessionCommand::Find { id: SessionId::from_random([number; 16]), secret: secret.to_owned() };
        !self.ask(find).sessions.is_empty()
    }
}

#[test]
fn a_session_ends_after_twelve_hours_without_a_request_and_after_thirty_days_in_any_case() {
    let mut desk = Desk::new();
    desk.begin(1);
    assert!(desk.is_in(1, "secret 1") && !desk.is_in(1, "secret 2") && !desk.is_in(2, "secret 1"));
    desk.later(11 * HOUR);
    assert!(desk.is_in(1, "secret 1"));
    desk.later(11 * HOUR);
    assert!(desk.is_in(1, "secret 1"), "used, it goes on");
    desk.later(12 * HOUR + 1);
    assert!(!desk.is_in(1, "secret 1"));
    desk.begin(2);
    for _ in 0..71 {
        desk.later(10 * HOUR);
        assert!(desk.is_in(2, "secret 2"));
    }
    desk.later(11 * HOUR);
    assert!(!desk.is_in(2, "secret 2"), "thirty days are over");
    assert!(desk.ask(SessionCommand::List).sessions.is_empty());
}

#[test]
fn of_too_many_sessions_the_one_that_was_idle_longest_goes() {
    let mut desk = Desk::new();
    for number in 0..=200 {
        desk.later(1_000);
        desk.begin(number);
    }
    assert!(!desk.is_in(0, "secret 0") && desk.is_in(1, "secret 1") && desk.is_in(200, "secret 200"));
    assert_eq!(desk.ask(SessionCommand::List).sessions.len(), 200);
}

#[test]
fn wrong_keys_are_counted_by_address_and_hour() {
    let mut desk = Desk::new();
    let guess = |desk: &Desk, address: Option<&str>, wrong| {
        desk.ask(SessionCommand::Try { address: address.map(str::to_owned), wrong }).refused
    };
    for number in 1..=20 {
        assert_eq!(guess(&desk, Some("a"), true).is_some(), number == 20, "{number}");
    }
    assert!(guess(&desk, Some("a"), false).is_some_and(|rate| rate.resets_in <= 3_600 && rate.resets_in > 0));
    assert!(guess(&desk, Some("b"), false).is_none() && guess(&desk, None, true).is_none());
    desk.later(HOUR);
    assert!(guess(&desk, Some("a"), false).is_none());
}
