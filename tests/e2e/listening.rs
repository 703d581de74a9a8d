//! What is heard in a comment reaches the customer, the owner and their programs, in whatever language it was said.

use anyhow::Result;
use heard_tests::{Browser, World, new_response_id};
use serde_json::{Value, json};

#[tokio::test]
async fn a_dutch_customer_on_an_english_page_is_answered_in_dutch() -> Result<()> {
    let mut world = World::start().await?;
    let id = new_response_id();
    let comment = "De levering kwam drie dagen te laat en niemand nam de telefoon op. Graag mijn geld terug.";
    let reply = world.submit(&id, 1, 2, Some(comment)).await?;
    let text = reply["acknowledgement"]["text"].as_str().unwrap_or_default();
    assert!(text.contains("“De levering kwam drie dagen te laat"), "{text}");
    assert_eq!(reply["acknowledgement"]["ask"], "contact", "{reply}");
    assert_eq!(reply["acknowledgement"]["disclosure"], "Dit antwoord is automatisch samengesteld.");

    let completed = world.delivery_of("response.completed", &id).await?;
    let heard = &completed.body["data"]["response"]["heard"];
    assert_eq!((&heard["language"], &heard["overall"]), (&json!("nl"), &json!("negative")));
    assert!(heard["intents"].as_array().is_some_and(|intents| intents.contains(&json!("request"))), "{heard}");
    Ok(())
}

#[tokio::test]
async fn who_writes_german_on_an_english_page_reads_the_rest_in_german_too() -> Result<()> {
    let world = World::start().await?;
    // With the program, and where a page keeps it from running.
    for page in ["/", "/no-wasm-csp.html"] {
        let browser = Browser::open().await?;
        browser.visit(&format!("{}{page}", world.url)).await?;
        browser.click("input[value='2']").await?;
        browser.click("#why").await?;
        browser.type_text("Das Essen war leider kalt. Bitte rufen Sie mich an.").await?;
        browser.click(".send").await?;
        browser
            .until("return root?.querySelector('.thanks')?.textContent.includes('„Das Essen war leider kalt. Bitte rufen Sie mich an“')")
            .await?;
        let told = "return [root.querySelector('.reference').textContent.split(' ')[0], root.querySelector('.send').textContent]";
        assert_eq!(browser.script(told).await?, json!(["Vorgangsnummer", "Hinzufügen"]), "{page}");
        browser.click("#more").await?;
        browser.type_text("jo@zebra.example").await?;
        browser.click(".send").await?;
        browser.until("return root?.querySelector('.send.done')?.textContent === 'Fertig'").await?;
        browser.picture("desktop-german-on-an-english-page").await?;
    }
    let reply = world.submit(&new_response_id(), 1, 2, Some("The food was cold")).await?;
    assert_eq!(reply["acknowledgement"]["copy"], Value::Null, "the page has these words");
    Ok(())
}

#[tokio::test]
async fn harm_and_what_customers_want_are_found_again() -> Result<()> {
    let world = World::start().await?;
    let (hurt, asks, happy) = (new_response_id(), new_response_id(), new_response_id());
    let reply = world.submit(&hurt, 1, 1, Some("I slipped on your wet stairs and broke my wrist")).await?;
    let text = reply["acknowledgement"]["text"].as_str().unwrap_or_default();
    assert!(text.contains("so sorry") && reply["acknowledgement"]["ask"] == "contact", "{reply}");
    world.submit(&asks, 1, 4, Some("One shelf is missing, please send me the missing part")).await?;
    world.submit(&happy, 1, 10, Some("Lovely cake and very friendly staff")).await?;
    for (query, wanted) in [("grave=true", &hurt), ("intent=request", &asks)] {
        let found = world.api("GET", &format!("/responses?{query}"), None, 200).await?;
        let ids: Vec<&Value> =
            found["responses"].as_array().into_iter().flatten().map(|response| &response["id"]).collect();
        assert_eq!(ids, [&json!(wanted)], "{query}");
    }
    let found = world.api("GET", "/responses?grave=false", None, 200).await?;
    assert_eq!(found["responses"].as_array().map(Vec::len), Some(2));
    let refused = world.api("GET", "/responses?intent=will_sue", None, 400).await?;
    assert_eq!(refused["code"], "invalid_parameter");
    Ok(())
}

#[tokio::test]
async fn a_score_that_no_word_agrees_with_is_put_right_in_place() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.click("input[value='0']").await?;
    browser.click("#why").await?;
    browser.type_text("Wonderful cake and such friendly staff").await?;
    browser.click(".send").await?;
    let asked =
        browser.until("return root?.querySelector('.thanks') && root.querySelector('legend')?.textContent").await?;
    assert_eq!(asked, "That score and your words point different ways. If it was a slip, choose another.");
    let told = browser.script("return root.querySelector('.panel').textContent").await?;
    assert!(told.as_str().is_some_and(|told| told.contains("put together automatically")), "{told}");
    browser.picture("desktop-check-score").await?;
    browser.click("input[value='10']").await?;
    browser.until("return root?.querySelector('.thanks') && !root.querySelector('legend')").await?;
    let stored = world.responses().await?;
    assert_eq!(
        (&stored[0]["score"], &stored[0]["comment"]),
        (&json!(10), &json!("Wonderful cake and such friendly staff"))
    );
    assert_eq!(browser.console().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_owner_says_for_themselves_who_puts_replies_together() -> Result<()> {
    let world = World::start().await?;
    world.configure("demo", json!({ "name": "Demo", "voice": { "disclosure": false } })).await?;
    let reply = world.submit(&new_response_id(), 1, 9, Some("The cake was delicious")).await?;
    assert_eq!(reply["acknowledgement"]["disclosure"], Value::Null);
    world.configure("demo", json!({ "name": "Demo", "voice": { "reader": "Maria" } })).await?;
    let reply = world.submit(&new_response_id(), 1, 2, Some("The waiter was rude")).await?;
    let told = format!("{} {}", reply["acknowledgement"]["text"], reply["acknowledgement"]["disclosure"]);
    assert!(told.contains("Maria"), "{told}");
    Ok(())
}
