//! The survey: one language, cacheable.

use anyhow::Result;
use heard_tests::{Browser, World, until};
use serde_json::{Value, json};

#[tokio::test]
async fn it_is_told_once_and_then_not_modified() -> Result<()> {
    let world = World::start().await?;
    let url = format!("{}/v1/sites/demo/survey?lang=en-GB", world.url);
    let first = world.http.get(&url).send().await?;
    let etag = first.headers()["etag"].clone();
    let survey: Value = first.json().await?;
    assert_eq!(survey["lang"], "en");
    assert_eq!(survey["copy"]["question"], "How likely are you to recommend Corner Café to a friend?");

    let plain = world.http.get(&url).send().await?;
    assert!(plain.headers().get("content-encoding").is_none());
    let packed = world.http.get(&url).header("accept-encoding", "gzip, deflate, br").send().await?;
    assert_eq!(
        (&packed.headers()["content-encoding"], &packed.headers()["vary"]),
        (&"gzip".parse()?, &"origin, accept-encoding".parse()?)
    );
    let (plain, packed) = (plain.bytes().await?, packed.bytes().await?);
    assert!(
        packed.starts_with(&[0x1f, 0x8b]) && packed.len() * 4 < plain.len() * 3,
        "{} of {}",
        packed.len(),
        plain.len()
    );

    let again = world.http.get(&url).header("if-none-match", &etag).send().await?;
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"], etag);
    assert!(again.bytes().await?.is_empty());
    let weak = format!("\"x\", W/{}", etag.to_str()?);
    assert_eq!(world.http.get(&url).header("if-none-match", weak).send().await?.status(), 304);

    world.configure("demo", json!({ "name": "New Name" })).await?;
    let changed = world.http.get(&url).header("if-none-match", &etag).send().await?;
    assert_eq!(changed.status(), 200);
    assert!(changed.text().await?.contains("New Name"));
    Ok(())
}

#[tokio::test]
async fn who_is_shown_the_question_is_counted_and_not_known() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    let shown_once = async || {
        let total = world.api("GET", "/metrics", None, 200).await?["total"].clone();
        Ok((total["shown"] == 1).then_some(total))
    };
    let total = until("the showing is counted", shown_once).await?;
    assert_eq!((total["responses"].as_i64(), total["response_rate"].as_f64()), (Some(0), Some(0.0)));
    browser.click("input[value='9']").await?;
    until("the answer is counted", async || {
        let metrics = world.api("GET", "/metrics?by=page", None, 200).await?;
        let page = metrics["groups"][0].clone();
        assert_eq!(page["key"], format!("{}/", world.url));
        Ok((page["response_rate"] == 100.0).then_some(()))
    })
    .await?;
    // Whoever has answered is not asked again, so nothing is counted.
    browser.click(".close").await?;
    browser.visit(&format!("{}/", world.url)).await?;
    assert_eq!(world.api("GET", "/metrics", None, 200).await?["total"]["shown"], 1);
    assert_eq!(browser.console().await?, Vec::<String>::new());

    for body in [
        json!({}),
        json!({ "page": "javascript:alert(1)", "lang": "en" }),
        json!({ "page": "https://a.example/", "lang": "en", "answer": "x" }),
    ] {
        let url = format!("{}/v1/sites/demo/shown", world.url);
        let refused = world.http.post(url).header("content-type", "text/plain").body(body.to_string()).send().await?;
        assert_eq!(refused.status(), 422, "{body}");
    }
    Ok(())
}
