//! The inner loop by the API: rules, people, clocks, and two who act at once.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// A site with one person, a key of hers, and a rule that gives her what is unhappy.
async fn with_maria(world: &World) -> Result<(String, String)> {
    let maria =
        world.api("POST", "/people", Some(json!({ "name": "Maria Lopez", "role": "Shop manager" })), 201).await?;
    let person = maria["id"].as_str().context("no id")?.to_owned();
    let rules = json!([{ "name": "Unhappy", "when": { "bands": ["detractor"], "has_words": true },
        "assign": { "person": person }, "sla": { "first_response": { "number": 4, "unit": "hours" } } }]);
    world.api("PATCH", "", Some(json!({ "cases": { "rules": rules } })), 200).await?;
    let key = json!({ "name": "Maria's", "scope": "write", "person": person });
    let key = world.api("POST", "/keys", Some(key), 201).await?;
    Ok((person, key["key"].as_str().context("no key")?.to_owned()))
}

#[tokio::test]
async fn an_unhappy_answer_becomes_a_case_and_is_answered_by_a_person() -> Result<()> {
    let mut world = World::start().await?;
    let (person, key) = with_maria(&world).await?;
    let id = new_response_id();
    let told = world.submit(&id, 1, 2, Some("We waited forty minutes at the till.")).await?;
    let receipt = &told["acknowledgement"]["receipt"];
    assert_eq!(receipt["answered_by"], "Maria Lopez");
    assert!(receipt["due_at"].is_string() && receipt["by_when"].is_null(), "{receipt}");
    let opened = world.delivery_of("case.opened", &id).await?;
    let case = &opened.body["data"]["case"];
    assert_eq!(
        (&case["assignee"], &case["status"], &case["source_rule"]),
        (&json!(person), &json!("new"), &json!("Unhappy"))
    );
    world.delivery_of("case.assigned", &id).await?;
    let path = format!("{}/v1/sites/demo/cases/{}", world.url, case["id"].as_str().context("no id")?);
    let reply = json!({ "text": "A second till opens on Monday.", "then": "resolved" });
    let request = world.http.post(format!("{path}/messages")).bearer_auth(&key).json(&reply);
    let message: Value = request.send().await?.json().await?;
    assert_eq!(message["signed"], json!({ "name": "Maria Lopez", "role": "Shop manager" }), "{message}");
    let replied = world.delivery_of("case.replied", &id).await?;
    assert!(replied.body["data"]["case"]["first_response_time"]["seconds"].is_u64());
    world.delivery_of("case.resolved", &id).await?;
    let history: Value = world.http.get(format!("{path}/history")).bearer_auth(&key).send().await?.json().await?;
    let by: Vec<&Value> =
        history["history"].as_array().context("no history")?.iter().map(|entry| &entry["by"]).collect();
    assert_eq!(
        by,
        [
            &json!({ "kind": "rule" }),
            &json!({ "kind": "rule" }),
            &json!({ "kind": "person", "person": person }),
            &json!({ "kind": "person", "person": person })
        ]
    );
    Ok(())
}

#[tokio::test]
async fn of_two_who_act_at_once_one_is_told() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("Cold soup")).await?;
    let case = world.api("GET", "/cases?status=new", None, 200).await?["cases"][0].clone();
    let url = format!("{}/v1/sites/demo/cases/{}", world.url, case["id"].as_str().context("no id")?);
    let read = world.http.get(&url).bearer_auth(OWNER_KEY).send().await?;
    let etag = read.headers()["etag"].to_str()?.to_owned();
    let change = async |body: Value| {
        let request = world.http.patch(&url).bearer_auth(OWNER_KEY).header("if-match", &etag).json(&body);
        request.send().await
    };
    let (one, other) = tokio::join!(change(json!({ "priority": "high" })), change(json!({ "priority": "low" })));
    let mut statuses = [one?.status(), other?.status()];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED]);
    let same = world.http.get(&url).bearer_auth(OWNER_KEY).header("if-none-match", "\"2\"").send().await?;
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    Ok(())
}

#[tokio::test]
async fn rules_that_cannot_be_are_refused_and_never_cost_an_answer() -> Result<()> {
    let world = World::start().await?;
    for (cases, pointer) in [
        (json!({ "rules": [{ "name": "" }] }), "/cases"),
        (json!({ "rules": [{ "name": "a", "when": { "mood": "bad" } }] }), "/cases/rules/0/when/mood"),
        (
            json!({ "rules": [{ "name": "a", "sla": { "first_response": { "number": 0, "unit": "hours" } } }] }),
            "/cases",
        ),
        (json!({ "rules": [{ "name": "a", "assign": { "person": "Maria" } }] }), "/cases/rules/0/assign"),
        (json!({ "recovery_days": 5000 }), "/cases"),
    ] {
        let problem = world.api("PATCH", "", Some(json!({ "cases": cases })), 422).await?;
        let found = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
        assert!(found.starts_with(pointer), "{cases}: {problem}");
    }
    let hours = json!({ "business_hours": { "days": { "monday": [{ "from": "25:00", "to": "26:00" }] } } });
    world.api("PATCH", "", Some(hours), 422).await?;
    let named = |person: &str| {
        json!({ "cases": { "rules": [{ "name": "a", "assign": { "person": person },
            "sla": { "first_response": { "number": 1, "unit": "hours" }, "escalate_to": person } }] } })
    };
    let nobody = "per_00000000000000000000000000000000";
    assert_eq!(world.api("PATCH", "", Some(named(nobody)), 422).await?["errors"][0]["pointer"], "/cases/rules/0");
    // Who goes later is nobody's boss, and costs no answer and no other setting.
    let person = world.api("POST", "/people", Some(json!({ "name": "Maria" })), 201).await?;
    let person = person["id"].as_str().context("no id")?;
    world.api("PATCH", "", Some(named(person)), 200).await?;
    assert_eq!(world.owner("DELETE", &format!("demo/people/{person}"), "").await?.0, 204);
    world.api("PATCH", "", Some(json!({ "keep_days": 900 })), 200).await?;
    world.submit(&new_response_id(), 1, 2, Some("Cold soup")).await?;
    let case = world.api("GET", "/cases?unassigned=true", None, 200).await?["cases"][0].clone();
    assert_eq!(case["source_rule"], "a");
    Ok(())
}

