//! The owner's own questions: below the thank-you, a tap each, in the webhook, the table and the metrics.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, HostPages, World, until};
use serde_json::{Value, json};

fn questions() -> Value {
    json!([
        { "id": "staff", "kind": "rating", "text": { "en": "Our staff", "de": "Unser Team" }, "bands": ["detractor"] },
        { "id": "food", "kind": "rating", "text": { "en": "The food" }, "bands": ["detractor"], "theme": "food" },
        { "id": "effort", "kind": "ces", "bands": ["promoter"] },
        { "id": "csat", "kind": "csat", "bands": ["passive", "promoter"] },
        { "id": "where", "kind": "choice", "text": { "en": "Where did you order?" }, "options": [
            { "id": "shop", "text": { "en": "In the shop" } }, { "id": "phone", "text": { "en": "By phone" } },
        ] },
        { "id": "fourth", "kind": "rating", "text": { "en": "Never asked fourth" } },
    ])
}

async fn page(world: &World, head: &str) -> Result<(Browser, HostPages)> {
    let themes = json!([{ "id": "food", "label": "food", "phrases": ["soup", "food"] }]);
    let settings =
        json!({ "name": "Corner Café", "ask": { "delay_seconds": 0 }, "questions": questions(), "themes": themes });
    world.configure("demo", settings).await?;
    let script = format!("{head}<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url);
    let page = HostPages::serve(&script).await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    browser.in_widget("fieldset").await?;
    Ok((browser, page))
}

async fn answer(browser: &Browser, score: u8, words: &str) -> Result<()> {
    browser.click(&format!("input[value='{score}']")).await?;
    browser.click("#why").await?;
    browser.type_text(words).await?;
    browser.click(".send").await?;
    browser.in_widget(".thanks").await.map(drop)
}

const ASKED: &str = "return [...root.querySelectorAll('.own legend')].map(legend => legend.textContent)";

/// The one response, once it holds these answers.
async fn stored(world: &World, answers: Value) -> Result<Value> {
    until("the answers are stored", async || {
        let there = world.responses().await?;
        Ok(there.into_iter().find(|response| response["answers"] == answers))
    })
    .await
}

#[tokio::test]
async fn a_tap_answers_what_the_owner_asks_and_what_was_said_is_not_asked_again() -> Result<()> {
    let mut world = World::start().await?;
    for wasm in [true, false] {
        let head = if wasm { "" } else { "<script>delete window.WebAssembly; window.WebAssembly = undefined</script>" };
        let (browser, _page) = page(&world, head).await?;
        if wasm {
            browser.until("return root?.host.hasAttribute('data-leptos')").await?;
        }
        answer(&browser, 3, "The soup was cold and nobody cared about us.").await?;
        // Of food they have just told; two are left, and the fourth for everybody makes three.
        browser.until("return root.querySelectorAll('.own').length === 3").await?;
        assert_eq!(browser.script(ASKED).await?, json!(["Our staff", "Where did you order?", "Never asked fourth"]));
        assert_eq!(browser.script("return !!root.querySelector('#more')").await?, json!(false), "one thing at a time");
        browser.picture(&format!("questions-{wasm}")).await?;
        // As wide as the panel, each as wide as the next, and no word over another.
        let laid = "const boxes = [...root.querySelectorAll('.own')].map(own => own.getBoundingClientRect());
            const steps = [...root.querySelector('.own').querySelectorAll('.scale label')].map(one => one.getBoundingClientRect().width);
            const apart = boxes.every((box, at) => !at || box.top >= boxes[at - 1].bottom);
            const fits = [...root.querySelectorAll('.own span')].every(one => one.scrollWidth <= one.clientWidth + 1 && one.scrollHeight <= one.clientHeight + 1 || !one.clientWidth);
            return [apart, fits, Math.max(...steps) - Math.min(...steps) < 1, steps[0] * 5 > boxes[0].width * .9]";
        assert_eq!(browser.script(laid).await?, json!([true, true, true, true]));
        // A digit is no answer: it belongs to the score, which is given.
        browser.key('2').await?;
        browser.click("input[aria-label='2']").await?;
        browser.click("input[aria-label='By phone']").await?;
        let response = stored(&world, json!({ "staff": 2, "where": "phone" })).await?;
        assert_eq!((&response["score"], response["revision"].as_u64() <= Some(4)), (&json!(3), true), "{response}");
        let id = response["id"].as_str().unwrap_or_default().to_owned();
        let updated = world.delivery_of("response.updated", &id).await?;
        assert_eq!(updated.body["data"]["response"]["answers"], json!({ "staff": 2, "where": "phone" }));
        let said = browser.console().await?;
        assert!(said.iter().all(|line| line.starts_with("INFO")), "{said:?}");
        world.api("DELETE", "/responses?standing=any", None, 200).await?;
    }
    Ok(())
}

#[tokio::test]
async fn who_goes_on_loses_no_tap_and_who_skips_is_thanked_all_the_same() -> Result<()> {
    let world = World::start().await?;
    let (browser, page) = page(&world, "").await?;
    answer(&browser, 10, "Quick, kind and clean: just as it should be.").await?;
    browser.until("return root.querySelectorAll('.own').length === 3").await?;
    let shown = browser.script(ASKED).await?;
    assert_eq!(
        shown,
        json!(["Corner Café made it easy for me.", "How satisfied are you with Corner Café?", "Where did you order?"])
    );
    let ends = "return [...root.querySelectorAll('.own .anchors')].map(one => one.textContent)";
    let wanted = json!(["1 · Strongly disagree7 · Strongly agree", "1 · Very dissatisfied5 · Very satisfied"]);
    assert_eq!(browser.script(ends).await?, wanted);
    browser.picture("questions-promoter").await?;
    browser.click("input[aria-label='7, Strongly agree']").await?;
    // Gone before anything went out.
    browser.visit(&format!("{}/next", page.url)).await?;
    stored(&world, json!({ "effort": 7 })).await?;
    assert_eq!(browser.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    Ok(())
}

#[tokio::test]
async fn answers_add_up_and_have_columns() -> Result<()> {
    let world = World::start().await?;
    let (_browser, _page) = page(&world, "").await?;
    for (number, score, answers) in [
        (1, 2, json!({ "staff": 1, "where": "shop" })),
        (2, 9, json!({ "effort": 6, "where": "phone" })),
        (3, 10, json!({ "effort": 2, "where": "phone" })),
    ] {
        let body = json!({ "id": format!("0190a5c4-7a1c-7def-8123-00000000b00{number}"), "revision": 1, "score": score,
            "comment": "", "page": "https://a.example/", "lang": "en", "answers": answers });
        world.api("POST", "/responses", Some(body), 200).await?;
    }
    let told = world.api("GET", "/metrics/questions", None, 200).await?;
    let of = |id: &str| told["questions"].as_array().into_iter().flatten().find(|one| one["id"] == id).cloned();
    let effort = of("effort").context("effort")?;
    assert_eq!(
        (&effort["answers"], &effort["mean"], &effort["content"]["percent"]),
        (&json!(2), &json!(4.0), &json!(50.0))
    );
    let place = of("where").context("where")?;
    let wanted =
        json!([{ "value": "phone", "answers": 2, "nps": 100.0 }, { "value": "shop", "answers": 1, "nps": -100.0 }]);
    assert_eq!((&place["values"], &place["mean"]), (&wanted, &Value::Null));
    let only = world.api("GET", "/metrics/questions?band=detractor", None, 200).await?;
    assert_eq!(
        only["questions"].as_array().map(|all| all.iter().map(|one| one["answers"].as_u64()).sum()),
        Some(Some(2))
    );
    let (_, csv) = world.owner("GET", "demo/responses.csv", "").await?;
    let header = csv.lines().next().unwrap_or_default();
    assert!(
        header.ends_with("variant,answers.staff,answers.food,answers.effort,answers.csat,answers.where,answers.fourth"),
        "{header}"
    );
    assert!(csv.contains(",\"1\",\"\",\"\",\"\",\"shop\",\"\""), "{csv}");
    // Who has a key is told what does not fit; a page that is older than the settings is not.
    let mut body = json!({ "id": "0190a5c4-7a1c-7def-8123-00000000b009", "revision": 1, "score": 2, "page": "https://a.example/",
        "lang": "en", "answers": { "staff": 6, "gone": 1, "where": "phone" } });
    let problem = world.api("POST", "/responses", Some(body.clone()), 422).await?;
    assert_eq!(problem["errors"][0]["pointer"], "/answers/gone");
    body["secret"] = json!("0123456789abcdef0123");
    let answer = world.http.post(format!("{}/v1/sites/demo/responses", world.url)).json(&body).send().await?;
    let stored: Value = answer.json().await?;
    assert_eq!(stored["response"]["answers"], json!({ "where": "phone" }));
    Ok(())
}
