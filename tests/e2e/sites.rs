//! One Worker, many sites, each on its own.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn settings_take_effect_at_once_and_sites_do_not_mix() -> Result<()> {
    let world = World::start().await?;
    let created = world.configure("other", json!({ "name": "Other", "language": "fr" })).await?;
    assert_eq!(created["revision"], 1);
    world.submit(&new_response_id(), 1, 3, None).await?;

    let promise = json!({ "answered_by": "Maria", "by_when": "by Friday" });
    let changed = world.configure("demo", json!({ "name": "Corner Café", "promise": promise })).await?;
    assert_eq!(changed["revision"], 2);
    let submitted = world.submit(&new_response_id(), 1, 3, Some("Cold soup and rude staff")).await?;
    let reply = &submitted["acknowledgement"];
    assert_eq!(
        (&reply["ask"], &reply["question"]),
        (&json!("contact"), &json!("How can we reach you? Email or phone."))
    );
    assert_eq!(reply["receipt"]["answered_by"], Value::Null, "nobody can answer who is not known");

    let url = format!("{}/v1/sites/other/responses", world.url);
    let page: Value = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.json().await?;
    assert_eq!(page["responses"], json!([]));
    let url = format!("{}/v1/sites/other", world.url);
    let read: Value = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.json().await?;
    assert_eq!(read["settings"]["language"], "fr");
    Ok(())
}

#[tokio::test]
async fn an_archived_site_asks_nobody_and_keeps_what_it_has() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 3, Some("Cold soup")).await?;
    world.configure("demo", json!({ "name": "Corner Café", "archived": true })).await?;
    let survey = world.http.get(format!("{}/v1/sites/demo/survey", world.url)).send().await?;
    assert_eq!(survey.status(), 410);
    let body =
        json!({ "id": new_response_id(), "revision": 1, "score": 9, "page": "https://a.example/", "lang": "en" });
    let answer = world.post(body.to_string()).await?;
    assert_eq!(answer.status(), 410);
    assert_eq!(answer.json::<Value>().await?["code"], "site_archived");
    assert_eq!(world.responses().await?.len(), 1);
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    world.submit(&new_response_id(), 1, 9, None).await?;
    Ok(())
}

#[tokio::test]
async fn comments_are_heard_again_when_the_owner_changes_the_themes() -> Result<()> {
    let world = World::start().await?;
    // More than one alarm's share.
    for count in 0..450 {
        world.submit(&new_response_id(), 1, 3, Some(&format!("Waited {count} minutes for a rickshaw"))).await?;
    }
    let rickshaw = json!([{ "id": "rides", "label": "rides", "phrases": ["rickshaw"] }]);
    world.configure("demo", json!({ "name": "Corner Café", "themes": rickshaw })).await?;
    // The newest come last, so these tell of all.
    until("every comment is heard again", async || {
        let newest = world.responses().await?;
        let again = newest.iter().filter(|response| response["heard"]["themes"][0]["id"] == "rides").count();
        Ok((again == newest.len()).then_some(()))
    })
    .await
}

