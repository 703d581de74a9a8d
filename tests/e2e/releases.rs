//! Two releases side by side, as for minutes after each deploy, and one after the other, as after a rollback.

use anyhow::{Context as _, Result, bail};
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;
use xtask::build::{self, Built};
use xtask::workerd::Objects;
use xtask::{release, root};

/// The main job of a site, its owner and its receiver, all through the Worker.
async fn main_job(world: &mut World) -> Result<()> {
    let themes = json!([{ "id": "food", "label": "food", "phrases": ["soup"], "when_criticised": "Hot from May on." }]);
    let settings = json!({ "name": "Corner Café", "origins": ["https://cafe.example"], "themes": themes,
        "voice": { "tone": "plain", "reader": "Maria" }, "promise": { "by_when": "soon" }, "ask": { "delay_seconds": 0 } });
    world.configure("demo", settings.clone()).await?;
    let filter = json!({ "bands": ["detractor"] });
    let receiver = world.receiver.url.clone();
    let endpoint = json!({ "url": receiver, "filter": filter, "headers": { "x-team": "crm" } });
    let added = world.api("POST", "/endpoints", Some(endpoint), 201).await?;
    world.receiver.trust(added["secret"].as_str().context("no secret")?);
    let path = format!("/endpoints/{}", added["id"].as_str().context("no id")?);
    // A release that does not know a type of event does not read the log of its attempts.
    let change = json!({ "description": "CRM", "event_types": ["response.*", "message.*"] });
    world.api("PATCH", &path, Some(change), 200).await?;

    let survey = world.http.get(format!("{}/v1/sites/demo/survey?lang=de", world.url)).send().await?;
    assert_eq!(survey.json::<Value>().await?["lang"], "de");
    let shown = json!({ "page": "https://cafe.example/", "lang": "en" }).to_string();
    let url = format!("{}/v1/sites/demo/shown", world.url);
    assert_eq!(world.http.post(url).header("content-type", "text/plain").body(shown).send().await?.status(), 204);
    let id = new_response_id();
    world.submit(&id, 1, 2, None).await?;
    let stored = world.submit(&id, 2, 2, Some("The soup was cold")).await?;
    assert!(stored["acknowledgement"]["text"].as_str().is_some_and(|text| !text.is_empty()));
    world.delivery_of("response.scored", &id).await?;
    world.delivery_of("response.completed", &id).await?;

    assert_eq!(world.responses().await?[0]["id"], id.as_str());
    assert_eq!(world.api("GET", "/metrics?by=day", None, 200).await?["total"]["detractors"], 1);
    assert_eq!(world.api("GET", "", None, 200).await?["settings"]["themes"][0]["id"], "food");
    world.api("POST", &format!("/responses/{id}/messages"), Some(json!({ "text": "Sorry!" })), 201).await?;
    assert_eq!(
        world.api("GET", &format!("/responses/{id}/messages"), None, 200).await?["messages"][0]["text"],
        "Sorry!"
    );
    assert!(world.api("GET", &format!("{path}/attempts"), None, 200).await?["attempts"][0]["status"].is_u64());
    world.api("POST", &format!("{path}/replay"), Some(json!({ "since": "2020-01-01T00:00:00Z" })), 202).await?;
    let key = world.api("POST", "/keys", Some(json!({ "name": "x", "scope": "read" })), 201).await?;
    let url = format!("{}/v1/sites/demo/responses.csv", world.url);
    let csv = world.http.get(url).bearer_auth(key["key"].as_str().context("no key")?).send().await?;
    assert!(csv.text().await?.contains("soup"));
    let url = format!("{}/v1/sites", world.url);
    let sites: Value = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.json().await?;
    assert_eq!(sites["sites"][0]["id"], "demo");
    // Changed themes are listened for, whoever does it.
    let mut settings = settings;
    settings["themes"][0]["id"] = "menu".into();
    world.configure("demo", settings).await?;
    Ok(())
}

/// The release of this folder, unpacked.
fn earlier(version: &str) -> Result<(TempDir, Built)> {
    let folder = TempDir::new()?;
    let worker = folder.path().to_owned();
    release::unpack(&root().join("tests/releases").join(version), &worker)?;
    Ok((folder, Built { worker, ..build::built()? }))
}

