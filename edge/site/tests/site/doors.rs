//! Who is let into a conversation: the browser that began it, for as long as its secret is good, and on any other device
//! who the owner's server vouches for.

use crate::common::{Bench, id, submission};
use heard_site::cases::ListCases;
use heard_site::conversations::{AddMessage, ChangeThread, ReadThread, ReplyToCase, RevokeThread, WriteToTeam};
use heard_site::sites::RotateVisitorKey;
use heard_site::survey::{Submit, Submitted};
use heard_site::{Credential, Refusal};
use heard_wire::http::IfMatch;
use heard_wire::{CaseFilter, CustomerKey, MessageId, NewMessage, NewThreadMessage, Thread, VisitorProof};
use hmac_sha256::HMAC;

const SECRET: &str = "00112233445566778899aabbccddeeff";
const DAY: i64 = 86_400_000;

fn browser(number: u32) -> Credential {
    Credential::Customer { key: format!("{}.{SECRET}", id(number)).parse().unwrap(), address: Some("a".into()) }
}

fn proof(key: &str, visitor: &str) -> VisitorProof {
    const_hex::encode(HMAC::mac(visitor.as_bytes(), key.as_bytes())).parse().unwrap()
}

fn elsewhere(visitor: &str, proof: &VisitorProof) -> Credential {
    let key = CustomerKey::Visitor { visitor: visitor.parse().unwrap(), proof: proof.clone() };
    Credential::Customer { key, address: Some("b".into()) }
}

impl Bench {
    fn read(&mut self, who: Credential) -> Result<Thread, Refusal> {
        self.call_as(who, ReadThread {})
    }

