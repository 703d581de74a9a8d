//! A customer for whom the owner's server vouches, on another device than the one they answered on.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, HostPages, World, new_response_id};
use hmac_sha256::HMAC;
use serde_json::{Value, json};

/// A page that asks, for this visitor.
async fn page(world: &World, visitor: &str, proof: &str) -> Result<HostPages> {
    let snippet = format!(
        "<script src=\"{}/heard.js\" data-site=\"demo\" data-visitor=\"{visitor}\" data-visitor-proof=\"{proof}\" async></script>",
        world.url
    );
    HostPages::serve(&snippet).await
}

async fn proof_of(world: &World, visitor: &str) -> Result<String> {
    let keys = world.api("GET", "/visitor-key", None, 200).await?;
    let key = keys["key"].as_str().context("no key")?;
    Ok(HMAC::mac(visitor, key).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[tokio::test]
async fn the_answer_is_read_and_replied_to_where_nothing_was_said() -> Result<()> {
    let world = World::start().await?;
    world.api("POST", "/visitor-key", None, 201).await?;
    let visitor = "jo-ä";
    let proof = proof_of(&world, visitor).await?;
    // On the phone.
    let id = new_response_id();
    let answer = json!({ "id": id, "revision": 1, "score": 2, "comment": "The queue.", "visitor": visitor,
        "page": "https://shop.example/", "lang": "en", "secret": "00112233445566778899aabbccddeeff" });
    assert_eq!(world.post(answer.to_string()).await?.status(), 200);
    let say = json!({ "text": "A second till opens on Monday." });
    world.api("POST", &format!("/responses/{id}/messages"), Some(say), 201).await?;

    // On the laptop, which never asks them meanwhile.
    let ours = page(&world, visitor, &proof).await?;
    let browser = Browser::open().await?;
    browser.visit(&ours.url).await?;
    let mark = browser.until("return root?.querySelector('.mark .news')?.textContent").await?;
    assert_eq!(mark, "Corner Café has answered you");
    browser.click(".news").await?;
    browser.until("return root?.querySelector('.said')?.textContent.includes('second till')").await?;
    browser.click("#reply").await?;
    browser.type_text("Good to know.").await?;
    browser.click(".back .send").await?;
    heard_tests::until("the reply is there", async || {
        let all = world.api("GET", &format!("/responses/{id}/messages"), None, 200).await?;
        let last = all["messages"].as_array().and_then(|all| all.last().cloned());
        Ok(last.filter(|last| last["text"] == "Good to know."))
    })
    .await?;
    // The proof stays out of what the browser keeps.
    let kept = browser.script("return JSON.stringify(localStorage)").await?;
    assert!(!kept.as_str().unwrap_or_default().contains(&proof), "{kept}");

    // Logged out, nothing of it is shown; nor to somebody who merely says they are Jo.
    for (name, with) in [("", ""), (visitor, ""), (visitor, "0".repeat(64).as_str()), ("mo", proof.as_str())] {
        let page = page(&world, name, with).await?;
        let stranger = Browser::open().await?;
        stranger.visit(&page.url).await?;
        stranger.in_widget("input[value='7']").await?;
        let shown = stranger.script("return document.querySelector('heard-widget').shadowRoot.textContent").await?;
        assert!(!shown.as_str().unwrap_or_default().contains("answered you"), "{name} {with}: {shown}");
    }
    Ok(())
}

#[tokio::test]
async fn a_device_where_nothing_was_said_looks_once_a_day() -> Result<()> {
    let world = World::start().await?;
    world.api("POST", "/visitor-key", None, 201).await?;
    let proof = proof_of(&world, "mo").await?;
    let ours = page(&world, "mo", &proof).await?;
    let browser = Browser::open().await?;
    browser.visit(&ours.url).await?;
    browser.in_widget("input[value='7']").await?;
    let looked =
        "return performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/thread')).length";
    assert_eq!(browser.until(&format!("{looked} || null")).await?, 1);
    browser.reload().await?;
    browser.in_widget("input[value='7']").await?;
    // What looks has run, and has not looked.
    browser
        .until("return performance.getEntriesByType('resource').some(entry => /news/.test(entry.name)) || null")
        .await?;
    assert_eq!(browser.script(looked).await?, 0, "nothing was there today");
    Ok(())
}

#[tokio::test]
async fn a_revoked_browser_is_let_in_no_more() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.click("input[value='2']").await?;
    browser.in_widget("#why").await?;
    browser.click("#why").await?;
    browser.type_text("The queue at the till was endless.").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent").await?;
    let id = world.responses().await?[0]["id"].as_str().context("no id")?.to_owned();
    browser.reload().await?;
    browser.script("heard('conversation')").await?;
    browser.until("return root?.querySelector('.said')?.textContent").await?;
    // The phone is stolen.
    world.api("DELETE", &format!("/responses/{id}/thread"), None, 204).await?;
    browser.reload().await?;
    browser.script("heard('conversation')").await?;
    browser.until("return localStorage.getItem('heard:demo:thread') === null").await?;
    assert_eq!(
        browser
            .script("return document.querySelector('heard-widget')?.shadowRoot.querySelector('.said') ?? null")
            .await?,
        Value::Null
    );
    Ok(())
}
