//! The conversation: who may read it, what each side learns, and what becomes of it.

use crate::common::{Bench, answered, id, submission};
use heard_site::cases::{ListCases, ReadLoop};
use heard_site::conversations::{
    AddMessage, ChangeThread, Correction, EraseThread, JudgeCase, MarkRead, ReadThread, StopNotifying, WriteToTeam,
};
use heard_site::responses::ListResponses;
use heard_site::sites::{ReadVisitorKeys, RotateVisitorKey};
use heard_site::survey::{Sender, Submit, Submitted};
use heard_site::webhooks::AttemptOutcome;
use heard_site::{Credential, Refusal};
use heard_wire::{
    Acknowledgement, Author, Case, CaseFilter, CaseStatus, CustomerKey, MailboxId, MessageId, NewMessage,
    NewThreadMessage, NewVerdict, ResponseFilter, ThreadKey,
};
use hmac_sha256::HMAC;

const SECRET: &str = "00112233445566778899aabbccddeeff";

/// A stranger's browser that answered.
fn customer(number: u32) -> Credential {
    Credential::Customer { key: CustomerKey::Thread(key(number, SECRET)), address: Some("a".into()) }
}

fn key(number: u32, secret: &str) -> ThreadKey {
    format!("{}.{secret}", id(number)).parse().unwrap()
}

impl Bench {
    /// Answers as a page does, and gives where news is looked for.
    fn answer(&mut self, number: u32, score: u8, comment: &str, more: impl FnOnce(&mut Submit)) -> MailboxId {
        let mut submit = submission(&id(number), 1, score, Some(comment), None);
        submit.submission.secret = Some(SECRET.parse().unwrap());
        submit.sender = Some(Sender::default());
        submit.settings_revision = self.sql.0.query_row("SELECT revision FROM site", [], |row| row.get(0)).unwrap();
        more(&mut submit);
        let Submitted::Stored(accepted) = self.call_as(Credential::Nobody, submit).unwrap() else { panic!() };
        accepted.thread.unwrap().mailbox
    }

    fn answer_customer(&mut self, body: &str) {
        let message = NewMessage::from_json(body.as_bytes()).unwrap();
        self.call(AddMessage { response: id(1), message }).unwrap();
    }

    fn write(&mut self, number: u32, which: u8, text: &str, wants_answer: bool) -> Result<Author, Refusal> {
        let message = NewThreadMessage { id: MessageId::from_random([which; 16]), text: text.into() };
        Ok(self.call_as(customer(number), WriteToTeam { message, wants_answer })?.author)
    }

    fn newest(&mut self) -> Case {
        self.call(ListCases { filter: CaseFilter::default(), cursor: None, limit: 1 }).unwrap().items.remove(0)
    }
}

