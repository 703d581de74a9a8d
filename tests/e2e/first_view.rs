//! The question is there before the program that goes on with it.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World};
use serde_json::{Value, json};

/// Holds the wasm back until the page says `go()`.
const HELD: &str = "<script>const real = window.fetch; let go; const gate = new Promise(open => go = open);
    window.fetch = (url, how) => /wasm$/.test(url) ? gate.then(() => real(url, how)) : real(url, how)</script>";

async fn held(world: &World, browser: &Browser) -> Result<()> {
    let snippet = format!("<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url);
    browser.visit(&HostPages::serve(&format!("{HELD}{snippet}")).await?.url).await?;
    browser.in_widget("fieldset").await.map(drop)
}

const TAKEN_OVER: &str = "return root?.host.hasAttribute('data-leptos')";

#[tokio::test]
async fn the_program_goes_on_in_the_middle_of_a_word() -> Result<()> {
    let mut world = World::start().await?;
    let browser = Browser::open().await?;
    held(&world, &browser).await?;
    browser.click("input[value='4']").await?;
    // Saved before the program is there.
    assert_eq!(world.next_delivery().await?.body["data"]["response"]["score"], 4);
    browser.click("#why").await?;
    browser.type_text("The soup was cold").await?;
    let watched = "window.nodes = [...root.querySelectorAll('*')]; window.changed = [];
        new MutationObserver(all => changed.push(...all.map(one => one.type + ' ' + one.target.nodeName)))
            .observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
        for (const type of ['focus', 'blur']) root.addEventListener(type, () => changed.push(type), true);
        root.querySelector('#why').setSelectionRange(8, 8)";
    browser.script(watched).await?;
    browser.script("go()").await?;
    browser.until(TAKEN_OVER).await?;
    let after = "const box = root.querySelector('#why');
        return [changed, nodes.every(node => node.isConnected), box.value, box.selectionStart,
            root.activeElement === box, root.querySelector(':checked').value]";
    assert_eq!(browser.script(after).await?, json!([[], true, "The soup was cold", 8, true, "4"]));
    browser.type_text("s").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('The soups was cold')").await?;
    assert_eq!(world.next_delivery().await?.body["data"]["response"]["comment"], "The soups was cold");
    assert_eq!(browser.console().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn the_program_comes_too_late_and_leaves_it_as_it_is() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    held(&world, &browser).await?;
    browser.click("input[value='4']").await?;
    browser.click(".send").await?;
    browser.in_widget("#more").await?;
    browser.script("go()").await?;
    browser.click("#more").await?;
    browser.type_text("Nobody came").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('Nobody came')").await?;
    assert_eq!(world.responses().await?[0]["comment"], "Nobody came");
    Ok(())
}

#[tokio::test]
async fn what_an_extension_did_to_the_nodes_is_no_trap() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    held(&world, &browser).await?;
    browser.click("input[value='7']").await?;
    browser.click("#why").await?;
    browser.type_text("The soup was cold").await?;
    let translated = "const legend = root.querySelector('legend'); const font = document.createElement('font');
        font.textContent = 'Übersetzt'; legend.replaceChildren(font)";
    browser.script(translated).await?;
    browser.script("go()").await?;
    browser.until(TAKEN_OVER).await?;
    let kept = "return [root.querySelector('#why').value, root.querySelector(':checked').value]";
    assert_eq!(browser.script(kept).await?, json!(["The soup was cold", "7"]));
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('The soup was cold')").await?;
    Ok(())
}

#[tokio::test]
async fn a_wasm_that_does_not_come_costs_nothing() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.devtools("Network.enable", json!({})).await?;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*widget.wasm"] })).await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.click("input[value='10']").await?;
    browser.click("#why").await?;
    browser.type_text("Maria was so kind").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('Maria')").await?;
    assert_eq!(world.responses().await?[0]["comment"], "Maria was so kind");
    Ok(())
}

#[tokio::test]
async fn the_question_needs_three_requests_and_little_more_than_six_kilobytes() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    held(&world, &browser).await?;
    let loaded = "return performance.getEntriesByType('resource').filter(entry => !/shown|answering|wasm|widget.js/.test(entry.name))
        .map(entry => [entry.name.split('/').pop().split('?')[0], entry.encodedBodySize])";
    let loaded: Vec<(String, u64)> = serde_json::from_value(browser.script(loaded).await?)?;
    let names: Vec<&str> = loaded.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["heard.js", "first.js", "survey"]);
    let built = xtask::build::built()?;
    let packed = |name: &str| std::fs::metadata(built.widget.join(name)).map(|file| file.len());
    let survey: Value = world.http.get(format!("{}/v1/sites/demo/survey", world.url)).send().await?.json().await?;
    let survey = xtask::packing::brotli(survey.to_string().as_bytes())?.len();
    let all = packed("loader.js.br")? + packed("first.js.br")? + u64::try_from(survey)?;
    assert!(all <= 6_700, "{all} bytes until the question can be answered");
    Ok(())
}
