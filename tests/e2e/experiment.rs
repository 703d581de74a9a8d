//! Two wordings or moments side by side.

use anyhow::Result;
use heard_tests::{Browser, HostPages, World, new_response_id, until};
use serde_json::{Value, json};

async fn site(world: &World, share: u8) -> Result<HostPages> {
    let experiment = json!({ "name": "short", "share_percent": share, "copy": { "en": {
        "question": "Would you send a friend to {name}?", "why.detractor": "What happened?" } } });
    let ask = json!({ "delay_seconds": 0 });
    world.configure("demo", json!({ "name": "Corner Café", "ask": ask, "experiment": experiment })).await?;
    let stub = "<script>window.heard = window.heard || function () { (heard.q = heard.q || []).push([].slice.call(arguments)) }</script>";
    // Where a place among visitors is drawn at random, this one is in the middle.
    let place = "<script>localStorage.setItem('heard:demo:visits', JSON.stringify({ place: 50 }))</script>";
    HostPages::serve(&format!("{stub}{place}<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url))
        .await
}

async fn open(page: &HostPages, path: &str) -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.visit(&format!("{}{path}", page.url)).await?;
    browser.in_widget("fieldset").await?;
    Ok(browser)
}

const QUESTION: &str = "return root.querySelector('legend').textContent";

async fn came_of(world: &World, arm: &str, responses: u64) -> Result<Value> {
    until("the answer counts", async || {
        let told = world.api("GET", "/experiment", None, 200).await?;
        Ok((told[arm]["responses"] == json!(responses) && told[arm]["shown"] == json!(responses)).then_some(told))
    })
    .await
}

#[tokio::test]
async fn a_visitor_keeps_their_side_and_answers_are_told_apart() -> Result<()> {
    let mut world = World::start().await?;
    // Nearly everybody gets B, and then nearly nobody.
    for (share, side, question) in [
        (99, "b", "Would you send a friend to Corner Café?"),
        (1, "a", "How likely are you to recommend Corner Café to a friend?"),
    ] {
        let page = site(&world, share).await?;
        let browser = open(&page, "/").await?;
        assert_eq!(browser.script(QUESTION).await?, question);
        browser.click("input[value='3']").await?;
        let words = if side == "b" { "What happened?" } else { "What went wrong? Tell us as it was." };
        browser.until(&format!("return root.querySelector('label[for=why]').textContent === '{words}'")).await?;
        let told = came_of(&world, side, 1).await?;
        assert_eq!((&told["name"], &told[side]["response_rate"]), (&json!("short"), &json!(100.0)));
        let scored = world.next_delivery().await?;
        assert_eq!(scored.body["type"], "response.scored");
        assert_eq!(scored.body["data"]["response"]["variant"], format!("short:{side}"));
        // On the next page, with the answer half said, it is the same.
        browser.visit(&format!("{}/next", page.url)).await?;
        browser.in_widget("fieldset").await?;
        assert_eq!(browser.script(QUESTION).await?, question);
        let why = browser
            .until("return window.heard('why').then(told => told.filter(one => one.rule === 'experiment')[0]?.says)")
            .await?;
        assert_eq!(why, format!("gets {} of short", side.to_uppercase()));
    }
    let told = world.api("GET", "/experiment?name=short", None, 200).await?;
    assert_eq!(told["differences"]["response_rate"]["percent"], 0.0);
    assert_eq!(told["differences"]["comment_rate"]["percent"], 0.0);
    world.api("GET", "/experiment?name=other", None, 404).await?;
    // Of an experiment that the site does not run, nothing is kept.
    let body = json!({ "id": "0190a5c4-7a1c-7def-8123-00000000b109", "revision": 1, "score": 2, "page": "https://a.example/",
        "lang": "en", "variant": "gone:b" });
    let stored = world.api("POST", "/responses", Some(body), 200).await?;
    assert!(stored["response"]["variant"].is_null());
    Ok(())
}

#[tokio::test]
async fn another_moment_can_be_tried_too() -> Result<()> {
    let world = World::start().await?;
    let experiment = json!({ "name": "later", "share_percent": 99, "triggers": [{ "on": "event", "name": "paid" }] });
    let ask = json!({ "delay_seconds": 0 });
    world.configure("demo", json!({ "name": "Corner Café", "ask": ask, "experiment": experiment })).await?;
    let head = "<script>localStorage.setItem('heard:demo:visits', JSON.stringify({ place: 50 }))</script>";
    let page =
        HostPages::serve(&format!("{head}<script async src=\"{}/heard.js\" data-site=\"demo\"></script>", world.url))
            .await?;
    let browser = Browser::open().await?;
    browser.visit(&page.url).await?;
    let why =
        "return window.heard?.begin && window.heard('why').then(told => told.some(one => one.rule === 'waiting'))";
    browser.until(why).await?;
    assert_eq!(browser.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    browser.script("heard('track', 'paid')").await?;
    browser.in_widget("fieldset").await?;
    Ok(())
}

#[tokio::test]
async fn a_visitor_who_is_known_closes_it_for_all_their_browsers() -> Result<()> {
    let world = World::start().await?;
    let page = site(&world, 50).await?;
    let named = "heard('identify', 'anna-17')";
    let first = open(&page, "/").await?;
    first.script(named).await?;
    first.until("return !!root.querySelector('.announcer')").await?;
    first.click(".close").await?;
    let other = Browser::open().await?;
    let who = HostPages::serve(&format!(
        "<script async src=\"{}/heard.js\" data-site=\"demo\" data-visitor=\"anna-17\"></script>",
        world.url
    ))
    .await?;
    let alone = "return !!JSON.parse(localStorage.getItem('heard:demo') || '{}').alone";
    other.visit(&who.url).await?;
    other.until(alone).await?;
    assert_eq!(other.script("return !!document.querySelector('heard-widget')").await?, json!(false));
    // Erased with all that is kept of them.
    world.api("DELETE", "/visitors/anna-17/responses", None, 200).await?;
    let third = Browser::open().await?;
    third.visit(&who.url).await?;
    third.in_widget("fieldset").await?;
    Ok(())
}

#[tokio::test]
async fn a_fixed_wording_is_held_against_what_was_missing() -> Result<()> {
    let world = World::start().await?;
    let copy = json!({ "en": { "ask.what_happened": "What could we improve?", "ask.what_would_help": "What could we improve?" } });
    let own = json!({ "de": { "ask.what_happened": "Was war los bei {name}?" } });
    let felt = json!([{ "id": "heard", "kind": "felt_heard" }]);
    let settings = json!({ "name": "Corner Café", "copy": own, "questions": felt, "experiment": { "name": "back", "copy": copy } });
    world.configure("demo", settings).await?;
    let answer = |variant: &str, comment: &str, lang: &str| {
        json!({ "id": new_response_id(), "revision": 1, "score": 3, "comment": comment, "page": "https://a.example/",
            "lang": lang, "variant": variant })
    };
    for (variant, lang, asked) in [
        ("back:a", "en", "What happened?"),
        ("back:b", "en", "What could we improve?"),
        // The owner's own words stand where the experiment has none of that language.
        ("back:b", "de", "Was war los bei Corner Café?"),
    ] {
        let mut body = answer(variant, "", lang);
        let reply = world.api("POST", "/responses", Some(body.clone()), 200).await?["acknowledgement"].clone();
        assert_eq!((&reply["question"], &reply["kind"]), (&json!(asked), &json!("thanks")), "{variant} {lang}");
        assert_eq!(reply["questions"], Value::Null, "whether they felt heard is asked who was heard: {reply}");
        if lang == "en" {
            body["revision"] = json!(2);
            body["follow_up"] = json!({ "ask": "what_happened", "text": if variant == "back:a" { "The soup was cold" } else { "dunno" } });
            let reply = world.api("POST", "/responses", Some(body), 200).await?["acknowledgement"].clone();
            assert_eq!(reply["questions"], json!(["heard"]), "{reply}");
        }
    }
    let told = world.api("GET", "/experiment", None, 200).await?;
    let back = &told["follow_ups"][0];
    assert_eq!(
        (&back["a"]["answered"], &back["b"]["asked"], &back["b"]["answered"]),
        (&json!(1), &json!(2), &json!(1)),
        "{told}"
    );
    assert_eq!(
        (&back["answer_rate"]["percent"], &back["new_information_rate"]["percent"]),
        (&json!(-50.0), &json!(-100.0))
    );

    // Who felt heard, by what the reply did.
    for (comment, felt) in [("The cake was delicious", "yes"), ("Lovely cake and friendly staff", "no"), ("", "no")] {
        let body = json!({ "id": new_response_id(), "revision": 1, "score": 10, "comment": comment, "page": "https://a.example/",
            "lang": "en", "answers": { "heard": felt } });
        world.api("POST", "/responses", Some(body), 200).await?;
    }
    let told = world.api("GET", "/metrics/questions", None, 200).await?;
    let by_reply = told["questions"][0]["by_reply"].as_array().cloned().unwrap_or_default();
    let kinds: Vec<_> =
        by_reply.iter().map(|tally| (&tally["reply"], &tally["answers"], &tally["content"]["percent"])).collect();
    assert_eq!(
        kinds,
        [(&json!("praise"), &json!(2), &json!(50.0)), (&json!("asks_back"), &json!(1), &json!(0.0))],
        "{told}"
    );
    Ok(())
}
