//! Endpoints, attempts and what is sent again, over days that pass at a stroke.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use common::{Bench, answered, endpoint_at, id};
use heard_site::{
    Attempted, Command, DISABLE_AFTER_MILLIS, EndpointAct, Reply, due, forget_old, next_wake, record_attempt,
};
use heard_wire::{
    DisabledReason, Endpoint, EndpointChange, EndpointSettings, Event, EventType, Message, Replay, TestEvent, Timestamp,
};

const HOUR: i64 = 3_600_000;

impl Bench {
    fn act(&mut self, endpoint: &Endpoint, act: EndpointAct) -> Reply {
        self.apply(Command::Endpoint { id: endpoint.id.clone(), act })
    }

    fn endpoint(&mut self, endpoint: &Endpoint) -> Endpoint {
        match self.act(endpoint, EndpointAct::Read) {
            Reply::Endpoint(endpoint) => endpoint,
            other => panic!("{other:?}"),
        }
    }

    /// Lets every due delivery end like this; how many there were.
    fn deliver(&mut self, attempted: &Attempted) -> usize {
        let found = due(&self.sql, self.now, 100).unwrap();
        for delivery in &found {
            let attempted = Attempted { at: self.now, ..attempted.clone() };
            self.with(|sql, moment| record_attempt(sql, moment, &common::site(), delivery, &attempted)).unwrap();
        }
        found.len()
    }

