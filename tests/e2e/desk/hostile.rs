//! What strangers and staff can write is shown as text, on every page.

use super::{at_desk, says};
use anyhow::{Context as _, Result};
use axum::Router;
use axum::routing::post;
use heard_tests::{World, new_response_id, until};
use serde_json::{Value, json};

const EVIL: &str =
    "<img src=x onerror=\"window.pwned=1\"><script>window.pwned=1</script><a href=\"javascript:window.pwned=1\">x</a>";

#[tokio::test]
async fn nothing_that_anybody_wrote_becomes_markup() -> Result<()> {
    let world = World::start().await?;
    // An endpoint that answers with markup, and replies with it.
    let answer = json!({ "reply": { "text": EVIL } }).to_string();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let app = Router::new().route("/", post(async move || answer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    world.api("POST", "/endpoints", Some(json!({ "url": url, "may_reply": true, "description": EVIL })), 201).await?;
    let theme = json!({ "id": "x", "label": EVIL, "phrases": ["soup"] });
    let rules = json!([{ "name": "<img src=x onerror=1>", "when": { "score_at_most": 6 } }]);
    world
        .api(
            "PATCH",
            "",
            Some(
                json!({ "name": "<img src=x onerror=window.pwned=1>", "themes": [theme], "cases": { "rules": rules } }),
            ),
            200,
        )
        .await?;
    let person = json!({ "name": "<b onclick=pwned=1>Maria</b>", "role": "<img src=x onerror=pwned=1>" });
    let person = world.api("POST", "/people", Some(person), 201).await?;
    world.api("POST", "/keys", Some(json!({ "name": "<img src=x onerror=pwned=1>", "scope": "read" })), 201).await?;
    let id = new_response_id();
    let comment = format!("The soup was cold. {EVIL} You should <b>add</b> a till. Maria was <i>kind</i>.");
    let body = json!({
        "id": id, "revision": 1, "score": 2, "comment": comment, "page": "https://cafe.example/?<x>".replace(['<', '>'], "%3C"), "lang": "en",
        "visitor": "\"><img src=x onerror=window.pwned=1>", "contact": "evil+<b>@example.com".replace(['<', '>'], ""),
    });
    assert_eq!(world.post(body.to_string()).await?.status(), 200);
    let cases = world.api("GET", "/cases", None, 200).await?;
    let case = cases["cases"][0]["id"].as_str().context("no case")?.to_owned();
    world.api("POST", &format!("/cases/{case}/notes"), Some(json!({ "text": EVIL })), 201).await?;
    world
        .api(
            "POST",
            &format!("/cases/{case}/calls"),
            Some(json!({ "reached": true, "learnt": EVIL, "promised": EVIL })),
            201,
        )
        .await?;
    world
        .api("POST", &format!("/cases/{case}/messages"), Some(json!({ "text": EVIL, "person": person["id"] })), 201)
        .await?;
    until("the endpoint's reply is a message", async || {
        let messages = world.api("GET", &format!("/responses/{id}/messages"), None, 200).await?;
        Ok(messages["messages"].as_array().is_some_and(|messages| messages.len() >= 2).then_some(()))
    })
    .await?;
    world
        .api(
            "PATCH",
            &format!("/cases/{case}"),
            Some(json!({ "status": "resolved", "root_cause": "<img src=x onerror=pwned=1>", "resolution": EVIL })),
            200,
        )
        .await?;

    let browser = at_desk(&world, "/demo/today").await?;
    let pages = [
        "today",
        "inbox?view=all",
        "inbox?view=settled",
        "calls",
        "bright",
        "huddle",
        "improve",
        "settings",
        "settings/themes",
        "settings/people",
        "settings/rules",
        "settings/everything",
        "developers",
        "data",
        "snippet",
    ];
    let case = format!("inbox/{case}?view=settled");
    for page in pages.into_iter().chain([case.as_str()]) {
        browser.visit(&format!("{}/desk/demo/{page}", world.url)).await?;
        browser
            .until("return !!document.querySelector('main h1, main .said') && !document.querySelector('main .loading')")
            .await?;
        browser.script("document.querySelectorAll('details').forEach(d => d.open = true)").await?;
        let found = browser
            .script("return [window.pwned ?? 0, document.querySelectorAll('img, script:not([src]), [onerror], [onclick], a[href^=\"javascript\" i]').length]")
            .await?;
        assert_eq!(found, json!([0, 0]), "{page}");
    }
    says(&browser, "<script>window.pwned=1</script>").await?;
    let console = browser.console().await?;
    assert!(!console.iter().any(|line| line.contains("Content Security Policy")), "{console:?}");
    let _: Value = json!(null);
    Ok(())
}
