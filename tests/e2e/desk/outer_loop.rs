//! The outer loop at the desk: the huddle, improvements, telling those who said it, ideas, questions and experiments.

use super::{at_desk, fill, press, says};
use anyhow::Result;
use heard_tests::{World, new_response_id};
use serde_json::json;

async fn said(world: &World) -> Result<()> {
    let themes = json!([{ "id": "waiting", "label": "waiting times", "phrases": ["waited", "queue"] }]);
    world.configure("demo", json!({ "name": "Corner Café", "themes": themes })).await?;
    for (score, words) in [
        (2, "We waited half an hour in the queue."),
        (4, "I waited far too long at the till."),
        (8, "Nice, but please put a bench by the door."),
        (7, "Good coffee. Put a bench near the door, please."),
    ] {
        let body = json!({ "id": new_response_id(), "revision": 1, "score": score, "comment": words,
            "page": "https://cafe.example/", "lang": "en", "secret": "00112233445566778899aabbccddeeff" });
        world.api("POST", "/responses", Some(body), 200).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_improvement_is_written_down_done_and_told_to_those_who_said_it() -> Result<()> {
    let world = World::start().await?;
    said(&world).await?;
    let browser = at_desk(&world, "/demo/improve").await?;
    says(&browser, "Nothing is written down yet.").await?;
    says(&browser, "2 customers asked for it").await?;
    fill(&browser, "What should change", "Shorter queues at noon").await?;
    let theme = "const list = [...document.querySelectorAll('label.field')].find(one => one.textContent.startsWith('Theme'))?.querySelector('select');
        if (!list || list.options.length < 2) return false; list.value = 'waiting'; list.dispatchEvent(new Event('change', { bubbles: true })); return true";
    browser.until(theme).await?;
    press(&browser, "button", "Add one").await?;
    says(&browser, "Shorter queues at noon").await?;
    says(&browser, "2 answers say it · 2 cases · their NPS −100").await?;
    let done = "const list = [...document.querySelectorAll('label.field')].find(one => one.textContent.startsWith('Where it stands'))?.querySelector('select');
        list.value = 'completed'; list.dispatchEvent(new Event('change', { bubbles: true })); return true";
    browser.until(done).await?;
    fill(&browser, "What you decided or did", "A second till opens at eleven.").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved").await?;
    browser.until("return document.querySelector('.stack select')?.value === 'completed'").await?;
    // Added, saved, and read again: only then the card stays as it is.
    let read = "return performance.getEntriesByType('resource').filter(it => it.name.includes('/improvements/imp_')).length >= 3 || null";
    browser.until(read).await?;
    press(&browser, "button", "Tell 2 customers").await?;
    says(&browser, "2 customers read it where they wrote. 2 answers say it: en 2.").await?;
    browser.picture("desk-improve").await?;
    press(&browser, "button", "Tell them").await?;
    says(&browser, "What you told them").await?;
    let told = async || {
        let list = world.api("GET", "/announcements", None, 200).await?;
        Ok((list["announcements"][0]["reach"]["told"] == 2).then_some(list))
    };
    let list = heard_tests::until("both are told", told).await?;
    assert_eq!(list["announcements"][0]["text"], json!({ "en": "A second till opens at eleven." }));
    // An idea is taken up with all who had it.
    press(&browser, "button", "Take it up").await?;
    says(&browser, "taken up").await?;
    let idea = world.api("GET", "/improvements", None, 200).await?["improvements"][0].clone();
    let id = idea["id"].as_str().unwrap_or_default();
    let evidence = world.api("GET", &format!("/improvements/{id}"), None, 200).await?["evidence"].clone();
    assert_eq!((&idea["kind"], &evidence["responses"]), (&json!("idea"), &json!(2)));
    // Another that means the same in other words goes to it.
    let body = json!({ "id": new_response_id(), "revision": 1, "score": 8, "comment": "Ihr solltet auch sonntags öffnen!",
        "page": "https://cafe.example/", "lang": "de" });
    world.api("POST", "/responses", Some(body), 200).await?;
    browser.reload().await?;
    says(&browser, "sonntags").await?;
    let join =
        "const list = document.querySelector('.need select'); if (!list || list.options.length < 2) return false;
        list.value = list.options[1].value; list.dispatchEvent(new Event('change', { bubbles: true })); return true";
    browser.until(join).await?;
    let joined = async || {
        let evidence = world.api("GET", &format!("/improvements/{id}"), None, 200).await?["evidence"].clone();
        Ok((evidence["responses"] == 3).then_some(()))
    };
    heard_tests::until("the idea is joined", joined).await?;
    let browser = at_desk(&world, "/demo/huddle").await?;
    says(&browser, "We waited half an hour in the queue").await?;
    says(&browser, "Shorter queues at noon · Done").await?;
    browser.picture("desk-huddle").await?;
    Ok(())
}

#[tokio::test]
async fn bright_spots_are_read_by_the_month_and_lead_to_the_answers() -> Result<()> {
    let world = World::start().await?;
    let browser = at_desk(&world, "/demo/bright").await?;
    says(&browser, "No praise in words yet.").await?;
    said(&world).await?;
    for (score, words) in
        [(10, "Anna was so kind, and no queue at all"), (9, "I never waited. Anna is a star!"), (9, "")]
    {
        let body = json!({ "id": new_response_id(), "revision": 1, "score": score, "comment": words,
            "page": "https://cafe.example/", "lang": "en" });
        world.api("POST", "/responses", Some(body), 200).await?;
    }
    browser.reload().await?;
    says(&browser, "2 of 3 who gave a 9 or 10 said why.").await?;
    says(&browser, "Anna · named 2 times").await?;
    browser.picture("desk-bright").await?;
    let follow =
        "const link = document.querySelector('.month a[href*=\"theme=waiting\"]'); link?.click(); return !!link";
    browser.until(follow).await?;
    browser.until("return location.search.includes('theme=waiting')").await?;
    says(&browser, "Anna was so kind, and no queue at all").await?;
    Ok(())
}

#[tokio::test]
async fn questions_and_an_experiment_are_set_up_without_a_line_of_json() -> Result<()> {
    let world = World::start().await?;
    let browser = at_desk(&world, "/demo/settings/questions").await?;
    press(&browser, "button", "Add one").await?;
    let cell = async |name: &str, value: &str| {
        let set = format!(
            "const cell = [...document.querySelectorAll('.cells [aria-label=\"{name}\"]')].pop(); if (!cell) return false; cell.value = '{value}';
             cell.dispatchEvent(new Event(cell.localName === 'select' ? 'change' : 'input', {{ bubbles: true }})); return true"
        );
        browser.until(&set).await.map(drop)
    };
    cell("Kind", "choice").await?;
    cell("Short name", "where").await?;
    cell("Question", "Where did you order?").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Options 1: must be 2 to 8 options").await?;
    cell("Options, such as: In the shop; By phone", "shop: In the shop; phone: By phone").await?;
    cell("Whom", "passive promoter").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved").await?;
    let settings = world.api("GET", "", None, 200).await?["settings"].clone();
    let wanted = json!([{ "id": "where", "kind": "choice", "text": { "en": "Where did you order?" }, "bands": ["passive", "promoter"],
        "options": [{ "id": "shop", "text": { "en": "In the shop" } }, { "id": "phone", "text": { "en": "By phone" } }] }]);
    assert_eq!(settings["questions"], wanted);
    let body = json!({ "id": new_response_id(), "revision": 1, "score": 9, "comment": "", "page": "https://cafe.example/",
        "lang": "en", "answers": { "where": "phone" } });
    world.api("POST", "/responses", Some(body), 200).await?;
    browser.reload().await?;
    says(&browser, "By phone: 1").await?;
    browser.picture("desk-questions").await?;

    let browser = at_desk(&world, "/demo/settings/experiment").await?;
    fill(&browser, "Name", "short-question").await?;
    fill(&browser, "B’s question", "Would you send a friend?").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "No difference is shown yet").await?;
    browser.picture("desk-experiment").await?;
    let experiment = world.api("GET", "", None, 200).await?["settings"]["experiment"].clone();
    assert_eq!(
        (&experiment["name"], &experiment["copy"]["en"]["question"]),
        (&json!("short-question"), &json!("Would you send a friend?"))
    );
    let empty = async |label: &str| {
        let set = format!(
            "const field = [...document.querySelectorAll('label.field')].find(one => one.querySelector('span').textContent === '{label}');
             field.querySelector('input').value = ''; field.querySelector('input').dispatchEvent(new Event('input', {{ bubbles: true }})); return true"
        );
        browser.until(&set).await.map(drop)
    };
    empty("Name").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Name: must be 1 to 40").await?;
    empty("B’s question").await?;
    press(&browser, "button", "Save").await?;
    let ended = async || Ok(world.api("GET", "", None, 200).await?["settings"]["experiment"].is_null().then_some(()));
    heard_tests::until("the experiment is over", ended).await
}
