//! `v1a`: deliveries signed with Ed25519, verified by somebody else's implementation.

use anyhow::{Context as _, Result};
use axum::body::Bytes;
use axum::http::HeaderMap;
use heard_tests::{World, new_response_id};
use serde_json::json;
use std::process::Command;
use tokio::sync::mpsc::unbounded_channel;

/// Verifies as a receiver on Node.js would: with the runtime's own Ed25519.
const VERIFY: &str = r#"
const { createPublicKey, verify } = require("crypto");
const [key, signed, signatures] = process.argv.slice(1);
const raw = Buffer.from(key.replace("whpk_", ""), "base64");
const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
const fits = (one) => one.startsWith("v1a,") && verify(null, signed, publicKey, Buffer.from(one.slice(4), "base64"));
process.exit(signatures.split(" ").some(fits) ? 0 : 1);
"#;

fn verifies(public_key: &str, headers: &HeaderMap, body: &[u8]) -> Result<bool> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).context("a header is missing");
    let signed = format!("{}.{}.{}", header("webhook-id")?, header("webhook-timestamp")?, std::str::from_utf8(body)?);
    let signatures = header("webhook-signature")?;
    Ok(Command::new("node").args(["-e", VERIFY, public_key, &signed, signatures]).status()?.success())
}

#[tokio::test]
async fn a_receiver_verifies_with_a_public_key_alone() -> Result<()> {
    let world = World::start().await?;
    let (sender, mut received) = unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let app = axum::Router::new().fallback(async move |headers: HeaderMap, body: Bytes| {
        let _ = sender.send((headers, body));
    });
    tokio::spawn(async move { axum::serve(listener, app).await });

    let added = world.api("POST", "/endpoints", Some(json!({ "url": url, "signature": "v1a" })), 201).await?;
    assert_eq!((added["signature"].as_str(), added.get("secret")), (Some("v1a"), None), "the private key stays");
    let path = format!("/endpoints/{}/secret", added["id"].as_str().context("no id")?);
    let old = added["public_key"].as_str().context("no public key")?.to_owned();
    assert_eq!(world.api("GET", &path, None, 200).await?, json!({ "public_key": old, "previous_until": null }));

    world.submit(&new_response_id(), 1, 9, None).await?;
    let (headers, body) = received.recv().await.context("nothing came")?;
    assert!(verifies(&old, &headers, &body)?);
    assert!(!verifies(&old, &headers, b"{}")?, "another body");

    let rotated = world.api("POST", &path, None, 200).await?;
    let new = rotated["public_key"].as_str().context("no public key")?;
    assert!(new != old && rotated["previous_until"].is_string());
    world.submit(&new_response_id(), 1, 8, None).await?;
    let (headers, body) = received.recv().await.context("nothing came after the rotation")?;
    assert!(verifies(&old, &headers, &body)? && verifies(new, &headers, &body)?, "a day long, both verify");

    let problem = world.api("POST", "/endpoints", Some(json!({ "url": url, "signature": "v2" })), 422).await?;
    assert_eq!(problem["errors"][0]["pointer"], "/signature");
    Ok(())
}
