//! The API's table, row by row: who may, by which method, and what is told to the others.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World};
use heard_wire::Scope;
use heard_wire::api::{Access, OperationId, ROUTES, Route};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A path with something in each place that names nothing, so that nothing is changed.
fn filled(route: &Route) -> String {
    route
        .path
        .replace("{site}", "demo")
        .replace("{endpoint}", "ep_00000000000000000000000000000000")
        .replace("{event}", "evt_00000000000000000000000000000000")
        .replace("{response}", "0190a5c4-7a1c-7def-8123-000000000000")
        .replace("{prefix}", "hk_000000000000")
        .replace("{visitor}", "nobody")
        .replace("{person}", "per_00000000000000000000000000000000")
        .replace("{case}", "case_00000000000000000000000000000000")
        .replace("{session}", "ses_00000000000000000000000000000000")
        .replace("{passkey}", "pas_00000000000000000000000000000000")
        .replace("{mailbox}", "mbx_00000000000000000000000000000000")
}

async fn add_key(world: &World, site: &str, scope: Scope) -> Result<String> {
    let url = format!("{}/v1/sites/{site}/keys", world.url);
    let body = json!({ "name": scope.as_str(), "scope": scope });
    let added: Value = world.http.post(url).bearer_auth(OWNER_KEY).json(&body).send().await?.json().await?;
    added["key"].as_str().map(str::to_owned).context("no key")
}

/// What the table says of a key: the status and code of a refusal, or that it is let through.
fn expected(access: Access, scope: Option<Scope>) -> Option<(u16, &'static str)> {
    match (access, scope) {
        (Access::Public, _) => None,
        // Who brings a key to what anybody may do is trusted, or refused.
        (Access::PublicOrKey(_), None) => Some((401, "invalid_key")),
        (Access::PublicOrKey(needs), Some(scope)) => (scope < needs).then_some((403, "insufficient_scope")),
        // A customer holds no key, and no key opens a conversation.
        (Access::Customer, _) => Some((401, "unknown_thread")),
        // Nor does a key stand in for who is signed in.
        (Access::Desk, _) => Some((401, "missing_key")),
        (Access::Owner, _) => Some((403, "insufficient_scope")),
        (Access::Key(_), None) => Some((401, "invalid_key")),
        (Access::Key(needs), Some(scope)) => (scope < needs).then_some((403, "insufficient_scope")),
    }
}

#[tokio::test]
async fn every_operation_lets_through_whom_the_table_says_and_no_other() -> Result<()> {
    let world = World::start().await?;
    world.configure("other", json!({ "name": "Other" })).await?;
    let mut keys = vec![(add_key(&world, "other", Scope::Admin).await?, None)];
    for scope in [Scope::Read, Scope::Write, Scope::Admin] {
        keys.push((add_key(&world, "demo", scope).await?, Some(scope)));
    }
    let made_up = format!("hk_{}_{}", "0".repeat(12), "0".repeat(64));
    keys.push((made_up, None));
    // What erases the site comes last.
    let (erasing, others): (Vec<_>, Vec<_>) =
        ROUTES.iter().partition(|route| route.operation == OperationId::EraseSite);
    for route in others.into_iter().chain(erasing) {
        let url = format!("{}{}", world.url, filled(route));
        let ask = async |key: Option<&str>| -> Result<(u16, String)> {
            // With a body that says nothing: who may not is told so all the same.
            let request = world.http.request(route.method.as_str().parse()?, &url).json(&json!({}));
            let answer = if let Some(key) = key { request.bearer_auth(key) } else { request }.send().await?;
            let status = answer.status().as_u16();
            let body: Value = serde_json::from_slice(&answer.bytes().await?).unwrap_or_default();
            Ok((status, body["code"].as_str().unwrap_or_default().to_owned()))
        };
        let refuses = |status: u16| matches!(status, 401 | 403);
        let name = route.operation.as_str();
        let (status, code) = ask(None).await?;
        let open = matches!(route.access, Access::Public | Access::PublicOrKey(_));
        assert_eq!((refuses(status), code == "missing_key"), (!open, !open), "{name} without a key: {status} {code}");
        for (key, scope) in &keys {
            let (status, code) = ask(Some(key)).await?;
            match expected(route.access, *scope) {
                Some(refusal) => assert_eq!((status, code.as_str()), refusal, "{name} by a key for {scope:?}"),
                None => assert!(!refuses(status) && status < 500, "{name} by a key for {scope:?}: {status} {code}"),
            }
        }
        let (status, code) = ask(Some(OWNER_KEY)).await?;
        if route.access == Access::Customer {
            assert_eq!((status, code.as_str()), (401, "unknown_thread"), "{name} by the owner");
            continue;
        }
        if route.access == Access::Desk {
            assert_eq!((status, code.as_str()), (401, "missing_key"), "{name} by the owner");
            continue;
        }
        assert!(!refuses(status) && status < 500 || status == 501, "{name} by the owner: {status} {code}");
    }
    Ok(())
}

#[tokio::test]
async fn every_address_knows_its_methods() -> Result<()> {
    let world = World::start().await?;
    let mut addresses: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for route in ROUTES {
        addresses.entry(filled(route)).or_default().push(route.method.as_str());
    }
    for (path, methods) in addresses {
        let url = format!("{}{path}", world.url);
        let ask = async |method: &str| {
            let request = world.http.request(method.parse::<Method>()?, &url).bearer_auth(OWNER_KEY);
            Ok::<_, anyhow::Error>(request.send().await?)
        };
        let mut allowed: Vec<&str> = methods.clone();
        if allowed.contains(&"GET") {
            allowed.push("HEAD");
        }
        allowed.push("OPTIONS");
        let preflight = ask("OPTIONS").await?;
        assert_eq!(preflight.status(), 204, "{path}");
        let header =
            |name: &str| preflight.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        assert_eq!(header("access-control-allow-methods"), allowed.join(", "), "{path}");
        assert!(header("access-control-allow-headers").contains("authorization"), "{path}");
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "LOCK"];
        for method in known.into_iter().filter(|method| !methods.contains(method)) {
            let answer = ask(method).await?;
            assert_eq!(answer.status(), 405, "{method} {path}");
            assert_eq!(answer.headers()["allow"], allowed.join(", "), "{method} {path}");
        }
        let (head, get) = (ask("HEAD").await?, ask("GET").await?);
        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(head.headers().get("content-type"), get.headers().get("content-type"), "{path}");
        assert!(head.bytes().await?.is_empty(), "{path}");
    }
    for path in ["/v1", "/v1/nothing", "/v1/sites/demo/nothing", "/v1/sites/demo/responses/x/y/z"] {
        for method in ["GET", "POST", "OPTIONS"] {
            let request = world.http.request(method.parse::<Method>()?, format!("{}{path}", world.url));
            assert_eq!(request.bearer_auth(OWNER_KEY).send().await?.status(), 404, "{method} {path}");
        }
    }
    Ok(())
}
