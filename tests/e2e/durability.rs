//! Nothing that was acknowledged to a customer is lost.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

#[tokio::test]
async fn a_crash_between_the_thank_you_and_the_webhook_loses_neither() -> Result<()> {
    let mut world = World::start().await?;
    // An endpoint that takes the connection and never answers keeps the webhooks on their way.
    let hanging = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    world.add_endpoint("demo", &format!("http://{}/", hanging.local_addr()?)).await?;
    for round in 0..5 {
        let id = new_response_id();
        let submitted = world.submit(&id, 1, 2, Some("Slow service")).await?;
        assert_eq!(submitted["response"]["id"], id);
        world.kill()?;
        world.restart()?;
        let stored = world.responses().await?;
        assert_eq!(stored.len(), round + 1, "a row that was acknowledged is there after a crash");
        assert_eq!(stored[0]["comment"], "Slow service");
        world.delivery_of("response.scored", &id).await?;
        world.delivery_of("response.completed", &id).await?;
    }
    Ok(())
}

#[tokio::test]
async fn after_a_crash_webhooks_go_on_without_any_request() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 9, Some("Lovely staff")).await?;
    world.kill()?;
    // What came before the crash may be sent again; what did not must be sent now.
    while world.receiver.received.try_recv().is_ok() {}
    let again = new_response_id();
    world.restart()?;
    world.submit(&again, 1, 1, Some("Rude")).await?;
    world.kill()?;
    world.restart()?;
    world.delivery_of("response.completed", &again).await?;
    Ok(())
}

/// Submits one answer after another until told to stop; notes what was tried and what was acknowledged.
async fn submit_on(url: String, stop: Arc<AtomicBool>, noted: Arc<Mutex<Vec<(String, bool)>>>) {
    let http = reqwest::Client::new();
    while !stop.load(Ordering::Relaxed) {
        let id = new_response_id();
        let body = json!({ "id": id, "revision": 1, "score": 4, "page": "https://a.example/", "lang": "en" });
        let request =
            http.post(&url).bearer_auth(OWNER_KEY).header("content-type", "text/plain").body(body.to_string());
        let acknowledged = request.send().await.is_ok_and(|answer| answer.status() == 200);
        noted.lock().unwrap_or_else(PoisonError::into_inner).push((id, acknowledged));
    }
}

