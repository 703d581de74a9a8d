//! One script tag on any page: of another origin, twice, hostile, blocked, broken.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World};
use serde_json::json;

/// The beginning of where this browser looks for news.
async fn mailbox(browser: &Browser) -> Result<String> {
    let kept = browser.script("return JSON.parse(localStorage.getItem('heard:demo:thread')).mailbox").await?;
    Ok(kept.as_str().unwrap_or_default().chars().skip(4).take(4).collect())
}

fn snippet(world: &World, more: &str) -> String {
    format!("<script async src=\"{}/heard.js\" data-site=\"demo\" {more}></script>", world.url)
}

#[tokio::test]
async fn a_page_of_another_origin_asks() -> Result<()> {
    let mut world = World::start().await?;
    let page = HostPages::serve(&snippet(&world, "data-visitor=\"customer-7\"")).await?;
    let browser = Browser::open().await?;
    // Query and fragment may hold what is nobody's business.
    browser.visit(&format!("{}/?token=secret#fragment", page.url)).await?;
    browser.click("input[value='8']").await?;
    let scored = world.next_delivery().await?;
    assert_eq!(scored.body["data"]["response"]["page"], format!("{}/", page.url));
    assert_eq!(scored.body["data"]["response"]["visitor"], "customer-7");
    assert_eq!(browser.console().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn who_has_answered_is_not_asked_again() -> Result<()> {
    let mut world = World::start().await?;
    let page = HostPages::serve(&snippet(&world, "")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='8']").await?;
    world.next_delivery().await?;
    browser.click(".send").await?;
    browser.until("return localStorage.getItem('heard:demo')?.includes('answered')").await?;
    browser.reload().await?;
    browser.until("return document.readyState === 'complete' && !!window.heard").await?;
    // What the browser has kept, and whether there is news: the owner's rules are read once a day.
    let loaded =
        "const names = performance.getEntriesByType('resource').map(entry => entry.name.split('/').pop().slice(0, 8));
        return names.length > 2 && names";
    assert_eq!(
        browser.until(loaded).await?,
        json!(["heard.js", "news.js", "mbx_".to_owned() + &mailbox(&browser).await?])
    );
    browser
        .script(
            "const marks = JSON.parse(localStorage['heard:demo']); marks.read_at -= 864e5;
            localStorage['heard:demo'] = JSON.stringify(marks)",
        )
        .await?;
    browser.reload().await?;
    browser
        .until("return performance.getEntriesByType('resource').some(entry => entry.name.includes('survey'))")
        .await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    // The owner's own button still asks.
    browser.script("heard('ask')").await?;
    browser.in_widget("fieldset").await?;
    Ok(())
}

#[tokio::test]
async fn not_now_is_remembered_too() -> Result<()> {
    let world = World::start().await?;
    let page = HostPages::serve(&snippet(&world, "")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click(".close").await?;
    browser.until("return !root && localStorage.getItem('heard:demo')?.includes('closed')").await?;
    assert!(world.responses().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn two_snippets_on_one_page_ask_one_question() -> Result<()> {
    let world = World::start().await?;
    world.configure("other", json!({ "name": "Other" })).await?;
    let other = format!("<script async src=\"{}/heard.js\" data-site=\"other\"></script>", world.url);
    let twice = format!("{0}{0}{other}", snippet(&world, ""));
    let page = HostPages::serve(&twice).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    browser.until("return document.readyState === 'complete'").await?;
    assert_eq!(browser.script("return document.querySelectorAll('heard-widget').length").await?, json!(1));
    Ok(())
}

#[tokio::test]
async fn calls_made_before_the_script_loads_are_kept() -> Result<()> {
    let mut world = World::start().await?;
    let early = "<script>window.heard = function () { (heard.q = heard.q || []).push(arguments) };
        heard('identify', 'early-bird'); heard('ask');</script>";
    let page = HostPages::serve(&format!("{early}{}", snippet(&world, "data-ask=\"never\""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='9']").await?;
    let scored = world.next_delivery().await?;
    assert_eq!(scored.body["data"]["response"]["visitor"], "early-bird");
    Ok(())
}

#[tokio::test]
async fn an_owner_may_ask_only_when_called() -> Result<()> {
    let world = World::start().await?;
    let page = HostPages::serve(&snippet(&world, "data-ask=\"never\"")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.until("return typeof window.heard === 'function'").await?;
    let asked =
        "return performance.getEntriesByType('resource').filter(entry => /\\/(survey|w\\/)/.test(entry.name)).length";
    assert_eq!(browser.script(asked).await?, json!(0));
    browser.script("heard('ask')").await?;
    browser.in_widget("fieldset").await?;
    Ok(())
}

#[tokio::test]
async fn the_widget_neither_takes_the_focus_nor_the_keys_of_its_page() -> Result<()> {
    let world = World::start().await?;
    let listening = "<input id=\"search\" autofocus><script>window.keys = [];
        addEventListener('keydown', event => keys.push(event.key))</script>";
    let page = HostPages::serve(&format!("{listening}{}", snippet(&world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    assert_eq!(browser.script("return document.activeElement.id").await?, json!("search"));
    browser.type_text("7").await?;
    assert_eq!(browser.script("return search.value + keys.join()").await?, json!("77"));
    assert_eq!(browser.script("return root.querySelectorAll('input:checked').length").await?, json!(0));
    // And the other way round: what is typed in the widget is not taken for the page's shortcuts.
    browser.click("input[value='6']").await?;
    browser.click("#why").await?;
    browser.type_text("a/b").await?;
    assert_eq!(browser.script("return root.querySelector('#why').value + keys.join()").await?, json!("a/b7"));
    Ok(())
}

#[tokio::test]
async fn hostile_styles_of_the_page_do_not_reach_the_widget() -> Result<()> {
    let world = World::start().await?;
    let hostile = "<style>* { color: red !important; font-size: 40px !important; display: block !important }
        label, button, heard-widget { border: 9px solid red; text-transform: uppercase }</style>";
    let page = HostPages::serve(&format!("{hostile}{}", snippet(&world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    browser.picture("hostile-styles").await?;
    let style = "const legend = getComputedStyle(root.querySelector('legend'));
        const scale = getComputedStyle(root.querySelector('.scale'));
        const panel = getComputedStyle(root.querySelector('.panel'));
        return [legend.textTransform, scale.display, panel.fontSize, panel.width]";
    // Nor does the size of the page's root, which many pages set to make a rem ten pixels.
    assert_eq!(browser.script(style).await?, json!(["none", "grid", "16px", "432px"]));
    Ok(())
}

#[tokio::test]
async fn a_worker_out_of_reach_leaves_the_page_alone_and_says_so_once() -> Result<()> {
    let mut world = World::start().await?;
    let errors = "<script>window.errors = []; addEventListener('error', event => errors.push(event.message));
        addEventListener('unhandledrejection', event => errors.push('' + event.reason))</script>";
    let site = snippet(&world, "").replace("data-site=\"demo\"", "data-site=\"unknown\"");
    let page = HostPages::serve(&format!("{errors}{site}")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.until("return typeof window.heard === 'function'").await?;
    let said = heard_tests::until("the console says why", async || {
        let said: Vec<String> = browser.console().await?.into_iter().filter(|line| line.contains("[heard]")).collect();
        Ok((!said.is_empty()).then_some(said))
    })
    .await?;
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("not shown: There is no site"), "{said:?}");
    assert_eq!(browser.script("return errors").await?, json!([]));

    // The same when the Worker goes away between the page and the answer: the words stay.
    browser.visit(&HostPages::serve(&format!("{errors}{}", snippet(&world, ""))).await?.url).await?;
    browser.click("input[value='4']").await?;
    browser.click("#why").await?;
    browser.type_text("Too slow").await?;
    world.kill()?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.trouble')?.textContent.includes('still here')").await?;
    browser.picture("desktop-offline").await?;
    assert_eq!(browser.script("return root.querySelector('#why').value").await?, json!("Too slow"));
    world.restart()?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('Too slow')").await?;
    assert_eq!(browser.script("return errors").await?, json!([]));
    Ok(())
}

#[tokio::test]
async fn the_question_is_asked_in_the_language_of_the_page() -> Result<()> {
    let world = World::start().await?;
    let page = HostPages::serve(&snippet(&world, "data-lang=\"de-AT\"")).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    let question = browser.until("return root?.querySelector('legend')?.textContent").await?;
    assert_eq!(question, "Wie wahrscheinlich ist es, dass Sie Corner Café weiterempfehlen?");
    assert_eq!(browser.script("return root.querySelector('.panel').lang").await?, json!("de"));
    Ok(())
}

#[tokio::test]
async fn a_strict_content_security_policy_lets_the_widget_work() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/strict-csp.html", world.url)).await?;
    browser.click("input[value='9']").await?;
    browser.click("#why").await?;
    browser.type_text("Quick and friendly").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent").await?;
    browser.picture("strict-csp").await?;
    assert_eq!(browser.console().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_policy_that_forbids_wasm_is_no_reason_not_to_listen() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/no-wasm-csp.html", world.url)).await?;
    browser.click("input[value='3']").await?;
    let prompt = browser.until("return root?.querySelector('label[for=why]')?.textContent").await?;
    assert_eq!(prompt, "What went wrong? Tell us as it was.");
    browser.click(".send").await?;
    assert_eq!(browser.until("return root?.querySelector('label[for=more]')?.textContent").await?, "What happened?");
    browser.picture("no-wasm-follow-up").await?;
    browser.click("#more").await?;
    browser.type_text("The soup was cold and $low").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('The soup was cold')").await?;
    browser.picture("no-wasm-thanks").await?;
    assert_eq!(browser.script("return root.host.hasAttribute('data-leptos')").await?, json!(false));
    assert_eq!(world.responses().await?[0]["comment"], "The soup was cold and $low");
    browser.click(".done").await?;
    browser.until("return !root").await?;
    Ok(())
}

#[tokio::test]
async fn who_presses_the_owners_button_is_taken_to_the_question_and_back_as_often_as_they_like() -> Result<()> {
    let world = World::start().await?;
    world.configure("demo", json!({ "name": "Corner Café", "ask": { "delay_seconds": 600 } })).await?;
    let button = "<button id=\"tell\" onclick=\"heard('ask')\">Tell us</button>";
    let page = HostPages::serve(&format!("{button}{}", snippet(&world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.until("return typeof window.heard === 'function'").await?;
    for _ in 0..2 {
        browser.script("tell.focus(); tell.click()").await?;
        browser.until("return root?.activeElement?.className === 'panel'").await?;
        browser.key('\u{e00c}').await?;
        browser.until("return !root && document.activeElement.id === 'tell'").await?;
    }
    Ok(())
}

#[tokio::test]
async fn visitor_ids_that_would_cost_the_answer_are_left_out() -> Result<()> {
    let mut world = World::start().await?;
    let odd = "<script>window.heard = function () { (heard.q = heard.q || []).push(arguments) };
        heard('identify', undefined); heard('identify', Symbol('x')); heard('identify', Object.create(null));
        heard('identify', 'x'.repeat(500)); heard('identify', null)</script>";
    let page = HostPages::serve(&format!("{odd}{}", snippet(&world, ""))).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    // Naming the visitor still counts after the question is shown.
    browser.script("heard('identify', 42)").await?;
    browser.click("input[value='9']").await?;
    assert_eq!(world.next_delivery().await?.body["data"]["response"]["visitor"], "42");
    Ok(())
}
