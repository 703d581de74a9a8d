//! Strangers: anybody may send, and what looks wrong neither counts nor is lost.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, World, new_response_id, until};
use serde_json::{Value, json};

/// What a person's browser calls itself.
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";
const ORIGIN: &str = "https://shop.example";

/// A stranger with an address, and what the survey gave them.
struct Stranger<'a> {
    world: &'a World,
    address: String,
    token: Option<String>,
}

impl<'a> Stranger<'a> {
    async fn asked(world: &'a World, address: &str) -> Result<Self> {
        let url = format!("{}/v1/sites/demo/survey?lang=en", world.url);
        let survey: Value = world.http.get(url).header("origin", ORIGIN).send().await?.json().await?;
        Ok(Self { world, address: address.into(), token: survey["token"].as_str().map(str::to_owned) })
    }

    fn body(&self, id: &str, revision: u32, score: u8) -> Value {
        let mut body = json!({ "id": id, "revision": revision, "score": score, "page": format!("{ORIGIN}/"), "lang": "en",
            "secret": format!("secret-of-{id}") });
        if let Some(token) = &self.token {
            body["token"] = token.as_str().into();
        }
        body
    }

    /// As a browser sends it, but for these headers.
    async fn send(&self, body: &Value, headers: &[(&str, &str)]) -> Result<(u16, Value)> {
        let url = format!("{}/v1/sites/demo/responses", self.world.url);
        let mut all = vec![("origin", ORIGIN), ("user-agent", BROWSER), ("cf-connecting-ip", self.address.as_str())];
        all.retain(|(name, _)| headers.iter().all(|(other, _)| other != name));
        let mut request = self.world.http.post(url).header("content-type", "text/plain").body(body.to_string());
        for (name, value) in all.into_iter().chain(headers.iter().copied().filter(|(_, value)| !value.is_empty())) {
            request = request.header(name, value);
        }
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }
}

async fn total(world: &World, query: &str) -> Result<Value> {
    Ok(world.api("GET", &format!("/metrics{query}"), None, 200).await?["total"].clone())
}

