//! Closing the loop: what happens to cases, and what it adds up to.

use crate::common::{Bench, id, submission};
use heard_site::cases::{
    AddNote, AddTeammate, ChangeCase, ListCalls, ListCases, ListHistory, LogCall, OpenCase, ReadCase, ReadLoop,
    RemoveTeammate,
};
use heard_site::conversations::{AddMessage, ReplyToCase};
use heard_site::responses::ReviewResponse;
use heard_site::sites::AddKey;
use heard_site::{Credential, Refusal};
use heard_wire::http::IfMatch;
use heard_wire::{
    Actor, Analysis, Call, Case, CaseAct, CaseFilter, CaseId, CasePatch, CaseStatus, Elapsed, NewApiKey, NewCase,
    NewMessage, NewNote, NewTeammate, Outcome, Priority, SlaStatus, Standing, Teammate, WhyCall,
};

pub(crate) const MINUTE: i64 = 60_000;

impl Bench {
    pub(crate) fn cases(&mut self, filter: &str) -> Vec<Case> {
        let filter: CaseFilter = serde_json::from_str(filter).unwrap();
        self.call(ListCases { filter, cursor: None, limit: 100 }).unwrap().items
    }

    pub(crate) fn case(&mut self) -> Case {
        self.cases("{}").remove(0)
    }

    pub(crate) fn patch(&mut self, case: &CaseId, patch: &str) -> Result<Case, Refusal> {
        let patch = CasePatch::from_json(patch.as_bytes()).unwrap();
        self.call(ChangeCase { id: case.clone(), patch, if_match: None })
    }

    pub(crate) fn person(&mut self, body: &str) -> Teammate {
        self.call(AddTeammate { new: NewTeammate::from_json(body.as_bytes()).unwrap() }).unwrap()
    }

