//! Two releases side by side, and one after the other: what each left is read, and what each says is understood.

use crate::common::{Bench, Native, id};
use heard_site::responses::{ListResponses, ReadMetrics};
use heard_site::sites::ReadSite;
use heard_site::webhooks::{ListEndpoints, due};
use heard_site::{Refusal, Sql, Tables, upgrade};
use heard_wire::ResponseFilter;
use rusqlite::Connection;
use serde_json::{Value, json};

fn all() -> ListResponses {
    ListResponses { filter: ResponseFilter::default(), cursor: None, limit: 10 }
}

#[test]
fn a_site_of_the_first_release_is_brought_up_to_date() {
    let sql = Native(Connection::open_in_memory().unwrap());
    assert_eq!(upgrade(&sql).unwrap(), Tables::Missing);
    assert!(sql.run("SELECT name FROM sqlite_master", Vec::new()).unwrap().is_empty(), "no site, no tables");
    sql.0.execute_batch(include_str!("releases/first.sql")).unwrap();
    assert_eq!(upgrade(&sql).unwrap(), Tables::Current);
    assert_eq!(upgrade(&sql).unwrap(), Tables::Current);
    let mut bench = Bench::on(sql.0);
    assert_eq!(bench.call(all()).unwrap().items[0].comment.as_deref(), Some("cold soup"));
    assert_eq!(bench.call(ListEndpoints {}).unwrap().items[0].settings.url, "https://crm.example/hooks");
    bench.submit(&id(9), 1, 3, None);
    assert_eq!(due(&bench.sql, bench.now, 9).unwrap().len(), 1);
}

/// Puts a member that nobody knows into every object of a value, except where the names are data: the one member of an
/// operation says which it is, headers are the owner's, and a patch holds what is to be changed.
fn with_more(name: &str, value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                with_more(name, member);
            }
            if !matches!(name, "operation" | "headers" | "settings of a patch") {
                members.insert("of_a_later_release".into(), json!({ "x": [1] }));
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| with_more("", value)),
        _ => {}
    }
}

fn extended(json: &str) -> String {
    let mut value = serde_json::from_str(&json.replace("\"patch\":{\"enabled\":true,\"settings\"", PATCH)).unwrap();
    with_more("", &mut value);
    value.to_string().replace("settings of a patch", "settings")
}

const PATCH: &str = "\"patch\":{\"enabled\":true,\"settings of a patch\"";

/// A site with everything in it.
fn full() -> Bench {
    let mut bench = Bench::new();
    bench.configure(
        r#"{"name":"Corner Shop","origins":["https://a.example"],"themes":[{"id":"food","label":"food","phrases":["soup"]}],
            "voice":{"tone":"plain","reader":"Maria"},"promise":{"by_when":"soon"},"ask":{"delay_seconds":1}}"#,
    );
    bench.add(
        r#"{"url":"https://crm.example/","filter":{"bands":["detractor"],"themes":["food"]},"headers":{"a":"b"}}"#,
    );
    let heard = r#"{"language":"en","informative":true,"overall":"negative",
        "themes":[{"id":"food","polarity":"negative","confidence":0.9,"quote":"cold soup"}],
        "topics":[{"quote":"soup","polarity":"negative"}],"suggestions":[{"quote":"heat it"}],
        "people":[{"name":"Tom","polarity":"positive"}],"amounts":[{"kind":"price","quote":"5 euros"}],
        "intents":["will_leave"]}"#;
    let submit = crate::common::submission(&id(1), 1, 2, Some("cold soup"), serde_json::from_str(heard).unwrap());
    bench.call(heard_site::survey::Submit { settings_revision: 2, ..submit }).unwrap();
    bench
}

