//! The desk in a real browser.

mod asking;
mod flows;
mod forms;
mod hostile;
mod looks;
mod mistakes;
mod outer_loop;
mod passkeys;

use anyhow::Result;
use fantoccini::key::Key;
use heard_tests::{Browser, OWNER_KEY, World};

/// Somebody who is signed in at this address of the desk.
async fn at_desk(world: &World, path: &str) -> Result<Browser> {
    let browser = Browser::open().await?;
    sign_in(&browser, world, path, OWNER_KEY).await?;
    Ok(browser)
}

async fn sign_in(browser: &Browser, world: &World, path: &str, key: &str) -> Result<()> {
    browser.visit(&format!("{}/desk{path}", world.url)).await?;
    browser
        .until("return document.activeElement?.id === 'key' || (document.getElementById('key')?.focus(), false)")
        .await?;
    browser.type_text(key).await?;
    browser.key(Key::Enter.into()).await?;
    browser.until("return !!document.querySelector('.rail nav a, form.narrow')").await.map(drop)
}

/// What the page says.
async fn says(browser: &Browser, text: &str) -> Result<()> {
    let text = serde_json::to_string(text)?;
    let script = format!("return document.body.innerText.includes({text})");
    if let Err(error) = browser.until(&script).await {
        let page = browser.script("return document.body.innerText").await?;
        return Err(error.context(format!("the page says {page}, the console {:?}", browser.console().await?)));
    }
    Ok(())
}

/// Clicks what a selector finds, and whose text begins so.
async fn press(browser: &Browser, selector: &str, text: &str) -> Result<()> {
    let (selector, text) = (serde_json::to_string(selector)?, serde_json::to_string(text)?);
    let script = format!(
        "const it = [...document.querySelectorAll({selector})].find(e => e.textContent.trim().startsWith({text})); it?.click(); return !!it"
    );
    browser.until(&script).await.map(drop)
}

/// Types into the field with this label.
async fn fill(browser: &Browser, label: &str, text: &str) -> Result<()> {
    let label = serde_json::to_string(label)?;
    let script = format!(
        "const labels = [...document.querySelectorAll('label')];
         const field = labels.find(l => l.querySelector('span')?.textContent.trim() === {label}) ?? labels.find(l => l.textContent.trim().startsWith({label}));
         const it = field?.querySelector('input, textarea') ?? document.getElementById(field?.htmlFor); it?.focus(); it?.select?.(); return !!it"
    );
    browser.until(&script).await?;
    browser.type_text(text).await
}