#[tokio::test]
async fn the_owners_voice_and_lines_are_what_customers_read() -> Result<()> {
    let mut world = World::start().await?;
    let themes = json!([{ "id": "waiting", "label": "waiting", "phrases": ["waited", "queue"],
        "when_criticised": "We added two tills in May." }]);
    let voice = json!({ "tone": "formal", "reader": "Maria" });
    world.configure("demo", json!({ "name": "Corner Café", "themes": themes, "voice": voice })).await?;
    let id = new_response_id();
    let comment = "We waited 40 minutes in the queue, far too long. Tom was lovely.";
    let submitted = world.submit(&id, 1, 2, Some(comment)).await?;
    let text = submitted["acknowledgement"]["text"].as_str().unwrap_or_default();
    assert!(text.contains("waited 40 minutes in the queue") && text.contains("We added two tills in May."), "{text}");
    let other = world.submit(&new_response_id(), 1, 2, Some("The soup was stone cold and bland")).await?;
    let text = other["acknowledgement"]["text"].as_str().unwrap_or_default();
    assert!(text.contains("Maria") && !text.contains("tills"), "{text}");
    let listed = world.responses().await?;
    let soup = listed.iter().find(|response| response["score"] == 2 && response["comment"] != comment);
    let topics = soup.map(|response| &response["heard"]["topics"]);
    assert_eq!(topics, Some(&json!([{ "quote": "soup", "polarity": "negative" }])), "named in no theme");

    let told = world.delivery_of("response.completed", &id).await?;
    let heard = &told.body["data"]["response"]["heard"];
    assert_eq!(heard["people"], json!([{ "name": "Tom", "polarity": "positive" }]));
    assert_eq!(heard["amounts"], json!([{ "kind": "duration", "quote": "40 minutes" }]));
    assert_eq!(heard["themes"][0]["id"], "waiting");
    assert!(heard["themes"][0]["quote"].as_str().is_some_and(|quote| comment.contains(quote)), "{heard}");
    Ok(())
}

#[tokio::test]
async fn the_owner_of_a_worker_sees_all_its_sites() -> Result<()> {
    let world = World::start().await?;
    world.configure("shop", json!({ "name": "Corner Shop" })).await?;
    world.configure("old-shop", json!({ "name": "Old Shop", "archived": true })).await?;
    let list = async |query: &str| -> Result<Value> {
        let request = world.http.get(format!("{}/v1/sites{query}", world.url)).bearer_auth(OWNER_KEY);
        Ok(request.send().await?.json().await?)
    };
    let page = list("?limit=2").await?;
    let told = |page: &Value| -> Vec<(String, bool)> {
        let sites = page["sites"].as_array().cloned().unwrap_or_default();
        sites.iter().map(|site| (site["name"].to_string(), site["archived"] == true)).collect()
    };
    assert_eq!(told(&page), [("\"Corner Café\"".to_owned(), false), ("\"Old Shop\"".to_owned(), true)]);
    let cursor = page["next_cursor"].as_str().unwrap_or_default();
    assert_eq!(told(&list(&format!("?cursor={cursor}")).await?), [("\"Corner Shop\"".to_owned(), false)]);
    assert_eq!(list("?cursor=%20").await?["code"], "invalid_parameter");

    // A key of one site tells nothing of the others.
    let made = world.api("POST", "/keys", Some(json!({ "name": "CRM", "scope": "admin" })), 201).await?;
    let key = made["key"].as_str().unwrap_or_default();
    for (key, status) in [(key, 403), ("hk_made_up", 403), ("guessed", 401)] {
        let answer = world.http.get(format!("{}/v1/sites", world.url)).bearer_auth(key).send().await?;
        assert_eq!(answer.status(), status);
    }
    Ok(())
}

#[tokio::test]
async fn r10_a_change_of_themes_on_a_quiet_site_stops_no_webhook() -> Result<()> {
    let mut world = World::start().await?;
    for count in 0..3 {
        world.submit(&new_response_id(), 1, 3, Some(&format!("Waited {count} minutes for a rickshaw"))).await?;
    }
    world.next_deliveries(6).await?;
    until("the site is quiet, and will wake only to forget its first event in a month", async || {
        Ok(world.wakes_in("demo")?.filter(|wait| *wait > Duration::from_secs(60)))
    })
    .await?;
    let rickshaw = json!([{ "id": "rides", "label": "rides", "phrases": ["rickshaw"] }]);
    world.configure("demo", json!({ "name": "Corner Café", "themes": rickshaw })).await?;
    let id = new_response_id();
    world.submit(&id, 1, 3, Some("The rickshaw was late")).await?;
    world.delivery_of("response.scored", &id).await?;
    world.delivery_of("response.completed", &id).await?;
    until("every comment is heard again", async || {
        let all = world.responses().await?;
        Ok(all.iter().all(|response| response["heard"]["themes"][0]["id"] == "rides").then_some(()))
    })
    .await
}
