//! Never losing a word: pages that go away, networks that are gone, other tabs.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World, until};
use serde_json::{Value, json};

async fn page(world: &World, more: &str) -> Result<HostPages> {
    HostPages::serve(&format!(
        "<a id=\"next\" href=\"/next\">Next</a>{more}<script async src=\"{}/heard.js\" data-site=\"demo\"></script>",
        world.url
    ))
    .await
}

async fn only_response(world: &World) -> Result<Value> {
    let all = world.responses().await?;
    assert_eq!(all.len(), 1, "{all:?}");
    Ok(all[0].clone())
}

const STATE: &str = "const box = root?.querySelector('#why');
    return box && root.querySelector(':checked') && [box.value, root.querySelector(':checked').value]";

/// Holds words back until the page says `go()`.
const SLOW: &str = "<script>const real = window.fetch; let go; const gate = new Promise(open => go = open);
    window.fetch = (url, how) => /responses$/.test(url) && how.body.includes('comment')
        ? gate.then(() => real(url, how)) : real(url, how)</script>";

#[tokio::test]
async fn a_half_answer_is_taken_up_by_the_next_page() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='4']").await?;
    browser.click("#why").await?;
    browser.type_text("The lift \"was\" bro").await?;
    browser.reload().await?;
    assert_eq!(browser.until(STATE).await?, json!(["The lift \"was\" bro", "4"]));
    browser.script("document.querySelector('#next').click()").await?;
    browser.until("return location.pathname === '/next'").await?;
    assert_eq!(browser.until(STATE).await?, json!(["The lift \"was\" bro", "4"]));
    // Closed: it does not come by itself, and the owner's button opens it again.
    browser.click(".close").await?;
    browser.reload().await?;
    browser.until("return document.readyState === 'complete' && !!window.heard").await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    browser.script("heard('ask')").await?;
    assert_eq!(browser.until(STATE).await?, json!(["The lift \"was\" bro", "4"]));
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('lift')").await?;
    let stored = only_response(&world).await?;
    assert_eq!(
        (&stored["comment"], &stored["page"]),
        (&json!("The lift \"was\" bro"), &json!(format!("{}/", page.url)))
    );
    assert_eq!(world.api("GET", "/metrics", None, 200).await?["total"]["shown"], 1, "one customer, shown once");
    Ok(())
}

#[tokio::test]
async fn a_score_chosen_with_keys_counts_when_the_page_is_left_at_once() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    browser.tab_to("input[type=radio]").await?;
    browser.key(' ').await?;
    browser.key('\u{e014}').await?;
    browser.visit("about:blank").await?;
    let stored = until("the score is stored", async || Ok(world.responses().await?.pop())).await?;
    assert_eq!(stored["score"], 1);
    Ok(())
}

#[tokio::test]
async fn an_answer_given_without_a_network_goes_out_once_from_another_page() -> Result<()> {
    let mut world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    world.next_delivery().await?;
    world.kill()?;
    browser.click("#why").await?;
    browser.type_text("Closed at noon").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.trouble')?.textContent").await?;
    browser.click(".close").await?;
    world.restart()?;
    browser.script("document.querySelector('#next').click()").await?;
    until("the words are stored", async || {
        Ok((only_response(&world).await?["comment"] == "Closed at noon").then_some(()))
    })
    .await?;
    browser
        .until("return !localStorage.getItem('heard:demo:out') && !localStorage.getItem('heard:demo:draft')")
        .await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    assert_eq!(only_response(&world).await?["comment"], "Closed at noon");
    Ok(())
}

#[tokio::test]
async fn a_score_chosen_without_a_network_and_closed_is_kept() -> Result<()> {
    let mut world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    world.kill()?;
    browser.click("input[value='2']").await?;
    browser.click(".close").await?;
    world.restart()?;
    browser.reload().await?;
    assert_eq!(world.next_delivery().await?.body["data"]["response"]["score"], 2);
    Ok(())
}

#[tokio::test]
async fn offline_is_said_as_it_is_and_it_goes_out_when_the_network_is_back() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.until("return root?.host.hasAttribute('data-leptos')").await?;
    let network = async |offline: bool| {
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        browser.devtools("Network.emulateNetworkConditions", conditions).await
    };
    browser.devtools("Network.enable", json!({})).await?;
    network(true).await?;
    browser.click("#why").await?;
    browser.type_text("The tunnel was dark").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.trouble')?.textContent.includes('offline')").await?;
    browser.picture("desktop-waiting").await?;
    network(false).await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('The tunnel was dark')").await?;
    assert_eq!(only_response(&world).await?["comment"], "The tunnel was dark");
    Ok(())
}

