//! Signing in at the desk: what the cookie opens, for whom, and for how long.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

/// Somebody at a desk: their cookie, as their browser would send it.
struct AtDesk<'a> {
    world: &'a World,
    cookie: String,
}

impl<'a> AtDesk<'a> {
    async fn sign_in(world: &'a World, body: &Value) -> Result<Self> {
        let answer = sign_in(world, body).await?;
        assert_eq!(answer.status(), 201);
        let set = answer.headers()["set-cookie"].to_str()?.to_owned();
        let cookie = set.split(';').next().context("no cookie")?.to_owned();
        Ok(Self { world, cookie })
    }

    fn asks(&self, method: &str, path: &str) -> Result<RequestBuilder> {
        let url = format!("{}{path}", self.world.url);
        Ok(self.world.http.request(method.parse()?, url).header("cookie", &self.cookie))
    }

    async fn status(&self, method: &str, path: &str) -> Result<u16> {
        let request = self.asks(method, path)?.header("sec-fetch-site", "same-origin").json(&json!({}));
        Ok(request.send().await?.status().as_u16())
    }
}

async fn sign_in(world: &World, body: &Value) -> Result<Response> {
    Ok(world.http.post(format!("{}/v1/session", world.url)).json(body).send().await?)
}

async fn code(answer: Response) -> Result<(u16, String)> {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await?;
    Ok((status, body["code"].as_str().unwrap_or_default().to_owned()))
}

#[tokio::test]
async fn a_key_is_exchanged_for_a_cookie_that_scripts_and_other_pages_cannot_use() -> Result<()> {
    let world = World::start().await?;
    let answer = sign_in(&world, &json!({ "key": OWNER_KEY })).await?;
    let set = answer.headers()["set-cookie"].to_str()?.to_owned();
    for part in ["heard-desk=ses_", "; Path=/", "; HttpOnly", "; SameSite=Strict"] {
        assert!(set.contains(part), "{set}");
    }
    // As the Internet sees it, only over TLS and for this host.
    let request = world.http.post(format!("{}/v1/session", world.url)).header("host", "heard.example");
    let set = request.json(&json!({ "key": OWNER_KEY })).send().await?.headers()["set-cookie"].to_str()?.to_owned();
    assert!(set.starts_with("__Host-heard-desk=ses_") && set.contains("; Secure"), "{set}");

    let desk = AtDesk::sign_in(&world, &json!({ "key": OWNER_KEY })).await?;
    assert_eq!(desk.status("GET", "/v1/session").await?, 200);
    assert_eq!(desk.status("GET", "/v1/sites/demo/responses").await?, 200);
    let person = json!({ "name": "Maria" });
    for (site, origin, allowed) in [
        (Some("same-origin"), None, true),
        (None, Some(world.url.as_str()), true),
        (None, Some("https://evil.example"), false),
        (None, None, false),
        (Some("none"), None, false),
        (Some("same-site"), Some("https://evil.example"), false),
        (Some("cross-site"), Some(world.url.as_str()), false),
    ] {
        let mut request = desk.asks("POST", "/v1/sites/demo/people")?.json(&person);
        for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let answer = request.send().await?;
        match allowed {
            true => assert_eq!(answer.status(), 201, "{site:?} {origin:?}"),
            false => assert_eq!(code(answer).await?, (403, "cross_site".to_owned()), "{site:?} {origin:?}"),
        }
    }
    for site in ["cross-site", "same-site"] {
        let read = desk.asks("GET", "/v1/sites/demo/responses")?.header("sec-fetch-site", site).send().await?;
        assert_eq!(code(read).await?, (403, "cross_site".to_owned()));
    }
    // What anybody may is done as anybody does it.
    let body = json!({ "id": new_response_id(), "revision": 1, "score": 9, "page": "https://cafe.example/", "lang": "en", "comment": "Wonderful cake, all of it, really" });
    let sent =
        desk.asks("POST", "/v1/sites/demo/responses")?.header("content-type", "text/plain").body(body.to_string());
    let sent: Value = sent.send().await?.json().await?;
    assert!(sent["response"]["suspect"].is_array(), "a cookie made an answer trusted: {sent}");
    let read = desk.asks("GET", "/v1/sites/demo/responses")?.send().await?;
    assert!(read.headers().get("access-control-allow-credentials").is_none());
    // Another page signs nobody in.
    let request = world.http.post(format!("{}/v1/session", world.url)).header("origin", "https://evil.example");
    assert_eq!(code(request.json(&json!({ "key": OWNER_KEY })).send().await?).await?.1, "cross_site");
    Ok(())
}

