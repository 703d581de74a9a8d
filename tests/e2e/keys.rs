//! API keys: what each scope allows, and that a revoked key is worth nothing.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id};
use serde_json::{Value, json};

async fn status(world: &World, key: &str, method: &str, path: &str, body: Option<Value>) -> Result<(u16, Value)> {
    let url = format!("{}/v1/sites/demo{path}", world.url);
    let request = world.http.request(method.parse()?, url).bearer_auth(key);
    let request = if let Some(body) = body { request.json(&body) } else { request };
    let answer = request.send().await?;
    let (status, body) = (answer.status().as_u16(), answer.bytes().await?);
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}

#[tokio::test]
async fn a_key_allows_what_its_scope_says_until_it_is_revoked() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 3, Some("Cold soup")).await?;
    let mut keys = Vec::new();
    for scope in ["read", "write", "admin"] {
        let added = world.api("POST", "/keys", Some(json!({ "name": scope, "scope": scope })), 201).await?;
        let text = |name: &str| added[name].as_str().map(str::to_owned).context("not in the answer");
        let (key, prefix) = (text("key")?, text("prefix")?);
        assert!(key.starts_with(&prefix) && key.len() > 70);
        keys.push((key, prefix));
    }
    let listed = world.api("GET", "/keys", None, 200).await?;
    for (key, prefix) in &keys {
        assert!(!listed.to_string().contains(key) && listed.to_string().contains(prefix));
    }
    let message = format!("/responses/{id}/messages");
    let acts: [(&str, &str, Option<Value>, [u16; 3]); 7] = [
        ("GET", "/responses", None, [200, 200, 200]),
        ("GET", "/metrics", None, [200, 200, 200]),
        ("GET", "/endpoints", None, [200, 200, 200]),
        ("POST", &message, Some(json!({ "text": "Sorry!" })), [403, 201, 201]),
        ("POST", "/endpoints", Some(json!({ "url": "https://crm.example.com/" })), [403, 403, 201]),
        ("GET", "/keys", None, [403, 403, 200]),
        ("PUT", "", Some(json!({ "name": "Café" })), [403, 403, 200]),
    ];
    for (method, path, body, expected) in acts {
        for ((key, _), expected) in keys.iter().zip(expected) {
            let (got, answer) = status(&world, key, method, path, body.clone()).await?;
            assert_eq!(got, expected, "{method} {path}: {answer}");
            assert!(got != 403 || answer["code"] == "insufficient_scope");
        }
    }
    let (read, prefix) = keys.first().context("no keys")?;
    let listed = world.api("GET", "/keys", None, 200).await?;
    assert!(listed["keys"][0]["last_used_at"].is_string());
    // A key is worth nothing at another site, with one letter changed, or when it is revoked.
    world.configure("other", json!({ "name": "Other" })).await?;
    let url = format!("{}/v1/sites/other/responses", world.url);
    assert_eq!(world.http.get(url).bearer_auth(read).send().await?.status(), 401);
    let mut changed = read.clone();
    changed.pop();
    changed.push(if read.ends_with('0') { '1' } else { '0' });
    assert_eq!(status(&world, &changed, "GET", "/responses", None).await?.0, 401);
    world.api("DELETE", &format!("/keys/{prefix}"), None, 204).await?;
    assert_eq!(status(&world, read, "GET", "/responses", None).await?.0, 401);
    world.api("DELETE", &format!("/keys/{prefix}"), None, 404).await?;
    world.api("POST", "/keys", Some(json!({ "name": " ", "scope": "root" })), 422).await?;
    Ok(())
}

#[tokio::test]
async fn a_write_with_an_idempotency_key_happens_once() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 3, None).await?;
    let post = async |key: &str, text: &str| {
        let url = format!("{}/v1/sites/demo/responses/{id}/messages", world.url);
        let request = world.http.post(url).bearer_auth(OWNER_KEY).header("idempotency-key", key);
        let answer = request.json(&json!({ "text": text })).send().await?;
        let status = answer.status().as_u16();
        Ok::<_, anyhow::Error>((status, answer.json::<Value>().await?))
    };
    let first = post("one", "Sorry!").await?;
    assert_eq!(first.0, 201);
    assert_eq!(post("one", "Sorry!").await?, first);
    let (status, problem) = post("one", "Something else").await?;
    assert_eq!((status, problem["code"].as_str()), (422, Some("idempotency_key_reused")));
    assert_ne!(post("two", "Sorry!").await?.1["id"], first.1["id"]);
    assert_eq!(post("a b", "Sorry!").await?.0, 400);
    let messages = world.api("GET", &format!("/responses/{id}/messages"), None, 200).await?;
    assert_eq!(messages["messages"].as_array().map(Vec::len), Some(2));
    Ok(())
}