    fn messages(&mut self) -> Vec<Message> {
        match self.apply(Command::ListMessages { response: id(1) }) {
            Reply::Messages(messages) => messages,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_endpoint_gets_the_types_and_responses_it_asked_for() {
    let mut bench = Bench::new();
    let settings = |json: &str| EndpointSettings::from_json(json.as_bytes()).unwrap();
    bench.add(settings(r#"{"url":"https://a.example/","event_types":["response.completed"]}"#));
    bench.add(settings(r#"{"url":"https://b.example/","filter":{"bands":["detractor"]}}"#));
    bench.add(settings(r#"{"url":"https://c.example/","event_types":["endpoint.*"]}"#));
    bench.submit(&id(1), 1, 9, Some("Lovely"));
    bench.submit(&id(2), 1, 2, None);
    let mut sent: Vec<(String, String)> = due(&bench.sql, bench.now, 10)
        .unwrap()
        .into_iter()
        .map(|delivery| {
            let event: Event = serde_json::from_str(&delivery.body).unwrap();
            (delivery.settings.url, event.event_type.as_str().to_owned())
        })
        .collect();
    sent.sort();
    let expected = [("https://a.example/", "response.completed"), ("https://b.example/", "response.scored")];
    assert_eq!(sent, expected.map(|(url, name)| (url.to_owned(), name.to_owned())));
}

#[test]
fn a_rotated_secret_signs_beside_the_new_one_for_a_day() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    let Reply::Secret(before) = bench.act(&endpoint, EndpointAct::ReadSecret) else { panic!() };
    let Reply::Secret(after) = bench.act(&endpoint, EndpointAct::RotateSecret) else { panic!() };
    assert_ne!(before.secret, after.secret);
    bench.submit(&id(1), 1, 9, None);
    let (after, before) = (after.secret.unwrap(), before.secret.unwrap());
    assert_eq!(due(&bench.sql, bench.now, 1).unwrap()[0].secrets, [after.clone(), before]);
    bench.pass(24 * HOUR);
    assert_eq!(due(&bench.sql, bench.now, 1).unwrap()[0].secrets, [after]);
    let Reply::Secret(read) = bench.act(&endpoint, EndpointAct::ReadSecret) else { panic!() };
    assert_eq!(read.previous_until, None);
}

#[test]
fn a_busy_endpoint_is_left_alone_as_long_as_it_asks_within_bounds() {
    for (retry_after, pause) in [(None, 30_000), (Some(120), 120_000), (Some(-5), 5_000), (Some(1_000_000), HOUR)] {
        let mut bench = Bench::new();
        bench.add_endpoint();
        bench.submit(&id(1), 1, 9, None);
        bench.deliver(&Attempted { retry_after, ..answered(429) });
        // A new event waits too: the pause is the endpoint's, not the delivery's.
        bench.submit(&id(2), 1, 9, None);
        assert!(due(&bench.sql, bench.now, 10).unwrap().is_empty());
        bench.pass(pause - 1);
        assert!(due(&bench.sql, bench.now, 10).unwrap().len() <= 1, "{retry_after:?}");
        bench.pass(501);
        assert_eq!(due(&bench.sql, bench.now, 10).unwrap().len(), 2, "{retry_after:?}");
    }
    // Other failures pause one delivery, not the endpoint.
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    bench.deliver(&answered(500));
    bench.submit(&id(2), 1, 9, None);
    assert_eq!(due(&bench.sql, bench.now, 10).unwrap().len(), 1);
}

#[test]
fn the_alarm_rings_when_a_pause_ends() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 9, Some("x"));
    bench.deliver(&Attempted { retry_after: Some(600), ..answered(503) });
    assert_eq!(next_wake(&bench.sql).unwrap(), Some(bench.now.plus_millis(600_000)));
}

#[test]
fn five_days_of_failure_disable_an_endpoint_and_the_others_are_told() {
    let mut bench = Bench::new();
    let failing = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    assert_eq!(bench.deliver(&answered(500)), 1);
    let healthy = bench.add(endpoint_at("https://ops.example/"));
    bench.pass(DISABLE_AFTER_MILLIS - 1);
    bench.deliver(&answered(500));
    assert_eq!(bench.endpoint(&failing).disabled_at, None);
    assert!(bench.endpoint(&failing).failing_since.is_some());
    bench.submit(&id(2), 1, 9, None);
    bench.pass(1);
    for delivery in due(&bench.sql, bench.now, 10).unwrap() {
        let status = if delivery.endpoint == failing.id { 500 } else { 200 };
        bench.with(|sql, moment| record_attempt(sql, moment, &common::site(), &delivery, &answered(status))).unwrap();
    }
    let disabled = bench.endpoint(&failing);
    assert_eq!(disabled.disabled_reason, Some(DisabledReason::Failing));
    let told = due(&bench.sql, bench.now, 10).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].endpoint, healthy.id);
    let event: Event = serde_json::from_str(&told[0].body).unwrap();
    assert_eq!(event.event_type, EventType::EndpointDisabled);
    assert_eq!(event.data.endpoint.unwrap().id, failing.id);

    // Nothing is sent there until the owner starts it again, and then what it missed on request.
    assert!(matches!(
        bench.act(&failing, EndpointAct::Test { event_type: EventType::ResponseScored }),
        Reply::EndpointDisabled
    ));
    let enable = EndpointChange { enabled: Some(true), ..EndpointChange::default() };
    assert!(matches!(bench.act(&failing, EndpointAct::Change(enable)), Reply::Endpoint(_)));
    let replay = Replay { since: Timestamp::from_millis(0), until: None, only_failed: true };
    let Reply::Queued { count, next_since: None } = bench.act(&failing, EndpointAct::Replay(replay)) else { panic!() };
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
    let refused = Attempted { error: Some("connection refused".into()), duration_ms: 3, ..Attempted::default() };
    bench.deliver(&refused);
    bench.pass(HOUR);
    bench.deliver(&Attempted { answer: Some("é".repeat(3_000)), ..answered(500) });
    bench.pass(HOUR);
    bench.deliver(&answered(200));
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let act = EndpointAct::ListAttempts { event: None, cursor, limit: 2 };
        let Reply::Attempts(page) = bench.act(&endpoint, act) else { panic!() };
        assert!(page.attempts.len() <= 2);
        seen.extend(page.attempts);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.iter().map(|attempt| attempt.status).collect::<Vec<_>>(), [Some(200), Some(500), None]);
    assert_eq!(seen[1].answer.as_ref().map(String::len), Some(2_048));
    assert_eq!(seen[2].error.as_deref(), Some("connection refused"));
    assert_eq!(seen[0].event, seen[2].event);
    let act = EndpointAct::ListAttempts { event: None, cursor: Some("x".into()), limit: 2 };
    assert!(matches!(bench.act(&endpoint, act), Reply::BadCursor));
}

#[test]
fn an_event_can_be_sent_again_and_a_test_leaves_no_gap() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    let event = due(&bench.sql, bench.now, 1).unwrap()[0].event.clone();
    bench.deliver(&answered(200));
    assert!(matches!(
        bench.act(&endpoint, EndpointAct::Resend { event: event.clone() }),
        Reply::Queued { count: 1, .. }
    ));
    assert_eq!(due(&bench.sql, bench.now, 1).unwrap()[0].event, event);
    bench.deliver(&answered(200));
    let unknown = heard_wire::EventId::from_random([9; 16]);
    assert!(matches!(bench.act(&endpoint, EndpointAct::Resend { event: unknown }), Reply::UnknownEvent));
    for event_type in EventType::ALL {
        let TestEvent { event_type } = TestEvent { event_type: *event_type };
        assert!(matches!(bench.act(&endpoint, EndpointAct::Test { event_type }), Reply::TestQueued(_)));
        let test = due(&bench.sql, bench.now, 1).unwrap();
        let event: Event = serde_json::from_str(&test[0].body).unwrap();
        assert!(event.data.test && event.data.sequence == 0 && event.event_type == event_type);
        bench.deliver(&answered(200));
    }
    bench.submit(&id(2), 1, 9, None);
    let next: Event = serde_json::from_str(&due(&bench.sql, bench.now, 1).unwrap()[0].body).unwrap();
    assert_eq!(next.data.sequence, 2);
}

#[test]
fn a_replay_takes_a_range_and_only_what_the_endpoint_wants() {
    let mut bench = Bench::new();
    for count in 0..10 {
        bench.submit(&id(count), 1, u8::try_from(count).unwrap(), None);
        bench.pass(1_000);
    }
    let settings = r#"{"url":"https://a.example/","filter":{"bands":["detractor"]}}"#;
    let endpoint = bench.add(EndpointSettings::from_json(settings.as_bytes()).unwrap());
    let since = bench.now.plus_millis(-8_000);
    let until = Some(bench.now.plus_millis(-1_000));
    let replay = Replay { since, until, only_failed: false };
    // Scores 2 to 8 lie in the range, and 2 to 6 are detractors.
    assert!(matches!(bench.act(&endpoint, EndpointAct::Replay(replay)), Reply::Queued { count: 5, next_since: None }));
    assert_eq!(bench.deliver(&answered(200)), 5);
    let failed = Replay { since: Timestamp::from_millis(0), until: None, only_failed: true };
    assert!(matches!(bench.act(&endpoint, EndpointAct::Replay(failed)), Reply::Queued { count: 2, .. }));
}

#[test]
fn an_answer_becomes_a_message_once_and_only_where_the_endpoint_may_reply() {
    let reply = |text: &str| Attempted { answer: Some(format!(r#"{{"reply":{{"text":"{text}"}}}}"#)), ..answered(200) };
    let mut bench = Bench::new();
    let silent = bench.add_endpoint();
    bench.submit(&id(1), 1, 2, Some("Cold soup"));
    bench.deliver(&reply("No."));
    assert_eq!(bench.messages(), []);
    let may_reply = EndpointChange { may_reply: Some(true), ..EndpointChange::default() };
    bench.act(&silent, EndpointAct::Change(may_reply));
    bench.submit(&id(1), 2, 1, None);
    let event = due(&bench.sql, bench.now, 1).unwrap()[0].event.clone();
    bench.deliver(&reply("We are sorry."));
    bench.act(&silent, EndpointAct::Resend { event });
    bench.deliver(&reply("We are sorry."));
    let messages = bench.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!((messages[0].text.as_str(), messages[0].from.as_ref()), ("We are sorry.", Some(&silent.id)));
    // The endpoint that wrote it is not told of its own words.
    assert!(due(&bench.sql, bench.now, 1).unwrap().is_empty());
    assert_eq!(bench.events().last().map(String::as_str), Some("message.created"));
}

#[test]
fn events_and_attempts_are_forgotten_after_thirty_days() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    bench.deliver(&answered(200));
    bench.pass(29 * 24 * HOUR);
    bench.submit(&id(2), 1, 9, None);
    assert_eq!(forget_old(&bench.sql, bench.now).unwrap(), 0);
    bench.pass(24 * HOUR);
    assert_eq!(forget_old(&bench.sql, bench.now).unwrap(), 1);
    let Reply::Attempts(page) =
        bench.act(&endpoint, EndpointAct::ListAttempts { event: None, cursor: None, limit: 10 })
    else {
        panic!()
    };
    assert!(page.attempts.is_empty());
    assert_eq!(due(&bench.sql, bench.now, 10).unwrap().len(), 1);
}
