//! Which answers become cases, whose they are, and what the receipt promises.

use crate::cases::MINUTE;
use crate::common::{Bench, id, submission};
use heard_site::Refusal;
use heard_site::cases::{ChangeTeammate, RemoveTeammate};
use heard_site::sites::{ChangeSite, ReadSite};
use heard_wire::{Assignment, CaseStatus, SettingsPatch, Teammate, TeammatePatch};
use std::time::Duration;

#[test]
fn without_a_rule_who_is_unhappy_asks_or_was_harmed_gets_a_case_and_nobody_else() {
    let mut bench = Bench::new();
    for (number, score, comment, heard, opens) in [
        (1, 3, "Cold soup.", "", true),
        (2, 3, "", "", false),
        (3, 8, "Fine.", "", false),
        (4, 10, "Lovely.", "", false),
        (5, 10, "Call me.", r#"{"intents":["wants_contact"]}"#, true),
        (6, 9, "Do you open on Sundays?", r#"{"intents":["question"]}"#, true),
        (7, 8, "I slipped.", r#"{"grave":{"kind":"injury","quote":"I slipped"}}"#, true),
    ] {
        let before = bench.cases("{}").len();
        bench.say(number, score, comment, heard);
        assert_eq!(bench.cases("{}").len() > before, opens, "{comment}");
    }
    let all = bench.cases("{}");
    assert!(all.iter().all(|case| case.source_rule == "default" && case.status == CaseStatus::New));
    assert_eq!(bench.events().iter().filter(|event| *event == "case.opened").count(), 4);
}

#[test]
fn an_answer_left_alone_becomes_a_case_when_it_is_complete_and_only_once() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","cases":{"rules":[{"name":"Low","when":{"score_at_most":6}}]}}"#);
    bench.submit(&id(1), 1, 2, None);
    assert!(bench.cases("{}").is_empty());
    bench.pass(31 * MINUTE);
    bench.ring();
    assert_eq!(bench.cases("{}").len(), 1);
    bench.submit(&id(1), 2, 2, Some("Cold soup."));
    assert_eq!(bench.cases("{}").len(), 1);
}

#[test]
fn the_first_rule_that_matches_decides_and_assigns() {
    let mut bench = Bench::new();
    let maria = bench.person(r#"{"name":"Maria Lopez","role":"Shop manager"}"#);
    let (tom, eve) = (bench.person(r#"{"name":"Tom"}"#), bench.person(r#"{"name":"Eve"}"#));
    bench.configure(&format!(
        r#"{{"name":"Shop","themes":[{{"id":"price","label":"price"}}],"cases":{{"rules":[
            {{"name":"Staff","when":{{"score_at_least":10}},"opens":false}},
            {{"name":"Named","when":{{"names_person":true}},"assign":"named_person","priority":"high"}},
            {{"name":"Price","when":{{"themes":[{{"id":"price","polarity":"negative"}}]}},"assign":{{"by_theme":{{"price":"{}"}}}}}},
            {{"name":"Rest","when":{{"has_words":true}},"assign":{{"round_robin":["{}","{}"]}}}}]}}}}"#,
        maria.id, tom.id, eve.id
    ));
    bench.say(1, 10, "Maria!", r#"{"people":[{"name":"Maria","polarity":"positive"}]}"#);
    bench.say(2, 9, "Maria was kind.", r#"{"people":[{"name":"maria","polarity":"positive"}]}"#);
    bench.say(3, 5, "Dear.", r#"{"themes":[{"id":"price","polarity":"negative","confidence":0.9,"quote":"Dear"}]}"#);
    bench.say(4, 5, "Cheap!", r#"{"themes":[{"id":"price","polarity":"positive","confidence":0.9,"quote":"Cheap"}]}"#);
    bench.pass(1);
    bench.say(5, 5, "One", "");
    bench.pass(1);
    bench.say(6, 5, "Two", "");
    // Who is complained of does not see to it.
    bench.say(10, 2, "Maria was rude.", r#"{"people":[{"name":"Maria","polarity":"negative"}]}"#);
    let complaint = bench.case();
    assert_eq!((complaint.source_rule.as_str(), complaint.assignee), ("Named", None));
    bench.patch(&complaint.id, r#"{"status":"closed"}"#).unwrap();
    let mut told: Vec<_> =
        bench.cases(r#"{"unsettled":true}"#).into_iter().map(|case| (case.source_rule, case.assignee)).collect();
    told.reverse();
    let of = |name: &str, person: &Teammate| (name.to_owned(), Some(person.id.clone()));
    let expected = [of("Named", &maria), of("Price", &maria), of("Rest", &tom), of("Rest", &eve), of("Rest", &tom)];
    assert_eq!(told.len(), 5);
    for one in expected {
        assert!(told.contains(&one), "{one:?} in {told:?}");
    }
    // Who is away, or gone, gets none; a customer's answer is stored all the same.
    let away = TeammatePatch::from_json(br#"{"absent_until":"2100-01-01T00:00:00Z"}"#).unwrap();
    bench.call(ChangeTeammate { id: tom.id.clone(), patch: away }).unwrap();
    bench.call(RemoveTeammate { id: eve.id.clone() }).unwrap();
    bench.pass(1);
    bench.say(7, 5, "Three", "");
    let newest = bench.case();
    assert_eq!((newest.source_rule.as_str(), &newest.assignee), ("Rest", &None));
    // Nor does a rule name who is gone: settings that do could not be changed any more.
    let kept = bench.call(ReadSite {}).unwrap().settings.cases;
    let rest = kept.rules.unwrap().remove(3).assign;
    assert_eq!(rest, Some(Assignment::RoundRobin(vec![tom.id.clone()])));
    bench.call(RemoveTeammate { id: maria.id.clone() }).unwrap();
    assert_eq!(bench.call(ReadSite {}).unwrap().settings.cases.rules.unwrap().remove(2).assign, None);
    assert!(bench.cases(r#"{"unassigned":false}"#).iter().all(|case| case.assignee.as_ref() != Some(&eve.id)));
}

#[test]
fn the_receipt_promises_what_the_rule_says_and_nothing_without_one() {
    let mut bench = Bench::new();
    let maria = bench.person(r#"{"name":"Maria","role":"Manager"}"#);
    bench.configure(&format!(
        r#"{{"name":"Shop","cases":{{"rules":[{{"name":"Low","when":{{"score_at_most":6}},"assign":{{"person":"{}"}},
            "sla":{{"first_response":{{"number":4,"unit":"hours"}}}}}}]}}}}"#,
        maria.id
    ));
    let stored = bench.submit(&id(1), 1, 2, Some("Cold soup."));
    let receipt = &stored.acknowledgement.receipt;
    assert_eq!(
        (receipt.answered_by.as_deref(), receipt.due_at),
        (Some("Maria"), Some(bench.now + Duration::from_secs(4 * 3_600)))
    );
    // The same revision again is told the same.
    assert_eq!(bench.submit(&id(1), 1, 2, Some("Cold soup.")), stored);
    let mut happy = submission(&id(2), 1, 10, Some("Lovely."), None);
    happy.acknowledgement.receipt.answered_by = Some("Somebody".into());
    happy.acknowledgement.receipt.by_when = Some("soon".into());
    happy.settings_revision = 2;
    let heard_site::survey::Submitted::Stored(accepted) = bench.call(happy).unwrap() else { panic!() };
    let receipt = accepted.stored.acknowledgement.receipt;
    assert_eq!((receipt.answered_by, receipt.by_when, receipt.due_at), (None, None, None), "nobody sees to it");
    let mut declines = submission(&id(3), 1, 2, Some("Leave me alone."), None);
    (declines.settings_revision, declines.wants_answer) = (2, false);
    let heard_site::survey::Submitted::Stored(accepted) = bench.call(declines).unwrap() else { panic!() };
    assert!(accepted.stored.acknowledgement.receipt.answered_by.is_none());
}

#[test]
fn a_theme_that_a_rule_names_is_not_removed_under_it() {
    let mut bench = Bench::new();
    let rule = r#"{"name":"Price","when":{"themes":[{"id":"price"}]}}"#;
    bench.configure(&format!(
        r#"{{"name":"Shop","themes":[{{"id":"price","label":"price"}}],"cases":{{"rules":[{rule}]}}}}"#
    ));
    let mut patch = |body: &str| {
        let patch = SettingsPatch::from_json(body.as_bytes()).unwrap();
        bench.call(ChangeSite { patch, if_match: None, if_none_match: None })
    };
    let Err(Refusal::Invalid { problem }) = patch(r#"{"themes":[]}"#) else { panic!() };
    assert_eq!(problem.errors[0].pointer, "/cases/rules/0");
    patch(r#"{"themes":[],"cases":{"rules":[]}}"#).unwrap();
}
