//! What strangers send: bounded and sorted, never trusted.

use crate::common::{Bench, id, submission};
use heard_site::responses::{ListResponses, ReadMetrics, ReadResponse, ReviewResponse};
use heard_site::survey::{Sender, Submit, Submitted};
use heard_site::{Credential, Refusal};
use heard_wire::{Response, ResponseFilter, Standing, Standings, Suspicion};

const SECRET: &str = "0123456789abcdef";

/// What a stranger sends with their browser's secret, and how it ends.
fn send(bench: &mut Bench, submit: Submit, secret: Option<&str>, sender: Sender) -> Result<Response, Refusal> {
    let mut submit = submit;
    submit.submission.secret = secret.map(|secret| secret.parse().unwrap());
    match bench.call_as(Credential::Nobody, Submit { sender: Some(sender), ..submit })? {
        Submitted::Stored(accepted) => Ok(accepted.stored.response),
        Submitted::Stale(_) => panic!("stale"),
    }
}

fn from(address: &str, suspicions: &[Suspicion]) -> Sender {
    Sender { address: Some(address.into()), suspicions: suspicions.to_vec(), answers_per_address: 60 }
}

fn list(bench: &mut Bench, standing: Standings) -> Vec<Response> {
    let filter = ResponseFilter { standing, ..ResponseFilter::default() };
    bench.call(ListResponses { filter, cursor: None, limit: 100 }).unwrap().items
}

#[test]
fn a_known_id_reads_nothing_and_changes_nothing() {
    let mut bench = Bench::new();
    let honest = from("honest", &[]);
    send(&mut bench, submission(&id(1), 1, 3, None, None), Some(SECRET), honest.clone()).unwrap();
    bench.pass(5_000);
    send(&mut bench, submission(&id(1), 2, 3, Some("cold soup"), None), Some(SECRET), honest.clone()).unwrap();
    let before = bench.call(ReadResponse { id: id(1) }).unwrap();
    for (secret, revision, score, comment) in [
        (None, 1, 3, None),
        (None, 2, 3, None),
        (None, 3, 10, Some("lovely")),
        (Some("another-browser-0"), 3, 10, None),
        (Some("another-browser-0"), 1_000, 10, Some("lovely")),
    ] {
        let refused = send(&mut bench, submission(&id(1), revision, score, comment, None), secret, from("eve", &[]));
        assert_eq!(refused.unwrap_err(), Refusal::WrongSecret, "{secret:?} {revision}");
    }
    assert_eq!(bench.call(ReadResponse { id: id(1) }).unwrap(), before);
    // The browser that began it goes on, and so does who has a key.
    let updated = send(&mut bench, submission(&id(1), 3, 4, None, None), Some(SECRET), honest).unwrap();
    assert_eq!((updated.score.get(), updated.comment.as_deref()), (4, Some("cold soup")));
    assert_eq!(bench.submit(&id(1), 4, 5, None).response.score.get(), 5);
}

#[test]
fn an_answer_without_a_secret_is_replayed_and_not_changed() {
    let mut bench = Bench::new();
    let sender = || from("script", &[Suspicion::NoToken]);
    let first = send(&mut bench, submission(&id(1), 1, 3, Some("cold"), None), None, sender()).unwrap();
    let again = send(&mut bench, submission(&id(1), 1, 3, Some("cold"), None), None, sender()).unwrap();
    assert_eq!(first, again, "a lost answer to a request is asked for again");
    let changed = send(&mut bench, submission(&id(1), 2, 9, None, None), None, sender());
    assert_eq!(changed.unwrap_err(), Refusal::WrongSecret);
}

#[test]
fn pages_that_were_open_when_the_site_was_upgraded_have_a_day() {
    let mut bench = Bench::new();
    let strict_from = bench.now.plus_millis(86_400_000).as_millis();
    bench.sql.0.execute("UPDATE site SET strict_from = ?", [strict_from]).unwrap();
    let sender = || from("old page", &[Suspicion::NoToken]);
    send(&mut bench, submission(&id(1), 1, 3, None, None), None, sender()).unwrap();
    bench.pass(60_000);
    let open = send(&mut bench, submission(&id(1), 2, 3, Some("cold soup"), None), None, sender()).unwrap();
    assert_eq!(open.standing(), Standing::Counted);
    bench.pass(86_400_000);
    let late = send(&mut bench, submission(&id(1), 3, 3, Some("cold soup, really"), None), None, sender());
    assert_eq!(late.unwrap_err(), Refusal::WrongSecret);
    let new = send(&mut bench, submission(&id(2), 1, 3, None, None), None, sender()).unwrap();
    assert_eq!(new.suspect, [Suspicion::NoToken]);
}

