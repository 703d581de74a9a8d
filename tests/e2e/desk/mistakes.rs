//! What people do by mistake: nothing is taken for something else, and what cannot be undone asks first.

use super::{at_desk, fill, press, says};
use anyhow::Result;
use heard_tests::{Browser, World, new_response_id};
use serde_json::json;

/// Clicks a button of which the page's question comes.
async fn press_and_be_asked(browser: &Browser, selector: &str, text: &str, yes: bool) -> Result<String> {
    let (selector, text) = (serde_json::to_string(selector)?, serde_json::to_string(text)?);
    let script = format!(
        "const it = [...document.querySelectorAll({selector})].find(e => e.textContent.trim().startsWith({text}));
         it && setTimeout(() => it.click()); return !!it"
    );
    browser.until(&script).await?;
    browser.answer(yes).await
}

#[tokio::test]
async fn a_number_is_what_was_typed_and_erasing_asks_first() -> Result<()> {
    let world = World::start().await?;
    let old = "Score,Comment,Date\n9,Lovely,2020-01-01\n3,Cold,2020-01-02\n";
    let (status, report) = world.owner("POST", "demo/responses.csv", old).await?;
    assert_eq!(status, 200, "{report}");
    let browser = at_desk(&world, "/demo/data").await?;
    fill(&browser, "Days", "-1").await?;
    press(&browser, "section:nth-of-type(4) button", "Save").await?;
    says(&browser, "Days: must be").await?;
    assert_eq!(world.api("GET", "", None, 200).await?["settings"].get("keep_days"), None);
    fill(&browser, "Days", "30").await?;
    let asked = press_and_be_asked(&browser, "section:nth-of-type(4) button", "Save", false).await?;
    assert!(asked.contains("2 answers"), "{asked}");
    assert_eq!(world.api("GET", "", None, 200).await?["settings"].get("keep_days"), None);
    press_and_be_asked(&browser, "section:nth-of-type(4) button", "Save", true).await?;
    says(&browser, "Saved.").await?;
    assert_eq!(world.api("GET", "", None, 200).await?["settings"]["keep_days"], 30);
    Ok(())
}

#[tokio::test]
async fn keys_are_not_revoked_and_settings_not_left_by_one_click() -> Result<()> {
    let world = World::start().await?;
    let key = world.api("POST", "/keys", Some(json!({ "name": "dashboard", "scope": "read" })), 201).await?;
    let prefix = key["prefix"].as_str().unwrap_or_default().to_owned();
    let keys = async || {
        Ok::<_, anyhow::Error>(world.api("GET", "/keys", None, 200).await?["keys"].as_array().map_or(0, Vec::len))
    };
    let browser = at_desk(&world, "/demo/developers").await?;
    let asked = press_and_be_asked(&browser, "td button", "Revoke", false).await?;
    assert!(asked.contains(&prefix) && keys().await? == 1, "{asked}");
    press_and_be_asked(&browser, "td button", "Revoke", true).await?;
    browser.until("return !document.querySelector('td button.link[disabled]') && !document.body.innerText.includes('dashboard')").await?;
    assert_eq!(keys().await?, 0);

    press(&browser, "nav a", "Settings").await?;
    fill(&browser, "Name", "Another Café").await?;
    press_and_be_asked(&browser, "nav a", "Today", false).await?;
    assert_eq!(browser.script("return location.pathname").await?, "/desk/demo/settings");
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved.").await?;
    press(&browser, "nav a", "Today").await?;
    browser.until("return location.pathname === '/desk/demo/today'").await?;
    assert_eq!(world.api("GET", "", None, 200).await?["settings"]["name"], "Another Café");
    // What is only tried is no setting.
    press(&browser, "nav a", "Settings").await?;
    press(&browser, ".chips a", "Themes").await?;
    fill(&browser, "Comment", "The soup was cold").await?;
    press(&browser, "button", "Listen").await?;
    says(&browser, "Told at once").await?;
    press(&browser, "nav a", "Today").await?;
    browser.until("return location.pathname === '/desk/demo/today'").await.map(drop)
}

#[tokio::test]
async fn rules_of_ones_own_need_one_and_the_preview_takes_no_focus() -> Result<()> {
    let world = World::start().await?;
    let browser = at_desk(&world, "/demo/settings/rules").await?;
    browser.until("const c = document.querySelector('fieldset input[type=checkbox]'); c?.click(); return !!c").await?;
    press(&browser, "fieldset button", "Save").await?;
    says(&browser, "Add a rule first").await?;
    assert_eq!(world.api("GET", "", None, 200).await?["settings"]["cases"].get("rules"), None);
    browser.until("return !!document.querySelector('iframe.preview')?.contentDocument?.querySelector('heard-widget')?.shadowRoot?.querySelector('fieldset')").await?;
    assert_ne!(browser.script("return document.activeElement.tagName").await?, "IFRAME");
    Ok(())
}

