//! Erasing: afterwards no table holds a word of it.

use crate::common::{Bench, answered, id, submission};
use heard_site::cases::{AddNote, ChangeCase, ListCases};
use heard_site::conversations::AddMessage;
use heard_site::responses::{EraseResponse, EraseResponses, EraseVisitor, ListResponses, ReadMetrics, ReviewResponse};
use heard_site::sites::{EraseSite, ReadSite};
use heard_site::survey::Submit;
use heard_site::webhooks::AttemptOutcome;
use heard_site::{ByName, Call, Cell, Credential, Refusal, Sql as _, Thing};
use heard_wire::{Analysis, Band, CaseFilter, CasePatch, NewMessage, NewNote, ResponseFilter, Standing};

/// Every row of every table, shadows of the search index included, as text.
fn everything(bench: &Bench) -> String {
    let tables = bench.sql.run("SELECT name FROM sqlite_master WHERE type = 'table'", Vec::new()).unwrap();
    let mut all = String::new();
    for row in tables {
        let Cell::Text(table) = &row[0] else { continue };
        let mut statement = bench.sql.0.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                let bytes = match row.get_ref(at).unwrap() {
                    rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) => bytes.to_vec(),
                    _ => Vec::new(),
                };
                all.push_str(&String::from_utf8_lossy(&bytes));
                all.push('\n');
            }
        }
    }
    all
}

fn heard() -> Option<Analysis> {
    serde_json::from_str(
        r#"{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative",
            "confidence":0.9,"quote":"zebrasoup"}],"people":[{"name":"Quentin","polarity":"negative"}]}"#,
    )
    .ok()
}

fn say(bench: &mut Bench, number: u32, visitor: &str) {
    let mut submit = submission(&id(number), 1, 2, Some("The zebrasoup of Quentin was cold"), heard());
    submit.submission.visitor = Some(visitor.parse().unwrap());
    submit.submission.contact = Some("jo@zebra.example".parse().unwrap());
    bench.call(submit).unwrap();
}

#[test]
fn no_table_holds_a_word_of_what_was_erased() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    say(&mut bench, 1, "visitor-7");
    let echo = AttemptOutcome { answer: Some("got: The zebrasoup of Quentin".into()), ..answered(500) };
    bench.deliver(&echo);
    let message = NewMessage::from_json(br#"{"text":"Dear visitor-7, Quentin is sorry"}"#).unwrap();
    let call = Call {
        operation: ByName(AddMessage { response: id(1), message }),
        credential: Credential::Owner,
        idempotency_key: Some("key-1".into()),
    };
    bench.told(&serde_json::to_string(&call).unwrap());
    let cases = ListCases { filter: CaseFilter::default(), cursor: None, limit: 9 };
    let case = bench.call(cases).unwrap().items.remove(0);
    let note = NewNote { text: "Quentin was new".into() };
    bench.call(AddNote { id: case.id.clone(), note }).unwrap();
    let patch = CasePatch::from_json(br#"{"status":"resolved","resolution":"No more zebrasoup"}"#).unwrap();
    bench.call(ChangeCase { id: case.id, patch, if_match: None }).unwrap();
    bench.submit(&id(2), 1, 9, Some("All fine"));
    bench.pass(6_000);
    let under_way: Vec<_> = bench.due(10).into_iter().filter(|due| due.body.contains("zebrasoup")).collect();
    assert!(!under_way.is_empty());
    bench.call(EraseResponse { id: id(1) }).unwrap();

    // Attempts that were under way come to their end.
    for delivery in &under_way {
        let outcome = echo.clone();
        bench.with(|site| heard_site::webhooks::record_attempt(site, delivery, &outcome));
    }
    let left = everything(&bench);
    for word in ["zebrasoup", "Quentin", "visitor-7", "jo@zebra"] {
        assert!(!left.contains(word), "{word} is left in {left}");
    }
    assert_eq!(bench.events().last().unwrap(), "response.erased");
    let bodies = bench.sql.run("SELECT body FROM events WHERE type = 'response.erased'", Vec::new()).unwrap();
    let Cell::Text(body) = &bodies[0][0] else { panic!() };
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["data"]["erased"], serde_json::json!({ "id": id(1) }));
    assert_eq!(body["version"], 1);

    // It does not come back, by its browser or anybody.
    let again = Submit { settings_revision: 1, ..submission(&id(1), 9, 2, Some("zebrasoup"), heard()) };
    assert_eq!(bench.call(again).unwrap_err(), Refusal::Erased);
    assert_eq!(bench.call(EraseResponse { id: id(1) }).unwrap_err(), Refusal::NotFound { thing: Thing::Response });
    let total = bench.call(ReadMetrics { filter: ResponseFilter::default(), by: None, time_zone: None }).unwrap().total;
    assert_eq!((total.responses, total.nps), (1, Some(100.0)));
}

#[test]
fn all_of_a_visitor_goes_and_what_a_filter_names() {
    let mut bench = Bench::new();
    for number in 0..250 {
        say(&mut bench, number, if number % 2 == 0 { "anna" } else { "bert" });
    }
    let visitor = || EraseVisitor { visitor: "anna".parse().unwrap() };
    let erased: Vec<u64> = (0..3).map(|_| bench.call(visitor()).unwrap().erased).collect();
    assert_eq!(erased, [100, 25, 0]);
    let filter =
        ResponseFilter { q: Some("zebrasoup".into()), band: Some(Band::Detractor), ..ResponseFilter::default() };
    let erased: Vec<u64> =
        (0..3).map(|_| bench.call(EraseResponses { filter: filter.clone() }).unwrap().erased).collect();
    assert_eq!(erased, [100, 25, 0]);
    let all = ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 9 };
    assert!(bench.call(all).unwrap().items.is_empty());
}

