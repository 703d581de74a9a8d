//! The main flow in another engine.

use anyhow::{Context as _, Result};
use heard_tests::World;
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test]
async fn firefox_answers_by_mouse_and_by_keyboard() -> Result<()> {
    let world = World::start().await?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/firefox.mjs");
    let mut node = Command::new("node");
    node.arg(script).arg(format!("{}/", world.url)).env("MODULES", xtask::setup::npm("firefox")?);
    let told = node.env("FIREFOX", xtask::setup::firefox()?).output().await?;
    let said = String::from_utf8_lossy(&told.stderr);
    let told: Value = serde_json::from_slice(&told.stdout).with_context(|| said.into_owned())?;
    let thanks = |who: &str| told[who]["thanks"].as_str().unwrap_or_default().to_owned();
    assert!(thanks("mouse").contains("The waiter was rude"), "{told}");
    assert!(thanks("keyboard").contains("Everyone was so kind"), "{told}");
    assert_eq!(told["keyboard"]["next"], "why");
    for who in ["mouse", "keyboard"] {
        assert_eq!(told[who]["errors"], json!([]), "{told}");
    }
    let stored = world.responses().await?;
    assert_eq!(stored.len(), 2);
    Ok(())
}
