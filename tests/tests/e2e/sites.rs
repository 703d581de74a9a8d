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
