//! Cloudflare's edge: what it answers by itself, and where the data lies. `edge.js` stands in for it.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id};
use serde_json::{Value, json};
use xtask::{build, root};

async fn world(variables: &[(&str, &str)]) -> Result<World> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let world = World::start_with(build::built()?, |options| {
        options.entry = Some(root().join("tests/e2e/edge.js"));
        options.variables = variables;
        options.at_the_edge = true;
    })
    .await?;
    world.configure("demo", json!({ "name": "Corner Café", "origins": ["https://shop.example"] })).await?;
    Ok(world)
}

async fn counts(world: &World) -> Result<Value> {
    Ok(world.http.get(format!("{}/edge/counts", world.url)).send().await?.json().await?)
}

/// What a page of this origin loads to find out whether to ask.
async fn view(world: &World, origin: &str) -> Result<(u16, Value)> {
    let loader = world.http.get(format!("{}/heard.js", world.url)).send().await?;
    assert_eq!(loader.status(), 200);
    let url = format!("{}/v1/sites/demo/survey?lang=en", world.url);
    let survey = world.http.get(url).header("origin", origin).send().await?;
    assert!(survey.headers().get("cache-tag").is_none());
    Ok((survey.status().as_u16(), survey.json().await?))
}

/// Sends what a page of the shop does, with the token that it was given.
async fn answer_counts(world: &World, token: &Value) -> Result<()> {
    let body = json!({ "id": new_response_id(), "revision": 1, "score": 9, "page": "https://shop.example/", "lang": "en",
        "secret": "secret-of-this-browser", "token": token });
    let browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";
    let sent = world.http.post(format!("{}/v1/sites/demo/responses", world.url)).header("user-agent", browser);
    let sent =
        sent.header("origin", "https://shop.example").header("content-type", "text/plain").body(body.to_string());
    let stored: Value = sent.send().await?.json().await?;
    assert!(stored["response"]["id"].is_string() && stored["response"].get("suspect").is_none(), "{stored}");
    Ok(())
}

#[tokio::test]
async fn a_page_view_calls_no_object_and_a_change_of_settings_shows_at_once() -> Result<()> {
    let mut world = world(&[]).await?;
    let shop = "https://shop.example";
    world.run_with(|_| {})?;
    assert_eq!(view(&world, shop).await?.0, 200);
    let first = counts(&world).await?;
    assert_eq!((&first["site"], &first["directory"]), (&json!(1), &json!(0)), "the first asks one object, once");
    let unknown = world.http.get(format!("{}/v1/sites/nothing/survey", world.url)).send().await?;
    assert_eq!(unknown.status(), 404);
    let before = counts(&world).await?;
    for _ in 0..200 {
        assert_eq!(view(&world, shop).await?.0, 200);
    }
    let after = counts(&world).await?;
    assert_eq!(after, before, "two hundred views of a page reach neither the Worker nor an object");

    assert_eq!(view(&world, "https://evil.example").await?.0, 403, "each origin has an answer of its own");
    world.api("PATCH", "", Some(json!({ "name": "New Name" })), 200).await?;
    let (_, survey) = view(&world, shop).await?;
    assert!(survey.to_string().contains("New Name"), "{survey}");
    world.api("PATCH", "", Some(json!({ "archived": true })), 200).await?;
    assert_eq!(view(&world, shop).await?.0, 410);
    world.api("PATCH", "", Some(json!({ "archived": false })), 200).await?;
    let backup = world.http.get(format!("{}/v1/sites/demo/backup", world.url)).bearer_auth(OWNER_KEY);
    let backup = backup.send().await?.text().await?.replace("New Name", "Of Before");
    assert_eq!(view(&world, shop).await?.0, 200);
    let import = world.http.post(format!("{}/v1/sites/demo/backup", world.url)).bearer_auth(OWNER_KEY).body(backup);
    assert_eq!(import.send().await?.status(), 200);
    assert!(view(&world, shop).await?.1.to_string().contains("Of Before"));
    world.api("DELETE", "", None, 204).await.ok();
    assert_eq!(view(&world, shop).await?.0, 404);
    Ok(())
}

#[tokio::test]
async fn what_is_cached_still_lets_answers_count() -> Result<()> {
    let world = world(&[]).await?;
    view(&world, "https://shop.example").await?;
    let (_, survey) = view(&world, "https://shop.example").await?;
    answer_counts(&world, &survey["token"]).await?;
    Ok(())
}

