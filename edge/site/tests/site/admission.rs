//! Whether the question may be shown once more: caps, quotas, and visitors who have answered elsewhere.

use crate::common::{Bench, id, submission};
use heard_site::sites::RotateVisitorKey;
use heard_site::survey::{Admitted, AskAdmission, Sender, Submit};
use heard_wire::{Admission, Impression, NotAdmitted, Suspicion, Timestamp};
use hmac_sha256::HMAC;
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);

fn ask(bench: &mut Bench, more: Value) -> Admission {
    ask_as(bench, more, Sender::default())
}

fn ask_as(bench: &mut Bench, more: Value, sender: Sender) -> Admission {
    let mut body = json!({ "page": "https://a.example/", "lang": "en", "admission": true });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let shown = Impression::from_json(body.to_string().as_bytes()).unwrap();
    let settings_revision = bench.with(|site| Ok(site.config()?.revision));
    match bench.call(AskAdmission { shown, sender, settings_revision }).unwrap() {
        Admitted::Told(admission) => admission,
        Admitted::Stale(_) => panic!("the settings have not changed"),
    }
}

fn at(text: &str) -> Timestamp {
    serde_json::from_value(json!(text)).unwrap()
}

fn anna_answers(bench: &mut Bench) {
    let settings_revision = bench.with(|site| Ok(site.config()?.revision));
    let mut said = submission(&id(1), 1, 3, Some("Cold soup."), None);
    said.submission.visitor = Some("anna".parse().unwrap());
    bench.call(Submit { settings_revision, ..said }).unwrap();
}

#[test]
fn a_day_has_its_cap_and_ends_with_the_sites_clocks() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","time_zone":"Europe/Berlin","ask":{"daily_cap":2}}"#);
    // The day on which clocks go forward has 23 hours, and the one on which they go back has 25.
    for (evening, midnight) in [
        ("2027-03-28T21:59:00.000Z", "2027-03-28T22:00:00.000Z"),
        ("2027-10-31T22:59:00.000Z", "2027-10-31T23:00:00.000Z"),
    ] {
        bench.now = at(evening);
        assert!(ask(&mut bench, json!({})).admitted);
        assert!(ask(&mut bench, json!({})).admitted);
        let third = ask(&mut bench, json!({}));
        assert_eq!((third.admitted, third.until), (false, Some(at(midnight))));
        bench.now = at(midnight);
        assert!(ask(&mut bench, json!({})).admitted, "a new day");
    }
    // An hour into the night on which an hour comes twice.
    bench.now = at("2027-10-30T22:30:00.000Z");
    bench.now = bench.now + DAY + HOUR;
    assert!(ask(&mut bench, json!({})).admitted, "one was shown since midnight");
    assert!(!ask(&mut bench, json!({})).admitted);
}

#[test]
fn where_days_begin_at_half_past_none_is_shorter() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","time_zone":"Australia/Adelaide","ask":{"daily_cap":3}}"#);
    bench.now = at("2026-11-29T13:21:00.000Z");
    for admitted in [true, true, true, false] {
        assert_eq!(ask(&mut bench, json!({})).admitted, admitted);
    }
    bench.now = at("2026-11-29T13:30:01.000Z");
    for admitted in [true, true, true, false] {
        assert_eq!(ask(&mut bench, json!({})).admitted, admitted, "a second after midnight");
    }
}

#[test]
fn what_would_not_count_is_not_let_in_and_learns_nothing() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","ask":{"daily_cap":9}}"#);
    anna_answers(&mut bench);
    let robot = || Sender { suspicions: vec![Suspicion::Automated], ..Sender::default() };
    let told = ask_as(&mut bench, json!({ "visitor": "anna" }), robot());
    assert_eq!((told.admitted, told.until, told.reason), (false, None, None), "as with any other name");
    assert_eq!(ask_as(&mut bench, json!({ "visitor": "bob" }), robot()).until, None);
}

#[test]
fn a_quota_is_met_by_answers_that_are_complete_and_count() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","ask":{"quota":{"answers":2,"days":7}}}"#);
    bench.submit(&id(1), 1, 9, None);
    assert!(ask(&mut bench, json!({})).admitted, "a score alone is not complete yet");
    bench.submit(&id(1), 2, 9, Some("Lovely."));
    bench.submit(&id(2), 1, 9, Some("Lovely."));
    let told = ask(&mut bench, json!({}));
    assert_eq!((told.admitted, told.until), (false, Some(bench.now + DAY)));
    bench.now = bench.now + DAY * 8;
    assert!(ask(&mut bench, json!({})).admitted, "they were given more than seven days ago");
}

#[test]
fn who_has_answered_is_left_alone_in_every_browser() {
    let mut bench = Bench::new();
    anna_answers(&mut bench);
    let told = ask(&mut bench, json!({ "visitor": "anna" }));
    assert_eq!((told.admitted, told.reason), (false, Some(NotAdmitted::Answered)));
    let until = told.until.unwrap();
    assert!(until >= bench.now + DAY * 90 && until <= bench.now + DAY * 91);
    assert_eq!(until.as_millis() % 86_400_000, 0, "to the day");
    assert!(ask(&mut bench, json!({ "visitor": "bob" })).admitted);
    assert!(ask(&mut bench, json!({})).admitted);
    bench.now = bench.now + DAY * 90;
    assert!(ask(&mut bench, json!({ "visitor": "anna" })).admitted);
}

#[test]
fn where_the_owners_server_vouches_nobody_else_learns_who_has_answered() {
    let mut bench = Bench::new();
    anna_answers(&mut bench);
    let key = bench.call(RotateVisitorKey {}).unwrap().key.unwrap();
    assert!(ask(&mut bench, json!({ "visitor": "anna" })).admitted);
    assert!(ask(&mut bench, json!({ "visitor": "anna", "visitor_proof": "0".repeat(64) })).admitted);
    let proof = const_hex::encode(HMAC::mac(b"anna", key.as_bytes()));
    assert!(!ask(&mut bench, json!({ "visitor": "anna", "visitor_proof": proof })).admitted);
}
