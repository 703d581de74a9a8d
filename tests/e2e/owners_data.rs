//! The owner's data: erased for good, taken along, brought in, and set back.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use heard_wire::api::{Access, Method, ROUTES};
use serde_json::{Value, json};

/// Everything that any route for the owner shows of the site.
async fn shown(world: &World, response: &str) -> Result<String> {
    let mut all = String::new();
    for path in [
        "demo/responses?standing=any",
        "demo/responses?q=zebrasoup",
        "demo/responses.csv?standing=any",
        "demo/responses.ndjson?standing=any",
        "demo/visitors/visitor-7/responses",
        "demo/metrics?by=theme",
        "demo/events",
        "demo/deliveries",
        "demo/backup",
        &format!("demo/responses/{response}"),
        &format!("demo/responses/{response}/messages"),
        &format!("demo/events?response={response}"),
    ] {
        all.push_str(&world.owner("GET", path, "").await?.1);
    }
    let endpoints = world.api("GET", "/endpoints", None, 200).await?;
    for endpoint in endpoints["endpoints"].as_array().context("no endpoints")? {
        let id = endpoint["id"].as_str().context("no id")?;
        all.push_str(&world.owner("GET", &format!("demo/endpoints/{id}/attempts"), "").await?.1);
    }
    Ok(all)
}

#[tokio::test]
async fn afterwards_no_route_no_event_and_no_later_webhook_shows_a_word_of_it() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    let body = json!({ "id": id, "revision": 1, "score": 2, "comment": "The zebrasoup of Quentin was cold",
        "page": "https://cafe.example/", "lang": "en", "visitor": "visitor-7" });
    world.post(body.to_string()).await?;
    world.delivery_of("response.completed", &id).await?;
    // An endpoint that fails has events about it waiting.
    let added = world.api("POST", "/endpoints", Some(json!({ "url": "http://127.0.0.1:1/" })), 201).await?;
    let endpoint = added["id"].as_str().context("no id")?.to_owned();
    let replay = json!({ "since": "2020-13-01" });
    world.api("POST", &format!("/endpoints/{endpoint}/replay"), Some(replay), 422).await?;
    let replay = json!({ "since": "2020-01-01" });
    world.api("POST", &format!("/endpoints/{endpoint}/replay"), Some(replay), 202).await?;
    let key = "key-1";
    let url = format!("{}/v1/sites/demo/responses/{id}/messages", world.url);
    let message = json!({ "text": "Quentin is sorry, visitor-7" });
    let request = world.http.post(&url).bearer_auth(OWNER_KEY).header("idempotency-key", key).json(&message);
    assert_eq!(request.send().await?.status(), 201);
    world.delivery_of("message.created", &id).await?;
    assert!(shown(&world, &id).await?.contains("zebrasoup"));

    assert_eq!(world.owner("DELETE", &format!("demo/responses/{id}"), "").await?.0, 204);
    let left = shown(&world, &id).await?;
    for word in ["zebrasoup", "Quentin", "visitor-7"] {
        assert!(!left.contains(word), "{word}: {left}");
    }
    let erased = loop {
        let next = world.next_delivery().await?;
        if next.body["type"].as_str().is_some_and(|name| !name.starts_with("case.")) {
            break next;
        }
    };
    assert_eq!(
        (&erased.body["type"], &erased.body["data"]["erased"]),
        (&json!("response.erased"), &json!({ "id": id }))
    );
    assert_eq!(erased.body["data"].as_object().context("no data")?.len(), 4, "{}", erased.body);
    let again = world.http.post(&url).bearer_auth(OWNER_KEY).header("idempotency-key", key).json(&message);
    assert_eq!(again.send().await?.status(), 404, "not even the reply that was kept");
    let (status, problem) = world.owner("DELETE", &format!("demo/responses/{id}"), "").await?;
    assert_eq!(status, 404, "{problem}");
    let back = world.post(body.to_string()).await?;
    assert_eq!((back.status().as_u16(), back.json::<Value>().await?["code"].clone()), (410, json!("erased")));

    // All of a visitor.
    for _ in 0..3 {
        let body = json!({ "id": new_response_id(), "revision": 1, "score": 2, "comment": "zebrasoup",
            "page": "https://cafe.example/", "lang": "en", "visitor": "anna" });
        world.post(body.to_string()).await?;
    }
    let erased = world.api("DELETE", "/visitors/anna/responses", None, 200).await?;
    assert_eq!(erased, json!({ "erased": 3, "more": false }));
    assert!(!shown(&world, &id).await?.contains("zebrasoup"));
    Ok(())
}

