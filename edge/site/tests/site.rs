//! The site's logic on a real SQLite, with the clock and the dice in the test's hands.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use common::{Bench, Native, answered, id, site};
use heard_site::{
    COMPLETE_AFTER_MILLIS, Command, KEEP_MILLIS, MAX_EVENT_BYTES, Moment, Reply, Sql, apply, complete_abandoned, due,
    hear_again, next_attempt, next_wake, next_wake_after, record_attempt, unheard, upgrade,
};
use heard_wire::{
    Acknowledgement, Event, Heard, Polarity, Receipt, ResponseFilter, SiteSettings, Submission, Timestamp,
};
use rusqlite::Connection;

#[test]
fn an_unknown_site_stores_nothing() {
    let sql = Native(Connection::open_in_memory().unwrap());
    let mut random = || [0; 16];
    let mut moment = Moment { now: Timestamp::from_millis(0), random: &mut random };
    assert!(matches!(apply(&sql, &mut moment, Command::Settings).unwrap(), Reply::UnknownSite));
    assert!(sql.run("SELECT name FROM sqlite_master", Vec::new()).unwrap().is_empty());
}

#[test]
fn the_highest_revision_wins_whatever_the_order() {
    for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [1, 3, 2]] {
        let mut bench = Bench::new();
        for revision in order {
            let comment = format!("revision {revision}");
            bench.submit(&id(1), revision, revision as u8, Some(&comment));
        }
        let stored = bench.submit(&id(1), 1, 0, None);
        assert_eq!(stored.response.comment.as_deref(), Some("revision 3"), "{order:?}");
        assert_eq!(stored.acknowledgement.text, "3 revision 3");
    }
}

#[test]
fn settings_that_changed_meanwhile_are_told_before_anything_is_stored() {
    let mut bench = Bench::new();
    let settings = SiteSettings::from_json(br#"{"name":"New"}"#).unwrap();
    bench.apply(Command::Configure { site: site(), settings });
    let body =
        serde_json::json!({ "id": id(1), "revision": 1, "score": 1, "page": "https://a.example/", "lang": "en" });
    let submission = Submission::from_json(body.to_string().as_bytes()).unwrap();
    let receipt = Receipt { reference: "x".into(), answered_by: None, by_when: None };
    let acknowledgement = Acknowledgement { text: "x".into(), claims: Vec::new(), ask: None, receipt };
    let reply = bench.apply(Command::Submit { submission, heard: None, acknowledgement, settings_revision: 1 });
    assert!(matches!(reply, Reply::Settings(configured) if configured.revision == 2));
    assert!(bench.events().is_empty());
}

#[test]
fn an_answer_left_alone_is_complete_after_thirty_minutes() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 4, None);
    let wake = next_wake(&bench.sql).unwrap().unwrap();
    assert_eq!(wake, bench.now.plus_millis(COMPLETE_AFTER_MILLIS));
    bench.pass(COMPLETE_AFTER_MILLIS - 1);
    bench.with(|sql, moment| complete_abandoned(sql, moment, &site())).unwrap();
    assert_eq!(bench.events(), ["response.scored"]);
    bench.pass(1);
    bench.with(|sql, moment| complete_abandoned(sql, moment, &site())).unwrap();
    assert_eq!(bench.events(), ["response.scored", "response.completed"]);
    // Nothing is left to do but to forget the first event, a month after it.
    let first = bench.now.plus_millis(-COMPLETE_AFTER_MILLIS);
    assert_eq!(next_wake(&bench.sql).unwrap(), Some(first.plus_millis(KEEP_MILLIS)));
    // Words that come later still count.
    bench.submit(&id(1), 2, 4, Some("Slow"));
    assert_eq!(bench.events().last().map(String::as_str), Some("response.updated"));
}

#[test]
fn a_failing_delivery_is_tried_ten_times_over_three_days_and_then_given_up() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    bench.submit(&id(1), 1, 4, None);
    let from = bench.now;
    let mut attempts = 0;
    let mut events = std::collections::HashSet::new();
    while let Some(wake) = next_wake_after(&bench.sql, bench.now.plus_millis(-1)).unwrap() {
        bench.now = wake.max(bench.now);
        let Some(delivery) = due(&bench.sql, bench.now, 8).unwrap().into_iter().next() else { break };
        events.insert(delivery.event.clone());
        attempts += 1;
        bench.with(|sql, moment| record_attempt(sql, moment, &site(), &delivery, &answered(500))).unwrap();
        bench.with(|sql, moment| complete_abandoned(sql, moment, &site())).unwrap();
        if attempts == 1 {
            // The second event, of the answer left alone, is not what this test is about.
            bench.sql.run("UPDATE responses SET completed_at = 1", Vec::new()).unwrap();
        }
    }
    assert_eq!((attempts, events.len()), (10, 1));
    let days = (bench.now.as_millis() - from.as_millis()) as f64 / 86_400_000.0;
    assert!((3.1..3.5).contains(&days), "{days} days");
    assert!(due(&bench.sql, bench.now.plus_millis(i64::from(u32::MAX)), 8).unwrap().is_empty());
}

