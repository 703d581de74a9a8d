//! One Worker, many sites, each on its own.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use serde_json::{Value, json};

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
    assert_eq!(submitted["acknowledgement"]["receipt"]["answered_by"], "Maria");
    assert_eq!(submitted["acknowledgement"]["ask"], "contact");

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
