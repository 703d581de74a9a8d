//! The outer loop: who is told, once and nobody else; what they say to it, and what stands behind improvements.

use crate::common::customers::{SECRET, heard};
use crate::common::{Bench, id};
use heard_site::cases::{ChangeCase, ListCases};
use heard_site::conversations::{ChangeThread, Correction, JudgeCase, MarkRead, ReadThread};
use heard_site::improving::{
    AddImprovement, Announce, ChangeImprovement, ListIdeas, ReadAnnouncement, ReadHuddle, ReadImprovement,
    TakeBackAnnouncement, TryAudience,
};
use heard_site::responses::EraseResponse;
use heard_site::sites::RotateVisitorKey;
use heard_site::survey::Sender;
use heard_site::{Credential, Refusal};
use heard_wire::http::IfMatch;
use heard_wire::{
    Acknowledgement, Analysis, Announcement, Audience, CaseFilter, CasePatch, CaseStatus, ImprovementPatch,
    NewAnnouncement, NewImprovement, NewVerdict, Suspicion, Thread, VisitorProof,
};
use hmac_sha256::HMAC;

const THEMES: [&str; 5] = ["waiting", "staff", "food", "price", "parking"];
const LANGUAGES: [&str; 3] = ["en", "de", "nl"];

fn customer(number: u32) -> Credential {
    Credential::Customer { key: format!("{}.{SECRET}", id(number)).parse().unwrap(), address: Some("a".into()) }
}

impl Bench {
    fn thread(&mut self, number: u32) -> Thread {
        self.call_as(customer(number), ReadThread {}).unwrap()
    }

    fn announce(&mut self, body: &str) -> Announcement {
        let announcement = self.call(Announce { new: NewAnnouncement::from_json(body.as_bytes()).unwrap() }).unwrap();
        while self.ring().contains(&"announcing") {}
        self.call(ReadAnnouncement { id: announcement.id }).unwrap()
    }

    fn judge(&mut self, number: u32, better: bool, why: Option<&str>) -> Thread {
        let verdict = NewVerdict { better, why: why.map(str::to_owned) };
        self.call_as(customer(number), JudgeCase { verdict }).unwrap()
    }
}

