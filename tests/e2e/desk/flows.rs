//! From the first sign-in to a customer who is answered.

use super::{at_desk, fill, press, says, sign_in};
use anyhow::{Context as _, Result};
use fantoccini::key::Key;
use heard_tests::{Browser, OWNER_KEY, World, new_response_id};
use serde_json::{Value, json};

#[tokio::test]
async fn a_first_run_ends_with_a_first_answer() -> Result<()> {
    let world = World::start_bare(OWNER_KEY).await?;
    let browser = at_desk(&world, "").await?;
    says(&browser, "Your first site").await?;
    fill(&browser, "Name", "Demo").await?;
    browser.script("const s = document.querySelector('form select'); s.value = 'restaurants'; s.dispatchEvent(new Event('change', { bubbles: true }))").await?;
    press(&browser, "button", "Create the site").await?;
    says(&browser, "Waiting for the first page to ask").await?;
    says(&browser, &format!("<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url)).await?;
    let site = world.api("GET", "", None, 200).await?;
    assert!(site["settings"]["themes"].as_array().is_some_and(|themes| themes.len() > 5), "{site}");
    // The real widget is beside it.
    let shows = "return !!document.querySelector('iframe.preview')?.contentDocument?.querySelector('heard-widget')?.shadowRoot?.querySelector('fieldset')";
    browser.until(shows).await?;
    // A real page asks, elsewhere.
    world.api("PATCH", "", Some(json!({ "ask": { "delay_seconds": 0 } })), 200).await?;
    let customer = Browser::open().await?;
    customer.visit(&format!("{}/", world.url)).await?;
    customer.click("input[value='9']").await?;
    customer.in_widget("#why").await?;
    customer.type_text("Best cardamom buns in town, and warm").await?;
    customer.click(".send").await?;
    customer.in_widget("#more").await.ok();
    says(&browser, "It works: one answer is here.").await?;
    press(&browser, "a", "Go to Today").await?;
    says(&browser, "1 answer").await
}

#[tokio::test]
async fn a_customer_is_answered_assigned_and_resolved_by_keyboard_alone() -> Result<()> {
    let world = World::start().await?;
    let maria = world.api("POST", "/people", Some(json!({ "name": "Maria", "role": "Manager" })), 201).await?;
    let ids = [new_response_id(), new_response_id()];
    world.submit(&ids[0], 1, 3, Some("The soup was cold and nobody came to ask")).await?;
    world.submit(&ids[1], 1, 2, Some("We waited an hour for the bill")).await?;
    let browser = at_desk(&world, "/demo/inbox").await?;
    browser.until("return document.querySelectorAll('.item').length === 2").await?;
    // Who one is, by the keyboard, too.
    browser.until("const s = [...document.querySelectorAll('.me select')].find(s => s.options.length === 2 && s.options[1].text === 'Maria'); s?.focus(); return !!s").await?;
    browser.key(Key::Down.into()).await?;
    browser.until("return !!document.querySelector('.me select')?.value").await?;
    browser.script("document.activeElement.blur()").await?;
    browser.key('j').await?;
    browser.until("return document.activeElement?.id === 'case' && !!document.querySelector('.said')").await?;
    let case = browser.script("return location.pathname.split('/').pop()").await?;
    let case = case.as_str().context("no case is open")?.to_owned();
    browser.key('a').await?;
    says(&browser, "It is yours.").await?;
    assert_eq!(world.api("GET", &format!("/cases/{case}"), None, 200).await?["assignee"], maria["id"]);
    browser.key('n').await?;
    browser.until("return document.activeElement?.id === 'note'").await?;
    browser.type_text("Carrier lost it").await?;
    browser.chord(Key::Control.into(), Key::Enter.into()).await?;
    says(&browser, "only for us").await?;
    browser.key('x').await?;
    // The reply can be taken back, and what was written is there again.
    browser.script("document.activeElement.blur()").await?;
    browser.key('r').await?;
    browser.until("return document.activeElement?.id === 'reply'").await?;
    browser.type_text("Sorry about that.").await?;
    browser.chord(Key::Control.into(), Key::Enter.into()).await?;
    says(&browser, "goes out in ten seconds").await?;
    press(&browser, ".foot button", "Undo").await?;
    browser.until("return document.getElementById('reply')?.value === 'Sorry about that.'").await?;
    browser.until("return document.activeElement?.id === 'reply'").await?;
    browser.chord(Key::Control.into(), Key::Enter.into()).await?;
    press(&browser, ".foot button", "Do it now").await?;
    says(&browser, "Maria, Manager").await?;
    let history = world.api("GET", &format!("/cases/{case}/history"), None, 200).await?;
    let replied = history["history"]
        .as_array()
        .context("no history")?
        .iter()
        .filter(|entry| entry["act"]["kind"] == "replied")
        .count();
    assert_eq!(replied, 1, "{history}");
    browser.script("document.activeElement.blur()").await?;
    browser.key('e').await?;
    says(&browser, "resolved in ten seconds").await?;
    let next =
        format!("const at = location.pathname.split('/').pop(); return at.startsWith('case_') && at !== '{case}'");
    browser.until(&next).await?;
    press(&browser, ".foot button", "Do it now").await?;
    browser.until("return document.querySelectorAll('.item').length === 1").await?;
    assert_eq!(world.api("GET", &format!("/cases/{case}"), None, 200).await?["status"], "resolved");
    Ok(())
}

#[tokio::test]
async fn what_was_typed_survives_a_reload_and_a_page_that_goes_sends_what_waits() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 3, Some("The soup was cold and nobody came to ask")).await?;
    let browser = at_desk(&world, "/demo/inbox").await?;
    browser.until("const a = document.querySelector('.item'); a?.click(); return !!a").await?;
    browser.until("const a = document.getElementById('reply'); a?.focus(); return !!a").await?;
    browser.type_text("We are looking into it").await?;
    browser.reload().await?;
    browser.until("return document.getElementById('reply')?.value === 'We are looking into it'").await?;
    press(&browser, ".reply button", "Send").await?;
    says(&browser, "goes out in ten seconds").await?;
    browser.visit(&format!("{}/docs", world.url)).await?;
    heard_tests::until("the reply is there", async || {
        let messages = world.api("GET", &format!("/responses/{id}/messages"), None, 200).await?;
        Ok(messages["messages"].as_array().is_some_and(|messages| messages.len() == 1).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_revoked_session_and_a_server_that_is_away_are_told_and_lose_nothing() -> Result<()> {
    let mut world = World::start().await?;
    world.submit(&new_response_id(), 1, 3, Some("The soup was cold and nobody came to ask")).await?;
    let browser = at_desk(&world, "/demo/inbox").await?;
    browser.until("const a = document.querySelector('.item'); a?.click(); return !!a").await?;
    browser.until("const a = document.getElementById('reply'); a?.focus(); return !!a").await?;
    browser.type_text("Half a sentence").await?;
    world.kill()?;
    press(&browser, ".reply button", "Note").await?;
    browser.until("const a = document.getElementById('note'); a?.focus(); return !!a").await?;
    browser.type_text("A thought").await?;
    press(&browser, ".reply button", "Save").await?;
    says(&browser, "The server cannot be reached").await?;
    assert_eq!(browser.script("return document.getElementById('note').value").await?, "A thought");
    world.restart()?;
    press(&browser, ".reply button", "Save").await?;
    says(&browser, "only for us").await?;
    let listed: Value =
        world.http.get(format!("{}/v1/sessions", world.url)).bearer_auth(OWNER_KEY).send().await?.json().await?;
    let id = listed["sessions"][0]["id"].as_str().context("nobody is signed in")?;
    world
        .http
        .delete(format!("{}/v1/sessions/{id}", world.url))
        .bearer_auth(OWNER_KEY)
        .send()
        .await?
        .error_for_status()?;
    press(&browser, ".reply button", "Note").await?;
    browser.until("const a = document.getElementById('note'); a?.focus(); return !!a").await?;
    browser.type_text("Another thought").await?;
    press(&browser, ".reply button", "Save").await?;
    browser.until("return !!document.getElementById('key')").await?;
    sign_in(&browser, &world, "/demo/inbox", OWNER_KEY).await?;
    browser.until("const a = document.querySelector('.item'); a?.click(); return !!a").await?;
    browser.until("return document.getElementById('reply')?.value === 'Half a sentence'").await.map(drop)
}

#[tokio::test]
async fn who_is_slower_is_told_that_somebody_was_faster() -> Result<()> {
    let world = World::start().await?;
    world.api("POST", "/people", Some(json!({ "name": "Maria" })), 201).await?;
    world.submit(&new_response_id(), 1, 3, Some("The soup was cold and nobody came to ask")).await?;
    let browser = at_desk(&world, "/demo/inbox").await?;
    browser.until("const a = document.querySelector('.item'); a?.click(); return !!a").await?;
    browser.until("return document.getElementById('priority')?.value === 'normal'").await?;
    let cases = world.api("GET", "/cases", None, 200).await?;
    let id = cases["cases"][0]["id"].as_str().context("no case")?;
    world.api("PATCH", &format!("/cases/{id}"), Some(json!({ "priority": "urgent" })), 200).await?;
    browser.script("const s = document.getElementById('priority'); s.value = 'low'; s.dispatchEvent(new Event('change', { bubbles: true }))").await?;
    says(&browser, "Somebody was faster").await?;
    browser.until("return document.getElementById('priority')?.value === 'urgent'").await?;
    assert_eq!(world.api("GET", &format!("/cases/{id}"), None, 200).await?["priority"], "urgent");
    Ok(())
}