#[test]
fn waits_grow_and_jitter_adds_at_most_a_tenth() {
    let now = Timestamp::from_millis(0);
    let waits: Vec<i64> = (1..=9).map(|n| next_attempt(now, n, 0).unwrap().as_millis()).collect();
    assert!(waits.is_sorted());
    for (n, wait) in (1..=9).zip(&waits) {
        let most = next_attempt(now, n, u8::MAX).unwrap().as_millis();
        assert!(most > *wait && most <= wait + wait / 10);
    }
    assert_eq!(next_attempt(now, 0, 0), None);
    assert_eq!(next_attempt(now, 10, 0), None);
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
    let found = due(&bench.sql, bench.now, 8).unwrap();
    let endpoints: std::collections::HashMap<_, usize> = found.iter().fold(Default::default(), |mut all, delivery| {
        *all.entry(delivery.endpoint.clone()).or_default() += 1;
        all
    });
    let mut counts: Vec<usize> = endpoints.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 8]);
}

#[test]
fn an_event_stays_under_its_limit_whatever_the_comment() {
    for comment in ["é".repeat(20_000), "\u{1}".repeat(20_000), "👨🏽‍👩🏽‍👧🏽‍👦🏽".repeat(5_000), "x".repeat(100)]
    {
        let mut bench = Bench::new();
        bench.add_endpoint();
        let mut body =
            serde_json::json!({ "id": id(1), "revision": 1, "score": 1, "page": "https://a.example/", "lang": "en" });
        body["comment"] = "x".into();
        let mut submission = Submission::from_json(body.to_string().as_bytes()).unwrap();
        submission.comment = Some(comment.clone());
        let receipt = Receipt { reference: "x".into(), answered_by: None, by_when: None };
        let acknowledgement = Acknowledgement { text: "x".into(), claims: Vec::new(), ask: None, receipt };
        bench.apply(Command::Submit { submission, heard: None, acknowledgement, settings_revision: 1 });
        for delivery in due(&bench.sql, bench.now, 8).unwrap() {
            assert!(delivery.body.len() <= MAX_EVENT_BYTES);
            let event: Event = serde_json::from_str(&delivery.body).unwrap();
            let sent = event.data.response.unwrap().comment.unwrap();
            assert!(comment.starts_with(&sent));
            assert_eq!(event.data.comment_truncated, sent.len() < comment.len());
        }
    }
}

#[test]
fn comments_are_listened_to_again_when_the_themes_change_and_not_for_less() {
    let mut bench = Bench::new();
    bench.submit(&id(1), 1, 2, Some("cold soup"));
    bench.submit(&id(2), 1, 9, None);
    let configure = |bench: &mut Bench, json: &str| {
        let settings = SiteSettings::from_json(json.as_bytes()).unwrap();
        bench.apply(Command::Configure { site: site(), settings });
    };
    configure(&mut bench, r#"{"name":"Corner Shop","promise":{"by_when":"soon"}}"#);
    assert_eq!(unheard(&bench.sql, 10).unwrap(), []);
    configure(&mut bench, r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food"}]}"#);
    let stale = unheard(&bench.sql, 10).unwrap();
    assert_eq!(stale.iter().map(|comment| comment.text.as_str()).collect::<Vec<_>>(), ["cold soup"]);
    assert_eq!(next_wake(&bench.sql).unwrap(), Some(Timestamp::from_millis(0)));
    let heard = Heard {
        language: "en".into(),
        informative: true,
        overall: Polarity::Negative,
        themes: Vec::new(),
        topics: Vec::new(),
        suggestions: Vec::new(),
        people: Vec::new(),
        amounts: Vec::new(),
        intents: Vec::new(),
    };
    hear_again(&bench.sql, &id(1), 3, &heard).unwrap();
    assert_eq!(unheard(&bench.sql, 10).unwrap(), []);
    assert_ne!(next_wake(&bench.sql).unwrap(), Some(Timestamp::from_millis(0)));
    // A line that only the reply uses changes nothing that was heard.
    let line = r#"{"name":"Corner Shop","themes":[{"id":"food","label":"food","when_praised":"Thanks."}]}"#;
    configure(&mut bench, line);
    assert_eq!(unheard(&bench.sql, 10).unwrap(), []);
}

#[test]
fn a_site_of_the_first_release_is_brought_up_to_date() {
    let sql = Native(Connection::open_in_memory().unwrap());
    upgrade(&sql).unwrap();
    assert!(sql.run("SELECT name FROM sqlite_master", Vec::new()).unwrap().is_empty(), "no site, no tables");
    sql.0.execute_batch(include_str!("first_release.sql")).unwrap();
    upgrade(&sql).unwrap();
    upgrade(&sql).unwrap();
    let mut bench = Bench { sql, now: Timestamp::from_millis(1_800_000_000_000), drawn: 0 };
    let Reply::Responses(page) =
        bench.apply(Command::ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 10 })
    else {
        panic!()
    };
    assert_eq!(page.responses[0].comment.as_deref(), Some("cold soup"));
    let Reply::Endpoints(endpoints) = bench.apply(Command::ListEndpoints) else { panic!() };
    assert_eq!(endpoints[0].settings.url, "https://crm.example/hooks");
    bench.submit(&id(9), 1, 3, None);
    assert_eq!(due(&bench.sql, bench.now, 9).unwrap().len(), 1);
}