#[test]
fn what_looks_wrong_is_kept_apart_until_somebody_has_looked() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let curious = bench.add(r#"{"url":"https://curious.example/","filter":{"include":["suspect"]}}"#);
    let odd = from("odd", &[Suspicion::NoOrigin, Suspicion::NoToken]);
    send(&mut bench, submission(&id(1), 1, 0, None, None), Some(SECRET), odd).unwrap();
    send(&mut bench, submission(&id(2), 1, 9, None, None), Some(SECRET), from("even", &[])).unwrap();
    let told: Vec<_> = bench.due(10).iter().map(|due| (due.endpoint.clone(), due.sequence)).collect();
    assert_eq!(told.iter().filter(|(endpoint, _)| *endpoint == curious.id).count(), 2, "{told:?}");
    assert_eq!(told.len(), 3);
    let total = |bench: &mut Bench| {
        let filter = ResponseFilter::default();
        bench.call(ReadMetrics { filter, by: None, time_zone: None }).unwrap().total
    };
    assert_eq!((total(&mut bench).responses, total(&mut bench).nps), (1, Some(100.0)));
    assert_eq!(list(&mut bench, Standings::default())[0].id, id(2));
    let apart = list(&mut bench, Standings::Suspect);
    assert_eq!((apart.len(), apart[0].suspect.as_slice()), (1, &[Suspicion::NoOrigin, Suspicion::NoToken][..]));
    assert_eq!(list(&mut bench, Standings::Any).len(), 2);
    // Left alone, it is completed and still told to nobody else.
    bench.pass(31 * 60_000);
    bench.ring();
    assert_eq!(bench.events(), ["response.scored", "response.scored", "response.completed", "response.completed"]);

    let response =
        bench.call(ReviewResponse { id: id(1), standing: Some(Standing::Counted), themes: None }).unwrap().response;
    assert!(response.suspect.is_empty());
    assert_eq!((total(&mut bench).responses, total(&mut bench).nps), (2, Some(0.0)));
    assert_eq!(bench.events()[4..], ["response.scored", "response.completed"]);
    bench.call(ReviewResponse { id: id(2), standing: Some(Standing::Suspect), themes: None }).unwrap();
    assert_eq!(list(&mut bench, Standings::Suspect)[0].suspect, [Suspicion::ByOwner]);
}

#[test]
fn who_heard_of_an_answer_hears_that_it_counts_no_more() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let happy = bench.add(r#"{"url":"https://happy.example/","filter":{"bands":["promoter"]}}"#);
    let sad = bench.add(r#"{"url":"https://sad.example/","filter":{"bands":["detractor"]}}"#);
    send(&mut bench, submission(&id(1), 1, 10, None, None), Some(SECRET), from("a", &[])).unwrap();
    bench.pass(12_000);
    let odd = from("a", &[Suspicion::WrongPage]);
    send(&mut bench, submission(&id(1), 2, 10, Some("Visit this"), None), Some(SECRET), odd).unwrap();
    assert_eq!(bench.events(), ["response.scored", "response.updated"]);
    let told =
        |bench: &Bench, endpoint: &str| bench.due(20).iter().filter(|due| due.endpoint.as_str() == endpoint).count();
    assert_eq!((told(&bench, happy.id.as_str()), told(&bench, sad.id.as_str()), bench.due(20).len()), (2, 0, 4));
    let withdrawn: serde_json::Value =
        serde_json::from_str(&bench.due(20).iter().find(|due| due.sequence == 2).unwrap().body).unwrap();
    assert_eq!(withdrawn["data"]["response"]["suspect"], serde_json::json!(["wrong_page"]));
    // A filter that an answer leaves is told of it, too.
    send(&mut bench, submission(&id(2), 1, 10, None, None), Some(SECRET), from("a", &[])).unwrap();
    bench.pass(12_000);
    send(&mut bench, submission(&id(2), 2, 2, Some("No, after all"), None), Some(SECRET), from("a", &[])).unwrap();
    assert_eq!(bench.events()[2..], ["response.scored", "response.completed", "case.opened"]);
    assert_eq!((told(&bench, happy.id.as_str()), told(&bench, sad.id.as_str())), (4, 2));
    // And nothing more of what counts no more.
    bench.pass(12_000);
    send(&mut bench, submission(&id(1), 3, 10, Some("And this"), None), Some(SECRET), from("a", &[])).unwrap();
    assert_eq!(bench.events().len(), 5);
}

#[test]
fn what_was_looked_at_counts_as_it_was_then() {
    let mut bench = Bench::new();
    let tokenless = || from("a", &[Suspicion::NoToken]);
    send(&mut bench, submission(&id(1), 1, 9, None, None), Some(SECRET), tokenless()).unwrap();
    bench.call(ReviewResponse { id: id(1), standing: Some(Standing::Counted), themes: None }).unwrap();
    bench.pass(12_000);
    let later = send(&mut bench, submission(&id(1), 2, 0, Some("Fraud"), None), Some(SECRET), tokenless()).unwrap();
    assert_eq!(later.suspect, [Suspicion::NoToken]);
}

#[test]
fn a_key_takes_over_what_a_stranger_began() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let mut test = submission(&id(2), 1, 0, None, None);
    test.submission.test = true;
    send(&mut bench, test, Some(SECRET), from("a", &[])).unwrap();
    send(&mut bench, submission(&id(1), 1, 0, None, None), Some(SECRET), from("a", &[Suspicion::NoToken])).unwrap();
    assert!(bench.due(9).is_empty());
    for number in [1, 2] {
        let taken = bench.submit(&id(number), 2, 9, Some("Real")).response;
        assert_eq!(taken.standing(), Standing::Counted, "{number}");
        bench.pass(12_000);
        let fake = send(&mut bench, submission(&id(number), 3, 0, Some("Fake"), None), Some(SECRET), from("a", &[]));
        assert_eq!(fake.unwrap_err(), Refusal::WrongSecret, "{number}");
    }
    let told = ["response.scored", "response.completed"];
    assert_eq!(bench.events(), [told, told].concat());
}

