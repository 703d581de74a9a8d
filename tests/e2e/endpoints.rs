//! Managing webhook endpoints over HTTP, and what the log tells of difficult receivers.

use anyhow::{Context as _, Result};
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use heard_tests::{World, new_response_id, until};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A receiver that answers everything alike, and tells what came.
async fn receiver(
    status: u16,
    headers: &'static [(&str, &str)],
    answer: &'static str,
) -> Result<(String, UnboundedReceiver<(HeaderMap, Bytes)>)> {
    let (sender, received) = unbounded_channel();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let app = axum::Router::new().fallback(async move |given: HeaderMap, body: Bytes| {
        let _ = sender.send((given, body));
        let mut answer = answer.into_response();
        *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT);
        for (name, value) in headers {
            answer.headers_mut().insert(*name, axum::http::HeaderValue::from_static(value));
        }
        answer
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok((url, received))
}

/// Adds an endpoint, and gives its path and its secret.
async fn add(world: &World, settings: Value) -> Result<(String, String)> {
    let added = world.api("POST", "/endpoints", Some(settings), 201).await?;
    let text = |name: &str| added[name].as_str().map(str::to_owned).context("not in the answer");
    Ok((format!("/endpoints/{}", text("id")?), text("secret")?))
}

/// The first attempt that the log of this endpoint tells of.
async fn first_attempt(world: &World, path: &str) -> Result<Value> {
    until("the log tells of an attempt", async || {
        let log = world.api("GET", &format!("{path}/attempts"), None, 200).await?;
        Ok(log["attempts"].as_array().and_then(|all| all.last().cloned()))
    })
    .await
}

#[tokio::test]
async fn an_endpoint_is_created_changed_read_and_removed() -> Result<()> {
    let world = World::start().await?;
    let (url, mut received) = receiver(204, &[], "").await?;
    let settings = json!({ "url": url, "description": "CRM", "event_types": ["response.completed"],
        "filter": { "bands": ["detractor"] }, "headers": { "x-team": "café".replace('é', "e") } });
    let (path, secret) = add(&world, settings).await?;
    let read = world.api("GET", &path, None, 200).await?;
    assert_eq!((read["description"].as_str(), read.get("secret")), (Some("CRM"), None));
    let listed = world.api("GET", "/endpoints", None, 200).await?;
    assert!(!listed.to_string().contains("whsec_"), "secrets are shown on request only");
    assert_eq!(world.api("GET", &format!("{path}/secret"), None, 200).await?["secret"], secret.as_str());

    world.submit(&new_response_id(), 1, 9, Some("Lovely cake")).await?;
    world.submit(&new_response_id(), 1, 2, Some("Cold soup")).await?;
    let (headers, body) = received.recv().await.context("nothing came")?;
    assert_eq!(headers.get("x-team").and_then(|value| value.to_str().ok()), Some("cafe"));
    let event: Value = serde_json::from_slice(&body)?;
    assert_eq!(
        (event["type"].as_str(), event["data"]["response"]["score"].as_i64()),
        (Some("response.completed"), Some(2))
    );
    Webhook::new(&secret)?.verify(&body, &headers)?;

    let changed = world.api("PATCH", &path, Some(json!({ "filter": {}, "event_types": ["response.*"] })), 200).await?;
    assert_eq!((changed["url"].as_str(), changed["headers"]["x-team"].as_str()), (Some(url.as_str()), Some("cafe")));
    world.submit(&new_response_id(), 1, 10, None).await?;
    let (_, body) = received.recv().await.context("nothing came after the change")?;
    assert_eq!(serde_json::from_slice::<Value>(&body)?["type"], "response.scored");

    world.api("DELETE", &path, None, 204).await?;
    world.api("GET", &path, None, 404).await?;
    Ok(())
}

#[tokio::test]
async fn a_rotated_secret_is_sent_beside_the_new_one() -> Result<()> {
    let world = World::start().await?;
    let (url, mut received) = receiver(204, &[], "").await?;
    let (path, old) = add(&world, json!({ "url": url })).await?;
    let rotated = world.api("POST", &format!("{path}/secret"), None, 200).await?;
    let new = rotated["secret"].as_str().context("no secret")?;
    assert!(new != old && rotated["previous_until"].is_string());
    world.submit(&new_response_id(), 1, 9, None).await?;
    let (headers, body) = received.recv().await.context("nothing came")?;
    // A receiver verifies with either, without knowing of the rotation.
    Webhook::new(&old)?.verify(&body, &headers)?;
    Webhook::new(new)?.verify(&body, &headers)?;
    Ok(())
}

#[tokio::test]
async fn settings_at_fault_are_refused_by_name() -> Result<()> {
    let world = World::start().await?;
    for (settings, pointer) in [
        (json!({}), "/url"),
        (json!({ "url": "https://a.example/", "event_types": ["response.exploded"] }), "/event_types"),
        (json!({ "url": "https://a.example/", "event_types": ["resp*"] }), "/event_types"),
        (json!({ "url": "https://a.example/", "headers": { "webhook-id": "x" } }), "/headers"),
        (json!({ "url": "https://a.example/", "headers": { "x": "a\r\nb: c" } }), "/headers"),
        (json!({ "url": "https://a.example/", "headers": { "Upgrade": "websocket" } }), "/headers"),
        (json!({ "url": "https://a.example/", "headers": { "content-encoding": "gzip" } }), "/headers"),
        (json!({ "url": "https://a.example/", "filter": { "colour": 1 } }), "/filter/colour"),
        (json!({ "url": "https://a.example/", "colour": 1 }), "/colour"),
    ] {
        let problem = world.api("POST", "/endpoints", Some(settings.clone()), 422).await?;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{settings}");
    }
    world.api("PATCH", "/endpoints/ep_x", Some(json!({})), 404).await?;
    world.api("PUT", "/endpoints/ep_00000000000000000000000000000000", None, 405).await?;
    Ok(())
}

#[tokio::test]
async fn a_public_server_sends_nowhere_private() -> Result<()> {
    let world = World::start_public().await?;
    for url in [
        "http://crm.example.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost./",
        "https://metadata.google.internal/",
    ] {
        let problem = world.api("POST", "/endpoints", Some(json!({ "url": url })), 422).await?;
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{url}");
    }
    let (path, _) = add(&world, json!({ "url": "https://crm.example.com/" })).await?;
    world.api("PATCH", &path, Some(json!({ "url": "https://169.254.169.254/latest" })), 422).await?;
    Ok(())
}

#[tokio::test]
async fn the_log_says_in_words_what_difficult_receivers_do() -> Result<()> {
    let world = World::start().await?;
    let refusing = TcpListener::bind("127.0.0.1:0").await?;
    let refused = format!("http://{}/", refusing.local_addr()?);
    drop(refusing);
    let (teapot, _a) = receiver(418, &[], "I am a teapot").await?;
    let (redirecting, _b) = receiver(307, &[("location", "/elsewhere")], "").await?;
    // Speaks no TLS where TLS is asked for.
    let plain = teapot.replace("http://", "https://");
    let closing = TcpListener::bind("127.0.0.1:0").await?;
    let closed = format!("http://{}/", closing.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = closing.accept().await {
            let _ = stream.read(&mut [0; 64]).await;
        }
    });
    let mut paths = Vec::new();
    for url in [&refused, &teapot, &redirecting, &plain, &closed] {
        paths.push(add(&world, json!({ "url": url })).await?.0);
    }
    world.submit(&new_response_id(), 1, 5, None).await?;
    let mut told = Vec::new();
    for path in &paths {
        let attempt = first_attempt(&world, path).await?;
        told.push((
            attempt["status"].as_u64(),
            attempt["answer"].as_str().map(str::to_owned),
            attempt["error"].as_str().map(str::to_owned),
        ));
    }
    let words = |at: usize| told.get(at).and_then(|(_, _, error)| error.as_deref());
    assert!(words(0).is_some_and(|words| words.starts_with("connection refused")), "{told:?}");
    assert_eq!(told.get(1), Some(&(Some(418), Some("I am a teapot".to_owned()), None)));
    assert_eq!(told.get(2).and_then(|(status, ..)| *status), Some(307));
    assert!(words(3).is_some_and(|words| words.starts_with("TLS handshake failed")), "{told:?}");
    assert_eq!(words(4), Some("the connection was closed without an answer"), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn what_cloudflare_answers_for_a_host_it_cannot_reach_is_told_in_words_and_slows_nobody() -> Result<()> {
    let mut world = World::start().await?;
    // As Cloudflare's edge answers: no failure, but a status of its own.
    let edge = TcpListener::bind("127.0.0.1:0").await?;
    let (path, _) = add(&world, json!({ "url": format!("http://{}/", edge.local_addr()?) })).await?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = edge.accept().await {
            let _ = stream.read(&mut [0; 4_096]).await;
            let answer = "HTTP/1.1 530 x\r\nserver: cloudflare\r\ncontent-length: 16\r\nconnection: close\r\n\r\nerror code: 1016";
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    for _ in 0..8 {
        world.submit(&new_response_id(), 1, 5, None).await?;
    }
    let attempt = first_attempt(&world, &path).await?;
    assert_eq!(
        (attempt["status"].as_u64(), attempt["error"].as_str()),
        (Some(530), Some("the host name does not resolve"))
    );
    world.next_deliveries(8).await?;
    // Like an endpoint that gives no answer, it is left alone for a while.
    let attempts = world.api("GET", &format!("{path}/attempts"), None, 200).await?;
    assert!(attempts["attempts"].as_array().is_some_and(|all| all.len() <= 2), "{attempts}");
    Ok(())
}

#[tokio::test]
async fn nothing_is_sent_back_to_the_worker_itself() -> Result<()> {
    let world = World::start().await?;
    let own = json!({ "url": format!("{}/v1/sites/demo/responses", world.url) });
    let problem = world.api("POST", "/endpoints", Some(own), 422).await?;
    assert_eq!(problem["errors"][0]["pointer"], "/url");
    Ok(())
}

#[tokio::test]
async fn endless_and_slow_answers_are_cut_short() -> Result<()> {
    let mut world = World::start().await?;
    let endless = TcpListener::bind("127.0.0.1:0").await?;
    let (path, _) = add(&world, json!({ "url": format!("http://{}/", endless.local_addr()?) })).await?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = endless.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n").await;
                for _ in 0..10_000 {
                    if stream.write_all(&[b'x'; 1_000]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    let dribbling = TcpListener::bind("127.0.0.1:0").await?;
    add(&world, json!({ "url": format!("http://{}/", dribbling.local_addr()?) })).await?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = dribbling.accept().await {
            tokio::spawn(async move {
                for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".iter().cycle() {
                    if stream.write_all(&[*byte]).await.is_err() {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            });
        }
    });
    let id = new_response_id();
    world.submit(&id, 1, 5, None).await?;
    world.delivery_of("response.scored", &id).await?;
    let attempt = first_attempt(&world, &path).await?;
    assert_eq!((attempt["status"].as_u64(), attempt["answer"].as_str().map(str::len)), (Some(200), Some(2_048)));
    Ok(())
}

#[tokio::test]
async fn an_event_is_sent_again_replayed_and_tried_out_on_request() -> Result<()> {
    let world = World::start().await?;
    let (url, mut received) = receiver(204, &[], "").await?;
    let (path, secret) = add(&world, json!({ "url": url })).await?;
    world.submit(&new_response_id(), 1, 5, None).await?;
    let id_of = |headers: &HeaderMap| headers.get("webhook-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let (headers, first) = received.recv().await.context("nothing came")?;
    let event = id_of(&headers).context("no id")?;
    world.api("POST", &format!("{path}/events/{event}/resend"), None, 202).await?;
    let (headers, again) = received.recv().await.context("nothing was resent")?;
    assert_eq!((id_of(&headers).as_deref(), first), (Some(event.as_str()), again));
    let queued =
        world.api("POST", &format!("{path}/replay"), Some(json!({ "since": "2020-01-01T00:00:00Z" })), 202).await?;
    assert_eq!(queued["queued"], 1);
    received.recv().await.context("nothing was replayed")?;
    let nothing = json!({ "since": "2020-01-01T00:00:00Z", "only_failed": true });
    assert_eq!(world.api("POST", &format!("{path}/replay"), Some(nothing), 202).await?["queued"], 0);

    let url = format!("{}/v1/event-types", world.url);
    let types: Value = world.http.get(url).send().await?.json().await?;
    for known in types["event_types"].as_array().context("no types")? {
        world.api("POST", &format!("{path}/test"), Some(json!({ "type": known["type"] })), 202).await?;
        let (headers, body) = received.recv().await.context("no test came")?;
        Webhook::new(&secret)?.verify(&body, &headers)?;
        let body: Value = serde_json::from_slice(&body)?;
        assert_eq!((&body["type"], body["data"]["test"].as_bool()), (&known["type"], Some(true)));
        let keys = |value: &Value| value.as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
        assert_eq!(keys(&body["data"]["response"]), keys(&known["example"]["data"]["response"]));
    }
    world.api("POST", &format!("{path}/test"), Some(json!({ "type": "moon.full" })), 422).await?;
    world.api("POST", &format!("{path}/events/evt_x/resend"), None, 404).await?;
    Ok(())
}

#[tokio::test]
async fn a_crm_replies_to_the_customer_by_answering_the_webhook() -> Result<()> {
    let mut world = World::start().await?;
    let (url, _received) = receiver(
        200,
        &[("content-type", "application/json")],
        r#"{"reply":{"text":"A second till opens on Monday."}}"#,
    )
    .await?;
    add(&world, json!({ "url": url, "may_reply": true, "event_types": ["response.completed"] })).await?;
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("Waited far too long")).await?;
    let created = world.delivery_of("message.created", &id).await?;
    assert_eq!(created.body["data"]["message"]["text"], "A second till opens on Monday.");
    let path = format!("/responses/{id}/messages");
    let written = world.api("POST", &path, Some(json!({ "text": "Maria here: sorry!" })), 201).await?;
    assert_eq!(written["from"], Value::Null);
    let created = world.delivery_of("message.created", &id).await?;
    assert_eq!(created.body["data"]["message"]["id"], written["id"]);
    let messages = world.api("GET", &path, None, 200).await?;
    assert_eq!(messages["messages"].as_array().map(Vec::len), Some(2));
    assert_eq!(world.api("GET", &format!("/responses/{id}"), None, 200).await?["response"]["score"], 2);
    for text in ["", "   ", "a\u{0}b", &"x".repeat(2_001)] {
        world.api("POST", &path, Some(json!({ "text": text })), 422).await?;
    }
    let unknown = format!("/responses/{}/messages", new_response_id());
    world.api("POST", &unknown, Some(json!({ "text": "hello" })), 404).await?;
    Ok(())
}