#[tokio::test]
async fn a_hundred_crashes_under_load_lose_nothing_and_invent_nothing() -> Result<()> {
    let mut world = World::start().await?;
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.subsec_nanos();
    let mut dice = u64::from(seed);
    let noted = Arc::new(Mutex::new(Vec::new()));
    for _ in 0..100 {
        let stop = Arc::new(AtomicBool::new(false));
        let url = format!("{}/v1/sites/demo/responses", world.url);
        let load: Vec<_> =
            (0..3).map(|_| tokio::spawn(submit_on(url.clone(), Arc::clone(&stop), Arc::clone(&noted)))).collect();
        // The moment of the crash is what this test is about: after none or some were acknowledged.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let count = || noted.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|(_, done)| *done).count();
        let enough = count() + usize::try_from((dice >> 33) % 6)?;
        until("enough was acknowledged", async || Ok((count() >= enough).then_some(()))).await?;
        world.kill()?;
        stop.store(true, Ordering::Relaxed);
        for submitter in load {
            submitter.await?;
        }
        world.restart()?;
    }
    let noted = noted.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let tried: HashSet<&String> = noted.iter().map(|(id, _)| id).collect();
    let acknowledged: HashSet<&String> = noted.iter().filter(|(_, done)| *done).map(|(id, _)| id).collect();
    assert!(acknowledged.len() > 30, "seed {seed}: only {} were acknowledged, which proves little", acknowledged.len());

    let mut stored = HashSet::new();
    let mut cursor = String::new();
    loop {
        let page = world.api("GET", &format!("/responses?limit=100{cursor}"), None, 200).await?;
        let ids = page["responses"].as_array().into_iter().flatten();
        stored.extend(ids.filter_map(|response| response["id"].as_str().map(str::to_owned)));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let lost: Vec<_> = acknowledged.iter().filter(|id| !stored.contains(**id)).collect();
    assert!(lost.is_empty(), "seed {seed}: acknowledged and not stored: {lost:?}");
    assert!(stored.iter().all(|id| tried.contains(id)), "seed {seed}: stored what nobody sent");

    // Every stored response was told of, and one event is the same each time it is told.
    let mut told: HashMap<String, Value> = HashMap::new();
    let mut about: HashSet<String> = HashSet::new();
    while about.len() < stored.len() {
        let received = world.next_delivery().await?;
        let id = received.body.pointer("/data/response/id").and_then(Value::as_str).unwrap_or_default();
        assert!(stored.contains(id), "seed {seed}: an event about a response that is not stored");
        about.insert(id.to_owned());
        let before = told.insert(received.id.clone(), received.body.clone());
        assert!(before.is_none_or(|before| before == received.body), "seed {seed}: an event changed");
    }
    let mut sequences: Vec<i64> = told.values().filter_map(|body| body["data"]["sequence"].as_i64()).collect();
    sequences.sort_unstable();
    let expected: Vec<i64> = (1..=i64::try_from(told.len())?).collect();
    assert_eq!(sequences, expected, "seed {seed}: the sequence has gaps or repeats");
    Ok(())
}

#[tokio::test]
async fn an_upgrade_that_fails_changes_nothing_and_is_tried_again() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 9, Some("Lovely staff")).await?;
    // As an earlier release left it, but for a table in the way of the second step.
    let change = |world: &World, statements: &str| -> Result<()> {
        for database in world.databases()? {
            let sql = rusqlite::Connection::open(database)?;
            if sql.prepare("SELECT 1 FROM responses").is_ok() {
                sql.execute_batch(statements)?;
            }
        }
        Ok(())
    };
    world.kill()?;
    change(
        &world,
        "UPDATE schema_version SET version = 2; DROP TABLE shown; DROP TABLE chores; DROP INDEX responses_visitor;
         DROP INDEX responses_apart; DROP TABLE erased; ALTER TABLE responses DROP COLUMN after_sequence;
         CREATE INDEX events_age ON events (created_at); CREATE INDEX events_id ON events (id);
         CREATE INDEX attempts_age ON attempts (at);
         ALTER TABLE responses DROP COLUMN standing; ALTER TABLE responses DROP COLUMN suspicions;
         ALTER TABLE responses DROP COLUMN secret; ALTER TABLE responses DROP COLUMN told; ALTER TABLE responses DROP COLUMN contact;
         ALTER TABLE responses DROP COLUMN time_zone; ALTER TABLE responses DROP COLUMN verified; ALTER TABLE keys DROP COLUMN person;
         ALTER TABLE messages DROP COLUMN author; ALTER TABLE messages DROP COLUMN person; ALTER TABLE messages DROP COLUMN signed;
         ALTER TABLE messages DROP COLUMN read_at; DROP TABLE visitor_keys; DROP TABLE people; DROP TABLE cases;
         DROP TABLE case_responses; DROP TABLE case_history; DROP TABLE threads;
         DROP INDEX responses_after; ALTER TABLE responses DROP COLUMN earlier; ALTER TABLE responses DROP COLUMN answers;
         ALTER TABLE responses DROP COLUMN asked; ALTER TABLE responses DROP COLUMN added;
         ALTER TABLE responses DROP COLUMN variant; ALTER TABLE messages DROP COLUMN announcement; DROP TABLE shown_variants;
         DROP TABLE closings; DROP TABLE improvements; DROP TABLE announcements; DROP TABLE announced; DROP TABLE watches;
         DROP TABLE rounds; DROP INDEX events_quoting; ALTER TABLE site DROP COLUMN hear_again_from;
         CREATE INDEX responses_listened ON responses (listened_revision) WHERE listened_revision IS NOT NULL;
         ALTER TABLE site DROP COLUMN strict_from; ALTER TABLE events DROP COLUMN response;
         ALTER TABLE events DROP COLUMN standing",
    )?;
    world.restart()?;
    for _ in 0..2 {
        let problem = world.api("GET", "/responses", None, 500).await?;
        assert_eq!(problem["code"], "internal", "{problem}");
    }
    world.kill()?;
    change(
        &world,
        "DROP TRIGGER themes_found_added; DROP TRIGGER themes_found_changed; DROP TRIGGER themes_found_gone;
         DROP TABLE themes_found; CREATE TABLE unseen AS SELECT 1 FROM sqlite_master WHERE name = 'shown'",
    )?;
    world.restart()?;
    assert_eq!(world.responses().await?[0]["id"], id.as_str());
    assert_eq!(world.api("GET", "/metrics?by=theme", None, 200).await?["total"]["responses"], 1);
    world.kill()?;
    for database in world.databases()? {
        let sql = rusqlite::Connection::open(database)?;
        let half_done = sql.query_row("SELECT count(*) FROM unseen", [], |row| row.get::<_, i64>(0)).unwrap_or(0);
        assert_eq!(half_done, 0, "the failed upgrade left its first table behind");
    }
    Ok(())
}