#[test]
fn answers_are_kept_for_as_long_as_the_owner_says() {
    let mut bench = Bench::new();
    say(&mut bench, 1, "anna");
    bench.configure(r#"{"name":"Corner Shop","keep_days":90}"#);
    bench.pass(89 * 86_400_000);
    assert!(!bench.ring().contains(&"erasing"));
    say_later(&mut bench);
    bench.pass(2 * 86_400_000);
    assert!(bench.ring().contains(&"erasing"));
    let all = ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 9 };
    assert_eq!(bench.call(all).unwrap().items.len(), 1);
    assert_eq!(bench.events().last().unwrap(), "response.erased");
}

fn say_later(bench: &mut Bench) {
    bench.submit(&id(2), 1, 9, Some("All fine"));
}

#[test]
fn a_reference_finds_its_response_in_any_spelling() {
    let mut bench = Bench::new();
    bench.submit(&id(0x6789_abcd), 1, 9, None);
    bench.submit(&id(2), 1, 9, None);
    let reference = bench.submit(&id(0x6789_abcd), 1, 9, None).response.reference;
    for spelled in [reference.clone(), reference.to_lowercase().replace('-', " "), reference.replace('0', "O")] {
        let filter = ResponseFilter { reference: Some(spelled.parse().unwrap()), ..ResponseFilter::default() };
        let found = bench.call(ListResponses { filter, cursor: None, limit: 9 }).unwrap().items;
        assert_eq!(found.iter().map(|found| found.id.clone()).collect::<Vec<_>>(), [id(0x6789_abcd)], "{spelled}");
    }
}

#[test]
fn a_reference_that_several_answers_have_erases_none() {
    let mut bench = Bench::new();
    let [victim, copy] = ["0190a5c4-7a1c-7def-8123-456789abcdef", "0190a5c4-7a1c-7fff-bfff-ff6789abcdef"];
    for id in [victim, copy] {
        bench.submit(&id.parse().unwrap(), 1, 9, Some("Mine"));
    }
    let filter = ResponseFilter { reference: "CY4T-QKFF".parse().ok(), ..ResponseFilter::default() };
    let erased = bench.call(EraseResponses { filter: filter.clone() });
    assert_eq!(erased.unwrap_err(), Refusal::ReferenceOfSeveral);
    // Nor where one of them is put aside.
    bench
        .call(ReviewResponse { id: victim.parse().unwrap(), standing: Some(Standing::Suspect), themes: None })
        .unwrap();
    let erased = bench.call(EraseResponses { filter: filter.clone() });
    assert_eq!(erased.unwrap_err(), Refusal::ReferenceOfSeveral);
    bench
        .call(ReviewResponse { id: victim.parse().unwrap(), standing: Some(Standing::Counted), themes: None })
        .unwrap();
    bench.call(EraseResponse { id: copy.parse().unwrap() }).unwrap();
    assert_eq!(bench.call(EraseResponses { filter }).unwrap().erased, 1);
}

#[test]
fn who_heard_of_what_was_put_aside_is_told_that_it_is_erased() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    let spam = |bench: &mut Bench, number: u32| {
        let mut spam = submission(&id(number), 1, 0, Some("spam"), None);
        spam.submission.test = true;
        bench.call_as(Credential::Nobody, spam).unwrap();
    };
    bench.submit(&id(1), 1, 9, Some("mine"));
    bench.call(ReviewResponse { id: id(1), standing: Some(Standing::Suspect), themes: None }).unwrap();
    spam(&mut bench, 2);
    for number in [1, 2] {
        bench.call(EraseResponse { id: id(number) }).unwrap();
    }
    assert_eq!(bench.events(), ["response.erased"]);
    // Where somebody asks for what is put aside, they hear of its end.
    bench.add(r#"{"url":"https://curious.example/","filter":{"include":["test"]}}"#);
    spam(&mut bench, 3);
    bench.call(EraseResponse { id: id(3) }).unwrap();
    assert_eq!(bench.events(), ["response.erased", "response.erased"]);
}

#[test]
fn words_are_found_in_scripts_without_blanks() {
    let mut bench = Bench::new();
    for (number, comment) in [(1, "スープが冷たかったです"), (2, "服务员很热情,汤很冷"), (3, "the soup was cold")]
    {
        bench.submit(&id(number), 1, 3, Some(comment));
    }
    for (q, found) in
        [("スープ", vec![1]), ("冷", vec![2, 1]), ("汤 服务员", vec![2]), ("soup col", vec![3]), ("汤 soup", vec![])]
    {
        let filter = ResponseFilter { q: Some(q.into()), ..ResponseFilter::default() };
        let mut ids: Vec<_> = bench.call(ListResponses { filter, cursor: None, limit: 9 }).unwrap().items;
        ids.sort_by_key(|response| std::cmp::Reverse(response.id.clone()));
        assert_eq!(
            ids.iter().map(|one| one.id.clone()).collect::<Vec<_>>(),
            found.into_iter().map(id).collect::<Vec<_>>(),
            "{q}"
        );
    }
}

#[test]
fn a_site_goes_with_everything_in_it_and_can_be_made_anew() {
    let mut bench = Bench::new();
    bench.add_endpoint();
    say(&mut bench, 1, "anna");
    bench.call(EraseSite {}).unwrap();
    let left = bench.sql.run("SELECT name FROM sqlite_master WHERE type = 'table'", Vec::new()).unwrap();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(bench.call(ReadSite {}).unwrap_err(), Refusal::UnknownSite);
    bench.configure(r#"{"name":"New"}"#);
    say(&mut bench, 1, "anna");
    assert_eq!(bench.call(ReadSite {}).unwrap().revision, 1);
}