fn versions() -> Result<Vec<String>> {
    let mut versions = Vec::new();
    for entry in fs::read_dir(root().join("tests/releases"))? {
        versions.push(entry?.file_name().into_string().ok().context("a folder whose name is no text")?);
    }
    versions.sort();
    if versions.is_empty() {
        bail!("no release has left its fixture");
    }
    Ok(versions)
}

#[tokio::test]
async fn a_release_that_says_more_is_understood_and_understands() -> Result<()> {
    let entry: PathBuf = root().join("tests/e2e/later_release.js");
    let objects = Objects { build: build::built()?.worker, entry: Some(entry) };
    let mut world = World::start_mixed(build::built()?, Some(objects)).await?;
    main_job(&mut world).await
}

#[tokio::test]
async fn this_worker_and_the_objects_of_earlier_releases_understand_each_other() -> Result<()> {
    for version in versions()? {
        let (_folder, earlier) = earlier(&version)?;
        let objects = Objects { build: earlier.worker, entry: None };
        let mut world = World::start_mixed(build::built()?, Some(objects)).await?;
        main_job(&mut world).await.context(format!("with objects of {version}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn the_workers_of_earlier_releases_and_these_objects_understand_each_other() -> Result<()> {
    for version in versions()? {
        let (_folder, earlier) = earlier(&version)?;
        let objects = Objects { build: build::built()?.worker, entry: None };
        let mut world = World::start_mixed(earlier, Some(objects)).await?;
        main_job(&mut world).await.context(format!("with the Worker of {version}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn a_rollback_reads_what_this_release_wrote_and_the_way_back_is_open() -> Result<()> {
    for version in versions()? {
        let (_folder, earlier) = earlier(&version)?;
        let mut world = World::start_mixed(build::built()?, None).await?;
        main_job(&mut world).await?;
        let before = world.responses().await?;
        world.change_builds(earlier, None)?;
        let seen = |answers: &[Value]| answers.iter().map(|answer| answer["comment"].clone()).collect::<Vec<_>>();
        assert_eq!(seen(&world.responses().await?), seen(&before), "{version}");
        // Where this release has added to the tables, an earlier one writes nothing that would lack it.
        let body = json!({ "id": new_response_id(), "revision": 1, "score": 2, "page": "https://cafe.example/", "lang": "en" });
        let answer = world.post(body.to_string()).await?;
        let status = answer.status().as_u16();
        let problem: Value = answer.json().await?;
        assert!(status == 200 || problem["code"] == "newer_schema", "{version}: {status} {problem}");
        world.change_builds(build::built()?, None)?;
        let more = usize::from(status == 200);
        assert_eq!(world.responses().await?.len(), before.len() + more, "{version}");
        let id = new_response_id();
        world.submit(&id, 1, 2, None).await?;
        world.delivery_of("response.scored", &id).await?;
    }
    Ok(())
}

#[tokio::test]
async fn on_data_of_a_newer_schema_this_release_reads_refuses_to_write_and_says_so() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 9, Some("Lovely staff")).await?;
    until("the webhooks are sent", async || Ok(world.wakes_in("demo")?.filter(|wait| wait.as_secs() > 60))).await?;
    world.kill()?;
    for database in world.databases()? {
        let sql = rusqlite::Connection::open(database)?;
        if sql.prepare("SELECT 1 FROM responses").is_ok() {
            sql.execute_batch("UPDATE schema_version SET version = 99; ALTER TABLE responses ADD COLUMN mood TEXT")?;
        }
    }
    world.restart()?;
    assert_eq!(world.responses().await?[0]["id"], id.as_str());
    assert_eq!(world.api("GET", "/metrics", None, 200).await?["total"]["promoters"], 1);
    let survey = world.http.get(format!("{}/v1/sites/demo/survey", world.url)).send().await?;
    assert_eq!(survey.status(), 200);
    let problem = world.api("PUT", "", Some(json!({ "name": "Café" })), 503).await?;
    assert_eq!(problem["code"], "newer_schema");
    let body =
        json!({ "id": new_response_id(), "revision": 1, "score": 1, "page": "https://a.example/", "lang": "en" });
    assert_eq!(world.post(body.to_string()).await?.status(), 503);
    assert_eq!(world.responses().await?.len(), 1);
    Ok(())
}