#[tokio::test]
async fn a_captive_portals_page_is_no_answer() -> Result<()> {
    let world = World::start().await?;
    let portal = "<script>const real = window.fetch; window.portal = '<h1>Welcome aboard</h1>';
        window.fetch = (url, how) => /responses$/.test(url) && portal ? Promise.resolve(new Response(portal)) : real(url, how)</script>";
    let page = page(&world, portal).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.click("#why").await?;
    browser.type_text("The train was late").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.trouble')?.textContent").await?;
    assert_eq!(world.responses().await?, Vec::<Value>::new());
    browser.script("portal = ''").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('The train was late')").await?;
    assert_eq!(only_response(&world).await?["comment"], "The train was late");
    Ok(())
}

#[tokio::test]
async fn a_survey_that_was_closed_meanwhile_says_thank_you_and_offers_no_retry() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.click("#why").await?;
    browser.type_text("Too late").await?;
    world.configure("demo", json!({ "name": "Corner Café", "archived": true })).await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('has just closed')").await?;
    assert_eq!(browser.script("return !!root.querySelector('form')").await?, json!(false));
    assert_eq!(browser.script("return localStorage.getItem('heard:demo:out')").await?, Value::Null);
    Ok(())
}

#[tokio::test]
async fn what_is_typed_while_sending_is_sent_too() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, SLOW).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.until("return root?.host.hasAttribute('data-leptos')").await?;
    browser.click("#why").await?;
    browser.type_text("The queue").await?;
    browser.click(".send").await?;
    browser.click("#why").await?;
    browser.type_text(" was endless").await?;
    browser.script("go()").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('The queue was endless')").await?;
    assert_eq!(only_response(&world).await?["comment"], "The queue was endless");
    Ok(())
}

#[tokio::test]
async fn a_page_that_goes_away_while_sending_leaves_it_to_the_next_one() -> Result<()> {
    let world = World::start().await?;
    // On the first page, words get no answer.
    let stuck = "<script>const real = window.fetch; window.fetch = (url, how) => location.pathname === '/'
        && /responses$/.test(url) && how.body.includes('comment') ? new Promise(() => {}) : real(url, how)</script>";
    let page = page(&world, stuck).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.click("#why").await?;
    browser.type_text("The queue was endless").await?;
    browser.click(".send").await?;
    browser.script("document.querySelector('#next').click()").await?;
    until("the words are stored", async || {
        Ok((only_response(&world).await?["comment"] == "The queue was endless").then_some(()))
    })
    .await?;
    browser
        .until("return !localStorage.getItem('heard:demo:draft') && localStorage['heard:demo'].includes('answered')")
        .await?;
    assert_eq!(browser.script("return !!root").await?, json!(false));
    Ok(())
}

#[tokio::test]
async fn one_tab_that_answers_leaves_the_others() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    let second = browser.tab().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='9']").await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    browser.back_to(second).await?;
    browser.until("return !root").await?;
    assert_eq!(world.api("GET", "/metrics", None, 200).await?["total"]["shown"], 1);
    Ok(())
}

#[tokio::test]
async fn two_tabs_write_one_answer_and_neither_takes_the_others_place() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='9']").await?;
    until("the score is stored", async || Ok(world.responses().await?.pop())).await?;
    let first = browser.tab().await?;
    browser.visit(&page.url).await?;
    browser.until("return root?.querySelector(':checked')?.value === '9'").await?;
    let second = browser.tab().await?;
    browser.visit(&page.url).await?;
    browser.click("#why").await?;
    browser.type_text("The third tab was kind").await?;
    browser.back_to(first.clone()).await?;
    browser.click("#why").await?;
    browser.type_text("The first tab was slow").await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    // One that had typed nothing leaves.
    browser.back_to(second).await?;
    browser.until("return !root").await?;
    browser.back_to(browser.last_tab().await?).await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    assert_eq!(only_response(&world).await?["comment"], "The first tab was slow\n\nThe third tab was kind");
    Ok(())
}

#[tokio::test]
async fn a_page_that_comes_back_does_not_undo_what_a_later_one_sent() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.click("#why").await?;
    browser.type_text("Slow").await?;
    browser.script("document.querySelector('#next').click()").await?;
    browser.until("return location.pathname === '/next' && root?.querySelector('#why')?.value === 'Slow'").await?;
    browser.click("#why").await?;
    browser.type_text(" service and cold soup").await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    browser.script("history.back()").await?;
    browser.until("return location.pathname === '/'").await?;
    // As it was left, or loaded anew: either way the words stay.
    let form = "return root?.querySelector('form:not([hidden]) .send') ? 'form' : document.readyState === 'complete' && 'none'";
    if browser.until(form).await? == "form" {
        browser.click("form .send").await?;
        browser.in_widget(".thanks").await?;
    }
    assert_eq!(only_response(&world).await?["comment"], "Slow service and cold soup");
    Ok(())
}