    pub(crate) fn key_of(&mut self, person: &Teammate) -> Credential {
        let body = format!(r#"{{"name":"theirs","scope":"write","person":"{}"}}"#, person.id);
        let key = self.call(AddKey { new: NewApiKey::from_json(body.as_bytes()).unwrap() }).unwrap().key;
        Credential::Key { key, needs: heard_wire::Scope::Write }
    }

    pub(crate) fn say(&mut self, number: u32, score: u8, comment: &str, heard: &str) {
        let heard: Option<Analysis> = (!heard.is_empty()).then(|| {
            let rest = heard.trim_start_matches('{');
            serde_json::from_str(&format!(r#"{{"language":"en","informative":true,"overall":"negative",{rest}"#))
                .unwrap()
        });
        let revised = self.sql.0.query_row("SELECT revision FROM site", [], |row| row.get(0)).unwrap();
        let submit = submission(&id(number), 1, score, Some(comment), heard);
        self.call(heard_site::survey::Submit { settings_revision: revised, ..submit }).unwrap();
    }

    pub(crate) fn reply(&mut self, case: &CaseId, body: &str) {
        let message = NewMessage::from_json(body.as_bytes()).unwrap();
        self.call(ReplyToCase { id: case.clone(), message, if_match: None }).unwrap();
    }

    pub(crate) fn acts(&mut self, case: &CaseId) -> Vec<(Actor, CaseAct)> {
        let history = self.call(ListHistory { id: case.clone() }).unwrap().items;
        history.into_iter().map(|entry| (entry.by, entry.act)).collect()
    }
}

#[test]
fn clocks_warn_once_miss_once_escalate_once_and_freeze() {
    let mut bench = Bench::new();
    let boss = bench.person(r#"{"name":"Boss"}"#);
    bench.configure(&format!(
        r#"{{"name":"Shop","cases":{{"rules":[{{"name":"Low","when":{{}},
            "sla":{{"first_response":{{"number":60,"unit":"minutes"}},"resolution":{{"number":2,"unit":"days"}},
            "escalate_to":"{}"}}}}]}}}}"#,
        boss.id
    ));
    bench.say(1, 2, "Cold soup.", "");
    let case = bench.case();
    assert_eq!(case.sla_status, Some(SlaStatus::Active));
    let seen = bench.events().len();
    bench.pass(44 * MINUTE);
    bench.ring();
    assert_eq!(bench.events().len(), seen);
    for _ in 0..3 {
        bench.pass(MINUTE);
        bench.ring();
    }
    assert_eq!(bench.events()[seen..], ["case.due_soon"]);
    assert!(bench.cases(r#"{"overdue":true}"#).is_empty());
    for _ in 0..30 {
        bench.pass(MINUTE);
        bench.ring();
    }
    assert_eq!(bench.events()[seen..], ["case.due_soon", "case.overdue", "case.escalated"]);
    let late = bench.case();
    assert_eq!((late.assignee.as_ref(), late.priority), (Some(&boss.id), Priority::Urgent));
    assert_eq!(bench.cases(r#"{"overdue":true}"#).len(), 1);
    let missed_at = late.first_response.as_ref().unwrap().missed_at;
    bench.reply(&case.id, r#"{"text":"We are sorry."}"#);
    bench.pass(24 * 60 * MINUTE);
    bench.ring();
    let after = bench.case();
    let clock = after.first_response.as_ref().unwrap();
    assert_eq!((clock.missed_at, after.sla_status), (missed_at, Some(SlaStatus::ActiveWithMisses)));
    assert_eq!(after.first_response_time, Some(Elapsed { seconds: 77 * 60, business_seconds: 77 * 60 }));
    assert!(bench.cases(r#"{"overdue":true}"#).is_empty());
    // Changed rules are for the next.
    bench.configure(r#"{"name":"Shop"}"#);
    assert_eq!(bench.case().sla, case.sla);
}

#[test]
fn waiting_for_the_customer_pauses_the_resolution() {
    let mut bench = Bench::new();
    bench.configure(
        r#"{"name":"Shop","cases":{"rules":[{"name":"Low","sla":{"resolution":{"number":2,"unit":"hours"}}}]}}"#,
    );
    bench.say(1, 2, "Cold soup.", "");
    let case = bench.case();
    bench.pass(30 * MINUTE);
    bench.reply(&case.id, r#"{"text":"Which soup was it?","then":"waiting"}"#);
    bench.pass(600 * MINUTE);
    bench.ring();
    let waiting = bench.case();
    assert_eq!((waiting.status, waiting.sla_status), (CaseStatus::Waiting, Some(SlaStatus::Active)));
    let opened = bench.patch(&case.id, r#"{"status":"open"}"#).unwrap();
    let clock = opened.resolution_clock.unwrap();
    assert_eq!((clock.due_at.since(bench.now).as_secs(), clock.paused_seconds), (90 * 60, 600 * 60));
}

#[test]
fn two_at_once_and_one_is_told() {
    let mut bench = Bench::new();
    bench.say(1, 2, "Cold soup.", "");
    let case = bench.case();
    let change = |revision: i64, patch: &str| ChangeCase {
        id: case.id.clone(),
        patch: CasePatch::from_json(patch.as_bytes()).unwrap(),
        if_match: Some(IfMatch::read(&format!("\"{revision}\""))),
    };
    let after = bench.call(change(case.revision, r#"{"priority":"high"}"#)).unwrap();
    let refused = bench.call(change(case.revision, r#"{"priority":"low"}"#)).unwrap_err();
    assert_eq!(refused, Refusal::CaseChanged { revision: after.revision });
    assert_eq!(bench.call(ReadCase { id: case.id.clone() }).unwrap().priority, Priority::High);
    let again = OpenCase { new: NewCase { response: id(1), priority: Priority::Low, assignee: None } };
    assert_eq!(bench.call(again).unwrap_err(), Refusal::HasCase);
}

#[test]
fn who_did_what_is_true_and_notes_stay_inside() {
    let mut bench = Bench::new();
    let maria = bench.person(r#"{"name":"Maria","role":"Manager"}"#);
    bench.say(1, 2, "Cold soup.", "");
    let case = bench.case();
    let key = bench.key_of(&maria);
    let as_tom = format!(r#"{{"text":"Sorry.","person":"{}"}}"#, bench.person(r#"{"name":"Tom"}"#).id);
    let say = |body: &str| AddMessage { response: id(1), message: NewMessage::from_json(body.as_bytes()).unwrap() };
    assert!(matches!(bench.call_as(key.clone(), say(&as_tom)).unwrap_err(), Refusal::Invalid { .. }));
    let written = bench.call_as(key.clone(), say(r#"{"text":"Sorry."}"#)).unwrap();
    assert_eq!((written.person, written.signed.unwrap().name.as_str()), (Some(maria.id.clone()), "Maria"));
    let note = NewNote { text: "The new cook.".into() };
    bench.call_as(key.clone(), AddNote { id: case.id.clone(), note }).unwrap();
    let call = Call::from_json(br#"{"reached":true,"minutes":5,"learnt":"Mondays"}"#).unwrap();
    bench.call_as(key, LogCall { id: case.id.clone(), call }).unwrap();
    let by_maria = Actor::Person { person: maria.id.clone() };
    let acts = bench.acts(&case.id);
    assert_eq!(acts.iter().filter(|(by, _)| *by == by_maria).count(), 3);
    assert!(matches!(acts[0], (Actor::Rule, CaseAct::Opened { .. })));
    let talked = bench.call(ReadLoop { since: None, until: None }).unwrap().talked_to;
    assert_eq!(
        (talked[0].person.as_ref(), talked[0].customers, talked[0].messages, talked[0].calls),
        (Some(&maria.id), 1, 1, 1)
    );
    let told: String = bench.due(50).iter().map(|delivery| delivery.body.clone()).collect();
    assert!(!told.contains("The new cook"));
    // Her key goes with her; what she wrote stays signed.
    bench.call(RemoveTeammate { id: maria.id.clone() }).unwrap();
    assert_eq!(bench.messages()[0].signed.as_ref().unwrap().name, "Maria");
}

#[test]
fn whom_to_call_is_who_asked_who_left_a_number_and_bright_spots() {
    let mut bench = Bench::new();
    bench.say(1, 2, "Ring me.", r#"{"intents":["wants_contact"]}"#);
    for (number, score, comment, informative) in [(2, 3, "Cold soup.", true), (3, 10, "Great", false)] {
        let heard =
            serde_json::from_str(&format!(r#"{{"language":"en","informative":{informative},"overall":"neutral"}}"#));
        let mut submit = submission(&id(number), 1, score, Some(comment), heard.ok());
        submit.submission.contact = Some("+49 30 1234567".parse().unwrap());
        submit.submission.time_zone = Some("Pacific/Auckland".into());
        bench.call(submit).unwrap();
    }
    bench.say(4, 10, "Great", "");
    let calls = |bench: &mut Bench| bench.call(ListCalls { why: None, daytime: None, limit: 50 }).unwrap().items;
    let found = calls(&mut bench);
    let told: Vec<_> = found.iter().map(|item| (item.why, item.response.score.get())).collect();
    assert_eq!(told, [(WhyCall::Asked, 2), (WhyCall::LeftNumber, 3), (WhyCall::BrightSpot, 10)]);
    // 2027-01-15 08:00 UTC.
    assert_eq!((found[1].local_time.as_deref(), found[1].is_daytime), (Some("21:00"), false));
    assert_eq!((found[0].local_time.as_deref(), found[0].is_daytime), (None, false));
    let case = found[1].case.clone().unwrap();
    let log =
        |reached| LogCall { id: case.id.clone(), call: Call { reached, minutes: None, learnt: None, promised: None } };
    let unanswered = bench.call(log(false)).unwrap();
    assert!(unanswered.first_response_at.is_none() && calls(&mut bench).len() == 3);
    assert!(bench.call(log(true)).unwrap().first_response_at.is_some());
    assert_eq!(calls(&mut bench).len(), 2);
}

#[test]
fn a_resolved_case_is_closed_in_time_and_a_score_after_it_is_recovery() {
    let mut bench = Bench::new();
    let mut first = submission(&id(1), 1, 2, Some("Cold soup."), None);
    first.submission.visitor = Some("customer-7".parse().unwrap());
    bench.call(first).unwrap();
    let case = bench.case();
    bench.patch(&case.id, r#"{"status":"resolved","resolution":"Warm plates.","root_cause":"Plates"}"#).unwrap();
    bench.pass(10 * 24 * 60 * MINUTE);
    let mut second = submission(&id(2), 1, 9, Some("Much better."), None);
    second.submission.visitor = Some("customer-7".parse().unwrap());
    bench.call(second).unwrap();
    let case = bench.call(ReadCase { id: case.id }).unwrap();
    let pair = case.recovery.clone().unwrap();
    assert_eq!((pair.before.get(), pair.after.get(), case.outcome), (2, 9, Outcome::Recovered));
    assert!(bench.events().contains(&"case.recovered".to_owned()));
    bench.pass(5 * 24 * 60 * MINUTE);
    bench.ring();
    assert_eq!(bench.call(ReadCase { id: case.id.clone() }).unwrap().status, CaseStatus::Closed);
    assert_eq!(bench.patch(&case.id, r#"{"status":"open"}"#).unwrap_err(), Refusal::CaseClosed);
    let metrics = bench.call(ReadLoop { since: None, until: None }).unwrap();
    assert_eq!((metrics.recovery_rate.of, metrics.recovery_rate.rate), (1, Some(1.0)));
    let cause = &metrics.by_root_cause[0];
    assert_eq!((cause.root_cause.as_str(), cause.cases, cause.recovery_rate.rate), ("Plates", 1, Some(1.0)));
    assert!(metrics.time_to_first_close.is_some());
}

#[test]
fn a_case_settled_without_a_word_keeps_no_promise_and_breaks_none() {
    let mut bench = Bench::new();
    let rule = r#"{"name":"All","when":{},"sla":{"first_response":{"number":1,"unit":"hours"}}}"#;
    bench.configure(&format!(r#"{{"name":"Shop","cases":{{"rules":[{rule}]}}}}"#));
    let attained = |bench: &mut Bench| {
        let rate = bench.call(ReadLoop { since: None, until: None }).unwrap().sla_attainment.first_response;
        (rate.of, rate.count)
    };
    bench.say(1, 3, "Cold soup.", "");
    let silent = bench.case().id;
    bench.patch(&silent, r#"{"status":"resolved"}"#).unwrap();
    assert_eq!(attained(&mut bench), (0, 0));
    bench.say(2, 3, "Cold tea.", "");
    let answered = bench.case().id;
    bench.reply(&answered, r#"{"text":"Sorry."}"#);
    assert_eq!(attained(&mut bench), (1, 1));
    bench.say(3, 3, "Cold cake.", "");
    let late = bench.case().id;
    bench.pass(61 * MINUTE);
    bench.patch(&late, r#"{"status":"closed"}"#).unwrap();
    assert_eq!(attained(&mut bench), (2, 1));
}

#[test]
fn a_draft_resolves_nothing_and_what_was_changed_counts_whenever_it_is_told() {
    let mut bench = Bench::new();
    bench.say(1, 3, "Cold soup.", "");
    let case = bench.case().id;
    assert!(matches!(bench.patch(&case, r#"{"resolution":"New cook."}"#), Err(Refusal::Invalid { .. })));
    assert_eq!(bench.case().status, CaseStatus::New);
    let silent = bench.patch(&case, r#"{"status":"resolved"}"#).unwrap();
    assert!(silent.first_response_at.is_none());
    let told = bench.patch(&case, r#"{"resolution":"New cook."}"#).unwrap();
    assert!(told.first_response_at.is_some(), "the customer reads it");
    let unknown = r#"{"assignee":"per_00000000000000000000000000000000"}"#;
    assert!(matches!(bench.patch(&case, unknown), Err(Refusal::Invalid { .. })), "it is the body that is at fault");
}

#[test]
fn of_an_answer_that_is_put_aside_there_is_no_case() {
    let mut bench = Bench::new();
    bench.say(1, 3, "Cold soup.", "");
    bench.say(2, 3, "Cold tea.", "");
    let aside = |standing| ReviewResponse { id: id(1), standing: Some(standing), themes: None };
    bench.call(aside(Standing::Suspect)).unwrap();
    assert_eq!(bench.cases("{}").len(), 1);
    assert_eq!(bench.call(ReadLoop { since: None, until: None }).unwrap().opened, 1);
    assert_eq!(bench.cases(&format!(r#"{{"response":"{}"}}"#, id(1))).len(), 1, "who asks for it finds it");
    let of_it = bench.cases(&format!(r#"{{"response":"{}"}}"#, id(1))).remove(0);
    bench.patch(&of_it.id, r#"{"status":"closed"}"#).unwrap();
    let new = NewCase::from_json(format!(r#"{{"response":"{}"}}"#, id(1)).as_bytes()).unwrap();
    bench.call(OpenCase { new }).unwrap();
    assert_eq!(bench.cases(r#"{"unsettled":true}"#).len(), 2, "somebody opened one all the same");
    bench.call(aside(Standing::Counted)).unwrap();
    assert_eq!(bench.cases("{}").len(), 3);
}