#[test]
fn the_whole_loop_from_a_cold_soup_to_a_better_one() {
    let mut bench = Bench::new();
    let mailbox = bench.answer(1, 2, "Cold soup.", |_| {});
    assert_eq!(bench.news(&mailbox), 0);
    bench.answer_customer(r#"{"text":"We are sorry. Was it the tomato soup?","then":"waiting"}"#);
    assert_eq!((bench.news(&mailbox), bench.newest().status), (1, CaseStatus::Waiting));
    let thread = bench.call_as(customer(1), ReadThread {}).unwrap();
    assert!(thread.messages[0].is_new && thread.asks_again_at.is_none() && thread.case.as_ref().unwrap().is_open);
    bench.call_as(customer(1), MarkRead {}).unwrap();
    assert_eq!((bench.news(&mailbox), bench.messages()[0].read_at), (0, Some(bench.now)));
    bench.write(1, 7, "Yes, it was.", true).unwrap();
    // What waited for a network arrives once.
    bench.write(1, 7, "Yes, it was.", true).unwrap();
    assert_eq!(bench.write(1, 7, "Other", true), Ok(Author::Customer));
    assert_eq!((bench.messages().len(), bench.newest().status), (2, CaseStatus::Open));
    bench.pass(60_000);
    bench.answer_customer(r#"{"text":"The plates are warmed from today.","then":"resolved"}"#);
    assert_eq!(bench.newest().next_response_times[0].seconds, 60);
    let thread = bench.call_as(customer(1), ReadThread {}).unwrap();
    assert!(thread.case.as_ref().unwrap().asks && thread.asks_again_at.is_some());
    let judge =
        |better: bool, why: Option<&str>| JudgeCase { verdict: NewVerdict { better, why: why.map(str::to_owned) } };
    let thread = bench.call_as(customer(1), judge(false, Some("Still cold."))).unwrap();
    assert!(thread.case.unwrap().is_open && thread.asks_again_at.is_none());
    assert_eq!((bench.newest().status, bench.newest().reopen_count), (CaseStatus::Open, 1));
    assert_eq!(bench.call_as(customer(1), judge(true, None)).unwrap_err(), Refusal::NothingToJudge);
    bench.answer_customer(r#"{"text":"And the kitchen has a new hatch.","then":"resolved"}"#);
    assert!(!bench.call_as(customer(1), judge(true, None)).unwrap().case.unwrap().asks);
    bench.write(1, 8, "Thanks, bye", false).unwrap();
    assert_eq!((bench.newest().status, bench.newest().customer_waits_since), (CaseStatus::Resolved, None));
    let metrics = bench.call(ReadLoop { since: None, until: None }).unwrap();
    assert_eq!((metrics.closed_loop_rate.rate, metrics.reopen_rate.rate), (Some(1.0), Some(1.0)));
    assert_eq!(
        bench.events().iter().filter(|event| event.starts_with("case.")).collect::<Vec<_>>(),
        [
            "case.opened",
            "case.replied",
            "case.waiting",
            "case.replied",
            "case.resolved",
            "case.reopened",
            "case.replied",
            "case.resolved",
            "case.recovered"
        ]
    );
}

#[test]
fn who_does_not_know_the_secret_learns_nothing_and_guesses_have_an_end() {
    let mut bench = Bench::new();
    bench.answer(1, 2, "Cold soup.", |_| {});
    let as_guess = |number: u32, secret: &str, address: &str| Credential::Customer {
        key: CustomerKey::Thread(key(number, secret)),
        address: Some(address.to_owned()),
    };
    let wrong = SECRET.replace('f', "e");
    for (number, secret) in [(1, wrong.as_str()), (2, SECRET), (2, &wrong)] {
        let told = bench.call_as(as_guess(number, secret, "b"), ReadThread {}).unwrap_err();
        assert_eq!(
            told,
            Refusal::UnknownThread,
            "an answer that is not there and a secret that does not fit are told alike"
        );
    }
    // An answer that was begun with a key is no browser's.
    bench.submit(&id(3), 1, 2, Some("By hand."));
    assert_eq!(bench.call_as(as_guess(3, SECRET, "b"), ReadThread {}).unwrap_err(), Refusal::UnknownThread);
    for _ in 0..60 {
        drop(bench.call_as(as_guess(1, &wrong, "c"), ReadThread {}));
    }
    assert!(matches!(bench.call_as(as_guess(1, &wrong, "c"), ReadThread {}).unwrap_err(), Refusal::TooMany { .. }));
    assert!(bench.call_as(as_guess(1, SECRET, "c"), ReadThread {}).is_ok(), "a neighbour of who guesses goes on");
    assert!(bench.call_as(customer(1), ReadThread {}).is_ok(), "others go on");
    let other = MailboxId::from_random([9; 16]);
    assert_eq!(bench.news(&other), 0);
}

#[test]
fn a_customer_corrects_takes_back_and_erases() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let mailbox = bench.answer(1, 2, "Cold zebrasoup.", |submit| {
        submit.submission.contact = Some("jo@zebra.example".parse().unwrap());
    });
    bench.answer_customer(r#"{"text":"Dear zebra, sorry"}"#);
    bench.write(1, 3, "The zebra thanks you", true).unwrap();
    let change = |comment: Option<Option<&str>>, contact| ChangeThread {
        correction: comment.map(|comment| Correction {
            comment: comment.map(str::to_owned),
            heard: None,
            acknowledgement: Acknowledgement::silent(&id(1)),
        }),
        contact,
        notify: Some(Some("jo@zebra.example".parse().unwrap())),
        settings_revision: 1,
    };
    bench.add(r#"{"url":"https://mailer.example/","event_types":["message.notify"]}"#);
    let thread = bench.call_as(customer(1), change(Some(Some("Cold tomato soup.")), Some(None))).unwrap();
    assert_eq!(thread.response.comment.as_deref(), Some("Cold tomato soup."));
    assert!(thread.response.contact.is_none() && thread.notify.is_some());
    assert_eq!(bench.events().last().unwrap(), "response.updated");
    bench.answer_customer(r#"{"text":"Noted"}"#);
    bench.answer_customer(r#"{"text":"And more"}"#);
    let mails = |bench: &Bench| bench.events().iter().filter(|event| *event == "message.notify").count();
    assert_eq!(mails(&bench), 1, "not for each of many");
    // What comes after they have read it is news again.
    bench.call_as(customer(1), MarkRead {}).unwrap();
    bench.pass(120_000);
    bench.answer_customer(r#"{"text":"A hot one is ready"}"#);
    bench.answer_customer(r#"{"text":"And still is"}"#);
    assert_eq!(mails(&bench), 2);
    bench.call_as(Credential::Nobody, StopNotifying { mailbox }).unwrap();
    assert!(bench.call_as(customer(1), ReadThread {}).unwrap().notify.is_none());
    let taken_back = bench.call_as(customer(1), change(Some(None), None)).unwrap();
    assert_eq!((taken_back.response.comment.as_deref(), taken_back.response.score.get()), (Some(""), 2));
    // Nor are they sent again, or read in what was told of them.
    let told: String = bench.sql.0.query_row("SELECT group_concat(body) FROM events", [], |row| row.get(0)).unwrap();
    assert!(!told.contains("tomato soup") && told.contains("response.updated"), "{told}");
    assert!(told.contains("case.opened") && told.contains("message.created"), "what happened is still told");
    bench.call_as(customer(1), EraseThread {}).unwrap();
    assert_eq!(bench.call_as(customer(1), ReadThread {}).unwrap_err(), Refusal::UnknownThread);
    let all = ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 9 };
    assert!(bench.call(all).unwrap().items.is_empty());
    assert_eq!(bench.events().last().unwrap(), "response.erased");
    let cases = bench.call(ListCases { filter: CaseFilter::default(), cursor: None, limit: 9 }).unwrap();
    assert!(cases.items.is_empty());
}

#[test]
fn the_same_browser_joins_its_case_and_a_claimed_visitor_does_not() {
    let mut bench = Bench::new();
    bench.answer(1, 2, "Cold soup.", |submit| submit.submission.visitor = Some("customer-7".parse().unwrap()));
    bench.answer_customer(r#"{"text":"Only for you"}"#);
    // Anybody can say so.
    bench.answer(2, 1, "Let me see.", |submit| submit.submission.visitor = Some("customer-7".parse().unwrap()));
    assert!(bench.call_as(customer(2), ReadThread {}).unwrap().messages.is_empty());
    // A browser that shows the secret of before.
    bench.answer(3, 3, "Still cold.", |submit| submit.submission.earlier = Some(key(1, SECRET)));
    assert_eq!(bench.call_as(customer(3), ReadThread {}).unwrap().messages.len(), 1);
    // A visitor for whom the owner's server vouches.
    assert!(bench.call(ReadVisitorKeys {}).unwrap().key.is_none());
    let secret = bench.call(RotateVisitorKey {}).unwrap().key.unwrap();
    let proof = const_hex::encode(HMAC::mac(b"customer-9", secret.as_bytes()));
    let vouched = |submit: &mut Submit| {
        submit.submission.visitor = Some("customer-9".parse().unwrap());
        submit.submission.visitor_proof = Some(proof.parse().unwrap());
    };
    bench.answer(4, 2, "The till.", vouched);
    // The key before is good for a while.
    bench.call(RotateVisitorKey {}).unwrap();
    bench.answer(5, 2, "The till again.", vouched);
    assert_eq!(bench.newest().responses, [id(4), id(5)]);
    bench.pass(8 * 24 * 3_600_000);
    bench.answer(6, 2, "And again.", vouched);
    assert_eq!(bench.newest().responses, [id(6)], "and not for longer");
}

/// The owner's server vouches for a visitor.
fn vouched(bench: &mut Bench, visitor: &str) -> impl Fn(&mut Submit) + use<> {
    let keys = bench.call(ReadVisitorKeys {}).unwrap();
    let secret = keys.key.unwrap_or_else(|| bench.call(RotateVisitorKey {}).unwrap().key.unwrap());
    let (visitor, proof) = (visitor.to_owned(), const_hex::encode(HMAC::mac(visitor.as_bytes(), secret.as_bytes())));
    move |submit| {
        submit.submission.visitor = Some(visitor.parse().unwrap());
        submit.submission.visitor_proof = Some(proof.parse().unwrap());
    }
}

#[test]
fn who_is_vouched_for_is_not_drawn_into_the_conversation_of_who_merely_claims_to_be_them() {
    let mut bench = Bench::new();
    let as_them = vouched(&mut bench, "customer-7");
    bench.answer(1, 1, "I am customer 7.", |submit| submit.submission.visitor = Some("customer-7".parse().unwrap()));
    bench.answer(2, 3, "Rude waiter.", &as_them);
    let message = NewMessage::from_json(br#"{"text":"Only for customer 7"}"#).unwrap();
    bench.call(AddMessage { response: id(2), message }).unwrap();
    assert!(bench.call_as(customer(1), ReadThread {}).unwrap().messages.is_empty());
    bench.call_as(customer(1), EraseThread {}).unwrap();
    assert_eq!(bench.newest().responses, [id(2)]);
}

#[test]
fn one_answer_of_a_case_is_erased_and_the_case_goes_on_for_the_others() {
    let mut bench = Bench::new();
    let as_them = vouched(&mut bench, "customer-7");
    bench.answer(1, 2, "Cold zebrasoup.", &as_them);
    bench.answer(2, 1, "And a rude waiter.", &as_them);
    let case = bench.newest();
    let note = heard_wire::NewNote { text: "The zebrasoup again".into() };
    bench.call(heard_site::cases::AddNote { id: case.id.clone(), note }).unwrap();
    bench.call(heard_site::responses::EraseResponse { id: id(1) }).unwrap();
    let left = bench.newest();
    assert_eq!((&left.id, &left.response, left.responses.as_slice()), (&case.id, &id(2), [id(2)].as_slice()));
    let history = bench.call(heard_site::cases::ListHistory { id: case.id }).unwrap();
    assert!(!serde_json::to_string(&history).unwrap().contains("zebra"));
    // A customer erases all that was shown to them as one conversation.
    bench.answer(3, 1, "And cold coffee.", &as_them);
    bench.call_as(customer(3), EraseThread {}).unwrap();
    let all = ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 9 };
    assert!(bench.call(all).unwrap().items.is_empty());
    let none = bench.call(ListCases { filter: CaseFilter::default(), cursor: None, limit: 1 }).unwrap();
    assert!(none.items.is_empty());
}

#[test]
fn a_customer_writes_thirty_messages_an_hour() {
    let mut bench = Bench::new();
    bench.answer(1, 2, "Cold soup.", |_| {});
    for which in 0..30 {
        bench.write(1, which, "And", true).unwrap();
    }
    assert!(matches!(bench.write(1, 30, "And", true).unwrap_err(), Refusal::TooMany { .. }));
    bench.pass(3_600_000);
    bench.write(1, 30, "And", true).unwrap();
}

#[test]
fn a_further_word_after_the_resolution_leaves_it_resolved_and_open_says_otherwise() {
    let mut bench = Bench::new();
    bench.answer(1, 2, "Cold soup.", |_| {});
    bench.answer_customer(r#"{"text":"Warm plates.","then":"resolved"}"#);
    bench.answer_customer(r#"{"text":"See you soon."}"#);
    assert_eq!(bench.newest().status, CaseStatus::Resolved);
    bench.answer_customer(r#"{"text":"We found more.","then":"open"}"#);
    assert_eq!((bench.newest().status, bench.newest().resolution), (CaseStatus::Open, None));
}

#[test]
fn a_receiver_that_may_reply_answers_once_and_only_a_person_stops_the_clock() {
    let mut bench = Bench::new();
    let endpoint = bench.add(r#"{"url":"https://crm.example/","may_reply":true,"event_types":["case.opened"]}"#);
    let mailbox = bench.answer(1, 2, "Cold soup.", |_| {});
    let reply =
        AttemptOutcome { answer: Some(r#"{"reply":{"text":"We will look into it."}}"#.into()), ..answered(200) };
    let due = bench.due(10);
    assert_eq!(due.len(), 1);
    for _ in 0..2 {
        bench.with(|site| heard_site::webhooks::record_attempt(site, &due[0], &reply));
    }
    assert_eq!((bench.messages().len(), bench.news(&mailbox)), (1, 1));
    assert_eq!((bench.messages()[0].from.as_ref(), bench.newest().first_response_at), (Some(&endpoint.id), None));
    assert_eq!(bench.newest().status, CaseStatus::New);
}

#[test]
fn answers_with_the_same_secret_have_conversations_of_their_own() {
    let mut bench = Bench::new();
    let mailboxes = [1, 2].map(|number| bench.answer(number, 2, "Cold soup.", |_| {}));
    for number in [1, 2] {
        let message = NewMessage::from_json(br#"{"text":"Which soup?"}"#).unwrap();
        bench.call(AddMessage { response: id(number), message }).unwrap();
    }
    assert_eq!(mailboxes.map(|mailbox| bench.news(&mailbox)), [1, 1]);
}

#[test]
fn a_message_to_a_closed_case_opens_another() {
    let mut bench = Bench::new();
    bench.answer(1, 10, "Lovely.", |_| {});
    bench.answer_customer(r#"{"text":"Thank you!"}"#);
    bench.write(1, 1, "You are welcome", false).unwrap();
    assert!(bench.call(ListCases { filter: CaseFilter::default(), cursor: None, limit: 9 }).unwrap().items.is_empty());
    bench.write(1, 2, "By the way, could you open on Sundays?", true).unwrap();
    let case = bench.newest();
    assert_eq!((case.source_rule.as_str(), case.status), ("wrote back", CaseStatus::New));
}

#[test]
fn what_was_told_by_a_resolution_stays_and_nobody_is_promised_whose_turn_it_is_not() {
    let mut bench = Bench::new();
    let maria = bench.person(r#"{"name":"Maria"}"#);
    bench.answer(1, 2, "Cold soup.", |_| {});
    let case = bench.newest().id;
    bench.patch(&case, &format!(r#"{{"assignee":"{}"}}"#, maria.id)).unwrap();
    let who = |bench: &mut Bench| bench.call_as(customer(1), ReadThread {}).unwrap().case.unwrap().answered_by;
    assert_eq!(who(&mut bench).unwrap().name, "Maria");
    bench.answer_customer(r#"{"text":"Which soup was it?","then":"waiting"}"#);
    assert_eq!(who(&mut bench), None, "it is the customer's turn");
    bench.write(1, 9, "The tomato soup.", true).unwrap();
    assert!(who(&mut bench).is_some());
    bench.patch(&case, r#"{"status":"resolved","resolution":"The plates are warmed from today."}"#).unwrap();
    let verdict = NewVerdict { better: false, why: None };
    let thread = bench.call_as(customer(1), JudgeCase { verdict }).unwrap();
    let told: Vec<&str> = thread.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(told.last(), Some(&"The plates are warmed from today."), "{told:?}");
    assert!(thread.case.unwrap().resolution.is_none() && !thread.messages.last().unwrap().is_new);
    // Once, however often it is opened again.
    bench.patch(&case, r#"{"status":"resolved"}"#).unwrap();
    bench.patch(&case, r#"{"status":"open"}"#).unwrap();
    let thread = bench.call_as(customer(1), ReadThread {}).unwrap();
    assert_eq!(thread.messages.iter().filter(|message| message.text.contains("warmed")).count(), 1);
}
