//! The survey: one language, cacheable.

use anyhow::Result;
use heard_tests::World;
use serde_json::{Value, json};

#[tokio::test]
async fn it_is_told_once_and_then_not_modified() -> Result<()> {
    let world = World::start().await?;
    let url = format!("{}/v1/sites/demo/survey?lang=en-GB", world.url);
    let first = world.http.get(&url).send().await?;
    let etag = first.headers()["etag"].clone();
    let survey: Value = first.json().await?;
    assert_eq!(survey["lang"], "en");
    assert_eq!(survey["copy"]["question"], "How likely are you to recommend Corner Café to a friend?");

    let again = world.http.get(&url).header("if-none-match", &etag).send().await?;
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"], etag);
    assert!(again.bytes().await?.is_empty());
    let weak = format!("\"x\", W/{}", etag.to_str()?);
    assert_eq!(world.http.get(&url).header("if-none-match", weak).send().await?.status(), 304);

    world.configure("demo", json!({ "name": "New Name" })).await?;
    let changed = world.http.get(&url).header("if-none-match", &etag).send().await?;
    assert_eq!(changed.status(), 200);
    assert!(changed.text().await?.contains("New Name"));
    Ok(())
}
