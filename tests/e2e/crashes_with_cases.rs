//! Kills at random moments of the loop: no case, message or event is lost or doubled.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

const ROUNDS: usize = 25;

/// What was acknowledged: answers, and the texts of messages by the answer that they are about.
#[derive(Default)]
struct Noted {
    answers: HashSet<String>,
    messages: HashMap<String, HashSet<String>>,
}

/// Answers unhappily, is written to, and writes back, until told to stop; each message with an id of its own.
async fn converse(url: String, stop: Arc<AtomicBool>, noted: Arc<Mutex<Noted>>) {
    let http = reqwest::Client::new();
    let secret = "00112233445566778899aabbccddeeff";
    while !stop.load(Ordering::Relaxed) {
        let id = new_response_id();
        let note = |text: Option<&str>| {
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            match text {
                None => drop(noted.answers.insert(id.clone())),
                Some(text) => drop(noted.messages.entry(id.clone()).or_default().insert(text.to_owned())),
            }
        };
        let body = json!({ "id": id, "revision": 1, "score": 2, "comment": "Cold soup", "page": "https://a.example/",
            "lang": "en", "secret": secret });
        let answered = http.post(format!("{url}/responses")).bearer_auth(OWNER_KEY).json(&body).send().await;
        if !answered.is_ok_and(|answer| answer.status() == 200) {
            continue;
        }
        note(None);
        let said = json!({ "text": "Which soup?", "then": "waiting" });
        let request = http.post(format!("{url}/responses/{id}/messages")).bearer_auth(OWNER_KEY);
        let request = request.header("idempotency-key", &id).json(&said);
        if request.send().await.is_ok_and(|answer| answer.status() == 201) {
            note(Some("Which soup?"));
        }
        let back = json!({ "id": format!("msg_{}", id.replace('-', "")), "text": "Tomato." });
        let request = http.post(format!("{url}/thread/messages")).bearer_auth(format!("{id}.{secret}")).json(&back);
        if request.send().await.is_ok_and(|answer| answer.status() == 201) {
            note(Some("Tomato."));
        }
    }
}

#[tokio::test]
async fn kills_at_random_moments_lose_and_double_nothing_of_the_loop() -> Result<()> {
    let mut world = World::start().await?;
    let seed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.subsec_nanos();
    let mut dice = u64::from(seed);
    let noted = Arc::new(Mutex::new(Noted::default()));
    for _ in 0..ROUNDS {
        let stop = Arc::new(AtomicBool::new(false));
        let url = format!("{}/v1/sites/demo", world.url);
        let load: Vec<_> =
            (0..3).map(|_| tokio::spawn(converse(url.clone(), Arc::clone(&stop), Arc::clone(&noted)))).collect();
        // The moment of the crash is what this test is about: after none or some steps were acknowledged.
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let count = || {
            let noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            noted.answers.len() + noted.messages.values().map(HashSet::len).sum::<usize>()
        };
        let enough = count() + usize::try_from((dice >> 33) % 9)?;
        until("enough was acknowledged", async || Ok((count() >= enough).then_some(()))).await?;
        world.kill()?;
        stop.store(true, Ordering::Relaxed);
        for talking in load {
            talking.await?;
        }
        world.restart()?;
    }
    let noted = std::mem::take(&mut *noted.lock().unwrap_or_else(PoisonError::into_inner));
    assert!(noted.answers.len() > 15, "seed {seed}: only {} were acknowledged", noted.answers.len());
    let (_, backup) = world.owner("GET", "demo/backup", "").await?;
    let records: Vec<Value> = backup.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let of = |kind: &str| records.iter().filter(move |record| record["kind"] == kind).collect::<Vec<_>>();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();

    // One case for each answer, with an opening, and an entry for each message.
    let cases = of("case");
    let stored: HashSet<String> = of("response").iter().map(|record| text(&record["response"]["id"])).collect();
    let opened: HashSet<String> = cases.iter().map(|record| text(&record["case"]["response"])).collect();
    assert_eq!((cases.len(), &opened), (stored.len(), &stored), "seed {seed}");
    assert!(noted.answers.is_subset(&stored), "seed {seed}: an answer was lost");
    let mut messages: HashMap<String, Vec<String>> = HashMap::new();
    for message in of("message") {
        messages.entry(text(&message["response"])).or_default().push(text(&message["text"]));
    }
    for (id, said) in &noted.messages {
        let found = messages.get(id).context("a message was lost")?;
        assert!(said.iter().all(|said| found.contains(said)), "seed {seed}: {said:?} of {found:?}");
    }
    for record in &cases {
        let said = messages.get(&text(&record["case"]["response"])).cloned().unwrap_or_default();
        let distinct: HashSet<&String> = said.iter().collect();
        assert_eq!(distinct.len(), said.len(), "seed {seed}: doubled in {said:?}");
        let told = |kind: &str| {
            let history = record["history"].as_array().into_iter().flatten();
            history.filter(|entry| entry["act"]["kind"] == kind).count()
        };
        assert_eq!((told("opened"), told("replied") + told("wrote")), (1, said.len()), "seed {seed}: {record}");
    }
    // And an event for each of them, once.
    let mut events: HashMap<(String, String), usize> = HashMap::new();
    let mut cursor = String::new();
    loop {
        let page = world.api("GET", &format!("/events?limit=100{cursor}"), None, 200).await?;
        for event in page["events"].as_array().into_iter().flatten() {
            *events.entry((text(&event["type"]), text(&event["data"]["response"]["id"]))).or_default() += 1;
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    for id in &stored {
        assert_eq!(events.get(&("case.opened".to_owned(), id.clone())), Some(&1), "seed {seed}: {id}");
        let said = messages.get(id).map_or(0, Vec::len);
        let told = |name: &str| events.get(&(name.to_owned(), id.clone())).copied().unwrap_or(0);
        assert_eq!(told("message.created") + told("message.received"), said, "seed {seed}: {id}");
    }
    Ok(())
}