#[tokio::test]
async fn the_numbers_are_those_of_the_rows() -> Result<()> {
    let world = World::start().await?;
    let (_, key) = with_maria(&world).await?;
    let mut cases = Vec::new();
    for number in 0..6 {
        let id = new_response_id();
        world.submit(&id, 1, 2, Some("Cold soup")).await?;
        let found = world.api("GET", &format!("/cases?response={id}"), None, 200).await?["cases"][0]["id"].clone();
        let path = format!("{}/v1/sites/demo/cases/{}", world.url, found.as_str().context("no id")?);
        if number > 0 {
            let reply = json!({ "text": "Sorry", "then": if number > 2 { "resolved" } else { "open" } });
            world
                .http
                .post(format!("{path}/messages"))
                .bearer_auth(&key)
                .json(&reply)
                .send()
                .await?
                .error_for_status()?;
        }
        if number == 5 {
            world
                .http
                .patch(&path)
                .bearer_auth(&key)
                .json(&json!({ "status": "open" }))
                .send()
                .await?
                .error_for_status()?;
        }
        cases.push(path);
    }
    let told = world.api("GET", "/cases/metrics", None, 200).await?;
    // The same from the copy of the site that an owner takes.
    let (_, backup) = world.owner("GET", "demo/backup", "").await?;
    let records: Vec<Value> = backup.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let kept: Vec<&Value> =
        records.iter().filter(|record| record["kind"] == "case").map(|record| &record["case"]).collect();
    let count = |is: &dyn Fn(&Value) -> bool| kept.iter().filter(|case| is(case)).count();
    assert_eq!(told["opened"], json!(kept.len()));
    assert_eq!(told["settled"], json!(count(&|case| matches!(case["status"].as_str(), Some("resolved" | "closed")))));
    let answered = count(&|case| !case["first_response_at"].is_null());
    assert_eq!(told["closed_loop_rate"], json!({ "of": 6, "count": answered, "rate": 5.0 / 6.0 }));
    let resolved = count(&|case| !case["time_to_first_close"].is_null());
    assert_eq!(
        (told["reopen_rate"]["of"].as_u64(), told["reopen_rate"]["count"].as_u64()),
        (u64::try_from(resolved).ok(), Some(1))
    );
    let mut times: Vec<u64> = kept.iter().filter_map(|case| case["first_response_time"]["seconds"].as_u64()).collect();
    times.sort_unstable();
    assert_eq!(
        (told["first_response_time"]["of"].as_u64(), told["first_response_time"]["median"].as_u64()),
        (Some(5), times.get(2).copied())
    );
    assert_eq!(told["sla_attainment"]["first_response"], json!({ "of": 5, "count": 5, "rate": 1.0 }));
    assert_eq!(
        (told["talked_to"][0]["customers"].as_u64(), told["talked_to"][0]["messages"].as_u64()),
        (Some(5), Some(5))
    );
    Ok(())
}

#[tokio::test]
async fn a_chat_is_told_in_its_own_form_and_nobody_is_called_by_a_customer() -> Result<()> {
    let world = World::start().await?;
    let chat = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/services/T0/B0/secret", chat.local_addr()?);
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel::<String>();
    let app = axum::Router::new().fallback(async move |body: String| {
        let _ = sender.send(body);
    });
    tokio::spawn(async move { axum::serve(chat, app).await });
    for (format, quote) in [("slack", "/blocks/1/text/text"), ("teams", "/attachments/0/content/body/1/text")] {
        let endpoint = json!({ "url": url, "format": format, "event_types": ["case.opened"] });
        let added = world.api("POST", "/endpoints", Some(endpoint), 201).await?;
        world.submit(&new_response_id(), 1, 2, Some("<!channel> The soup was cold")).await?;
        let told: Value = serde_json::from_str(&received.recv().await.context("nothing was told")?)?;
        let quoted = told.pointer(quote).and_then(Value::as_str).unwrap_or_default();
        assert!(quoted.contains("The soup was cold"), "{format}: {told}");
        assert!(!told["text"].to_string().contains("<!"), "{told}");
        let path = format!("/endpoints/{}", added["id"].as_str().context("no id")?);
        world.api("DELETE", &path, None, 204).await.ok();
    }
    Ok(())
}