#[tokio::test]
async fn a_site_is_erased_with_everything_in_it_and_its_name_is_free() -> Result<()> {
    let world = World::start().await?;
    world.submit(&new_response_id(), 1, 2, Some("zebrasoup")).await?;
    let key = world.api("POST", "/keys", Some(json!({ "name": "x", "scope": "admin" })), 201).await?;
    assert_eq!(world.owner("DELETE", "demo", "").await?.0, 204);
    for path in ["demo", "demo/responses", "demo/survey"] {
        assert_eq!(world.owner("GET", path, "").await?.0, 404, "{path}");
    }
    let url = format!("{}/v1/sites/demo", world.url);
    let by_key = world.http.get(&url).bearer_auth(key["key"].as_str().context("no key")?).send().await?;
    assert_eq!(by_key.status(), 401);
    let sites: Value =
        world.http.get(format!("{}/v1/sites", world.url)).bearer_auth(OWNER_KEY).send().await?.json().await?;
    assert_eq!(sites["sites"], json!([]));
    for file in world.databases()? {
        assert!(!String::from_utf8_lossy(&std::fs::read(&file)?).contains("zebrasoup"), "{}", file.display());
    }
    world.configure("demo", json!({ "name": "Anew" })).await?;
    world.submit(&new_response_id(), 1, 9, None).await?;
    assert_eq!(world.responses().await?.len(), 1);
    assert_eq!(world.api("GET", "", None, 200).await?["revision"], 1);
    Ok(())
}

#[tokio::test]
async fn names_that_are_only_guessed_create_nothing() -> Result<()> {
    let world = World::start().await?;
    let before = world.databases()?.len();
    for number in 0..30 {
        for path in ["survey", "responses"] {
            let url = format!("{}/v1/sites/guess-{number}/{path}", world.url);
            let key = format!("hk_{}_{}", "0".repeat(12), "0".repeat(64));
            let answer = world.http.get(&url).bearer_auth(key).send().await?;
            assert!([401, 404].contains(&answer.status().as_u16()), "{url}: {}", answer.status());
        }
        let post = world.http.post(format!("{}/v1/sites/guess-{number}/responses", world.url));
        let body =
            json!({ "id": new_response_id(), "revision": 1, "score": 1, "page": "https://a.example/", "lang": "en" });
        assert_eq!(post.header("content-type", "text/plain").body(body.to_string()).send().await?.status(), 404);
    }
    assert_eq!(world.databases()?.len(), before);
    Ok(())
}

#[tokio::test]
async fn settings_change_one_by_one_and_nobody_s_change_is_lost() -> Result<()> {
    let world = World::start().await?;
    let url = format!("{}/v1/sites/demo", world.url);
    let read = world.http.get(&url).bearer_auth(OWNER_KEY).send().await?;
    let etag = read.headers()["etag"].clone();
    let patch = async |if_match: &reqwest::header::HeaderValue, body: Value| {
        let request = world.http.patch(&url).bearer_auth(OWNER_KEY).header("if-match", if_match).json(&body);
        let answer = request.send().await?;
        Ok::<_, anyhow::Error>((answer.status().as_u16(), answer.json::<Value>().await?))
    };
    let (status, changed) = patch(&etag, json!({ "promise": { "by_when": "soon" } })).await?;
    assert_eq!((status, &changed["settings"]["name"]), (200, &json!("Corner Café")));
    let (status, problem) = patch(&etag, json!({ "archived": true })).await?;
    assert_eq!((status, &problem["code"]), (412, &json!("precondition_failed")));
    let (status, problem) = patch(&"*".parse()?, json!({ "time_zone": "Mars/Olympus", "keep_days": 3 })).await?;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/time_zone")));
    let put = world.http.put(&url).bearer_auth(OWNER_KEY).header("if-match", etag).json(&json!({ "name": "Late" }));
    assert_eq!(put.send().await?.status(), 412);
    let put =
        world.http.put(&url).bearer_auth(OWNER_KEY).header("if-none-match", "*").json(&json!({ "name": "Again" }));
    assert_eq!(put.send().await?.status(), 412, "it is to be created, and is there");
    let new = world.http.put(format!("{}/v1/sites/new", world.url)).bearer_auth(OWNER_KEY);
    let new = new.header("if-none-match", "*").json(&json!({ "name": "New" }));
    assert_eq!(new.send().await?.status(), 200);
    let read = world.http.get(&url).bearer_auth(OWNER_KEY).send().await?;
    let etag = read.headers()["etag"].clone();
    let unchanged = world.http.get(&url).bearer_auth(OWNER_KEY).header("if-none-match", etag).send().await?;
    assert_eq!(unchanged.status(), 304);
    let settings = world.api("GET", "", None, 200).await?["settings"].clone();
    assert_eq!((&settings["promise"]["by_when"], &settings["archived"]), (&json!("soon"), &json!(false)));
    Ok(())
}

