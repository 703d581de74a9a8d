//! Whom a site asks, how it looks and what it says: set up by who cannot program.

use super::{at_desk, fill, press, says};
use anyhow::Result;
use heard_tests::{Browser, World};
use serde_json::json;

/// Sets the cell of the last row whose control has this name.
async fn cell(browser: &Browser, name: &str, value: &str) -> Result<()> {
    let set = format!(
        "const cell = [...document.querySelectorAll('.cells [aria-label=\"{name}\"]')].pop();
         if (!cell) return false; cell.value = '{value}';
         cell.dispatchEvent(new Event(cell.localName === 'select' ? 'change' : 'input', {{ bubbles: true }})); return true"
    );
    browser.until(&set).await.map(drop)
}

async fn add(browser: &Browser, list: &str) -> Result<()> {
    let press = format!(
        "const list = [...document.querySelectorAll('.rows')].find(list => list.querySelector('legend').textContent === '{list}');
         list?.querySelector('button.btn').click(); return !!list"
    );
    browser.until(&press).await.map(drop)
}

#[tokio::test]
async fn who_is_asked_is_set_and_tried_without_a_line_of_json() -> Result<()> {
    let world = World::start().await?;
    let browser = at_desk(&world, "/demo/settings/targeting").await?;
    add(&browser, "Moments").await?;
    cell(&browser, "Moment", "scroll").await?;
    cell(&browser, "seconds, %, .selector or name", "60").await?;
    add(&browser, "Pages").await?;
    cell(&browser, "Pages", "not").await?;
    cell(&browser, "Address of the page", "/checkout").await?;
    fill(&browser, "So many of a hundred visitors", "25").await?;
    // Tried before it is saved.
    fill(&browser, "Address of the page", "https://shop.example/checkout/2").await?;
    press(&browser, "button", "Try it").await?;
    says(&browser, "No.").await?;
    says(&browser, "wants not /checkout…, and is https://shop.example/checkout/2").await?;
    fill(&browser, "Address of the page", "https://shop.example/").await?;
    press(&browser, "button", "Try it").await?;
    says(&browser, "Yes, at the first of the moments.").await?;
    browser.picture("desk-targeting").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved").await?;
    let ask = world.api("GET", "", None, 200).await?["settings"]["ask"].clone();
    assert_eq!(ask["triggers"], json!([{ "on": "scroll", "percent": 60 }]));
    let targeting = json!({ "pages": [{ "is": "prefix", "url": "/checkout", "not": true }], "sample_percent": 25 });
    assert_eq!(ask["targeting"], targeting);
    // What does not fit is told, and nothing typed is lost.
    cell(&browser, "seconds, %, .selector or name", "half").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Moments 1: must be a whole number").await?;
    browser.reload().await?;
    browser.until("return document.querySelectorAll('.cells').length === 2").await?;
    Ok(())
}

#[tokio::test]
async fn a_colour_is_told_about_and_words_are_the_owners() -> Result<()> {
    let world = World::start().await?;
    let browser = at_desk(&world, "/demo/settings/look").await?;
    fill(&browser, "Your colour", "#ffd400").await?;
    says(&browser, "buttons in #ffd400, lines and links in ").await?;
    press(&browser, "button", "Save").await?;
    says(&browser, "Saved").await?;
    let shown = "return getComputedStyle(document.querySelector('iframe.preview')?.contentDocument?.querySelector('heard-widget')
        ?.shadowRoot?.querySelector('.send') || document.body).backgroundColor === 'rgb(255, 212, 0)'";
    browser.until(shown).await?;
    add(&browser, "Your own words").await?;
    browser.until("return [...document.querySelectorAll('.cells option')].some(one => one.textContent.startsWith('How likely are you'))").await?;
    cell(&browser, "Your words", "Would you send a friend to {name}?").await?;
    let save = "[...document.querySelectorAll('form.card')].pop().querySelector('.row .btn:not(.plain)').click()";
    browser.script(save).await?;
    let asks = "return document.querySelector('iframe.preview')?.contentDocument?.querySelector('heard-widget')
        ?.shadowRoot?.querySelector('legend')?.textContent === 'Would you send a friend to Corner Café?'";
    browser.until(asks).await?;
    // Every state, with the reply that the site would give.
    let choose = "const list = [...document.querySelectorAll('.beside select')].pop(); list.value = 'thanks';
        list.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.script(choose).await?;
    let thanks = "return document.querySelector('iframe.preview')?.contentDocument?.querySelector('heard-widget')
        ?.shadowRoot?.querySelector('.thanks')?.textContent.includes('half an hour')";
    browser.until(thanks).await?;
    browser.picture("desk-look").await?;
    assert_eq!(world.responses().await?.len(), 0);
    // Taken out, they are ours again.
    press(&browser, "button", "Remove").await?;
    browser.script(save).await?;
    browser.until("return !document.querySelector('.cells')").await?;
    let left = async || Ok(world.api("GET", "", None, 200).await?["settings"]["copy"].is_null().then_some(()));
    heard_tests::until("the words are gone", left).await
}
