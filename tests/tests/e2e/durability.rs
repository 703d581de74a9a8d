//! Nothing that was acknowledged to a customer is lost.

use anyhow::Result;
use heard_tests::{World, new_response_id};
use serde_json::json;

#[tokio::test]
async fn a_crash_between_the_thank_you_and_the_webhook_loses_neither() -> Result<()> {
    let mut world = World::start().await?;
    // An endpoint that takes the connection and never answers keeps the webhooks on their way.
    let hanging = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    world.add_endpoint("demo", &format!("http://{}/", hanging.local_addr()?)).await?;
    for round in 0..5 {
        let id = new_response_id();
        let submitted = world.submit(&id, 1, 2, Some("Slow service")).await?;
        assert_eq!(submitted["response"]["id"], id);
        world.kill()?;
        world.restart()?;
        let stored = world.responses().await?;
        assert_eq!(stored.len(), round + 1, "a row that was acknowledged is there after a crash");
        assert_eq!(stored[0]["comment"], "Slow service");
        world.delivery_of("response.scored", &id).await?;
        world.delivery_of("response.completed", &id).await?;
    }
    Ok(())
}

#[tokio::test]
async fn after_a_crash_webhooks_go_on_without_any_request() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 9, Some("Lovely staff")).await?;
    world.kill()?;
    // What came before the crash may be sent again; what did not must be sent now.
    while world.receiver.received.try_recv().is_ok() {}
    let again = new_response_id();
    world.restart()?;
    world.submit(&again, 1, 1, Some("Rude")).await?;
    world.kill()?;
    world.restart()?;
    world.delivery_of("response.completed", &again).await?;
    Ok(())
}