    fn tell(&mut self, number: u32) {
        let message = NewMessage::from_json(br#"{"text":"A second till opens on Monday."}"#).unwrap();
        self.call(AddMessage { response: id(number), message }).unwrap();
    }
}

#[test]
fn who_is_vouched_for_finds_the_conversation_on_another_device_and_nobody_else_does() {
    let mut bench = Bench::new();
    let key = bench.call(RotateVisitorKey {}).unwrap().key.unwrap();
    let jo = proof(&key, "jo");
    let vouched = |submit: &mut Submit| {
        submit.submission.visitor = Some("jo".parse().unwrap());
        submit.submission.visitor_proof = Some(jo.clone());
    };
    assert_eq!(bench.read(elsewhere("jo", &jo)).unwrap_err(), Refusal::UnknownThread, "nothing was said yet");
    let mailbox = bench.said(1, 2, None, vouched).unwrap();
    // Whoever says they are Jo, later.
    bench.said(2, 9, None, |submit| submit.submission.visitor = Some("jo".parse().unwrap()));
    let thread = bench.read(elsewhere("jo", &jo)).unwrap();
    assert_eq!((thread.response.id, thread.mailbox.as_ref()), (id(1), Some(&mailbox)));
    bench.tell(1);
    assert_eq!(bench.news(&mailbox), 1);
    assert!(bench.read(elsewhere("jo", &jo)).unwrap().messages[0].is_new);
    let message = NewThreadMessage { id: MessageId::from_random([7; 16]), text: "Good.".into() };
    bench.call_as(elsewhere("jo", &jo), WriteToTeam { message, wants_answer: false }).unwrap();
    assert_eq!(bench.read(browser(1)).unwrap().messages.len(), 2, "it is one conversation");
    for (visitor, with) in
        [("jo", proof(&key, "mo")), ("mo", jo.clone()), ("mo", proof(&key, "mo")), ("jo", proof("x", "jo"))]
    {
        assert_eq!(bench.read(elsewhere(visitor, &with)).unwrap_err(), Refusal::UnknownThread, "{visitor}");
    }
    // A key that was rotated away is good for a week.
    bench.call(RotateVisitorKey {}).unwrap();
    assert!(bench.read(elsewhere("jo", &jo)).is_ok());
    bench.pass(8 * DAY);
    assert_eq!(bench.read(elsewhere("jo", &jo)).unwrap_err(), Refusal::UnknownThread);
    assert!(bench.read(browser(1)).is_ok(), "what a browser made itself is another key");
}

#[test]
fn what_the_owners_server_took_down_for_somebody_is_read_by_them() {
    let mut bench = Bench::new();
    let key = bench.call(RotateVisitorKey {}).unwrap().key.unwrap();
    let mut by_phone = submission(&id(1), 1, 2, Some("The queue."), None);
    by_phone.submission.visitor = Some("jo".parse().unwrap());
    bench.call(by_phone).unwrap();
    let who = || elsewhere("jo", &proof(&key, "jo"));
    let mailbox = bench.read(who()).unwrap().mailbox.unwrap();
    bench.tell(1);
    assert_eq!(bench.news(&mailbox), 1);
    // Where news is looked for stays the same when the key does not.
    bench.call(RotateVisitorKey {}).unwrap();
    assert_eq!(bench.read(who()).unwrap().mailbox, Some(mailbox));
}

#[test]
fn a_secret_ends_a_year_after_the_last_word_or_when_it_is_revoked() {
    let mut bench = Bench::new();
    let mailbox = bench.said(1, 2, None, |_| {}).unwrap();
    bench.pass(300 * DAY);
    bench.tell(1);
    bench.pass(300 * DAY);
    assert!(bench.read(browser(1)).is_ok(), "somebody wrote since");
    bench.pass(66 * DAY);
    assert_eq!(bench.read(browser(1)).unwrap_err(), Refusal::UnknownThread);
    bench.said(2, 2, None, |_| {});
    assert!(bench.read(browser(2)).is_ok());
    bench.call(RevokeThread { response: id(2) }).unwrap();
    assert_eq!(bench.read(browser(2)).unwrap_err(), Refusal::UnknownThread);
    assert!(matches!(bench.call(RevokeThread { response: id(3) }).unwrap_err(), Refusal::NotFound { .. }));
    bench.call(RevokeThread { response: id(1) }).unwrap();
    assert_eq!(bench.news(&mailbox), 0, "who holds it learns no count either");
}

#[test]
fn who_was_shut_out_stays_out_and_of_the_whole_conversation() {
    let mut bench = Bench::new();
    bench.said(1, 2, None, |_| {});
    bench.said(2, 3, None, |submit| submit.submission.earlier = Some(format!("{}.{SECRET}", id(1)).parse().unwrap()));
    bench.tell(1);
    assert_eq!(bench.read(browser(2)).unwrap().messages.len(), 1, "both answers are one conversation");
    // What is written about either keeps both doors open.
    bench.pass(300 * DAY);
    bench.tell(1);
    bench.pass(300 * DAY);
    assert!(bench.read(browser(2)).is_ok());
    bench.call(RevokeThread { response: id(1) }).unwrap();
    for number in [1, 2] {
        assert_eq!(bench.read(browser(number)).unwrap_err(), Refusal::UnknownThread, "{number}");
    }
    // The owner's server takes a revision on, with the secret that the page sent along.
    let mut again = submission(&id(2), 2, 3, Some("The queue."), None);
    again.submission.secret = Some(SECRET.parse().unwrap());
    bench.call(again).unwrap();
    assert_eq!(bench.read(browser(2)).unwrap_err(), Refusal::UnknownThread);
}

#[test]
fn a_proof_is_looked_at_whoever_brings_it_and_however_it_is_written() {
    let mut bench = Bench::new();
    let key = bench.call(RotateVisitorKey {}).unwrap().key.unwrap();
    let mut named = |number: u32, proof: Option<VisitorProof>| {
        let mut submit = submission(&id(number), 1, 2, Some("The queue."), None);
        submit.submission.visitor = Some("jo".parse().unwrap());
        submit.submission.visitor_proof = proof;
        let Submitted::Stored(accepted) = bench.call(submit).unwrap() else { panic!() };
        accepted.stored.response.visitor_verified
    };
    assert!(named(1, None), "the owner's own server says so");
    assert!(named(2, Some(proof(&key, "jo"))));
    assert!(!named(3, Some(proof(&key, "mo"))), "what it took from a page is no proof of anything");
    let shouted = proof(&key, "jo").to_string().to_ascii_uppercase();
    let key: CustomerKey = format!("visitor.{shouted}.{}", const_hex::encode("jo")).parse().unwrap();
    assert!(bench.read(Credential::Customer { key, address: None }).is_ok());
}

#[test]
fn a_customer_is_mailed_once_and_promised_no_mail_that_nobody_sends() {
    let mut bench = Bench::new();
    bench.said(1, 2, None, |_| {});
    let wish = |notify: Option<&str>| ChangeThread {
        correction: None,
        contact: None,
        notify: Some(notify.map(|email| email.parse().unwrap())),
        settings_revision: 1,
    };
    let add = |bench: &mut Bench, body: &str| {
        bench.add(body);
        bench.read(browser(1)).unwrap().may_notify
    };
    assert!(!add(&mut bench, r#"{"url":"https://crm.example/"}"#), "it may make nothing of it");
    let Err(Refusal::Invalid { problem }) = bench.call_as(browser(1), wish(Some("jo@a.example"))) else { panic!() };
    assert_eq!(problem.errors[0].pointer, "/notify");
    assert!(bench.call_as(browser(1), wish(None)).is_ok());
    let mail = |to: &str| {
        format!(
            r#"{{"url":"mailto:{to}@shop.example","format":"email","base_url":"https://nps.example","event_types":["*"],
                "filter":{{"bands":["promoter"]}}}}"#
        )
    };
    assert!(add(&mut bench, &mail("a")));
    assert!(add(&mut bench, &mail("b")));
    bench.call_as(browser(1), wish(Some("jo@a.example"))).unwrap();
    bench.tell(1);
    let due = bench.due(9).into_iter().filter(|delivery| delivery.body.contains("message.notify"));
    let to: Vec<String> = due.map(|delivery| delivery.settings.url).collect();
    assert_eq!(to, ["https://crm.example/", "mailto:a@shop.example"]);
}

#[test]
fn a_reply_to_a_case_that_moved_on_is_told_and_not_sent_twice() {
    let mut bench = Bench::new();
    bench.said(1, 2, None, |_| {});
    let case = bench.call(ListCases { filter: CaseFilter::default(), cursor: None, limit: 9 }).unwrap().items.remove(0);
    let reply = || ReplyToCase {
        id: case.id.clone(),
        message: NewMessage::from_json(br#"{"text":"Sorry!","then":"waiting"}"#).unwrap(),
        if_match: Some(IfMatch::read(&format!("\"{}\"", case.revision))),
    };
    bench.call(reply()).unwrap();
    assert!(matches!(bench.call(reply()).unwrap_err(), Refusal::CaseChanged { .. }));
    assert_eq!(bench.read(browser(1)).unwrap().messages.len(), 1);
}
