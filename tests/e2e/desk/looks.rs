//! Every page for everybody: what axe finds, on a phone, in the dark, and in each language.

use super::{at_desk, press, says};
use anyhow::{Context as _, Result};
use heard_tests::{Browser, World, new_response_id};
use serde_json::{Value, json};

/// A site with a little of everything.
async fn furnished() -> Result<(World, String)> {
    let world = World::start().await?;
    let themes = json!([{ "id": "food", "label": "the food", "phrases": ["soup", "cake"] }, { "id": "staff", "label": "our team", "phrases": ["staff"] }]);
    world.api("PATCH", "", Some(json!({ "themes": themes })), 200).await?;
    world.api("POST", "/people", Some(json!({ "name": "Maria Lopez", "role": "Manager" })), 201).await?;
    world.api("POST", "/keys", Some(json!({ "name": "dashboard", "scope": "read" })), 201).await?;
    for (score, comment) in [
        (2, "The soup was cold and the staff looked away. Please call me: 030 5550142"),
        (10, "Maria was so kind and the cake was wonderful"),
        (7, "You should open on Sundays"),
        (9, ""),
    ] {
        world.submit(&new_response_id(), 1, score, Some(comment)).await?;
    }
    let cases = world.api("GET", "/cases?unsettled=true", None, 200).await?;
    let cases = cases["cases"].as_array().cloned().unwrap_or_default();
    let case = cases.iter().find(|case| case["said"]["score"] == 2).context("no case")?["id"]
        .as_str()
        .context("no id")?
        .to_owned();
    world.api("POST", &format!("/cases/{case}/notes"), Some(json!({ "text": "I was there." })), 201).await?;
    world.api("POST", &format!("/cases/{case}/messages"), Some(json!({ "text": "I am sorry." })), 201).await?;
    Ok((world, case))
}

const PAGES: [&str; 19] = [
    "today",
    "inbox",
    "inbox?view=all",
    "calls",
    "bright",
    "huddle",
    "improve",
    "settings/questions",
    "settings/experiment",
    "settings",
    "settings/look",
    "settings/asking",
    "settings/targeting",
    "settings/themes",
    "settings/people",
    "settings/hours",
    "settings/rules",
    "developers",
    "data",
];

async fn go(browser: &Browser, world: &World, page: &str) -> Result<()> {
    browser.visit(&format!("{}/desk/demo/{page}", world.url)).await?;
    let drawn = "return !!document.querySelector('main h1, main .said') && !document.querySelector('main').innerText.includes('One moment')";
    browser.until(drawn).await.map(drop)
}

