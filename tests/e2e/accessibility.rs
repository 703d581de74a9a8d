//! What assistive technology is told, and what axe finds.

use anyhow::Result;
use heard_tests::{Browser, World};
use serde_json::{Value, json};

#[tokio::test]
async fn a_screen_reader_hears_the_question_the_scores_and_the_thanks() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    let told = browser.accessible().await?;
    let has = |role: &str, name: &str| told.iter().any(|(r, n)| r == role && n == name);
    assert!(has("region", "Feedback"), "{told:?}");
    assert!(has("group", "How likely are you to recommend Corner Café to a friend?"), "{told:?}");
    assert!(has("radio", "0, Not at all likely") && has("radio", "5") && has("radio", "10, Extremely likely"));
    assert!(has("button", "Close"));
    assert!(!told.iter().any(|(role, _)| role == "textbox"), "the comment shows after the score");

    browser.click("input[value='7']").await?;
    browser.in_widget("#why").await?;
    let told = browser.accessible().await?;
    assert!(told.contains(&("textbox".into(), "What would have made it a 10?".into())), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn axe_finds_nothing_at_any_step() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    let axe = std::fs::read_to_string(xtask::setup::npm("")?.join("axe-core/axe.min.js"))?;
    browser.script(&format!("{axe}; window.axe = axe;")).await?;
    assert_no_violations(&browser).await?;
    browser.click("input[value='1']").await?;
    browser.in_widget(".why:not([hidden])").await?;
    assert_no_violations(&browser).await?;
    browser.click(".send").await?;
    browser.in_widget("#more").await?;
    assert_no_violations(&browser).await
}

async fn assert_no_violations(browser: &Browser) -> Result<()> {
    browser
        .script(
            "window.found = null;
             axe.run({ include: [['heard-widget']] }).then(
                 result => window.found = [result.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')), result.passes.length],
                 error => window.found = [['' + error], 0]);",
        )
        .await?;
    let found = browser.until("return window.found").await?;
    assert_eq!(found[0], json!([]));
    assert!(found[1].as_u64().is_some_and(|passes| passes > 5), "axe looked at nothing: {found}");
    let _: Value = found;
    Ok(())
}
