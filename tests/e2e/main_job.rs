//! The whole story: the question, why, a thank-you in the customer's own words, a signed webhook.

use anyhow::Result;
use heard_tests::{Browser, World};
use serde_json::json;

const COMMENT: &str = "The waiter was rude but the cake was delicious.";

#[tokio::test]
async fn a_customer_answers_with_the_mouse() -> Result<()> {
    let mut world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    browser.picture("desktop-question").await?;

    browser.click("input[value='3']").await?;
    let scored = world.next_delivery().await?;
    assert_eq!(scored.body["type"], "response.scored");
    assert_eq!(scored.body["data"]["response"]["score"], 3);
    assert_eq!(scored.body["data"]["response"]["band"], "detractor");

    let prompt = browser.until("return root?.querySelector('label[for=why]')?.textContent").await?;
    assert_eq!(prompt, "What went wrong? Tell us as it was.");
    browser.click("#why").await?;
    browser.type_text(COMMENT).await?;
    browser.picture("desktop-why").await?;
    browser.click(".send").await?;

    let thanks = browser.until("return root?.querySelector('.thanks')?.textContent").await?;
    let thanks = thanks.as_str().unwrap_or_default();
    assert!(thanks.contains("The waiter was rude"), "{thanks}");
    let reference = browser.until("return root?.querySelector('.reference')?.textContent").await?;
    browser.picture("desktop-thanks").await?;

    let id = scored.body["data"]["response"]["id"].as_str().unwrap_or_default();
    let completed = world.delivery_of("response.completed", id).await?;
    let response = &completed.body["data"]["response"];
    assert_eq!(response["comment"], COMMENT);
    assert_eq!(response["id"], scored.body["data"]["response"]["id"]);
    assert_eq!(response["page"], format!("{}/", world.url));
    assert_eq!(reference, format!("Reference {}", response["reference"].as_str().unwrap_or_default()));

    browser.click(".close").await?;
    browser.until("return !document.querySelector('heard-widget')").await?;
    assert_eq!(browser.console().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_customer_answers_with_the_keyboard_alone() -> Result<()> {
    const RIGHT: char = '\u{e014}';
    const SPACE: char = ' ';
    const ENTER: char = '\u{e007}';
    const ESCAPE: char = '\u{e00c}';
    let mut world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;

    browser.tab_to("input[type=radio]").await?;
    browser.key(SPACE).await?;
    for _ in 0..9 {
        browser.key(RIGHT).await?;
    }
    // The arrow keys passed over 0 to 8, and none of them was taken for an answer.
    let scored = world.next_delivery().await?;
    assert_eq!(scored.body["data"]["response"]["score"], 9);

    browser.tab_to("#why").await?;
    browser.type_text("Everyone was so kind").await?;
    browser.tab_to(".send").await?;
    browser.key(ENTER).await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('Everyone was so kind')").await?;
    // The focus is not lost with the button that had it.
    browser.until("return root?.activeElement?.className === 'thanks'").await?;
    let completed = world.next_delivery().await?;
    assert_eq!(completed.body["data"]["response"]["band"], "promoter");

    browser.key(ESCAPE).await?;
    browser.until("return !document.querySelector('heard-widget')").await?;
    Ok(())
}

#[tokio::test]
async fn a_customer_answers_on_a_narrow_phone() -> Result<()> {
    let mut world = World::start().await?;
    let browser = Browser::open().await?;
    browser.become_phone(360, 640).await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    browser.picture("phone-question").await?;
    let fits = "const box = root.querySelector('.panel').getBoundingClientRect();
        const targets = [...root.querySelectorAll('.scale label')].map(label => label.getBoundingClientRect());
        return box.left >= 0 && box.right <= innerWidth && document.documentElement.scrollWidth <= innerWidth
            && targets.every(target => target.width >= 44 && target.height >= 44)";
    assert_eq!(browser.script(fits).await?, json!(true));

    browser.click("input[value='10']").await?;
    browser.click("#why").await?;
    browser.type_text("Great coffee and friendly staff").await?;
    browser.picture("phone-why").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent").await?;
    browser.picture("phone-thanks").await?;
    let told = world.next_deliveries(2).await?;
    let types: Vec<_> = told.iter().map(|received| &received.body["type"]).collect();
    assert_eq!(types, ["response.scored", "response.completed"]);
    Ok(())
}

#[tokio::test]
async fn a_silent_detractor_is_asked_once_and_the_answer_is_added() -> Result<()> {
    let mut world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.click("input[value='2']").await?;
    browser.click(".send").await?;
    let asked = browser.until("return root?.querySelector('label[for=more]')?.textContent").await?;
    assert_eq!(asked, "What happened?");
    browser.picture("desktop-follow-up").await?;
    browser.click("#more").await?;
    browser.type_text("The delivery was late and nobody answered the phone").await?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('nobody answered')").await?;
    assert_eq!(browser.script("return !!root.querySelector('#more')").await?, json!(false));

    let told = world.next_deliveries(4).await?;
    let types: Vec<_> = told.iter().map(|received| &received.body["type"]).collect();
    // With words, it is somebody's to see to.
    assert_eq!(types, ["response.scored", "response.completed", "response.updated", "case.opened"]);
    let stored = world.responses().await?;
    assert_eq!(stored[0]["comment"], "The delivery was late and nobody answered the phone");
    Ok(())
}

#[tokio::test]
async fn a_follow_up_that_fails_is_not_added_twice() -> Result<()> {
    let mut world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.click("input[value='2']").await?;
    browser.click(".send").await?;
    browser.click("#more").await?;
    browser.type_text("Late delivery").await?;
    world.kill()?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.trouble')?.textContent").await?;
    world.restart()?;
    browser.click(".send").await?;
    browser.until("return root?.querySelector('.thanks')?.textContent.includes('Late delivery')").await?;
    assert_eq!(world.responses().await?[0]["comment"], "Late delivery");
    Ok(())
}

#[tokio::test]
async fn a_score_chosen_just_before_closing_is_saved() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    browser.tab_to("input[type=radio]").await?;
    browser.key(' ').await?;
    browser.key('\u{e014}').await?;
    browser.key('\u{e00c}').await?;
    browser.until("return !root").await?;
    let stored = heard_tests::until("the score is stored", async || Ok(world.responses().await?.pop())).await?;
    assert_eq!(stored["score"], 1);
    Ok(())
}