#[tokio::test]
async fn parameters_that_are_not_known_are_refused_everywhere() -> Result<()> {
    let world = World::start().await?;
    for route in ROUTES.iter().filter(|route| route.path.contains("{site}")) {
        let path = route
            .path
            .replace("{site}", "demo")
            .replace("{endpoint}", "ep_00000000000000000000000000000000")
            .replace("{event}", "evt_00000000000000000000000000000000")
            .replace("{response}", "0190a5c4-7a1c-7def-8123-000000000000");
        let url = format!("{}{path}?colour=red", world.url);
        let thread = format!("0190a5c4-7a1c-7def-8123-000000000000.{}", "0".repeat(32));
        let key = if route.access == Access::Customer { thread.as_str() } else { OWNER_KEY };
        let request = world.http.request(route.method.as_str().parse()?, url).bearer_auth(key);
        let request = if route.method == Method::Get { request } else { request.json(&json!({})) };
        let answer = request.send().await?;
        assert_eq!(answer.status(), 400, "{route:?}");
        assert_eq!(answer.json::<Value>().await?["code"], "invalid_parameter", "{route:?}");
    }
    let plus = world.api("GET", "/responses?since=2026-11-22T09:00:00+01:00", None, 400).await?;
    assert!(plus["detail"].as_str().is_some_and(|detail| detail.contains("%2B")), "{plus}");
    world.api("GET", "/responses?since=2026-11-22&until=2026-11-23", None, 200).await?;
    world.api("GET", "/metrics?by=week&tz=America%2FNew_York", None, 200).await?;
    world.api("GET", "/metrics?tz=Nowhere", None, 400).await?;
    Ok(())
}

#[tokio::test]
async fn events_are_listed_fetched_and_what_failed_is_found_across_endpoints() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("Cold soup")).await?;
    let sent = world.delivery_of("response.completed", &id).await?;
    let events = world.api("GET", &format!("/events?response={id}&type=response.completed"), None, 200).await?;
    assert_eq!(events["events"][0], sent.body);
    assert_eq!(world.api("GET", &format!("/events/{}", sent.id), None, 200).await?, sent.body);
    let page = world.api("GET", "/events?limit=1&type=response.completed", None, 200).await?;
    assert!(page["next_cursor"].is_null());
    let page = world.api("GET", "/events?limit=2", None, 200).await?;
    let next = page["next_cursor"].as_str().context("no cursor")?;
    assert_eq!(
        world.api("GET", &format!("/events?limit=1&cursor={next}"), None, 200).await?["events"][0]["type"],
        "response.scored"
    );
    world.api("GET", "/events?type=nothing", None, 400).await?;
    until("the score, the words and the case are delivered", async || {
        let delivered = world.api("GET", "/deliveries?state=delivered", None, 200).await?;
        Ok((delivered["deliveries"].as_array().is_some_and(|all| all.len() == 3)).then_some(()))
    })
    .await?;
    let added = world.api("POST", "/endpoints", Some(json!({ "url": "http://127.0.0.1:1/" })), 201).await?;
    let endpoint = added["id"].as_str().context("no id")?;
    world.submit(&new_response_id(), 1, 9, None).await?;
    until("an attempt failed", async || {
        let pending = world.api("GET", &format!("/deliveries?state=pending&endpoint={endpoint}"), None, 200).await?;
        Ok(pending["deliveries"][0]["error"].as_str().is_some().then_some(()))
    })
    .await?;
    world.api("PATCH", &format!("/endpoints/{endpoint}"), Some(json!({ "enabled": false })), 200).await?;
    let failed = world.api("GET", "/deliveries?state=failed", None, 200).await?;
    assert_eq!(failed["deliveries"][0]["endpoint"], endpoint);

    // A secret that leaked is void at once.
    let own = world.endpoint_path().await?;
    let rotated = world.api("POST", &format!("{own}/secret"), Some(json!({ "overlap_hours": 0 })), 200).await?;
    assert_eq!(rotated["previous_until"], Value::Null);
    world.api("POST", &format!("{own}/secret"), Some(json!({ "overlap": 0 })), 422).await?;
    assert!(world.api("POST", &format!("{own}/secret"), None, 200).await?["previous_until"].is_string());
    Ok(())
}

#[tokio::test]
async fn pages_of_the_worker_run_no_script_and_are_shown_in_no_frame() -> Result<()> {
    let world = World::start_public().await?;
    for path in ["/docs", "/docs/problems"] {
        let answer = world.http.get(format!("{}{path}", world.url)).send().await?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!((header("referrer-policy"), header("x-frame-options")), ("no-referrer", "DENY"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
    Ok(())
}
