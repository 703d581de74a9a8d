//! Mails by the Worker's `send_email` binding, for which a module stands that takes and refuses what Cloudflare's does: to the
//! owner's people, and to a customer who asked for it.

use anyhow::{Context as _, Result};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use heard_tests::{World, new_response_id, until};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use xtask::build;
use xtask::workerd::Mails;

const SECRET: &str = "00112233445566778899aabbccddeeff";

/// A Worker that can send mails, and what it sends.
async fn with_mails() -> Result<(World, UnboundedReceiver<Value>)> {
    let (sent, mails) = unbounded_channel();
    let take = async move |axum::Json(mail): axum::Json<Value>| {
        let to = mail["to"].as_str().unwrap_or_default().to_owned();
        if to.starts_with("gone@") {
            return (StatusCode::UNPROCESSABLE_ENTITY, "E_RECIPIENT_SUPPRESSED");
        }
        let _ = sent.send(mail);
        (StatusCode::OK, "")
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let app = Router::new().route("/", post(take));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mails_of = Mails { address, from: "Zebra Hosting <hello@cafe.example>".to_owned() };
    let world = World::start_with(build::built()?, |options| options.mails = Some(mails_of)).await?;
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    Ok((world, mails))
}

/// A customer has answered in Dutch, and wants news by email.
async fn customer(world: &World, email: &str) -> Result<String> {
    let id = new_response_id();
    let answer = json!({ "id": id, "revision": 1, "score": 2, "comment": "De soep was koud.", "secret": SECRET,
        "page": "https://cafe.example/lunch", "lang": "nl" });
    assert_eq!(world.post(answer.to_string()).await?.status(), 200);
    let change = thread(world, "PATCH", &id, Some(json!({ "notify": email }))).await?;
    assert_eq!((&change["may_notify"], &change["notify"]), (&json!(true), &json!(email)));
    Ok(id)
}

async fn thread(world: &World, method: &str, id: &str, body: Option<Value>) -> Result<Value> {
    let url = format!("{}/v1/sites/demo/thread", world.url);
    let request = world.http.request(method.parse()?, url).bearer_auth(format!("{id}.{SECRET}"));
    let request = if let Some(body) = body { request.json(&body) } else { request };
    Ok(request.send().await?.json().await?)
}

async fn add(world: &World, types: Value) -> Result<String> {
    let endpoint = json!({ "url": "mailto:team@cafe.example", "format": "email", "event_types": types });
    let added = world.api("POST", "/endpoints", Some(endpoint), 201).await?;
    assert_eq!(added["base_url"], world.url.as_str(), "links lead to where it was set up: {added}");
    Ok(added["id"].as_str().context("no id")?.to_owned())
}

#[tokio::test]
async fn a_customer_is_told_by_mail_and_ends_it_with_one_press() -> Result<()> {
    let (world, mut mails) = with_mails().await?;
    let endpoint = add(&world, json!(["message.notify"])).await?;
    let id = customer(&world, "jo@zebra.example").await?;
    let say = json!({ "text": "Sorry! Come by for a hot one." });
    world.api("POST", &format!("/responses/{id}/messages"), Some(say), 201).await?;
    let mail = mails.recv().await.context("no mail came")?;
    assert_eq!(mail["to"], "jo@zebra.example");
    // The Worker's own mails come from somebody else.
    assert_eq!(mail["from"], json!({ "name": "Corner Café", "email": "hello@cafe.example" }));
    assert_eq!(
        (&mail["replyTo"], &mail["subject"]),
        (&json!("team@cafe.example"), &json!("Corner Café heeft u geantwoord"))
    );
    let text = mail["text"].as_str().unwrap_or_default();
    // Where the answer is read, and not the answer itself: mails are read by more than one.
    assert!(text.contains("https://cafe.example/lunch") && !text.contains("hot one"), "{text}");
    let header = mail["headers"]["List-Unsubscribe"].as_str().context("no way out")?;
    assert_eq!(mail["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
    let way_out = header.trim_matches(['<', '>']);
    assert!(text.contains(way_out) && way_out.starts_with(&world.url), "{text}");

    // A program that follows links ends nothing.
    let page = world.http.get(way_out).header("accept-language", "nl-BE, en;q=0.8").send().await?;
    assert_eq!(page.headers()["content-language"], "nl");
    let page = page.text().await?;
    assert!(page.contains("Geen mails meer") && page.contains("<form method=\"post\">"), "{page}");
    assert!(page.contains("<p>Corner Café</p>"), "whose mails: {page}");
    assert_eq!(thread(&world, "GET", &id, None).await?["notify"], "jo@zebra.example");
    let browser = heard_tests::Browser::open().await?;
    browser.visit(way_out).await?;
    browser.picture("mail-way-out").await?;
    browser.script("document.querySelector('button').click()").await?;
    browser.until("return document.querySelector('[role=status]')?.textContent").await?;
    assert_eq!(thread(&world, "GET", &id, None).await?["notify"], Value::Null);

    let attempts = world.api("GET", &format!("/endpoints/{endpoint}/attempts"), None, 200).await?;
    assert_eq!(attempts["attempts"][0]["status"], 202, "{attempts}");
    Ok(())
}

#[tokio::test]
async fn an_address_that_takes_no_mail_is_given_up_and_held_against_nobody() -> Result<()> {
    let (world, mut mails) = with_mails().await?;
    let endpoint = add(&world, json!(["message.notify", "case.replied"])).await?;
    let id = customer(&world, "gone@zebra.example").await?;
    let say = json!({ "text": "Sorry!" });
    world.api("POST", &format!("/responses/{id}/messages"), Some(say), 201).await?;
    let path = format!("/endpoints/{endpoint}");
    let failed = until("the mail is refused", async || {
        let attempts = world.api("GET", &format!("{path}/attempts"), None, 200).await?;
        let all = attempts["attempts"].as_array().cloned().unwrap_or_default();
        Ok(all.into_iter().find(|attempt| attempt["status"] == 422))
    })
    .await?;
    let error = failed["error"].as_str().unwrap_or_default();
    assert!(
        error.contains("bounced") && error.contains("E_RECIPIENT_SUPPRESSED") && !error.contains("zebra"),
        "{error}"
    );
    let deliveries = world.api("GET", "/deliveries?state=failed", None, 200).await?;
    assert_eq!(deliveries["deliveries"].as_array().map(Vec::len), Some(1), "no second try: {deliveries}");
    assert_eq!(world.api("GET", &path, None, 200).await?["failing_since"], Value::Null);

    // The team's mail came, with the way to the case.
    let mail = mails.recv().await.context("no mail came")?;
    assert_eq!((&mail["to"], &mail["headers"]), (&json!("team@cafe.example"), &Value::Null));
    assert_eq!(mail["subject"], "[demo] The customer was answered");
    let text = mail["text"].as_str().unwrap_or_default();
    let desk = format!("{}/desk/demo/inbox/case_", world.url);
    assert!(text.contains("> They had said: De soep was koud.") && text.contains(&desk), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_test_and_the_week_reach_the_team_and_never_a_stranger() -> Result<()> {
    let (world, mut mails) = with_mails().await?;
    let endpoint = add(&world, json!(["huddle.ready", "message.notify"])).await?;
    for event_type in ["huddle.ready", "message.notify"] {
        let test = json!({ "type": event_type });
        world.api("POST", &format!("/endpoints/{endpoint}/test"), Some(test), 202).await?;
        let mail = mails.recv().await.context("no mail came")?;
        assert_eq!(mail["to"], "team@cafe.example", "{mail}");
        if event_type == "message.notify" {
            // What it will look like, and that it is none.
            assert_eq!(mail["subject"], "[Test] Corner Café has answered you");
        }
        if event_type == "huddle.ready" {
            let text = mail["text"].as_str().unwrap_or_default();
            assert!(text.contains("NPS") && text.contains(&format!("{}/desk/demo/huddle", world.url)), "{text}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn who_cannot_send_mails_is_told_what_is_missing() -> Result<()> {
    let world = World::start().await?;
    let faults = [
        (json!({ "url": "mailto:team@cafe.example", "format": "email" }), "/url", "send_email"),
        (json!({ "url": "mailto:team@cafe.example" }), "/url", "https://"),
        (json!({ "url": "https://cafe.example/", "format": "email" }), "/url", "mailto:"),
        (json!({ "url": "mailto:a@cafe.example?bcc=b@cafe.example", "format": "email" }), "/url", "one email address"),
        (json!({ "url": "mailto:a@cafe.example,b@cafe.example", "format": "email" }), "/url", "one email address"),
        (json!({ "url": "mailto:a@cafe.example", "format": "email", "may_reply": true }), "/may_reply", "left out"),
        (
            json!({ "url": "https://cafe.example/", "format": "slack", "base_url": "https://*.cafe.example" }),
            "/base_url",
            "*",
        ),
    ];
    for base_url in ["javascript:alert(1)", "https://", "ftp://cafe.example", "https://a b", "https://u:p@cafe.example"]
    {
        let endpoint = json!({ "url": "https://cafe.example/", "format": "slack", "base_url": base_url });
        let problem = world.api("POST", "/endpoints", Some(endpoint), 422).await?;
        assert_eq!(problem["errors"][0]["pointer"], "/base_url", "{base_url}: {problem}");
    }
    for (endpoint, pointer, says) in faults {
        let problem = world.api("POST", "/endpoints", Some(endpoint.clone()), 422).await?;
        let fault = &problem["errors"][0];
        assert_eq!(fault["pointer"], pointer, "{endpoint}: {problem}");
        assert!(fault["detail"].as_str().is_some_and(|detail| detail.contains(says)), "{endpoint}: {problem}");
    }
    Ok(())
}
