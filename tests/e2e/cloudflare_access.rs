//! Cloudflare Access before the desk: whoever it lets in as an owner is one, and nobody else.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, Program, World};
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, SystemTime};
use xtask::{build, root};

struct Access {
    _program: Program,
    url: String,
}

impl Access {
    async fn start() -> Result<Self> {
        let mut node = Command::new("node");
        node.arg(root().join("tests/e2e/cloudflare_access.js"));
        let mut program = Program::start(node)?;
        let port = program.says("port ").await?.trim_start_matches("port ").trim().to_owned();
        Ok(Self { _program: program, url: format!("http://127.0.0.1:{port}") })
    }

    /// A token with these claims beside those that are right.
    async fn token(&self, world: &World, claims: Value) -> Result<String> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
        let hour = (now + Duration::from_secs(3_600)).as_secs();
        let mut all = json!({ "iss": self.url, "aud": ["of-the-desk"], "exp": hour, "email": "Anna@cafe.example" });
        for (name, value) in claims.as_object().into_iter().flatten() {
            all[name] = value.clone();
        }
        let asked = world.http.get(&self.url).query(&[("claims", all.to_string())]).send().await?;
        Ok(asked.text().await?)
    }
}

async fn world(access: &Access) -> Result<World> {
    let variables = [
        ("HEARD_ACCESS_TEAM", access.url.as_str()),
        ("HEARD_ACCESS_AUD", "of-the-desk"),
        ("HEARD_ACCESS_OWNERS", "tom@cafe.example, anna@cafe.example"),
    ];
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    World::start_with(build::built()?, |options| options.variables = variables).await
}

#[tokio::test]
async fn whom_access_lets_in_as_an_owner_is_one_and_nobody_else() -> Result<()> {
    let access = Access::start().await?;
    let world = world(&access).await?;
    let sign_in = async |token: &str| -> Result<(u16, Value)> {
        let asked = world.http.post(format!("{}/v1/session", world.url)).header("cf-access-jwt-assertion", token);
        let answer = asked.json(&json!({ "access": true })).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    };
    let (status, who) = sign_in(&access.token(&world, json!({})).await?).await?;
    assert_eq!((status, &who["allows"]), (201, &json!("admin")), "{who}");
    let (status, _) = sign_in(&access.token(&world, json!({ "aud": "of-the-desk" })).await?).await?;
    assert_eq!(status, 201);
    for (claims, why) in [
        (json!({ "email": "eve@cafe.example" }), "is not among"),
        (json!({ "email": "" }), "is not among"),
        (json!({ "aud": ["of-another"] }), "another application"),
        (json!({ "iss": "https://evil.cloudflareaccess.com" }), "another application"),
        (json!({ "exp": 1_700_000_000 }), "not good now"),
        (json!({ "nbf": 4_000_000_000_u64 }), "not good now"),
        (json!({ "by": "unknown" }), "key is not known"),
        (json!({ "by": "forged" }), "signature is wrong"),
        (json!({ "alg": "none" }), "key is not known"),
    ] {
        let (status, told) = sign_in(&access.token(&world, claims.clone()).await?).await?;
        let detail = told["detail"].as_str().unwrap_or_default();
        assert!(status == 401 && detail.contains(why), "{claims}: {status} {told}");
    }
    for token in ["", "a.b.c", "nonsense"] {
        assert_eq!(sign_in(token).await?.0, 401, "{token}");
    }
    // Where it was not set up nobody comes in by it, whatever they send.
    let token = access.token(&world, json!({})).await?;
    let bare = World::start().await?;
    let asked = bare.http.post(format!("{}/v1/session", bare.url)).header("cf-access-jwt-assertion", token);
    assert_eq!(asked.json(&json!({ "access": true })).send().await?.status(), 501);
    let ways = |answer: reqwest::Response| answer.headers()["www-authenticate"].to_str().map(str::to_owned);
    let asked = async |world: &World| world.http.get(format!("{}/v1/session", world.url)).send().await;
    assert_eq!(ways(asked(&bare).await?)?, "Bearer realm=\"Heard\"");
    assert!(ways(asked(&world).await?)?.contains("CloudflareAccess"));
    Ok(())
}

#[tokio::test]
async fn the_desk_offers_it_where_it_stands_before_it() -> Result<()> {
    let access = Access::start().await?;
    let world = world(&access).await?;
    let browser = Browser::open().await?;
    // What Cloudflare's edge puts into each request that it lets through.
    let token = access.token(&world, json!({})).await?;
    browser.devtools("Network.enable", json!({})).await?;
    browser.devtools("Network.setExtraHTTPHeaders", json!({ "headers": { "cf-access-jwt-assertion": token } })).await?;
    browser.visit(&format!("{}/desk", world.url)).await?;
    let press = "const it = [...document.querySelectorAll('button')].find(e => e.textContent.startsWith('Go on as Cloudflare Access')); it?.click(); return !!it";
    browser.until(press).await?;
    let there =
        browser.until("return document.querySelector('.rail nav a, form.narrow') && document.body.innerText").await?;
    there.as_str().context("no text").map(drop)
}