#[tokio::test]
async fn whose_key_may_only_read_sees_no_way_to_change_anything() -> Result<()> {
    let world = World::start().await?;
    world.submit(&new_response_id(), 1, 3, Some("The soup was cold and nobody came to ask")).await?;
    let key = world.api("POST", "/keys", Some(json!({ "name": "reader", "scope": "read" })), 201).await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/desk/demo", world.url)).await?;
    fill(&browser, "Key", key["key"].as_str().unwrap_or_default()).await?;
    press(&browser, "button", "Sign in").await?;
    press(&browser, "nav a", "Inbox").await?;
    press(&browser, ".item", "3").await?;
    browser.until("return !!document.querySelector('.said')").await?;
    let found = browser.script("return document.querySelectorAll('.reply, .keys, #assignee, .correct').length").await?;
    assert_eq!(found, json!(0));
    press(&browser, "nav a", "Settings").await?;
    says(&browser, "Your key may read this and not change it.").await?;
    browser.until("return !!document.querySelector('fieldset[disabled] button')").await.map(drop)
}

#[tokio::test]
async fn who_was_promised_a_word_is_not_resolved_without_one_by_a_slip() -> Result<()> {
    let world = World::start().await?;
    let rule = json!({ "name": "All", "when": {}, "sla": { "first_response": { "number": 4, "unit": "hours" } } });
    world.configure("demo", json!({ "name": "Corner Café", "cases": { "rules": [rule] } })).await?;
    let maria = world.api("POST", "/people", Some(json!({ "name": "Maria" })), 201).await?;
    world.submit(&new_response_id(), 1, 2, Some("Cold soup")).await?;
    let case = world.api("GET", "/cases", None, 200).await?["cases"][0]["id"].as_str().unwrap_or_default().to_owned();
    let browser = at_desk(&world, &format!("/demo/inbox/{case}")).await?;
    // After choosing who sees to it the keys are shortcuts again, and choose nobody.
    let choose = format!(
        "const list = document.getElementById('assignee'); if (!list) return false; list.focus(); list.value = {};
         list.dispatchEvent(new Event('change', {{ bubbles: true }})); return document.activeElement !== list",
        maria["id"]
    );
    browser.until(&choose).await?;
    let assigned = async || {
        let now = world.api("GET", &format!("/cases/{case}"), None, 200).await?;
        Ok((now["assignee"] == maria["id"]).then_some(()))
    };
    heard_tests::until("it is Maria's", assigned).await?;
    browser.until("return document.querySelector('#assignee')?.selectedOptions[0]?.textContent === 'Maria'").await?;
    let press =
        "setTimeout(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', bubbles: true })))";
    browser.script(press).await?;
    let asked = browser.answer(false).await?;
    assert!(asked.contains("waits for a word"), "{asked}");
    let now = world.api("GET", &format!("/cases/{case}"), None, 200).await?;
    assert_eq!((&now["status"], &now["assignee"]), (&json!("new"), &maria["id"]));
    Ok(())
}

#[tokio::test]
async fn of_two_who_save_an_improvement_the_second_reads_what_the_first_wrote() -> Result<()> {
    let world = World::start().await?;
    let maria = world.api("POST", "/people", Some(json!({ "name": "Maria" })), 201).await?;
    world
        .configure("demo", json!({ "name": "Corner Café", "themes": [{ "id": "waiting", "label": "waiting" }] }))
        .await?;
    let new = json!({ "title": "Queues", "audience": { "theme": "waiting" } });
    let id = world.api("POST", "/improvements", Some(new), 201).await?["id"].as_str().unwrap_or_default().to_owned();
    let path = format!("/improvements/{id}");
    let browser = at_desk(&world, "/demo/improve").await?;
    says(&browser, "Queues").await?;
    let owner = format!(
        "const list = [...document.querySelectorAll('label.field')].find(one => one.textContent.startsWith('Who sees to it'))?.querySelector('select');
         if (!list || list.options.length < 2) return false; list.value = {}; list.dispatchEvent(new Event('change', {{ bubbles: true }})); return true",
        maria["id"]
    );
    browser.until(&owner).await?;
    fill(&browser, "What you decided or did", "Two tills.").await?;
    let theirs = json!({ "status": "declined", "what_we_did": "No room for a till." });
    world.api("PATCH", &path, Some(theirs), 200).await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Somebody else was faster. It is now: Declined. No room for a till.").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved").await?;
    let now = world.api("GET", &path, None, 200).await?;
    assert_eq!((&now["what_we_did"], &now["owner"]), (&json!("Two tills."), &maria["id"]));
    Ok(())
}

#[tokio::test]
async fn what_is_erased_while_somebody_reads_it_leaves_the_screen() -> Result<()> {
    let world = World::start().await?;
    let said = "The soup was cold and nobody came to ask";
    let response = new_response_id();
    world.submit(&response, 1, 2, Some(said)).await?;
    let case = world.api("GET", "/cases", None, 200).await?["cases"][0]["id"].as_str().unwrap_or_default().to_owned();
    let browser = at_desk(&world, &format!("/demo/inbox/{case}")).await?;
    says(&browser, said).await?;
    world.api("DELETE", &format!("/responses/{response}"), None, 204).await?;
    // Whoever comes back to the window looks at once.
    browser.script("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))").await?;
    let script = format!("return !document.body.innerText.includes({})", json!(said));
    browser.until(&script).await.map(drop)
}
