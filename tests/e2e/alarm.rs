//! The alarm of a site: it rings though it was lost, and a chore that brings the program down holds nothing back.

use anyhow::Result;
use axum::http::StatusCode;
use heard_tests::{World, new_response_id, until};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use xtask::workerd::Objects;
use xtask::{build, root};

#[tokio::test]
async fn r10_an_alarm_that_was_lost_is_set_again_by_whatever_is_asked_first() -> Result<()> {
    let mut world = World::start().await?;
    // Nobody is there: the delivery is due again in a few seconds.
    let nobody = format!("http://127.0.0.1:{}/", heard_tests::free_port()?);
    let added = world.api("POST", "/endpoints", Some(json!({ "url": nobody })), 201).await?;
    let path = format!("/endpoints/{}", added["id"].as_str().unwrap_or_default());
    let id = new_response_id();
    world.submit(&id, 1, 3, None).await?;
    world.delivery_of("response.scored", &id).await?;
    let attempts = async |world: &World| -> Result<usize> {
        let log = world.api("GET", &format!("{path}/attempts"), None, 200).await?;
        Ok(log["attempts"].as_array().map_or(0, Vec::len))
    };
    until("the first attempt has failed", async || Ok((attempts(&world).await? > 0).then_some(()))).await?;
    world.kill()?;
    for database in world.databases()? {
        let kept = rusqlite::Connection::open(database)?;
        for statement in ["DELETE FROM _cf_ALARM", "DELETE FROM _cf_METADATA WHERE key = 1"] {
            // Each stands in another file.
            let _ = kept.execute(statement, []);
        }
    }
    world.restart()?;
    assert_eq!(world.wakes_in("demo")?, None, "the alarm is lost");
    // Only read.
    let survey = world.http.get(format!("{}/v1/sites/demo/survey", world.url)).send().await?;
    assert_eq!(survey.status(), 200);
    until("the alarm is set", async || world.wakes_in("demo")).await?;
    until("it is tried again", async || Ok((attempts(&world).await? > 1).then_some(()))).await
}

#[tokio::test]
async fn r10_after_a_trap_in_a_chore_the_site_still_sends() -> Result<()> {
    let objects = Objects { build: build::built()?.worker, entry: Some(root().join("tests/e2e/trapping.js")) };
    let mut world = World::start_mixed(build::built()?, Some(objects)).await?;
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    let receiver = world.receiver.url.clone();
    let secret = world.add_endpoint("demo", &receiver).await?;
    world.receiver.trust(&secret);
    // The newest is listened to again first.
    for comment in ["The rickshaw fell through a trapdoor", "Waited for a rickshaw"] {
        world.submit(&new_response_id(), 1, 3, Some(comment)).await?;
    }
    world.next_deliveries(4).await?;
    until("the site is quiet", async || Ok(world.wakes_in("demo")?.filter(|wait| *wait > Duration::from_secs(60))))
        .await?;
    let rickshaw = json!([{ "id": "rides", "label": "rides", "phrases": ["rickshaw"] }]);
    world.configure("demo", json!({ "name": "Corner Café", "themes": rickshaw })).await?;
    for _ in 0..3 {
        let id = new_response_id();
        world.submit(&id, 1, 3, None).await?;
        world.delivery_of("response.scored", &id).await?;
    }
    until("the others are heard again", async || {
        let all = world.responses().await?;
        let again = all.iter().filter(|response| response["heard"]["themes"][0]["id"] == "rides").count();
        Ok((again == 1).then_some(()))
    })
    .await
}

#[tokio::test]
async fn r10_ten_hanging_endpoints_keep_ten_healthy_ones_waiting_for_no_time() -> Result<()> {
    let world = World::start_bare(heard_tests::OWNER_KEY).await?;
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    let (hanging, healthy) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let (hangs, answers) = (Arc::clone(&hanging), Arc::clone(&healthy));
    let app = axum::Router::new().fallback(async move |uri: axum::http::Uri| {
        if uri.path().starts_with("/hangs") {
            hangs.fetch_add(1, Ordering::SeqCst);
            // Never: the sender gives up first.
            std::future::pending::<()>().await;
        }
        answers.fetch_add(1, Ordering::SeqCst);
        StatusCode::NO_CONTENT
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    for path in ["hangs", "answers"] {
        for _ in 0..10 {
            world.add_endpoint("demo", &format!("{url}/{path}")).await?;
        }
    }
    world.submit(&new_response_id(), 1, 3, None).await?;
    // Each of the first six places hangs for 15 s, which is also when `until` gives up.
    until("the healthy ones have it", async || Ok((healthy.load(Ordering::SeqCst) == 10).then_some(()))).await?;
    assert!(hanging.load(Ordering::SeqCst) >= 6, "none that hangs was asked before");
    Ok(())
}

#[tokio::test]
async fn r10_one_hanging_endpoint_stops_no_stream_of_webhooks() -> Result<()> {
    let mut world = World::start().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let hangs = axum::Router::new().fallback(async || std::future::pending::<StatusCode>().await);
    tokio::spawn(async move { axum::serve(listener, hangs).await });
    world.add_endpoint("demo", &url).await?;
    let from = std::time::Instant::now();
    // More than one alarm may send.
    for _ in 0..100 {
        world.submit(&new_response_id(), 1, 3, None).await?;
    }
    world.next_deliveries(100).await?;
    // Waiting once for the one that hangs would take 15 s, and it did so for every forty.
    assert!(from.elapsed() < Duration::from_secs(12), "{:?}", from.elapsed());
    Ok(())
}

#[tokio::test]
async fn r10_what_comes_when_an_alarms_share_is_used_up_is_sent_without_waiting_for_what_hangs() -> Result<()> {
    let mut world = World::start().await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let hangs = axum::Router::new().fallback(async || std::future::pending::<StatusCode>().await);
    tokio::spawn(async move { axum::serve(listener, hangs).await });
    let added = world.api("POST", "/endpoints", Some(json!({ "url": url })), 201).await?;
    let hanging = format!("/endpoints/{}", added["id"].as_str().unwrap_or_default());
    world.submit(&new_response_id(), 1, 3, None).await?;
    world.next_deliveries(1).await?;
    // Nothing is due there any more, and yet one request is under way.
    world.api("PATCH", &hanging, Some(json!({ "enabled": false })), 200).await?;
    // With the two above, these are an alarm's forty requests.
    for _ in 0..38 {
        world.submit(&new_response_id(), 1, 3, None).await?;
    }
    world.next_deliveries(38).await?;
    until("the alarm is over", async || Ok(world.wakes_in("demo")?.filter(|wait| wait.as_secs() > 600))).await?;
    let from = std::time::Instant::now();
    let id = new_response_id();
    world.submit(&id, 1, 3, None).await?;
    world.delivery_of("response.scored", &id).await?;
    assert!(from.elapsed() < Duration::from_secs(5), "{:?}", from.elapsed());
    Ok(())
}
