//! The owner reads answers back, newest first, page by page.

use anyhow::Result;
use heard_tests::{OWNER_KEY, World, new_response_id};
use serde_json::Value;

#[tokio::test]
async fn pages_follow_one_another_without_gaps_or_repeats() -> Result<()> {
    let world = World::start().await?;
    let mut ids = Vec::new();
    for score in 0..=10 {
        let id = new_response_id();
        world.submit(&id, 1, score, None).await?;
        ids.push(id);
    }
    ids.reverse();
    let mut read = Vec::new();
    let mut cursor = String::new();
    loop {
        let url = format!("{}/v1/sites/demo/responses?limit=4{cursor}", world.url);
        let page: Value = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.json().await?;
        let responses = page["responses"].as_array().cloned().unwrap_or_default();
        assert!(responses.len() <= 4);
        read.extend(responses.iter().map(|response| response["id"].as_str().unwrap_or_default().to_owned()));
        // An answer that comes in meanwhile moves no page.
        world.submit(&new_response_id(), 1, 0, None).await?;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(read, ids);
    Ok(())
}