#[tokio::test]
async fn a_score_put_right_while_sending_is_the_one_that_is_answered() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, SLOW).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='9']").await?;
    browser.click("#why").await?;
    browser.type_text("The waiter was rude and the soup cold").await?;
    browser.click(".send").await?;
    browser.click("input[value='1']").await?;
    browser.script("go()").await?;
    browser.in_widget(".thanks").await?;
    assert_eq!(browser.script("return !!root.querySelector('fieldset')").await?, json!(false));
    assert_eq!(only_response(&world).await?["score"], 1);
    Ok(())
}

#[tokio::test]
async fn what_one_customer_left_is_not_shown_to_the_next() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    browser.script("heard('identify', 'anna')").await?;
    browser.click("input[value='2']").await?;
    browser.click("#why").await?;
    browser.type_text("My secret words").await?;
    // A page that does not know yet who it is shows nobody's.
    browser.reload().await?;
    browser.until("return document.readyState === 'complete' && !!window.heard").await?;
    browser.script("heard('ask')").await?;
    browser.in_widget("fieldset").await?;
    let there = "return [root.querySelector('#why').value, root.querySelectorAll(':checked').length]";
    assert_eq!(browser.script(there).await?, json!(["", 0]));
    browser.click(".close").await?;
    browser.script("heard('identify', 'anna'); heard('ask')").await?;
    browser.until("return root?.querySelector('#why')?.value === 'My secret words'").await?;
    // Logged out.
    browser.script("heard('identify', null)").await?;
    browser.until("return !root").await?;
    assert_eq!(browser.script("return localStorage.getItem('heard:demo:draft')").await?, Value::Null);
    browser.script("heard('identify', 'bert'); heard('ask')").await?;
    browser.in_widget("fieldset").await?;
    assert_eq!(browser.script(there).await?, json!(["", 0]));
    Ok(())
}

#[tokio::test]
async fn where_to_reach_somebody_is_a_field_of_its_own_and_acknowledged() -> Result<()> {
    let mut world = World::start().await?;
    let promise = json!({ "answered_by": "Maria", "within": { "number": 2, "unit": "working_days" } });
    let notice = json!({ "text": "Only for this answer.", "url": "https://shop.example/privacy" });
    let settings =
        json!({ "name": "Corner Café", "promise": promise, "contact": notice, "ask": { "delay_seconds": 0 } });
    world.configure("demo", settings).await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.click("input[value='2']").await?;
    browser.until("return root?.host.hasAttribute('data-leptos')").await?;
    browser.click("#why").await?;
    browser.type_text("The waiter was rude to my son").await?;
    browser.click(".send").await?;
    browser.in_widget("input#more").await?;
    let told = "return [root.querySelector('#more').inputMode, root.querySelector('.notice').textContent.trim(),
        root.querySelector('.notice a').href, !!root.querySelector('.promise')]";
    let notice = json!(["email", "Only for this answer. Privacy", "https://shop.example/privacy", false]);
    assert_eq!(browser.script(told).await?, notice);
    browser.picture("desktop-contact").await?;
    browser.click("#more").await?;
    browser.type_text("call me").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.trouble')?.textContent.includes('neither an email')").await?;
    browser.click("#more").await?;
    for _ in 0..7 {
        browser.key('\u{e003}').await?;
    }
    browser.type_text("jo@shop.example").await?;
    browser.click(".send").await?;
    let thanks =
        browser.until("return root?.querySelector('.promise') && root.querySelector('.thanks').textContent").await?;
    assert_eq!(thanks, "We will write to the address you left.");
    let promise = browser.script("return root.querySelector('.promise').textContent").await?;
    assert_eq!(promise, "Maria will answer you within 2 working days.");
    browser.picture("desktop-contact-thanks").await?;
    let stored = only_response(&world).await?;
    assert_eq!(
        (&stored["comment"], &stored["contact"]),
        (&json!("The waiter was rude to my son"), &json!("jo@shop.example"))
    );
    let told = world.delivery_of("response.updated", stored["id"].as_str().unwrap_or_default()).await?;
    assert_eq!(told.body["data"]["response"]["contact"], "jo@shop.example");
    Ok(())
}

#[tokio::test]
async fn who_it_was_may_come_after_the_answer() -> Result<()> {
    let world = World::start().await?;
    let page = page(&world, "").await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.script("heard('identify', 'early'); heard('identify', null)").await?;
    browser.click("input[value='9']").await?;
    browser.click("#why").await?;
    browser.type_text("Lovely").await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await?;
    assert_eq!(only_response(&world).await?["visitor"], Value::Null);
    for nobody in ["'undefined'", "'null'", "''", "NaN"] {
        browser.script(&format!("heard('identify', {nobody})")).await?;
    }
    browser.script("heard('identify', 'customer-7')").await?;
    let named = async || Ok((only_response(&world).await?["visitor"] == "customer-7").then_some(()));
    until("the answer has a visitor", named).await?;
    assert_eq!(only_response(&world).await?["comment"], "Lovely");
    Ok(())
}
