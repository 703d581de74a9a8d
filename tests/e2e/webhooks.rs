//! Deliveries: signed, retried, and never a burden to one another.

use anyhow::{Context as _, Result};
use axum::http::StatusCode;
use heard_tests::{OWNER_KEY, World, new_response_id};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A receiver that answers its n-th delivery with the n-th status and then with 204, and tells the `webhook-id`s.
async fn moody(statuses: &'static [u16]) -> Result<(String, UnboundedReceiver<(String, Instant)>)> {
    let (sender, received) = unbounded_channel();
    let count = Arc::new(AtomicUsize::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let app = axum::Router::new().fallback(async move |headers: axum::http::HeaderMap| {
        let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
        let _ = sender.send((id, Instant::now()));
        let status = statuses.get(count.fetch_add(1, Ordering::SeqCst)).copied().unwrap_or(204);
        StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT)
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok((url, received))
}

#[tokio::test]
async fn a_refused_delivery_is_tried_again_with_the_same_id() -> Result<()> {
    let world = World::start().await?;
    let (url, mut received) = moody(&[500]).await?;
    world.add_endpoint("demo", &url).await?;
    world.submit(&new_response_id(), 1, 5, None).await?;
    let (first, at) = received.recv().await.context("no delivery")?;
    let (second, again) = received.recv().await.context("no retry")?;
    assert_eq!(first, second);
    let wait = again.duration_since(at);
    assert!((Duration::from_millis(4_500)..Duration::from_secs(9)).contains(&wait), "retried after {wait:?}");
    Ok(())
}

#[tokio::test]
async fn a_flapping_endpoint_gets_everything_and_a_healthy_one_gets_nothing_twice() -> Result<()> {
    let mut world = World::start().await?;
    // Every other first attempt fails; that must not be paid for by the endpoint that took its own.
    let (url, mut received) = moody(&[500, 204, 500, 204, 500]).await?;
    world.add_endpoint("demo", &url).await?;
    let mut sent = BTreeSet::new();
    for score in 0..6 {
        let id = new_response_id();
        world.submit(&id, 1, score, None).await?;
        sent.insert(world.delivery_of("response.scored", &id).await?.id);
    }
    assert_eq!(sent.len(), 6);
    let mut taken = BTreeSet::new();
    let mut attempts = 0;
    while taken.len() < sent.len() {
        let delivery = tokio::time::timeout(Duration::from_secs(15), received.recv()).await;
        let (id, _) = delivery.context("an event never came back")?.context("the receiver is gone")?;
        attempts += 1;
        if !matches!(attempts, 1 | 3 | 5) {
            taken.insert(id);
        }
    }
    assert_eq!(taken, sent);
    assert!(world.receiver.received.try_recv().is_err(), "the healthy endpoint was sent something again");
    Ok(())
}

#[tokio::test]
async fn a_backlog_is_drained_when_the_receiver_comes_back_and_answers_go_on_meanwhile() -> Result<()> {
    const EVENTS: usize = 2_000;
    let mut world = World::start().await?;
    let (sender, mut received) = unbounded_channel();
    let up = Arc::new(AtomicBool::new(false));
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let (is_up, at_once) = (Arc::clone(&up), Arc::clone(&most));
    let app = axum::Router::new().fallback(async move |headers: axum::http::HeaderMap| {
        at_once.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
        let answer = if is_up.load(Ordering::SeqCst) {
            let _ = sender.send(id);
            (StatusCode::NO_CONTENT, [("retry-after", "0")])
        } else {
            (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "2")])
        };
        open.fetch_sub(1, Ordering::SeqCst);
        answer
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    world.add_endpoint("demo", &url).await?;
    let mut sent = BTreeSet::new();
    for _ in 0..EVENTS {
        world.submit(&new_response_id(), 1, 4, None).await?;
    }
    while sent.len() < EVENTS {
        sent.insert(world.next_delivery().await?.id);
    }
    up.store(true, Ordering::SeqCst);
    let mut taken = BTreeSet::new();
    while taken.len() < EVENTS {
        let id = tokio::time::timeout(Duration::from_secs(60), received.recv()).await;
        taken.insert(id.context("the backlog does not drain")?.context("the receiver is gone")?);
        // A customer in the middle of it is answered, and the event goes to the healthy endpoint at once.
        if taken.len() == EVENTS / 2 {
            let (id, from) = (new_response_id(), Instant::now());
            world.submit(&id, 1, 9, None).await?;
            sent.insert(world.delivery_of("response.scored", &id).await?.id);
            assert!(from.elapsed() < Duration::from_secs(2), "a backlog held an answer up: {:?}", from.elapsed());
        }
    }
    while taken.len() < sent.len() {
        taken.insert(received.recv().await.context("the receiver is gone")?);
    }
    assert_eq!(taken, sent);
    assert!(most.load(Ordering::SeqCst) <= 2, "an endpoint is sent two at a time");
    Ok(())
}

#[tokio::test]
async fn an_endpoint_that_says_gone_is_left_alone() -> Result<()> {
    let mut world = World::start().await?;
    let (url, mut received) = moody(&[410]).await?;
    world.add_endpoint("demo", &url).await?;
    world.submit(&new_response_id(), 1, 5, None).await?;
    received.recv().await.context("no delivery")?;
    world.next_delivery().await?;
    let second = new_response_id();
    world.submit(&second, 1, 6, None).await?;
    world.delivery_of("response.scored", &second).await?;
    assert!(received.try_recv().is_err());
    Ok(())
}

#[tokio::test]
async fn a_removed_endpoint_gets_nothing_more() -> Result<()> {
    let mut world = World::start().await?;
    let (url, mut received) = moody(&[]).await?;
    world.add_endpoint("demo", &url).await?;
    let endpoints = format!("{}/v1/sites/demo/endpoints", world.url);
    let listed: Value = world.http.get(&endpoints).bearer_auth(OWNER_KEY).send().await?.json().await?;
    let id = listed["endpoints"].as_array().and_then(|all| all.iter().find(|one| one["url"] == url.as_str()));
    let id = id.and_then(|one| one["id"].as_str()).context("the endpoint is not listed")?.to_owned();
    for status in [204, 404] {
        let removed = world.http.delete(format!("{endpoints}/{id}")).bearer_auth(OWNER_KEY).send().await?;
        assert_eq!(removed.status(), status);
    }
    let response = new_response_id();
    world.submit(&response, 1, 5, None).await?;
    world.delivery_of("response.scored", &response).await?;
    assert!(received.try_recv().is_err());
    Ok(())
}

#[tokio::test]
async fn endpoints_without_a_host_or_with_a_password_are_refused() -> Result<()> {
    let world = World::start().await?;
    for url in ["https://", "https://user:secret@crm.example/", "ftp://crm.example/", "crm.example"] {
        assert!(world.add_endpoint("demo", url).await.is_err(), "{url}");
    }
    Ok(())
}

#[tokio::test]
async fn a_hanging_endpoint_delays_no_other() -> Result<()> {
    let mut world = World::start().await?;
    let hanging = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    world.add_endpoint("demo", &format!("http://{}/", hanging.local_addr()?)).await?;
    for _ in 0..3 {
        let id = new_response_id();
        let from = Instant::now();
        world.submit(&id, 1, 7, Some("Fine coffee")).await?;
        assert!(from.elapsed() < Duration::from_secs(5), "the customer waited for a webhook");
        world.delivery_of("response.completed", &id).await?;
        assert!(from.elapsed() < Duration::from_secs(5), "a healthy endpoint waited for a hanging one");
    }
    Ok(())
}

#[tokio::test]
async fn events_count_up_without_gaps_and_only_changes_make_events() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    let first = world.submit(&id, 1, 7, None).await?;
    let second = world.submit(&id, 2, 7, Some("Good cake, slow till")).await?;
    // A replay, an older revision and a revision that says nothing new.
    assert_eq!(world.submit(&id, 2, 7, Some("Good cake, slow till")).await?, second);
    assert_eq!(world.submit(&id, 1, 0, None).await?, second);
    world.submit(&id, 3, 7, None).await?;
    world.submit(&id, 4, 8, None).await?;
    assert_ne!(first["response"], second["response"]);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let received = world.next_delivery().await?;
        assert_eq!(received.body["data"]["id"], received.id);
        seen.push((received.body["data"]["sequence"].as_i64(), received.body["type"].clone()));
    }
    seen.sort_by_key(|(sequence, _)| *sequence);
    let expected = ["response.scored", "response.completed", "response.updated"];
    for (place, (sequence, event_type)) in seen.iter().enumerate() {
        assert_eq!((sequence.unwrap_or(0), event_type.as_str()), (place as i64 + 1, expected.get(place).copied()));
    }
    assert_eq!(world.responses().await?[0]["comment"], "Good cake, slow till");
    Ok(())
}

#[tokio::test]
async fn a_long_comment_is_cut_in_the_event_and_whole_in_the_store() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    let long = "👨🏽‍👩🏽‍👧🏽‍👦🏽".repeat(480);
    world.submit(&id, 1, 7, Some(&long)).await?;
    let completed = world.delivery_of("response.completed", &id).await?;
    assert_eq!(completed.body["data"]["comment_truncated"], true);
    let sent = completed.body["data"]["response"]["comment"].as_str().unwrap_or_default();
    assert!(long.starts_with(sent) && completed.body.to_string().len() <= 20_000);
    assert_eq!(world.responses().await?[0]["comment"], long);
    Ok(())
}
