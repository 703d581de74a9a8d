//! What is typed into forms: as people type it, with faults that say where they are, and without losing what is not saved.

use super::{at_desk, fill, press, says};
use anyhow::{Context as _, Result};
use heard_tests::{Browser, World, new_response_id};
use serde_json::json;

async fn choose(browser: &Browser, label: &str, value: &str) -> Result<()> {
    let script = format!(
        "const list = [...document.querySelectorAll('label.field')].find(one => one.textContent.startsWith({}))?.querySelector('select');
         if (!list || ![...list.options].some(o => o.value === {1})) return false;
         list.value = {1}; list.dispatchEvent(new Event('change', {{ bubbles: true }})); return true",
        json!(label),
        json!(value)
    );
    browser.until(&script).await.map(drop)
}

#[tokio::test]
async fn hours_are_typed_as_people_write_them_and_a_fault_names_its_day() -> Result<()> {
    let world = World::start().await?;
    let browser = at_desk(&world, "/demo/settings/hours").await?;
    browser.until("const c = document.querySelector('fieldset input[type=checkbox]'); c?.click(); return !!c").await?;
    fill(&browser, "Monday", "9-12 13.30–17h").await?;
    fill(&browser, "Tuesday", "noon-5pm").await?;
    press(&browser, "fieldset button", "Save").await?;
    says(&browser, "Tuesday 1: must be").await?;
    fill(&browser, "Tuesday", "9:00-17:00").await?;
    press(&browser, "fieldset button", "Save").await?;
    says(&browser, "Saved.").await?;
    let hours = world.api("GET", "", None, 200).await?["settings"]["business_hours"].clone();
    assert_eq!(hours["days"]["monday"][1], json!({ "from": "13:30", "to": "17:00" }), "{hours}");
    assert_eq!(hours["days"]["tuesday"][0]["from"], "09:00");
    Ok(())
}

#[tokio::test]
async fn a_rule_gives_cases_to_everybody_in_turns_and_says_what_is_wrong_with_it() -> Result<()> {
    let world = World::start().await?;
    for name in ["Maria", "Tom"] {
        world.api("POST", "/people", Some(json!({ "name": name })), 201).await?;
    }
    let browser = at_desk(&world, "/demo/settings/rules").await?;
    browser.until("const c = document.querySelector('fieldset input[type=checkbox]'); c?.click(); return !!c").await?;
    press(&browser, "fieldset button", "Add a rule").await?;
    browser
        .until("const row = document.querySelector('details.theme-row'); if (row) row.open = true; return !!row")
        .await?;
    fill(&browser, "Name", "Unhappy").await?;
    fill(&browser, "Score at most", "300").await?;
    fill(&browser, "Later answers within", "4").await?;
    choose(&browser, "Assigned", "round_robin").await?;
    press(&browser, "fieldset button", "Save").await?;
    says(&browser, "Rules 1, Score at most: ").await?;
    fill(&browser, "Score at most", "6").await?;
    press(&browser, "fieldset button", "Save").await?;
    says(&browser, "Saved.").await?;
    let rule = world.api("GET", "", None, 200).await?["settings"]["cases"]["rules"][0].clone();
    assert_eq!(rule["assign"]["round_robin"].as_array().map(Vec::len), Some(2), "{rule}");
    assert_eq!(rule["sla"]["next_response"], json!({ "number": 4, "unit": "business_hours" }));
    // It stays so when somebody saves it again.
    browser.reload().await?;
    browser
        .until("const row = document.querySelector('details.theme-row'); if (row) row.open = true; return !!row")
        .await?;
    fill(&browser, "Name", "Unhappy people").await?;
    press(&browser, "fieldset button", "Save").await?;
    says(&browser, "Saved.").await?;
    let again = world.api("GET", "", None, 200).await?["settings"]["cases"]["rules"][0].clone();
    assert_eq!((&again["assign"], &again["name"]), (&rule["assign"], &json!("Unhappy people")));
    for _ in 0..2 {
        world.submit(&new_response_id(), 1, 2, Some("Cold soup and a rude waiter")).await?;
    }
    let cases = world.api("GET", "/cases", None, 200).await?["cases"].clone();
    assert!(cases[0]["assignee"].is_string() && cases[0]["assignee"] != cases[1]["assignee"], "{cases}");
    Ok(())
}

#[tokio::test]
async fn people_are_changed_and_what_is_written_of_an_improvement_is_not_left_by_a_click() -> Result<()> {
    let world = World::start().await?;
    let person =
        world.api("POST", "/people", Some(json!({ "name": "Mria", "email": "maria@cafe.example" })), 201).await?;
    let browser = at_desk(&world, "/demo/settings/people").await?;
    browser
        .until("const row = document.querySelector('.list-plain details'); if (row) row.open = true; return !!row")
        .await?;
    fill(&browser, "Name", "Maria").await?;
    fill(&browser, "What they do", "Manager").await?;
    browser.script("document.activeElement.blur()").await?;
    press(&browser, ".list-plain form button", "Save").await?;
    says(&browser, "Saved.").await?;
    says(&browser, "Manager · maria@cafe.example").await?;
    let people = world.api("GET", "/people", None, 200).await?;
    assert_eq!(
        (&people["people"][0]["name"], &people["people"][0]["id"]),
        (&json!("Maria"), &person["id"]),
        "{people}"
    );

    let new = json!({ "title": "Queues", "audience": { "words": "queue" } });
    world.api("POST", "/improvements", Some(new), 201).await?;
    // Anew, so that nothing is told any more of what was saved.
    browser.visit(&format!("{}/desk/demo/improve", world.url)).await?;
    says(&browser, "Queues").await?;
    fill(&browser, "What you decided or did", "Two tills.").await?;
    browser.until("const it = [...document.querySelectorAll('nav a')].find(a => a.textContent.trim() === 'Today'); it && setTimeout(() => it.click()); return !!it").await?;
    assert!(browser.answer(false).await?.contains("not saved"));
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved").await?;
    press(&browser, "nav a", "Today").await?;
    browser.until("return location.pathname === '/desk/demo/today'").await.map(drop)
}

#[tokio::test]
async fn minutes_that_are_no_number_are_told_and_not_left_out() -> Result<()> {
    let world = World::start().await?;
    world.submit(&new_response_id(), 1, 2, Some("My neighbour Otto paid with a bad cheque")).await?;
    let cases = world.api("GET", "/cases", None, 200).await?;
    let case = cases["cases"][0]["id"].as_str().context("no case")?;
    let browser = at_desk(&world, &format!("/demo/inbox/{case}")).await?;
    says(&browser, "My neighbour Otto").await?;
    press(&browser, "button", "Log a call").await?;
    fill(&browser, "Minutes", "abc").await?;
    press(&browser, "button", "We talked").await?;
    says(&browser, "Minutes: ").await
}