#[tokio::test]
async fn sessions_end_when_they_are_left_revoked_or_their_key_goes() -> Result<()> {
    let mut world = World::start().await?;
    let (first, second) = (
        AtDesk::sign_in(&world, &json!({ "key": OWNER_KEY })).await?,
        AtDesk::sign_in(&world, &json!({ "key": OWNER_KEY })).await?,
    );
    let listed: Value = first.asks("GET", "/v1/sessions")?.send().await?.json().await?;
    assert_eq!(listed["sessions"].as_array().map(Vec::len), Some(2), "{listed}");
    let secret = second.cookie.split('.').nth(1).context("no secret")?;
    assert!(!listed.to_string().contains(secret));
    let who: Value = second.asks("GET", "/v1/session")?.send().await?.json().await?;
    let id = who["session"]["id"].as_str().context("no id")?.to_owned();
    assert_eq!(first.status("DELETE", &format!("/v1/sessions/{id}")).await?, 204);
    assert_eq!(second.status("GET", "/v1/sites/demo/responses").await?, 401);
    // A stolen id without its secret, or with another's.
    for secret in ["", &"0".repeat(64)] {
        let thief = AtDesk {
            world: &world,
            cookie: format!("{}.{secret}", first.cookie.split('.').next().unwrap_or_default()),
        };
        assert_eq!(thief.status("GET", "/v1/sites/demo/responses").await?, 401);
    }
    assert_eq!(first.status("DELETE", "/v1/session").await?, 204);
    assert_eq!(first.status("GET", "/v1/session").await?, 401);
    // A new owner key ends what was begun with the one before it.
    let third = AtDesk::sign_in(&world, &json!({ "key": OWNER_KEY })).await?;
    let cookie = third.cookie.clone();
    let new_key = "another-owner-key-0123456789abcdef".to_owned();
    world.run_with(|options| options.owner_key = new_key)?;
    let third = AtDesk { world: &world, cookie };
    assert_eq!(third.status("GET", "/v1/sites/demo/responses").await?, 401);
    Ok(())
}

#[tokio::test]
async fn a_person_signs_in_with_a_key_of_their_own_and_reaches_no_further() -> Result<()> {
    let world = World::start().await?;
    world.configure("other", json!({ "name": "Other" })).await?;
    let maria = world.api("POST", "/people", Some(json!({ "name": "Maria" })), 201).await?;
    let key = json!({ "name": "Maria", "scope": "write", "person": maria["id"] });
    let key = world.api("POST", "/keys", Some(key), 201).await?;
    let body = json!({ "key": key["key"], "site": "demo" });
    assert_eq!(code(sign_in(&world, &json!({ "key": key["key"] })).await?).await?.0, 422, "which site?");
    assert_eq!(code(sign_in(&world, &json!({ "key": key["key"], "site": "other" })).await?).await?.0, 401);
    let desk = AtDesk::sign_in(&world, &body).await?;
    let who: Value = desk.asks("GET", "/v1/session")?.send().await?.json().await?;
    assert_eq!((&who["allows"], &who["person"]["name"]), (&json!("write"), &json!("Maria")), "{who}");
    for (method, path, status) in [
        ("GET", "/v1/sites/demo/cases", 200),
        ("GET", "/v1/sites/demo/keys", 403),
        ("PATCH", "/v1/sites/demo", 403),
        ("GET", "/v1/sites/other/responses", 403),
        ("GET", "/v1/sites", 403),
        ("GET", "/v1/sessions", 403),
    ] {
        assert_eq!(desk.status(method, path).await?, status, "{method} {path}");
    }
    // What she does, she did.
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("The soup was cold and nobody came")).await?;
    let cases = world.api("GET", "/cases", None, 200).await?;
    let case = cases["cases"][0]["id"].as_str().context("no case")?;
    assert_eq!(cases["cases"][0]["said"]["comment"], "The soup was cold and nobody came");
    let note =
        desk.asks("POST", &format!("/v1/sites/demo/cases/{case}/notes"))?.header("sec-fetch-site", "same-origin");
    assert_eq!(note.json(&json!({ "text": "I was there." })).send().await?.status(), 201);
    let history = world.api("GET", &format!("/cases/{case}/history"), None, 200).await?;
    let noted =
        history["history"].as_array().context("no history")?.iter().find(|entry| entry["act"]["kind"] == "noted");
    assert_eq!(noted.context("no note")?["by"]["person"], maria["id"]);
    // Without her key she is out.
    let prefix = key["prefix"].as_str().context("no prefix")?;
    world.api("DELETE", &format!("/keys/{prefix}"), None, 204).await?;
    assert_eq!(desk.status("GET", "/v1/sites/demo/cases").await?, 401);
    Ok(())
}