/// A name, headers other than a browser's, what is changed in the body, and what is told.
type Case = (&'static str, Vec<(&'static str, &'static str)>, fn(&mut Value), Value);

#[tokio::test]
async fn what_looks_wrong_is_told_with_its_reason_and_counts_when_somebody_has_looked() -> Result<()> {
    let mut world = World::start().await?;
    world.configure("demo", json!({ "name": "Corner Café", "origins": [ORIGIN] })).await?;
    let stranger = Stranger::asked(&world, "192.0.2.1").await?;
    let mut odd = Vec::new();
    let cases: [Case; 6] = [
        ("as browsers do", vec![], |_| {}, Value::Null),
        ("no origin", vec![("origin", "")], |_| {}, json!(["no_origin", "no_token"])),
        (
            "no token",
            vec![],
            |body| drop(body.as_object_mut().and_then(|body| body.remove("token"))),
            json!(["no_token"]),
        ),
        ("another page", vec![], |body| body["page"] = "https://evil.example/".into(), json!(["wrong_page"])),
        ("a program", vec![("user-agent", "curl/8.5.0")], |_| {}, json!(["automated"])),
        ("all at once", vec![], |body| body["comment"] = "The soup was cold and late.".into(), json!(["too_fast"])),
    ];
    for (name, headers, change, suspect) in cases {
        let id = new_response_id();
        let mut body = stranger.body(&id, 1, 9);
        change(&mut body);
        let (status, stored) = stranger.send(&body, &headers).await?;
        assert_eq!((status, &stored["response"]["suspect"]), (200, &suspect), "{name}: {stored}");
        assert!(stored["acknowledgement"]["text"].is_string(), "{name}: it may be somebody after all");
        if !suspect.is_null() {
            odd.push(id);
        }
    }
    assert_eq!(total(&world, "").await?["responses"], 1);
    assert_eq!(total(&world, "?standing=suspect").await?["responses"], 5);
    let csv = format!("{}/v1/sites/demo/responses.csv", world.url);
    let csv = world.http.get(csv).bearer_auth(heard_tests::OWNER_KEY).send().await?.text().await?;
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert_eq!(world.next_delivery().await?.body["type"], "response.scored");

    let path = format!("/responses/{}", odd[4]);
    let reviewed = world.api("PATCH", &path, Some(json!({ "standing": "counted" })), 200).await?;
    assert!(reviewed["response"].get("suspect").is_none());
    world.delivery_of("response.completed", &odd[4]).await?;
    assert_eq!(total(&world, "").await?["responses"], 2);
    assert_eq!(
        world.api("DELETE", "/responses?standing=suspect", None, 200).await?,
        json!({ "erased": 4, "more": false })
    );
    assert_eq!(total(&world, "?standing=any").await?["responses"], 2);
    world.api("DELETE", "/responses", None, 400).await?;
    Ok(())
}

#[tokio::test]
async fn a_server_in_front_of_the_worker_costs_no_answer_its_token() -> Result<()> {
    let world = World::start().await?;
    world.configure("demo", json!({ "name": "Corner Café", "origins": [ORIGIN] })).await?;
    // From the page's own origin a browser reads without naming it, and posts with it.
    let survey = format!("{}/v1/sites/demo/survey", world.url);
    let survey: Value = world.http.get(survey).send().await?.json().await?;
    let token = survey["token"].as_str().map(str::to_owned);
    let customer = Stranger { world: &world, address: "192.0.2.1".into(), token };
    let (status, stored) = customer.send(&customer.body(&new_response_id(), 1, 9), &[]).await?;
    assert_eq!((status, stored["response"].get("suspect")), (200, None), "{stored}");
    Ok(())
}

#[tokio::test]
async fn a_known_id_reads_nothing_back_and_changes_nothing() -> Result<()> {
    let world = World::start().await?;
    let (honest, eve) = (Stranger::asked(&world, "192.0.2.1").await?, Stranger::asked(&world, "192.0.2.2").await?);
    let id = new_response_id();
    honest.send(&honest.body(&id, 1, 3), &[]).await?;
    let mut said = honest.body(&id, 2, 3);
    said["comment"] = "The soup was cold".into();
    said["visitor"] = "anna".into();
    assert_eq!(honest.send(&said, &[]).await?.0, 200);
    for (revision, secret) in [(1, None), (2, None), (3, Some("secret-of-somebody-else")), (1_000, None)] {
        let mut body = eve.body(&id, revision, 10);
        body["secret"] = secret.into();
        let (status, problem) = eve.send(&body, &[]).await?;
        assert_eq!((status, problem["code"].as_str()), (403, Some("wrong_secret")), "{revision}");
        assert!(!problem.to_string().contains("soup") && !problem.to_string().contains("anna"));
    }
    let stored = world.responses().await?;
    assert_eq!((stored[0]["score"].as_i64(), stored[0]["comment"].as_str()), (Some(3), Some("The soup was cold")));
    let (status, again) = honest.send(&honest.body(&id, 3, 4), &[]).await?;
    assert_eq!((status, again["response"]["score"].as_i64()), (200, Some(4)));
    Ok(())
}

#[tokio::test]
async fn five_thousand_hostile_posts_beside_two_hundred_honest_ones_move_nothing() -> Result<()> {
    const AT_ONCE: usize = 25;
    let world = World::start().await?;
    world.configure("demo", json!({ "name": "Corner Café", "origins": [ORIGIN] })).await?;
    let honest = async {
        for number in 0..200 {
            let customer = Stranger::asked(&world, &format!("198.51.100.{number}")).await?;
            let id = new_response_id();
            let (status, stored) = customer.send(&customer.body(&id, 1, 9), &[]).await?;
            assert_eq!((status, stored["response"].get("suspect")), (200, None), "{stored}");
        }
        Ok::<_, anyhow::Error>(())
    };
    let hostile = async |lane: usize| {
        let mut statuses = [0_u32; 2];
        let eve = Stranger { world: &world, address: format!("203.0.113.{}", lane % 3), token: None };
        for _ in 0..5_000 / AT_ONCE {
            let mut body = eve.body(&new_response_id(), 1, 0);
            body["comment"] = "x".repeat(4_000).into();
            // Some name no address at all, as where no proxy does.
            let unnamed = if lane.is_multiple_of(2) { "" } else { eve.address.as_str() };
            match eve.send(&body, &[("origin", ""), ("cf-connecting-ip", unnamed)]).await? {
                (200, _) => statuses[0] += 1,
                (429, problem) if problem["code"] == "too_many_requests" => statuses[1] += 1,
                other => anyhow::bail!("{other:?}"),
            }
        }
        Ok(statuses)
    };
    let (honest, hostile) = tokio::join!(honest, async {
        let mut lanes = Vec::new();
        for lane in 0..AT_ONCE {
            lanes.push(hostile(lane));
        }
        futures_util::future::try_join_all(lanes).await
    });
    honest?;
    let hostile = hostile?.into_iter().fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
    assert_eq!(hostile[0] + hostile[1], 5_000);
    assert!(hostile[0] <= 2_000, "{hostile:?}");
    let total = total(&world, "").await?;
    assert_eq!((total["responses"].as_i64(), total["nps"].as_f64()), (Some(200), Some(100.0)));
    let file = world.databases()?.into_iter().filter_map(|path| path.metadata().ok()).map(|file| file.len()).max();
    assert!(file.context("no database")? < 20_000_000, "{file:?}");
    Ok(())
}

#[tokio::test]
async fn an_address_that_sends_too_much_is_told_when_to_come_back() -> Result<()> {
    let world = World::start().await?;
    let url = format!("{}/v1/sites/demo/shown", world.url);
    let send = async || {
        let body = json!({ "page": format!("{ORIGIN}/"), "lang": "en" }).to_string();
        let request =
            world.http.post(&url).header("content-type", "text/plain").header("cf-connecting-ip", "192.0.2.9");
        Ok::<_, anyhow::Error>(request.body(body).send().await?)
    };
    let mut last = send().await?;
    assert_eq!(last.status(), 204);
    for _ in 0..1_200 {
        last = send().await?;
    }
    assert_eq!(last.status(), 429);
    let header = |name: &str| last.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wait: u32 = header("retry-after").parse()?;
    assert!((1..=3_601).contains(&wait));
    assert_eq!(header("ratelimit-policy"), "\"hour\";q=1200;w=3600");
    assert_eq!(header("ratelimit"), format!("\"hour\";r=0;t={wait}"));
    // Others are not held up, and none of it counted without a token.
    let other = Stranger::asked(&world, "192.0.2.10").await?;
    assert_eq!(other.send(&other.body(&new_response_id(), 1, 9), &[]).await?.0, 200);
    assert_eq!(total(&world, "").await?["shown"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_browser_that_a_program_drives_and_a_snippet_that_tests_are_kept_apart() -> Result<()> {
    let world = World::start().await?;
    let driven = Browser::open_automated().await?;
    driven.visit(&format!("{}/", world.url)).await?;
    // Not asked by itself, as no person would see it.
    driven.until("return typeof window.heard === 'function'").await?;
    assert_eq!(driven.script("return performance.getEntriesByType('resource').length").await?, json!(1));
    driven.script("heard('ask')").await?;
    driven.click("input[value='3']").await?;
    let apart = async |standing: &'static str| {
        let path = format!("/responses?standing={standing}");
        until("the answer is stored", async || {
            Ok(world.api("GET", &path, None, 200).await?["responses"].get(0).cloned())
        })
        .await
    };
    assert_eq!(apart("suspect").await?["suspect"], json!(["automated"]));

    let browser = Browser::open().await?;
    // A page of the same origin without a snippet of its own.
    browser.visit(&format!("{}/v1/event-types", world.url)).await?;
    let snippet = format!(
        "const s = document.createElement('script'); s.src = '{}/heard.js'; s.dataset.site = 'demo'; s.dataset.test = '';
         document.head.append(s)",
        world.url
    );
    browser.script(&snippet).await?;
    browser.click("input[value='9']").await?;
    let test = apart("test").await?;
    assert_eq!((test["test"].as_bool(), test.get("suspect")), (Some(true), None));
    assert_eq!(total(&world, "").await?["responses"], 0);
    Ok(())
}

#[tokio::test]
async fn settings_are_in_force_at_the_next_request() -> Result<()> {
    let world = World::start().await?;
    let stranger = Stranger::asked(&world, "192.0.2.1").await?;
    assert_eq!(stranger.send(&stranger.body(&new_response_id(), 1, 9), &[]).await?.0, 200);
    let shown = async || {
        let url = format!("{}/v1/sites/demo/shown", world.url);
        let body = json!({ "page": format!("{ORIGIN}/"), "lang": "en", "token": stranger.token }).to_string();
        let request = world.http.post(url).header("content-type", "text/plain").header("origin", ORIGIN);
        Ok::<_, anyhow::Error>(request.header("user-agent", BROWSER).body(body).send().await?.status().as_u16())
    };
    assert_eq!(shown().await?, 204);
    for (settings, status) in [
        (json!({ "name": "a", "archived": true }), 410),
        (json!({ "name": "a", "origins": ["https://other.example"] }), 403),
        (json!({ "name": "a", "origins": [ORIGIN] }), 200),
    ] {
        world.configure("demo", settings.clone()).await?;
        let (got, _) = stranger.send(&stranger.body(&new_response_id(), 1, 9), &[]).await?;
        assert_eq!(got, status, "{settings}");
        assert_eq!(shown().await?, if status == 200 { 204 } else { status }, "{settings}");
    }
    Ok(())
}

#[tokio::test]
async fn where_the_owner_asks_for_a_challenge_answers_without_one_are_kept_apart() -> Result<()> {
    // Answers as Turnstile does, to whoever has the secret.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/siteverify", listener.local_addr()?);
    let app = axum::Router::new().fallback(async |axum::Json(asked): axum::Json<Value>| {
        axum::Json(json!({ "success": asked["response"] == "solved" && asked["secret"] == "turnstile-secret" }))
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    let variables = [("HEARD_TURNSTILE_SECRET", "turnstile-secret"), ("HEARD_TURNSTILE_URL", url.as_str())];
    let world = World::start_with_variables(&variables).await?;
    world.configure("demo", json!({ "name": "Corner Café", "turnstile": true })).await?;
    let stranger = Stranger::asked(&world, "192.0.2.1").await?;
    for (challenge, suspect) in [
        (Some("solved"), Value::Null),
        (Some("made up"), json!(["challenge_failed"])),
        (None, json!(["challenge_failed"])),
    ] {
        let id = new_response_id();
        let mut body = stranger.body(&id, 1, 9);
        body["challenge"] = challenge.into();
        let (status, stored) = stranger.send(&body, &[]).await?;
        assert_eq!((status, &stored["response"]["suspect"]), (200, &suspect), "{challenge:?}");
    }
    // A key needs none; and from a page the widget sends what the page was given.
    world.submit(&new_response_id(), 1, 9, None).await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/", world.url)).await?;
    browser.in_widget("fieldset").await?;
    browser.script("heard('challenge', 'solved')").await?;
    browser.click("input[value='9']").await?;
    until("both count", async || Ok((total(&world, "").await?["responses"] == 3).then_some(()))).await
}