#[test]
fn words_that_nobody_can_have_typed_look_wrong() {
    let long = Some("The soup was cold and the waiter was rude.");
    let mut bench = Bench::new();
    let sender = || from("a", &[]);
    let at_once = send(&mut bench, submission(&id(1), 1, 3, long, None), Some(SECRET), sender()).unwrap();
    assert_eq!(at_once.suspect, [Suspicion::TooFast]);
    // A phone that was offline sends its words first, as a later revision.
    let offline = send(&mut bench, submission(&id(2), 2, 3, long, None), Some(SECRET), sender()).unwrap();
    assert!(offline.suspect.is_empty());
    for (number, wait, fast) in [(3, 100, true), (4, 2_000, false)] {
        send(&mut bench, submission(&id(number), 1, 3, None, None), Some(SECRET), sender()).unwrap();
        bench.pass(wait);
        let said = send(&mut bench, submission(&id(number), 2, 3, long, None), Some(SECRET), sender()).unwrap();
        assert_eq!(!said.suspect.is_empty(), fast, "{wait}");
    }
}

#[test]
fn revisions_cause_only_so_many_webhooks() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    for revision in 1..=200 {
        let said = submission(&id(1), revision, (revision % 10) as u8, Some(&format!("{revision}")), None);
        bench.pass(1_000);
        send(&mut bench, said, Some(SECRET), from("a", &[])).unwrap();
    }
    assert!(bench.events().len() <= 21, "{}", bench.events().len());
    assert_eq!(bench.call(ReadResponse { id: id(1) }).unwrap().response.revision, 200, "nothing is lost");
}

#[test]
fn five_thousand_hostile_posts_move_nothing_and_lose_nothing() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let (mut refused, mut honest) = (0, 0);
    for number in 0..5_000_u32 {
        // Each in a way of its own: with no token, or all right but from few addresses.
        let sender = match number % 2 {
            0 => Sender { suspicions: vec![Suspicion::NoToken], ..Sender::default() },
            _ => from(&format!("bot {}", number % 7), &[Suspicion::Automated]),
        };
        let secret = Some(SECRET).filter(|_| number % 3 == 0);
        let hostile = submission(&id(number), 1, 0, Some("x".repeat(2_000).as_str()), None);
        match send(&mut bench, hostile, secret, sender) {
            Ok(response) => assert_eq!(response.standing(), Standing::Suspect),
            Err(Refusal::TooMany { rate }) => refused += i32::from(rate.resets_in > 0),
            Err(other) => panic!("{other:?}"),
        }
        bench.pass(1);
        // A school behind one address, among them.
        if number % 25 == 0 {
            let sender = Sender { answers_per_address: 200, ..from("school", &[]) };
            let said = submission(&id(100_000 + number), 1, 9, None, None);
            let response = send(&mut bench, said, Some(SECRET), sender).unwrap();
            honest += i32::from(response.standing() == Standing::Counted);
        }
    }
    assert_eq!(honest, 200);
    let filter = ResponseFilter::default();
    let total = bench.call(ReadMetrics { filter, by: None, time_zone: None }).unwrap().total;
    assert_eq!((total.responses, total.nps), (200, Some(100.0)));
    let kept: i64 = bench.sql.0.query_row("SELECT count(*) FROM responses", [], |row| row.get(0)).unwrap();
    assert!(refused >= 3_000 && kept <= 200 + 2_000, "{refused} {kept}");
    assert_eq!(bench.events().len(), 200);
    // Thirty days on, what was put aside is gone.
    bench.pass(31 * 86_400_000);
    while bench.ring().contains(&"erasing") {}
    let left: i64 = bench.sql.0.query_row("SELECT count(*) FROM responses", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 200);
    assert!(!bench.events().iter().any(|event| event == "response.erased"), "of what nobody was told");
    let ids: i64 = bench.sql.0.query_row("SELECT count(*) FROM erased", [], |row| row.get(0)).unwrap();
    assert_eq!(ids, 0, "what strangers sent without number leaves nothing behind");
}

