//! Signing in by passkey, with an authenticator that the browser plays.

use super::{fill, press, says};
use anyhow::{Context as _, Result};
use fantoccini::key::Key;
use heard_tests::{Browser, OWNER_KEY, World};
use serde_json::{Value, json};

/// Passkeys are made for names; an address of numbers has none.
fn desk(world: &World) -> String {
    world.url.replace("127.0.0.1", "localhost")
}

async fn with_authenticator() -> Result<Browser> {
    let browser = Browser::open().await?;
    browser.devtools("WebAuthn.enable", json!({})).await?;
    let options = json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true });
    browser.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await?;
    Ok(browser)
}

async fn sign_in_by_key(browser: &Browser, world: &World, key: &str) -> Result<()> {
    browser.visit(&format!("{}/desk/demo/developers", desk(world))).await?;
    browser
        .until("return document.activeElement?.id === 'key' || (document.getElementById('key')?.focus(), false)")
        .await?;
    browser.type_text(key).await?;
    if key.starts_with("hk_") {
        fill(browser, "Site", "demo").await?;
    }
    browser.key(Key::Enter.into()).await?;
    says(browser, "Add a passkey").await
}

async fn add_one(browser: &Browser, name: &str) -> Result<()> {
    // The form for keys has a name, too.
    let script = format!(
        "const form = [...document.querySelectorAll('form')].find(f => f.querySelector('h3')?.textContent === 'Add a passkey');
         const field = form?.querySelector('input'); if (!field) return false;
         field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }})); return true",
        json!(name)
    );
    browser.until(&script).await?;
    press(browser, "button", "Make a passkey").await?;
    says(browser, "Added. Next time you can sign in with it.").await
}

async fn sign_out(browser: &Browser) -> Result<()> {
    browser
        .script("window.left = null; fetch('/v1/session', { method: 'DELETE' }).then(a => { window.left = a.status })")
        .await?;
    browser.until("return window.left === 204").await?;
    browser.reload().await?;
    browser.until("return !!document.getElementById('key')").await.map(drop)
}

#[tokio::test]
async fn a_passkey_opens_what_the_key_opens_and_no_more() -> Result<()> {
    let world = World::start().await?;
    let maria = world.api("POST", "/people", Some(json!({ "name": "Maria" })), 201).await?;
    let new = json!({ "name": "Maria's", "scope": "write", "person": maria["id"] });
    let key = world.api("POST", "/keys", Some(new), 201).await?;
    let (key, prefix) = (key["key"].as_str().context("no key")?, key["prefix"].as_str().context("no prefix")?);
    let browser = with_authenticator().await?;
    sign_in_by_key(&browser, &world, key).await?;
    add_one(&browser, "My phone").await?;
    says(&browser, &format!("{prefix}…")).await?;
    sign_out(&browser).await?;

    press(&browser, "button", "Use a passkey").await?;
    says(&browser, "Add a passkey").await?;
    browser.script("window.who = null; fetch('/v1/session').then(a => a.json()).then(w => { window.who = w })").await?;
    let who = browser.until("return window.who").await?;
    assert_eq!((&who["allows"], &who["person"]["name"]), (&json!("write"), &json!("Maria")), "{who}");
    browser.picture("desk-passkeys").await?;

    // With the key goes what stood for it.
    sign_out(&browser).await?;
    world.api("DELETE", &format!("/keys/{prefix}"), None, 204).await?;
    press(&browser, "button", "Use a passkey").await?;
    says(&browser, "This passkey is not known here any more.").await
}

/// Has the page ask the authenticator, and gives what it would send.
async fn shown(browser: &Browser) -> Result<Value> {
    browser
        .script(
            "window.shown = null; (async () => {
               const { challenge, rp_id } = await (await fetch('/v1/passkeys/challenge', { method: 'POST' })).json();
               const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ challenge, rpId: rp_id, userVerification: 'required' });
               window.shown = JSON.stringify(await navigator.credentials.get({ publicKey }));
             })().catch(e => { window.shown = String(e) })",
        )
        .await?;
    let shown = browser.until("return window.shown").await?;
    Ok(serde_json::from_str(shown.as_str().context("no text")?)?)
}

#[tokio::test]
async fn a_passkey_signs_in_once_here_and_as_it_was_signed() -> Result<()> {
    let world = World::start().await?;
    let browser = with_authenticator().await?;
    sign_in_by_key(&browser, &world, OWNER_KEY).await?;
    add_one(&browser, "Key ring").await?;
    let url = format!("{}/v1/session", desk(&world));
    let sign_in = async |shown: &Value| -> Result<(u16, String)> {
        let answer = world.http.post(&url).json(&json!({ "passkey": shown })).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    };
    let good = shown(&browser).await?;
    for (place, why) in [
        ("/response/signature", "its signature is wrong"),
        ("/id", "it is not known here"),
        ("/response/authenticatorData", "it was made for another host"),
        ("/response/clientDataJSON", ""),
    ] {
        let mut other = good.clone();
        let text = other.pointer_mut(place).context("no such member")?;
        // In the middle of a signature and an id; at the beginning of the others.
        let (at, from) = if place.len() < 20 { (20, 21) } else { (4, 5) };
        let known = text.as_str().context("no text")?.to_owned();
        let letter = if &known[at..from] == "A" { "B" } else { "A" };
        *text = json!(format!("{}{letter}{}", &known[..at], &known[from..]));
        let (status, told) = sign_in(&other).await?;
        assert!(status == 401 && told.contains(why), "{place}: {status} {told}");
    }
    // The same words told to another address.
    let elsewhere = world.http.post(format!("{}/v1/session", world.url)).json(&json!({ "passkey": good }));
    assert_eq!(elsewhere.send().await?.status(), 401);
    let (status, told) = sign_in(&good).await?;
    assert_eq!(status, 201, "{told}");
    let (status, told) = sign_in(&good).await?;
    assert!(status == 401 && told.contains("used before"), "{status} {told}");

    // What was added with an owner key that is no more opens nothing.
    let again = shown(&browser).await?;
    let mut world = world;
    world.run_with(|options| options.owner_key = "another-owner-key-0123456789abcdef".to_owned())?;
    let url = format!("{}/v1/session", desk(&world));
    let answer = world.http.post(&url).json(&json!({ "passkey": again })).send().await?;
    assert_eq!(answer.status(), 401);
    Ok(())
}
