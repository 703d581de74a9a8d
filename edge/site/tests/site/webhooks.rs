//! Endpoints, who gets which event, and what is sent again.

use crate::common::{Bench, answered, id};
use heard_site::responses::{EraseResponse, EraseResponses};
use heard_site::webhooks::{
    AttemptOutcome, ListAttempts, ListDeliveries, ListEvents, MAX_EVENT_BYTES, ReadEndpoint, ReadEvent, ReadSecret,
    Resend, RotateSecret, SendTest, record_attempt,
};
use heard_site::{Credential, Refusal, Thing};
use heard_wire::{DeliveryState, Event, EventType, Moment, Queued, Replay, ResponseFilter, Rotation, Scope, Timestamp};

const HOUR: i64 = 3_600_000;

#[test]
fn an_endpoint_gets_the_types_and_responses_it_asked_for() {
    let mut bench = Bench::new();
    bench.add(r#"{"url":"https://a.example/","event_types":["response.completed"]}"#);
    bench.add(r#"{"url":"https://b.example/","filter":{"bands":["detractor"]}}"#);
    bench.add(r#"{"url":"https://c.example/","event_types":["endpoint.*"]}"#);
    bench.submit(&id(1), 1, 9, Some("Lovely"));
    bench.submit(&id(2), 1, 2, None);
    let mut sent: Vec<(String, String)> = bench
        .due(10)
        .into_iter()
        .map(|delivery| {
            let event: Event = serde_json::from_str(&delivery.body).unwrap();
            (delivery.settings.url, event.kind.event_type().as_str().to_owned())
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
    let before = bench.call(ReadSecret { id: endpoint.id.clone() }).unwrap();
    let after = bench.call(RotateSecret { id: endpoint.id.clone(), rotation: Rotation::default() }).unwrap();
    assert_ne!(before.secret, after.secret);
    bench.submit(&id(1), 1, 9, None);
    let (after, before) = (after.secret.unwrap(), before.secret.unwrap());
    assert_eq!(bench.due(1)[0].secrets, [after.clone(), before]);
    bench.pass(24 * HOUR);
    assert_eq!(bench.due(1)[0].secrets, [after]);
    let read = bench.call(ReadSecret { id: endpoint.id }).unwrap();
    assert_eq!(read.previous_until, None);
}

#[test]
fn an_event_can_be_sent_again_and_a_test_leaves_no_gap() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    let event = bench.due(1)[0].event.clone();
    bench.deliver(&answered(200));
    let resend = |event| Resend { id: endpoint.id.clone(), event };
    assert_eq!(bench.call(resend(event.clone())).unwrap().queued, 1);
    assert_eq!(bench.due(1)[0].event, event);
    bench.deliver(&answered(200));
    let unknown = heard_wire::EventId::from_random([9; 16]);
    assert!(matches!(bench.call(resend(unknown)), Err(Refusal::NotFound { thing: Thing::Event })));
    for event_type in EventType::ALL {
        bench.call(SendTest { id: endpoint.id.clone(), event_type: *event_type }).unwrap();
        let test = bench.due(1);
        let event: Event = serde_json::from_str(&test[0].body).unwrap();
        assert!(event.test && event.sequence == 0 && event.kind.event_type() == *event_type);
        bench.deliver(&answered(200));
    }
    bench.submit(&id(2), 1, 9, None);
    let next: Event = serde_json::from_str(&bench.due(1)[0].body).unwrap();
    assert_eq!(next.sequence, 2);
}

#[test]
fn a_replay_takes_a_range_and_only_what_the_endpoint_wants() {
    let mut bench = Bench::new();
    for count in 0..10 {
        bench.submit(&id(count), 1, u8::try_from(count).unwrap(), None);
        bench.pass(1_000);
    }
    let settings = r#"{"url":"https://a.example/","filter":{"bands":["detractor"]}}"#;
    let endpoint = bench.add(settings);
    let since = bench.now.plus_millis(-8_000);
    let until = Some(bench.now.plus_millis(-1_000));
    let (since, until) = (Moment::At(since), until.map(Moment::At));
    let replay = Replay { since, until, only_failed: false };
    // Scores 2 to 8 lie in the range, and 2 to 6 are detractors.
    assert_eq!(bench.replay(&endpoint, replay), Ok(Queued { queued: 5, next_since: None }));
    assert_eq!(bench.deliver(&answered(200)), 5);
    let failed = Replay { since: Moment::At(Timestamp::from_millis(0)), until: None, only_failed: true };
    assert_eq!(bench.replay(&endpoint, failed).unwrap().queued, 2);
}

#[test]
fn an_answer_becomes_a_message_once_and_only_where_the_endpoint_may_reply() {
    let reply =
        |text: &str| AttemptOutcome { answer: Some(format!(r#"{{"reply":{{"text":"{text}"}}}}"#)), ..answered(200) };
    let mut bench = Bench::new();
    let silent = bench.add_endpoint();
    bench.submit(&id(1), 1, 2, Some("Cold soup"));
    bench.deliver(&reply("No."));
    assert_eq!(bench.messages(), []);
    bench.change(&silent, r#"{"may_reply":true}"#);
    bench.submit(&id(1), 2, 1, None);
    let event = bench.due(1)[0].event.clone();
    bench.deliver(&reply("We are sorry."));
    bench.call(Resend { id: silent.id.clone(), event }).unwrap();
    bench.deliver(&reply("We are sorry."));
    let messages = bench.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!((messages[0].text.as_str(), messages[0].from.as_ref()), ("We are sorry.", Some(&silent.id)));
    // The endpoint that wrote it is not told of its own words.
    assert!(bench.due(1).is_empty());
    assert_eq!(bench.events().last().map(String::as_str), Some("message.created"));
}

#[test]
fn a_reply_that_is_not_taken_is_told_in_the_log() {
    let mut bench = Bench::new();
    let endpoint = bench.add(r#"{"url":"https://crm.example/","may_reply":true,"event_types":["response.scored"]}"#);
    let replies = [
        (format!(r#"{{"reply":{{"text":"{}"}}}}"#, "x".repeat(5_000)), "2,000 characters"),
        (r#"{"reply":{"text":"Sorry.","person":"per_00000000000000000000000000000000"}}"#.to_owned(), "site's people"),
        (r#"{"reply":"Sorry."}"#.to_owned(), "must hold a text"),
    ];
    for (number, (answer, why)) in (1..).zip(replies) {
        bench.submit(&id(number), 1, 2, Some("Cold soup"));
        bench.pass(6_000);
        bench.deliver(&AttemptOutcome { answer: Some(answer), ..answered(200) });
        let log = ListAttempts { id: endpoint.id.clone(), event: None, cursor: None, limit: 1 };
        let last = bench.call(log).unwrap().items.remove(0);
        let error = last.error.unwrap_or_default();
        assert!(
            last.status == Some(200) && error.contains("the reply was not taken") && error.contains(why),
            "{error}"
        );
    }
    assert_eq!(bench.messages(), []);
}

#[test]
fn events_and_attempts_are_forgotten_after_thirty_days() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, Some("Lovely"));
    bench.deliver(&answered(200));
    bench.pass(29 * 24 * HOUR);
    bench.submit(&id(2), 1, 9, Some("Nice"));
    assert!(!bench.ring().contains(&"forgetting events"));
    bench.pass(24 * HOUR);
    assert!(bench.ring().contains(&"forgetting events"));
    let log = ListAttempts { id: endpoint.id, event: None, cursor: None, limit: 10 };
    assert!(bench.call(log).unwrap().items.is_empty());
    assert_eq!(bench.due(10).len(), 2, "what is younger is still sent");
}

#[test]
fn an_event_stays_under_its_limit_whatever_the_comment() {
    for comment in ["é".repeat(20_000), "\u{1}".repeat(20_000), "👨🏽‍👩🏽‍👧🏽‍👦🏽".repeat(5_000), "x".repeat(100)]
    {
        let mut bench = Bench::new();
        bench.add_endpoint();
        let mut submit = crate::common::submission(&id(1), 1, 1, Some("x"), None);
        submit.submission.comment = Some(comment.clone());
        bench.call(submit).unwrap();
        for delivery in bench.due(8) {
            assert!(delivery.body.len() <= MAX_EVENT_BYTES);
            let event: Event = serde_json::from_str(&delivery.body).unwrap();
            let sent = event.kind.response().unwrap().comment.clone().unwrap();
            assert!(comment.starts_with(&sent));
            assert_eq!(event.comment_truncated, sent.len() < comment.len());
        }
    }
}

#[test]
fn secrets_are_shown_to_admins_alone_and_to_no_other_endpoint() {
    let mut bench = Bench::new();
    let gone = bench.add(r#"{"url":"https://a.example/in?token=URLSECRET","headers":{"authorization":"Bearer CRM"}}"#);
    bench.add(r#"{"url":"https://b.example/"}"#);
    let key = |bench: &mut Bench, scope| {
        let new = serde_json::from_value(serde_json::json!({ "name": "x", "scope": scope })).unwrap();
        bench.call(heard_site::sites::AddKey { new }).unwrap().key
    };
    for (scope, sees) in [(Scope::Read, false), (Scope::Write, false), (Scope::Admin, true)] {
        let key = key(&mut bench, scope);
        let credential = || Credential::Key { key: key.clone(), needs: Scope::Read };
        let read = bench.call_as(credential(), ReadEndpoint { id: gone.id.clone() }).unwrap();
        let all = bench.call_as(credential(), heard_site::webhooks::ListEndpoints {}).unwrap();
        for text in [serde_json::to_string(&read).unwrap(), serde_json::to_string(&all).unwrap()] {
            assert_eq!(text.contains("URLSECRET"), sees, "{scope:?}: {text}");
            assert_eq!(text.contains("Bearer CRM"), sees, "{scope:?}: {text}");
            assert!(text.contains("https://a.example/") && text.contains("authorization"), "{text}");
        }
    }
    bench.submit(&id(1), 1, 9, None);
    let first = bench.due(1).into_iter().find(|delivery| delivery.endpoint == gone.id).unwrap();
    bench.with(|site| record_attempt(site, &first, &answered(410)));
    let bodies: Vec<String> = bench.due(10).into_iter().map(|delivery| delivery.body).collect();
    let told = bodies.iter().find(|body| body.contains("endpoint.disabled")).unwrap();
    assert!(!told.contains("URLSECRET") && !told.contains("Bearer CRM"), "{told}");
}

#[test]
fn two_endpoints_that_answer_everything_do_not_talk_to_the_customer_for_ever() {
    let mut bench = Bench::new();
    for url in ["https://a.example/", "https://b.example/"] {
        bench.add(&format!(r#"{{"url":"{url}","may_reply":true}}"#));
    }
    bench.submit(&id(1), 1, 2, Some("Cold soup"));
    for round in 0..20 {
        let answer = Some(format!(r#"{{"reply":{{"text":"Hello {round}"}}}}"#));
        bench.deliver(&AttemptOutcome { answer, ..answered(200) });
    }
    assert_eq!(bench.messages().len(), 3, "of four answers to two events");
    assert!(bench.due(10).is_empty());
}

#[test]
fn a_secret_that_leaked_is_void_at_once_when_the_owner_says_so() {
    let mut bench = Bench::new();
    let endpoint = bench.add_endpoint();
    bench.submit(&id(1), 1, 9, None);
    let rotated =
        bench.call(RotateSecret { id: endpoint.id.clone(), rotation: Rotation { overlap_hours: 0 } }).unwrap();
    assert_eq!(rotated.previous_until, None);
    assert_eq!(bench.due(9)[0].secrets.len(), 1);
    bench.call(RotateSecret { id: endpoint.id, rotation: Rotation { overlap_hours: 2 } }).unwrap();
    assert_eq!(bench.due(9)[0].secrets.len(), 2);
    bench.pass(2 * HOUR + 1);
    assert_eq!(bench.due(9)[0].secrets.len(), 1);
}

#[test]
fn what_failed_is_found_across_endpoints() {
    let mut bench = Bench::new();
    let (one, other) = (bench.add_endpoint(), bench.add_endpoint());
    for number in 1..=3 {
        bench.submit(&id(number), 1, 9, None);
    }
    let due = bench.due(10);
    for delivery in due {
        let status = if delivery.endpoint == one.id { 200 } else { 500 };
        bench.with(|site| record_attempt(site, &delivery, &AttemptOutcome { at: site_now(), ..answered(status) }));
    }
    bench.change(&other, r#"{"enabled":false}"#);
    bench.submit(&id(4), 1, 9, None);
    let list = |bench: &mut Bench, state, limit, cursor| {
        bench.call(ListDeliveries { state, endpoint: None, event: None, cursor, limit }).unwrap()
    };
    let failed = list(&mut bench, Some(DeliveryState::Failed), 50, None).items;
    assert_eq!(failed.iter().map(|one| one.sequence).collect::<Vec<_>>(), [3, 2, 1]);
    assert!(failed.iter().all(|one| one.endpoint == other.id && one.status == Some(500) && one.attempts == 1));
    assert_eq!(list(&mut bench, Some(DeliveryState::Delivered), 50, None).items.len(), 3);
    assert_eq!(list(&mut bench, Some(DeliveryState::Pending), 50, None).items.len(), 1);
    // A page at a time, all come once.
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = list(&mut bench, None, 2, cursor);
        seen.extend(page.items.into_iter().map(|one| (one.sequence, one.endpoint)));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 7);
    let events =
        ListEvents { event_type: Some(EventType::ResponseScored), response: Some(id(2)), cursor: None, limit: 9 };
    assert_eq!(bench.call(events).unwrap().items.len(), 1);
    let events = ListEvents { event_type: None, response: None, cursor: None, limit: 3 };
    let page = bench.call(events).unwrap();
    assert_eq!((page.items.len(), page.next_cursor.map(|cursor| cursor.0)), (3, Some(2)));
}

fn site_now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

#[test]
fn no_place_is_used_twice_and_ids_of_before_are_found() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let sequences = |bench: &mut Bench| {
        let list = ListEvents { event_type: None, response: None, cursor: None, limit: 50 };
        let events = bench.call(list).unwrap().items;
        let events =
            events.iter().map(|event| serde_json::to_value(event).unwrap()["data"]["sequence"].as_i64().unwrap());
        events.collect::<Vec<_>>()
    };
    for number in 1..=3 {
        bench.submit(&id(number), 1, 9, None);
    }
    // The newest is erased, then all are forgotten.
    bench.call(EraseResponse { id: id(3) }).unwrap();
    assert_eq!(sequences(&mut bench), [4, 2, 1]);
    bench.call(EraseResponses { filter: ResponseFilter::default() }).unwrap();
    assert_eq!(sequences(&mut bench), [6, 5, 4]);
    bench.pass(31 * 24 * HOUR);
    bench.ring();
    assert!(sequences(&mut bench).is_empty());
    bench.submit(&id(7), 1, 9, None);
    assert_eq!(sequences(&mut bench), [7]);
    // An event of a release whose ids told no place.
    let old = "evt_ffffffffffffffffffffffffffffffff";
    bench.sql.0.execute("UPDATE events SET id = ? WHERE sequence = 7", [old]).unwrap();
    assert!(bench.call(ReadEvent { id: old.parse().unwrap() }).is_ok());
    let endpoint = bench.add_endpoint();
    assert_eq!(bench.call(Resend { id: endpoint.id, event: old.parse().unwrap() }).unwrap().queued, 1);
}