#[test]
fn what_comes_beyond_an_address_s_share_is_kept_apart_and_not_lost() {
    let mut bench = Bench::new();
    for number in 0..70 {
        send(&mut bench, submission(&id(number), 1, 9, None, None), Some(SECRET), from("kiosk", &[])).unwrap();
    }
    assert_eq!(list(&mut bench, Standings::default()).len(), 60);
    assert!(list(&mut bench, Standings::Suspect).iter().all(|one| one.suspect == [Suspicion::TooMany]));
    // Who has a key is trusted with any number.
    for number in 100..200 {
        bench.submit(&id(number), 1, 9, Some("said at the same moment"));
    }
    assert_eq!(list(&mut bench, Standings::Any).len(), 100, "a page");
    assert_eq!(list(&mut bench, Standings::Suspect).len(), 10);
}

#[test]
fn tests_are_kept_apart() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let mut submit = submission(&id(1), 1, 0, Some("only a test"), None);
    submit.submission.test = true;
    let response = send(&mut bench, submit, Some(SECRET), from("owner", &[])).unwrap();
    assert_eq!(response.standing(), Standing::Test);
    assert!(bench.events().is_empty() && list(&mut bench, Standings::default()).is_empty());
    assert_eq!(list(&mut bench, Standings::Test).len(), 1);
}

#[test]
fn a_worker_of_an_earlier_release_knows_of_no_secret_and_its_answers_go_on() {
    let mut bench = Bench::new();
    for (revision, comment) in [(1, None), (2, Some("cold soup"))] {
        let call = serde_json::json!({ "credential": "nobody", "operation": { "Submit": {
            "submission": { "id": id(1), "revision": revision, "score": 3, "comment": comment, "page": "https://a.example/",
                "lang": "en" },
            "heard": null, "settings_revision": 1,
            "acknowledgement": { "text": "Thank you.", "claims": [], "ask": null, "receipt": { "reference": "x" } } } } });
        let told = bench.told(&call.to_string());
        assert!(told.contains("\"stored\""), "{told}");
        bench.pass(2_000);
    }
    assert_eq!(list(&mut bench, Standings::Counted)[0].comment.as_deref(), Some("cold soup"));
}

#[test]
fn an_answer_that_counts_is_looked_at_again_with_each_revision() {
    let mut bench = Bench::new();
    let mut first = submission(&id(1), 1, 10, None, None);
    first.submission.visitor = Some("anna".parse().unwrap());
    send(&mut bench, first, Some(SECRET), from("a", &[])).unwrap();
    bench.pass(12_000);
    let mut later = submission(&id(1), 2, 10, Some("Visit this"), None);
    later.submission.page = "https://phish.example/login".parse().unwrap();
    later.submission.visitor = Some("cust-99".parse().unwrap());
    // A token that has run out, and a challenge that is used up, say nothing of a later revision.
    let spent = from("a", &[Suspicion::NoToken, Suspicion::ChallengeFailed]);
    let said = send(&mut bench, submission(&id(1), 2, 10, Some("Lovely"), None), Some(SECRET), spent).unwrap();
    assert_eq!(said.standing(), Standing::Counted);
    later.submission.revision = 3;
    let odd = from("a", &[Suspicion::Automated, Suspicion::WrongPage]);
    let said = send(&mut bench, later, Some(SECRET), odd).unwrap();
    assert_eq!(said.suspect, [Suspicion::WrongPage, Suspicion::Automated]);
    assert_eq!((said.page.as_str(), said.visitor.as_ref().unwrap().as_str()), ("https://a.example/", "anna"));
}