#[tokio::test]
async fn axe_finds_nothing_on_any_page_in_light_and_dark() -> Result<()> {
    let (world, case) = furnished().await?;
    let browser = at_desk(&world, "/demo/today").await?;
    let axe = std::fs::read_to_string(xtask::setup::npm("")?.join("axe-core/axe.min.js"))?;
    let case = format!("inbox/{case}");
    for scheme in ["light", "dark"] {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.devtools("Emulation.setEmulatedMedia", features).await?;
        for page in PAGES.into_iter().chain([case.as_str()]) {
            go(&browser, &world, page).await?;
            browser.script("document.querySelectorAll('details').forEach(d => d.open = true)").await?;
            browser.script(&format!("{axe}; window.axe = axe;")).await?;
            let run = "window.found = null;
                 axe.run({ exclude: [['iframe']] }).then(
                     result => window.found = [result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' ')), result.passes.length],
                     error => window.found = [['' + error], 0]);";
            browser.script(run).await?;
            let found = browser.until("return window.found").await?;
            assert_eq!(found[0], json!([]), "{page} in the {scheme}");
            assert!(found[1].as_u64().is_some_and(|passes| passes > 10), "axe looked at nothing: {found}");
            if page == "today" || page == case {
                browser.picture(&format!("desk-{}-{scheme}", page.split('/').next().unwrap_or(page))).await?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_phone_and_large_text_need_no_scrolling_sideways_and_a_phone_answers() -> Result<()> {
    let (world, case) = furnished().await?;
    let browser = at_desk(&world, "/demo/today").await?;
    let case = format!("inbox/{case}");
    browser.become_phone(360, 740).await?;
    for page in PAGES.into_iter().chain([case.as_str()]) {
        go(&browser, &world, page).await?;
        let wide = browser.script("return document.documentElement.scrollWidth").await?;
        assert_eq!(wide, json!(360), "{page}");
        browser.script("document.documentElement.style.fontSize = '200%'").await?;
        let wide = browser.script("return document.documentElement.scrollWidth").await?;
        assert_eq!(wide, json!(360), "{page} at 200 %");
    }
    // It was answered, and waits no longer.
    go(&browser, &world, "inbox?view=all").await?;
    press(&browser, ".item", "2").await?;
    browser.until("const a = document.getElementById('reply'); a?.focus(); return !!a").await?;
    let hidden = browser.script("return getComputedStyle(document.querySelector('.list')).display").await?;
    assert_eq!(hidden, json!("none"), "the list makes room for the conversation");
    browser.type_text("May I call at noon?").await?;
    press(&browser, ".reply button", "Send").await?;
    press(&browser, ".foot button", "Do it now").await?;
    says(&browser, "May I call at noon?").await?;
    browser
        .until("return [...document.querySelectorAll('.bubble.us')].some(b => b.innerText.includes('noon'))")
        .await
        .map(drop)
}

#[tokio::test]
async fn it_speaks_five_languages_and_keeps_to_the_one_that_was_chosen() -> Result<()> {
    let (world, _) = furnished().await?;
    let browser = at_desk(&world, "/demo/today").await?;
    for (language, inbox) in [
        ("de", "Posteingang"),
        ("fr", "Boîte de réception"),
        ("es", "Bandeja de entrada"),
        ("pt", "Caixa de entrada"),
        ("en", "Inbox"),
    ] {
        let choose = format!(
            "const s = [...document.querySelectorAll('.me select')].find(s => [...s.options].some(o => o.value === 'pt')); s.value = '{language}'; s.dispatchEvent(new Event('change', {{ bubbles: true }}))"
        );
        browser.script(&choose).await?;
        browser
            .until(&format!(
                "return document.documentElement.lang === '{language}' && !!document.querySelector('.nps')"
            ))
            .await?;
        says(&browser, inbox).await?;
        let raw =
            browser.script("return document.body.innerText.match(/\\b(today|nav|inbox|case)\\.[a-z_]+/g)").await?;
        assert_eq!(raw, Value::Null, "{language}");
    }
    Ok(())
}

#[tokio::test]
async fn forced_colours_less_motion_and_right_to_left_take_nothing_away() -> Result<()> {
    let (world, case) = furnished().await?;
    let browser = at_desk(&world, "/demo/today").await?;
    let case = format!("inbox/{case}");
    let features = json!({ "features": [{ "name": "forced-colors", "value": "active" }, { "name": "prefers-reduced-motion", "value": "reduce" }] });
    browser.devtools("Emulation.setEmulatedMedia", features).await?;
    for page in PAGES.into_iter().chain([case.as_str()]) {
        go(&browser, &world, page).await?;
        // What can be pressed, and where one is, is told by more than a background, which is taken away.
        let told = "const lined = e => { const s = getComputedStyle(e); return ['borderTopWidth', 'borderBottomWidth', 'outlineWidth'].some(w => parseFloat(s[w]) > 0) || s.textDecorationLine === 'underline' };
            return [...document.querySelectorAll('.btn, .chip, .rail [aria-current], .item[aria-current], input, select, textarea')].filter(e => e.checkVisibility() && !lined(e)).map(e => e.outerHTML.slice(0, 120))";
        assert_eq!(browser.script(told).await?, json!([]), "{page}");
        assert_eq!(browser.script("return document.getAnimations().length").await?, json!(0), "{page} moves");
        if page == "today" || page == case {
            browser.picture(&format!("desk-{}-forced", page.split('/').next().unwrap_or(page))).await?;
        }
    }
    browser.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await?;
    for (width, height) in [(1280, 800), (360, 740)] {
        browser.become_phone(width, height).await?;
        for page in PAGES.into_iter().chain([case.as_str()]) {
            go(&browser, &world, page).await?;
            browser.script("document.documentElement.dir = 'rtl'").await?;
            let wide = browser.script("return document.documentElement.scrollWidth").await?;
            assert_eq!(wide, json!(width), "{page} from right to left");
            if page == "today" || page == case {
                browser.picture(&format!("desk-{}-rtl-{width}", page.split('/').next().unwrap_or(page))).await?;
            }
        }
    }
    Ok(())
}