#[tokio::test]
async fn guesses_are_slowed_down() -> Result<()> {
    let world = World::start().await?;
    let guess = async |key: &str, address: &str| {
        let request = world.http.post(format!("{}/v1/session", world.url)).header("cf-connecting-ip", address);
        Ok::<_, anyhow::Error>(request.json(&json!({ "key": key })).send().await?)
    };
    for number in 0..20 {
        assert_eq!(guess(&format!("guess-{number}"), "192.0.2.1").await?.status(), 401);
    }
    let refused = guess(OWNER_KEY, "192.0.2.1").await?;
    assert!(refused.headers().contains_key("retry-after"));
    assert_eq!(code(refused).await?, (429, "too_many_requests".to_owned()));
    assert_eq!(guess(OWNER_KEY, "192.0.2.2").await?.status(), 201, "others go on");
    Ok(())
}

#[tokio::test]
async fn the_desk_is_in_no_other_pages_frame_and_runs_nothing_but_itself() -> Result<()> {
    let world = World::start().await?;
    for path in ["/desk", "/desk/", "/desk/demo/inbox", "/desk/demo/inbox/case_1?view=mine"] {
        let page = world.http.get(format!("{}{path}", world.url)).send().await?;
        assert_eq!(page.status(), 200, "{path}");
        let header = |name: &str| page.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!((header("x-frame-options"), header("cache-control")), ("DENY", "no-cache"));
        assert!(page.headers().get("access-control-allow-origin").is_none());
    }
    let preview = world.http.get(format!("{}/desk/preview/demo", world.url)).send().await?;
    assert!(preview.headers()["content-security-policy"].to_str()?.contains("frame-ancestors 'self'"));
    let odd = world.http.get(format!("{}/desk/preview/demo%22%3E%3Cscript%3E", world.url)).send().await?;
    assert_eq!(odd.status(), 404);
    Ok(())
}

#[tokio::test]
async fn nobody_is_listed_as_signed_in_with_a_key_that_is_revoked_or_to_a_site_that_is_gone() -> Result<()> {
    let world = World::start().await?;
    world.configure("other", json!({ "name": "Other" })).await?;
    let owner = AtDesk::sign_in(&world, &json!({ "key": OWNER_KEY })).await?;
    let mut prefixes = Vec::new();
    for _ in 0..2 {
        let key = world.api("POST", "/keys", Some(json!({ "name": "desk", "scope": "read" })), 201).await?;
        AtDesk::sign_in(&world, &json!({ "key": key["key"], "site": "demo" })).await?;
        prefixes.push(key["prefix"].as_str().context("no prefix")?.to_owned());
    }
    let url = format!("{}/v1/sites/other/keys", world.url);
    let made =
        world.http.post(url).bearer_auth(OWNER_KEY).json(&json!({ "name": "desk", "scope": "read" })).send().await?;
    let made: Value = made.json().await?;
    AtDesk::sign_in(&world, &json!({ "key": made["key"], "site": "other" })).await?;
    let listed = async || {
        let listed: Value = owner.asks("GET", "/v1/sessions")?.send().await?.json().await?;
        let mut sites: Vec<String> = listed["sessions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|session| session["holder"]["site"].as_str().unwrap_or("owner").to_owned())
            .collect();
        sites.sort();
        anyhow::Ok(sites.join(","))
    };
    assert_eq!(listed().await?, "demo,demo,other,owner");
    world.owner("DELETE", &format!("demo/keys/{}", prefixes[0]), "").await?;
    assert_eq!(listed().await?, "demo,other,owner");
    world.owner("DELETE", "other", "").await?;
    assert_eq!(listed().await?, "demo,owner");
    Ok(())
}