#[test]
fn what_a_later_release_stored_is_read_at_every_level() {
    let mut bench = full();
    let before = bench.call(all()).unwrap();
    for (table, column) in [
        ("site", "settings"),
        ("endpoints", "settings"),
        ("responses", "heard"),
        ("responses", "acknowledgement"),
        ("events", "body"),
    ] {
        let read: String =
            bench.sql.0.query_row(&format!("SELECT {column} FROM {table}"), [], |row| row.get(0)).unwrap();
        let update = format!("UPDATE {table} SET {column} = ?");
        bench.sql.0.execute(&update, [extended(&read)]).unwrap();
    }
    assert_eq!(bench.call(all()).unwrap(), before);
    assert_eq!(bench.call(ReadSite {}).unwrap().settings.voice.reader.as_deref(), Some("Maria"));
    assert_eq!(due(&bench.sql, bench.now, 9).unwrap().len(), 3, "it is sent");
    bench.call(ReadMetrics { filter: ResponseFilter::default(), by: None, time_zone: None }).unwrap();
    bench.submit(&id(2), 1, 3, Some("slow"));
    bench.configure(r#"{"name":"Corner Shop"}"#);
}

#[test]
fn what_a_later_release_says_is_understood_at_every_level() {
    let (mut as_it_was, mut as_it_may_be) = (full(), full());
    for call in include_str!("releases/0.2.0/calls.ndjson").lines() {
        for told in [as_it_was.told(call), as_it_may_be.told(&extended(call))] {
            assert!(told.starts_with(r#"{"done":"#), "{call}\n{told}");
        }
    }
}

#[test]
fn an_operation_of_a_later_release_is_refused_by_name_and_breaks_nothing() {
    let mut bench = full();
    let call = r#"{"operation":{"Foretell":{"what":"weather"}},"credential":"owner"}"#;
    assert_eq!(bench.told(call), r#"{"refused":{"refusal":"unknown_operation"}}"#);
    let refusal: Refusal = serde_json::from_str(r#"{"refusal":"out_of_season","months":[1,2]}"#).unwrap();
    assert_eq!(refusal, Refusal::UnknownOperation, "a refusal of a later release");
}

#[test]
fn an_older_release_on_a_newer_schema_reads_and_refuses_to_write() {
    let mut bench = full();
    let before = bench.call(all()).unwrap();
    bench
        .sql
        .0
        .execute_batch(
            "UPDATE schema_version SET version = 99; ALTER TABLE responses ADD COLUMN mood TEXT;
             ALTER TABLE site ADD COLUMN region TEXT; ALTER TABLE endpoints ADD COLUMN rank INTEGER",
        )
        .unwrap();
    let mut bench = Bench::on(bench.sql.0);
    assert_eq!(upgrade(&bench.sql).unwrap(), Tables::Newer);
    assert_eq!(bench.call(all()).unwrap(), before);
    assert_eq!(bench.call(ReadSite {}).unwrap().settings.name, "Corner Shop");
    let submit = crate::common::submission(&id(3), 1, 2, None, None);
    assert_eq!(bench.call(submit).err(), Some(Refusal::NewerSchema));
    let problem = Refusal::NewerSchema.into_problem(&"demo".parse().unwrap());
    assert_eq!((problem.status, problem.code.as_str()), (503, "newer_schema"));
}

#[test]
fn r10_what_an_earlier_release_kept_of_a_disabled_endpoint_loses_its_secrets() {
    let mut bench = Bench::on(Connection::open_in_memory().unwrap());
    bench.sql.0.execute_batch(include_str!("releases/0.1.0/site.sql")).unwrap();
    assert_eq!(upgrade(&bench.sql).unwrap(), Tables::Current);
    assert!(bench.call(all()).unwrap().items.len() > 1);
    let body: String = bench
        .sql
        .0
        .query_row("SELECT body FROM events WHERE type = 'endpoint.disabled'", [], |row| row.get(0))
        .unwrap();
    assert!(
        !body.contains("URLSECRET") && !body.contains("Bearer") && body.contains("https://a.example/in?***"),
        "{body}"
    );
    serde_json::from_str::<heard_wire::Event>(&body).unwrap();
}