/// Waits until so many deliveries are written down as made: the receiver knows of each a little earlier.
async fn all_are_noted(world: &World, count: usize) -> Result<()> {
    let endpoint = world.api("GET", "/endpoints", None, 200).await?["endpoints"][0]["id"].clone();
    let path = format!("/endpoints/{}/attempts", endpoint.as_str().unwrap_or_default());
    let noted = async || {
        let attempts = world.api("GET", &path, None, 200).await?;
        Ok((attempts["attempts"].as_array().map(Vec::len) == Some(count)).then_some(()))
    };
    heard_tests::until("all deliveries are written down", noted).await
}

#[tokio::test]
async fn an_answer_writes_few_rows() -> Result<()> {
    let mut world = world(&[]).await?;
    let secret = world.add_endpoint("demo", &world.receiver.url.clone()).await?;
    world.receiver.trust(&secret);
    // The first answer makes what all others find.
    for _ in 0..2 {
        world.submit(&new_response_id(), 1, 9, Some("The soup was cold and the waiter was rude")).await?;
        world.next_deliveries(2).await?;
    }
    let written = |counts: &Value| counts["rows"].as_object().cloned().unwrap_or_default();
    all_are_noted(&world, 4).await?;
    let before = counts(&world).await?;
    let id = new_response_id();
    for (revision, comment) in [(1, None), (2, Some("The soup was cold and the waiter was rude"))] {
        world.submit(&id, revision, 8, comment).await?;
        world.next_delivery().await?;
    }
    all_are_noted(&world, 6).await?;
    let after = counts(&world).await?;
    let (mut taken_in, mut delivered) = (0, 0);
    for (statement, rows) in written(&after) {
        let rows = rows.as_i64().unwrap_or(0) - before["rows"][&statement].as_i64().unwrap_or(0);
        if rows > 0 {
            println!("{rows:>3}  {statement}");
        }
        let is_of_delivery = statement.contains("attempts");
        *if is_of_delivery { &mut delivered } else { &mut taken_in } += rows;
    }
    let alarms = after["alarms"].as_i64().unwrap_or(0) - before["alarms"].as_i64().unwrap_or(0);
    println!("{taken_in:>3}  for the answer, {delivered} for its deliveries, and {alarms} alarms");
    assert!(taken_in <= 12, "an answer and its words write {taken_in} rows");
    assert!(delivered <= 6, "two deliveries write {delivered} rows");
    Ok(())
}

#[tokio::test]
async fn the_data_lies_in_the_jurisdiction_that_was_chosen() -> Result<()> {
    let mut world = world(&[("HEARD_JURISDICTION", "eu")]).await?;
    world.submit(&new_response_id(), 1, 9, None).await?;
    assert_eq!(counts(&world).await?["jurisdictions"], json!(["eu"]));
    let sites = world.http.get(format!("{}/v1/sites", world.url)).bearer_auth(OWNER_KEY).send().await?;
    let sites: Value = sites.json().await?;
    assert_eq!((&sites["sites"][0]["id"], &sites["sites"][0]["jurisdiction"]), (&json!("demo"), &json!("eu")));
    // Elsewhere it would seem to be gone, and a new one would take its name.
    world.run_with(|options| options.variables.clear())?;
    let again = world.http.put(format!("{}/v1/sites/demo", world.url)).bearer_auth(OWNER_KEY);
    let refused = again.json(&json!({ "name": "Again" })).send().await?;
    let (status, problem): (_, Value) = (refused.status().as_u16(), refused.json().await?);
    assert_eq!((status, &problem["code"]), (409, &json!("conflict")), "{problem}");
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("\"eu\"")), "{problem}");
    Ok(())
}

#[tokio::test]
async fn the_owner_s_key_is_changed_without_a_gap() -> Result<()> {
    let new = "a-new-owner-key-0123456789abcdef";
    let mut world = world(&[]).await?;
    let (_, survey) = view(&world, "https://shop.example").await?;
    let reads = async |world: &World, key: &str| {
        let read = world.http.get(format!("{}/v1/sites/demo", world.url)).bearer_auth(key).send().await;
        Ok::<_, anyhow::Error>(read?.status().as_u16())
    };
    world.run_with(|options| {
        options.owner_key = new.to_owned();
        options.variables = vec![("HEARD_OWNER_KEY_PREVIOUS".into(), OWNER_KEY.into())];
    })?;
    assert_eq!((reads(&world, new).await?, reads(&world, OWNER_KEY).await?), (200, 200));
    // A page that has been open since has a token of before.
    answer_counts(&world, &survey["token"]).await?;

    world.run_with(|options| options.variables.clear())?;
    assert_eq!((reads(&world, new).await?, reads(&world, OWNER_KEY).await?), (200, 401));
    Ok(())
}