#[test]
fn exactly_those_who_said_it_are_told_in_their_language_and_nobody_else() {
    const ANSWERS: u32 = 10_000;
    let mut bench = Bench::new();
    let mut mailboxes = Vec::new();
    for number in 0..ANSWERS {
        let theme = THEMES[number as usize % 5];
        let polarity = if number % 2 == 0 { "negative" } else { "positive" };
        let lang = LANGUAGES[number as usize % 3];
        if number % 200 == 0 {
            // Addresses have their share by the hour.
            bench.pass(3_600_000);
        }
        let mailbox = bench.said(number, (number % 11) as u8, heard(theme, polarity, "so long a queue"), |submit| {
            submit.submission.lang = lang.parse().unwrap();
            submit.heard.as_mut().unwrap().language = lang.to_owned();
            submit.sender = Some(Sender { address: Some(format!("a{}", number % 97)), ..Sender::default() });
        });
        mailboxes.push(mailbox.unwrap());
    }
    let is_meant = |number: u32| number.is_multiple_of(10);
    // Erased, taken back, put aside.
    bench.call(EraseResponse { id: id(0) }).unwrap();
    let correction = Correction { comment: None, heard: None, acknowledgement: Acknowledgement::silent(&id(10)) };
    bench
        .call_as(
            customer(10),
            ChangeThread { correction: Some(correction), contact: None, notify: None, settings_revision: 1 },
        )
        .unwrap();
    bench.said(20_000, 1, heard("waiting", "negative", "queue"), |submit| {
        submit.sender = Some(Sender { suspicions: vec![Suspicion::NoToken], ..Sender::default() });
        submit.submission.test = true;
    });
    let audience = r#"{"theme":"waiting","polarity":"negative"}"#;
    let preview = bench.call(TryAudience { audience: serde_json::from_str::<Audience>(audience).unwrap() }).unwrap();
    let wanted: u64 = u64::from(ANSWERS) / 10 - 2;
    assert_eq!((preview.responses, preview.customers, preview.languages.len()), (wanted, wanted, 3));
    assert_eq!(preview.sample.len(), 10);

    let text = r#"{"en":"A second till.","de":"Eine zweite Kasse."}"#;
    let announcement = bench.announce(&format!(r#"{{"text":{text},"audience":{audience}}}"#));
    assert_eq!((announcement.reach.told, announcement.reach.seen), (wanted, 0));
    assert!(announcement.finished_at.is_some());
    for (number, mailbox) in (0..ANSWERS).zip(&mailboxes) {
        let is_told = is_meant(number) && number != 0 && number != 10;
        assert_eq!(bench.news(mailbox), u32::from(is_told), "{number}");
    }
    // In their language, or the site's.
    for (number, text) in [(30, "A second till."), (40, "Eine zweite Kasse."), (20, "A second till.")] {
        let thread = bench.thread(number);
        assert_eq!(thread.messages.last().unwrap().text, text, "{number}");
    }
    // The same words once more reach nobody whom they have reached.
    let again = bench.announce(&format!(r#"{{"text":{text},"audience":{{"theme":"waiting"}}}}"#));
    assert_eq!(again.reach.told, u64::from(ANSWERS) / 10);
    let unknown = NewAnnouncement::from_json(br#"{"text":{"en":"A bell."},"audience":{"theme":"doorbells"}}"#).unwrap();
    let Err(Refusal::Invalid { problem }) = bench.call(Announce { new: unknown }) else { panic!() };
    assert_eq!(problem.errors[0].pointer, "/audience/theme");
    assert!(!bench.ring().contains(&"announcing"));
    assert_eq!(bench.bodies("announcement.published").len(), 2);
    assert!(bench.bodies("message.created").is_empty(), "it is one event for all");
}

#[test]
fn a_preview_counts_customers_and_tells_as_many_as_are_reached() {
    let mut bench = Bench::new();
    let key = bench.call(RotateVisitorKey {}).unwrap().key.unwrap();
    let proof: VisitorProof = const_hex::encode(HMAC::mac(b"jo", key.as_bytes())).parse().unwrap();
    let queue = || heard("waiting", "negative", "so long a queue");
    // One browser twice, somebody who is vouched for on two devices, and one answer that the owner's server brought.
    bench.said(1, 2, queue(), |_| {});
    bench
        .said(2, 3, queue(), |submit| submit.submission.earlier = Some(format!("{}.{SECRET}", id(1)).parse().unwrap()));
    for number in [3, 4] {
        bench.said(number, 2, queue(), |submit| {
            submit.submission.visitor = Some("jo".parse().unwrap());
            submit.submission.visitor_proof = Some(proof.clone());
        });
    }
    bench.said(5, 2, queue(), |submit| (submit.sender, submit.submission.secret) = (None, None));
    bench.said(6, 2, queue(), |_| {});
    let audience = r#"{"theme":"waiting","polarity":"negative"}"#;
    let preview = bench.call(TryAudience { audience: serde_json::from_str::<Audience>(audience).unwrap() }).unwrap();
    assert_eq!((preview.responses, preview.customers), (6, 3));
    let announcement = bench.announce(&format!(r#"{{"text":{{"en":"A second till."}},"audience":{audience}}}"#));
    assert_eq!(announcement.reach.told, preview.customers);
}

#[test]
fn not_yet_makes_it_somebodys_business_again_and_a_verdict_is_given_once() {
    let mut bench = Bench::new();
    let mailbox = bench.said(1, 3, heard("waiting", "negative", "so long a queue"), |_| {}).unwrap();
    bench.said(2, 10, heard("waiting", "positive", "never a queue"), |_| {});
    let cases = || ListCases { filter: CaseFilter::default(), cursor: None, limit: 9 };
    let case = bench.call(cases()).unwrap().items.remove(0);
    let closed = CasePatch::from_json(br#"{"status":"closed"}"#).unwrap();
    bench.call(ChangeCase { id: case.id, patch: closed, if_match: None }).unwrap();
    bench.call_as(customer(1), MarkRead {}).unwrap();
    let announcement = bench.announce(r#"{"text":{"en":"A second till."},"audience":{"theme":"waiting"}}"#);
    assert_eq!(announcement.reach.told, 2);
    let thread = bench.thread(1);
    assert!(thread.case.as_ref().unwrap().asks && thread.messages[0].is_new);
    assert_eq!(thread.copy["mark"], "News from {name} about what you said");
    assert_eq!(thread.copy["better"], "Is it better?");
    assert!(bench.thread(2).case.is_none(), "who was happy is told, and asked nothing");
    assert_eq!(bench.news(&mailbox), 1);
    bench.call_as(customer(1), MarkRead {}).unwrap();
    let thread = bench.judge(1, false, Some("Not on Saturdays."));
    assert_eq!(thread.messages.last().unwrap().text, "Not on Saturdays.");
    let open = bench.call(cases()).unwrap().items.remove(0);
    assert_eq!((open.status, open.source_rule.as_str()), (CaseStatus::New, "not better yet"));
    let reach = bench.call(ReadAnnouncement { id: announcement.id.clone() }).unwrap().reach;
    assert_eq!((reach.seen, reach.better, reach.not_yet), (1, 0, 1));
    let judged = &bench.bodies("announcement.judged")[0]["data"];
    assert_eq!((&judged["verdict"]["better"], &judged["response"]["score"]), (&false.into(), &3.into()));
    // Taken back: who has not seen it does not, and nobody is asked any more.
    bench.call(TakeBackAnnouncement { id: announcement.id }).unwrap();
    assert!(bench.thread(2).messages.is_empty());
    assert_eq!(bench.thread(1).messages.len(), 2);
}

#[test]
fn a_copy_of_the_site_knows_who_was_told_and_tells_nobody_anew() {
    let mut bench = Bench::new();
    bench.said(1, 3, heard("waiting", "negative", "so long a queue"), |_| {});
    let announcement = bench.announce(r#"{"text":{"en":"A second till."},"audience":{"theme":"waiting"}}"#);
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let page = bench.call(heard_site::sites::ExportSite { after }).unwrap();
        records.extend(page.records);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut copy = Bench::on(rusqlite::Connection::open_in_memory().unwrap());
    copy.now = bench.now;
    let records: Vec<_> = (1..).zip(records).collect();
    for _ in 0..2 {
        let import = heard_site::sites::ImportRecords {
            site: crate::common::site(),
            records: records.clone(),
            dry_run: false,
            hear_anew: false,
            before: 0,
        };
        assert!(copy.call(import).unwrap().faults.is_empty());
    }
    while copy.ring().contains(&"announcing") {}
    assert_eq!(copy.call(ReadAnnouncement { id: announcement.id.clone() }).unwrap().reach.told, 1);
    assert_eq!(copy.thread(1).messages.len(), 1);
    copy.judge(1, true, None);
    let reach = copy.call(ReadAnnouncement { id: announcement.id }).unwrap().reach;
    assert_eq!((reach.better, reach.seen), (1, 1), "who judges it has seen it");
}

#[test]
fn an_idea_is_tested_with_those_who_raised_it_where_they_wrote_last() {
    let mut bench = Bench::new();
    let idea = |quote: &str| {
        serde_json::from_value::<Analysis>(
            serde_json::json!({ "language": "en", "informative": true, "overall": "neutral",
            "suggestions": [{ "quote": quote }] }),
        )
        .ok()
    };
    bench.said(1, 7, idea("put a bench by the door"), |_| {});
    let elsewhere = bench.said(2, 9, None, |submit| {
        submit.submission.earlier = Some(format!("{}.{SECRET}", id(1)).parse().unwrap());
    });
    let ideas = bench.call(ListIdeas {}).unwrap();
    assert_eq!((ideas.len(), ideas[0].quote.as_str()), (1, "put a bench by the door"));
    let body = format!(r#"{{"title":"A bench","kind":"idea","audience":{{"responses":["{}"]}}}}"#, id(1));
    let improvement = bench.call(AddImprovement { new: NewImprovement::from_json(body.as_bytes()).unwrap() }).unwrap();
    let evidence = improvement.evidence.as_ref().unwrap();
    assert_eq!((evidence.responses, evidence.quotes.len()), (1, 1));
    assert_eq!(bench.call(ListIdeas {}).unwrap()[0].improvement.as_ref(), Some(&improvement.id));
    let body = format!(
        r#"{{"kind":"idea","text":{{"en":"A bench by the door?"}},"audience":{{"responses":["{}"]}},"improvement":"{}"}}"#,
        id(1),
        improvement.id
    );
    let announcement = bench.announce(&body);
    assert_eq!(announcement.reach.told, 1);
    // Their browser has the key to the later answer; above it stands what they said then.
    assert_eq!(bench.news(&elsewhere.unwrap()), 1);
    let thread = bench.thread(2);
    assert_eq!(thread.messages[0].text, "“put a bench by the door”\n\nA bench by the door?");
    assert_eq!((thread.copy["better"].as_str(), thread.copy["not_yet"].as_str()), ("Would that help?", "Not quite"));
    assert!(bench.thread(1).messages.is_empty());
    bench.judge(2, false, Some("Rather two."));
    assert!(bench.call(ListCases { filter: CaseFilter::default(), cursor: None, limit: 9 }).unwrap().items.is_empty());
    // Taken back, they are taken out of what repeats them.
    let correction = Correction { comment: None, heard: None, acknowledgement: Acknowledgement::silent(&id(1)) };
    let change = ChangeThread { correction: Some(correction), contact: None, notify: None, settings_revision: 1 };
    bench.call_as(customer(1), change).unwrap();
    assert_eq!(bench.thread(2).messages[0].text, "A bench by the door?");
    // The words of the first answer are gone with it, wherever they were repeated.
    bench.call(EraseResponse { id: id(1) }).unwrap();
    assert!(!bench.thread(2).messages.iter().any(|message| message.text.contains("bench")));
}

#[test]
fn who_may_have_said_it_is_not_told_and_a_promoter_who_criticised_is_asked() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","themes":[{"id":"waiting","label":"waiting"}]}"#);
    let unsure = |sure: f64| {
        let mut found = heard("waiting", "negative", "a queue");
        found.iter_mut().flat_map(|heard| &mut heard.themes).for_each(|theme| theme.confidence = sure as f32);
        found
    };
    let guessed = bench.said(1, 3, unsure(0.23), |_| {}).unwrap();
    let meant = bench.said(2, 9, unsure(0.8), |_| {}).unwrap();
    let audience = |body: &str| TryAudience { audience: Audience::from_json(body.as_bytes()).unwrap() };
    assert_eq!(bench.call(audience(r#"{"audience":{"theme":"waiting"}}"#)).unwrap().responses, 1);
    assert!(matches!(bench.call(audience(r#"{"audience":{"theme":"wating"}}"#)), Err(Refusal::Invalid { .. })));
    bench.announce(r#"{"text":{"en":"Two tills."},"audience":{"theme":"waiting"}}"#);
    assert_eq!((bench.news(&guessed), bench.news(&meant)), (0, 1));
    assert!(bench.thread(2).case.unwrap().asks);
    let end = ReadHuddle { until: Some("9999-12-31".parse().unwrap()) };
    assert_eq!(bench.call(end).unwrap().responses.now, Some(0.0));
}

#[test]
fn of_two_who_change_an_improvement_the_second_is_told_and_a_theme_nobody_knows_is_refused() {
    let mut bench = Bench::new();
    bench.configure(r#"{"name":"Shop","themes":[{"id":"waiting","label":"waiting"}]}"#);
    let new = |theme: &str| {
        let body = format!(r#"{{"title":"Queues","audience":{{"theme":"{theme}"}}}}"#);
        NewImprovement::from_json(body.as_bytes()).unwrap()
    };
    assert!(matches!(bench.call(AddImprovement { new: new("wating") }), Err(Refusal::Invalid { .. })));
    let first = bench.call(AddImprovement { new: new("waiting") }).unwrap();
    let mut change = |body: &str, revision: i64| {
        let if_match = Some(IfMatch::read(&format!("\"{revision}\"")));
        let patch = ImprovementPatch::from_json(body.as_bytes()).unwrap();
        bench.call(ChangeImprovement { id: first.id.clone(), patch, if_match })
    };
    let done = change(r#"{"status":"completed","what_we_did":"Two tills."}"#, first.revision()).unwrap();
    let late = change(r#"{"status":"declined"}"#, first.revision());
    assert!(matches!(late, Err(Refusal::ImprovementChanged { revision }) if revision == done.revision()), "{late:?}");
    assert!(matches!(change(r#"{"audience":{"theme":"nobody"}}"#, done.revision()), Err(Refusal::Invalid { .. })));
    assert_eq!(change(r#"{"status":"started"}"#, done.revision()).unwrap().settings.what_we_did.unwrap(), "Two tills.");
}

#[test]
fn an_improvement_has_its_evidence_and_tells_whether_it_moved_anything() {
    let mut bench = Bench::new();
    let audience = r#"{"theme":"waiting","polarity":"negative"}"#;
    for day in 0..60 {
        for number in 0..4 {
            // Half of them before, a tenth after.
            let bad = if day < 30 { number < 2 } else { number == 0 && day % 5 == 0 };
            let polarity = if bad { "negative" } else { "positive" };
            let theme = if bad { "waiting" } else { "staff" };
            bench.said(
                day * 4 + number,
                if bad { 2 } else { 9 },
                heard(theme, polarity, "we waited for half an hour at the only till"),
                |_| {},
            );
        }
        bench.pass(86_400_000);
        if day == 29 {
            let new =
                NewImprovement::from_json(format!(r#"{{"title":"Tills","audience":{audience}}}"#).as_bytes()).unwrap();
            let improvement = bench.call(AddImprovement { new }).unwrap();
            let evidence = improvement.evidence.unwrap();
            assert_eq!(
                (evidence.responses, evidence.customers, evidence.nps, evidence.cases),
                (60, 60, Some(-100.0), 60)
            );
            assert!(evidence.quotes[0].quote.contains("half an hour") && evidence.change.is_none());
            let patch = ImprovementPatch::from_json(br#"{"status":"completed","what_we_did":"Two tills."}"#).unwrap();
            bench.call(ChangeImprovement { id: improvement.id, patch, if_match: None }).unwrap();
        }
    }
    let id = bench.bodies("improvement.changed")[0]["data"]["improvement"]["id"].as_str().unwrap().parse().unwrap();
    let improvement = bench.call(ReadImprovement { id }).unwrap();
    let change = improvement.evidence.unwrap().change.unwrap();
    assert_eq!((change.before.unwrap().percent, change.before_of, change.after_of), (50.0, 120, 120));
    assert!(change.difference.unwrap().high < 0.0, "{change:?}");
}
