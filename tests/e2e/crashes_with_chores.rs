//! Crashes while answers are erased and brought in, beside the alarm's own chores: what was acknowledged holds.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// What was tried, and what was acknowledged.
#[derive(Debug, Default)]
struct Noted {
    submitted: Vec<String>,
    erasures_tried: HashSet<String>,
    erased: Vec<String>,
    /// Visitors whose rows were taken in.
    imported: Vec<String>,
}

type Shared = Arc<Mutex<Noted>>;

fn note(shared: &Shared, act: impl FnOnce(&mut Noted)) {
    act(&mut shared.lock().unwrap_or_else(PoisonError::into_inner));
}

async fn submit_on(site: String, stop: Arc<AtomicBool>, shared: Shared) {
    let http = Client::new();
    while !stop.load(Ordering::Relaxed) {
        let id = new_response_id();
        let body = json!({ "id": id, "revision": 1, "score": 4, "comment": "Slow service", "page": "https://a.example/",
            "lang": "en" });
        let request = http.post(format!("{site}/responses")).bearer_auth(OWNER_KEY).json(&body);
        if request.send().await.is_ok_and(|answer| answer.status() == 200) {
            note(&shared, |noted| noted.submitted.push(id));
        }
    }
}

async fn erase_on(site: String, stop: Arc<AtomicBool>, shared: Shared) {
    let http = Client::new();
    while !stop.load(Ordering::Relaxed) {
        let mut next = None;
        note(&shared, |noted| {
            next = noted.submitted.iter().rev().step_by(2).find(|id| !noted.erasures_tried.contains(*id)).cloned();
            noted.erasures_tried.extend(next.clone());
        });
        let Some(id) = next else {
            tokio::task::yield_now().await;
            continue;
        };
        let request = http.delete(format!("{site}/responses/{id}")).bearer_auth(OWNER_KEY);
        if request.send().await.is_ok_and(|answer| answer.status() == 204) {
            note(&shared, |noted| noted.erased.push(id));
        }
    }
}

async fn import_on(site: String, stop: Arc<AtomicBool>, shared: Shared) {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let http = Client::new();
    while !stop.load(Ordering::Relaxed) {
        let visitor = format!("visitor-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let rows: String = (0..3).map(|row| format!("9,Lovely {row},{visitor}\n")).collect();
        let request = http.post(format!("{site}/responses.csv")).bearer_auth(OWNER_KEY);
        let request = request.body(format!("score,comment,visitor\n{rows}"));
        if request.send().await.is_ok_and(|answer| answer.status() == 200) {
            note(&shared, |noted| noted.imported.push(visitor));
        }
    }
}

#[tokio::test]
async fn a_hundred_crashes_bring_nothing_back_and_lose_nothing() -> Result<()> {
    let mut world = World::start().await?;
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.subsec_nanos();
    let mut dice = u64::from(seed);
    let shared = Shared::default();
    for round in 0..100 {
        let stop = Arc::new(AtomicBool::new(false));
        let site = format!("{}/v1/sites/demo", world.url);
        let load = [
            tokio::spawn(submit_on(site.clone(), Arc::clone(&stop), Arc::clone(&shared))),
            tokio::spawn(erase_on(site.clone(), Arc::clone(&stop), Arc::clone(&shared))),
            tokio::spawn(import_on(site, Arc::clone(&stop), Arc::clone(&shared))),
        ];
        if round % 10 == 0 {
            // The alarm has comments to hear again.
            let themes = json!([{ "id": format!("theme-{round}"), "label": "service" }]);
            world.configure("demo", json!({ "name": "Corner Café", "themes": themes })).await?;
        }
        // The moment of the crash is what this test is about: after none or some were acknowledged.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let count = || {
            let noted = shared.lock().unwrap_or_else(PoisonError::into_inner);
            noted.erased.len() + noted.imported.len()
        };
        let enough = count() + usize::try_from((dice >> 33) % 4)?;
        until("enough was acknowledged", async || Ok((count() >= enough).then_some(()))).await?;
        world.kill()?;
        stop.store(true, Ordering::Relaxed);
        for task in load {
            task.await?;
        }
        world.restart()?;
    }
    let noted = std::mem::take(&mut *shared.lock().unwrap_or_else(PoisonError::into_inner));
    let Noted { submitted, erasures_tried, erased, imported } = noted;
    let counts = (submitted.len(), erased.len(), imported.len());
    assert!(counts.0 >= 10 && counts.1 >= 5 && counts.2 >= 5, "seed {seed}: {counts:?} prove little");
    let (mut stored, mut visitors) = (HashSet::new(), Vec::new());
    let mut cursor = String::new();
    loop {
        let page = world.api("GET", &format!("/responses?limit=100{cursor}"), None, 200).await?;
        for response in page["responses"].as_array().into_iter().flatten() {
            stored.extend(response["id"].as_str().map(str::to_owned));
            visitors.extend(response["visitor"].as_str().map(str::to_owned));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let back: Vec<&String> = erased.iter().filter(|id| stored.contains(*id)).collect();
    assert!(back.is_empty(), "seed {seed}: erased and there again: {back:?}");
    let lost: Vec<&String> =
        submitted.iter().filter(|id| !stored.contains(*id) && !erasures_tried.contains(*id)).collect();
    assert!(lost.is_empty(), "seed {seed}: acknowledged and lost: {lost:?}");
    for visitor in &imported {
        let rows = visitors.iter().filter(|one| *one == visitor).count();
        assert_eq!(rows, 3, "seed {seed}: {visitor}");
    }
    // Every erasure is told, and no event shows what was erased.
    let events = world.api("GET", "/events?limit=1", None, 200).await?;
    assert!(events["events"][0].is_object());
    for id in erased.iter().rev().take(20) {
        let about = world.api("GET", &format!("/events?response={id}"), None, 200).await?;
        assert_eq!(about["events"], Value::Array(Vec::new()), "seed {seed}: {id}");
    }
    Ok(())
}
