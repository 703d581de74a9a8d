//! The owner's data on the move: a whole site out and in, another tool's answers, and back to an earlier moment.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id, until};
use serde_json::{Value, json};
use std::time::Duration;
use xtask::build;
use xtask::root;
use xtask::workerd::Objects;

#[tokio::test]
async fn a_site_moves_elsewhere_with_all_it_holds() -> Result<()> {
    let world = World::start().await?;
    world.configure("demo", json!({ "name": "Corner Café", "themes": [{ "id": "food", "label": "food" }] })).await?;
    for number in 0..120_u8 {
        world.submit(&new_response_id(), 1, number % 11, Some(&format!("Comment {number}"))).await?;
    }
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("The soup was cold")).await?;
    world.api("POST", &format!("/responses/{id}/messages"), Some(json!({ "text": "Sorry!" })), 201).await?;
    let key = world.api("POST", "/keys", Some(json!({ "name": "x", "scope": "read" })), 201).await?;
    let (status, backup) = world.owner("GET", "demo/backup", "").await?;
    assert_eq!(status, 200);
    assert!(backup.contains("whsec_") && backup.trim_end().lines().last().is_some_and(|line| line.contains("\"end\"")));

    let mut other = World::start_bare(OWNER_KEY).await?;
    let report = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (status, would) = other.owner("POST", "demo/backup?dry_run=true", backup.clone()).await?;
    let would = report(&would);
    assert_eq!((status, &would["dry_run"], &would["complete"]), (200, &json!(true), &json!(true)), "{would}");
    assert_eq!(other.owner("GET", "demo", "").await?.0, 404);
    // The connection breaks off half way, and all of it is sent again.
    let half: String = backup.lines().take(60).map(|line| format!("{line}\n")).collect();
    let (status, part) = other.owner("POST", "demo/backup", half).await?;
    assert_eq!((status, report(&part)["complete"].clone()), (200, json!(false)), "{part}");
    let (status, did) = other.owner("POST", "demo/backup", backup.clone()).await?;
    let did = report(&did);
    assert_eq!((status, &did["faults"], &did["complete"]), (200, &json!([]), &json!(true)), "{did}");
    // Into a third place at once: what the dry run said is what is done.
    let (_, at_once) = other.owner("POST", "third/backup", backup.clone()).await?;
    assert_eq!(report(&at_once)["added"], would["added"], "{at_once}");
    let (_, again) = other.owner("POST", "demo/backup", backup.clone()).await?;
    assert_eq!((report(&again)["added"].clone(), report(&again)["changed"].clone()), (json!(0), json!(0)), "{again}");

    for path in ["demo/responses?limit=100", "demo/metrics", "demo/endpoints", &format!("demo/responses/{id}/messages")]
    {
        assert_eq!(other.owner("GET", path, "").await?, world.owner("GET", path, "").await?, "{path}");
    }
    let url = format!("{}/v1/sites/demo/responses", other.url);
    let by_key = other.http.get(url).bearer_auth(key["key"].as_str().context("no key")?).send().await?;
    assert_eq!(by_key.status(), 200, "keys go on working");
    assert_eq!(other.owner("GET", "demo/events", "").await?.1, r#"{"events":[],"next_cursor":null}"#, "nobody is told");
    let bad = format!("{}\nnot a record\n", backup.lines().next().context("no line")?);
    let (_, faulty) = other.owner("POST", "demo/backup", bad).await?;
    assert_eq!(report(&faulty)["faults"][0]["line"], 2);
    // From now on events are sent from there, with the secret that receivers know.
    other.receiver.trust(
        other.api("GET", &(other.endpoint_path().await? + "/secret"), None, 200).await?["secret"]
            .as_str()
            .context("no secret")?,
    );
    let url = other.receiver.url.clone();
    let endpoint = other.endpoint_path().await?;
    other.api("PATCH", &endpoint, Some(json!({ "url": url })), 200).await?;
    other.submit(&new_response_id(), 1, 9, None).await?;
    other.next_delivery().await?;
    Ok(())
}

#[tokio::test]
async fn another_tool_s_answers_are_shown_before_they_are_taken_in_and_then_heard() -> Result<()> {
    let world = World::start().await?;
    let themes = json!([{ "id": "food", "label": "food", "phrases": ["soup", "cake"] }]);
    world.configure("demo", json!({ "name": "Corner Café", "themes": themes })).await?;
    let table = "Score,Comment,Responded at\n2,The soup was cold and awful,2024-01-31 13:45:00 UTC\n9,,2024-02-01 08:00:00 UTC\nx,,\n";
    let (status, shown) = world.owner("POST", "demo/responses.csv?dry_run=true", table).await?;
    let shown: Value = serde_json::from_str(&shown)?;
    assert_eq!((status, &shown["added"], &shown["preview"][0]["score"]), (200, &json!(2), &json!(2)), "{shown}");
    assert_eq!(shown["faults"][0]["line"], 4);
    assert!(world.responses().await?.is_empty());
    for added in [2, 0] {
        let (_, did) = world.owner("POST", "demo/responses.csv", table).await?;
        assert_eq!(serde_json::from_str::<Value>(&did)?["added"], added);
    }
    until("the comment is heard", async || {
        let responses = world.responses().await?;
        Ok((responses[1]["heard"]["themes"][0]["id"] == "food").then_some(()))
    })
    .await?;
    let old = world.api("GET", "/metrics?until=2024-02-01", None, 200).await?;
    assert_eq!(old["total"]["detractors"], 1);
    let (status, problem) = world.owner("POST", "demo/responses.csv?score=nothing", table).await?;
    assert_eq!((status, problem.contains("invalid_parameter")), (400, true), "{problem}");
    Ok(())
}

#[tokio::test]
async fn a_site_is_set_back_where_the_runtime_keeps_its_history_and_elsewhere_it_says_so() -> Result<()> {
    let world = World::start().await?;
    let now = json!({ "to": "2026-11-22T09:00:00Z" });
    let problem = world.api("POST", "/restore", Some(now.clone()), 501).await?;
    assert_eq!(problem["code"], "not_supported", "{problem}");
    let problem = world.api("POST", "/restore", Some(json!({ "bookmark": "not one" })), 422).await?;
    assert_eq!(problem["errors"][0]["pointer"], "/bookmark", "{problem}");
    world.submit(&new_response_id(), 1, 9, None).await?;

    let entry = Some(root().join("tests/e2e/restoring.js"));
    let objects = Objects { build: build::built()?.worker, entry };
    let world = World::start_mixed(build::built()?, Some(objects)).await?;
    world.configure("demo", json!({ "name": "Corner Café" })).await?;
    world.submit(&new_response_id(), 1, 9, None).await?;
    let to = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)? - Duration::from_secs(3_600);
    let to = heard_wire::Timestamp::from_millis(i64::try_from(to.as_millis())?);
    let restored = world.api("POST", "/restore", Some(json!({ "to": to })), 202).await?;
    let undo = restored["undo"].as_str().context("no way back")?;
    assert_eq!(undo, format!("0d0-b-{:x}", to.as_millis()));
    // The object begins anew, and serves.
    until("the site serves again", async || {
        Ok(world.owner("GET", "demo/responses", "").await.ok().filter(|(status, _)| *status == 200))
    })
    .await?;
    world.submit(&new_response_id(), 1, 9, None).await?;
    world.api("POST", "/restore", Some(json!({ "bookmark": undo })), 202).await?;
    world.api("POST", "/restore", Some(json!({ "to": to, "bookmark": undo })), 422).await?;
    let too_old = world.api("POST", "/restore", Some(json!({ "to": "2020-01-01T00:00:00Z" })), 501).await;
    assert!(too_old.is_ok() || too_old.is_err_and(|error| error.to_string().contains("500")), "told or begun anew");
    Ok(())
}

#[tokio::test]
async fn a_backup_is_checked_at_the_door_line_by_line() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("Cold soup")).await?;
    let (_, backup) = world.owner("GET", "demo/backup", "").await?;
    let lines: Vec<Value> = backup.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let of_kind = |kind: &str| lines.iter().find(|line| line["kind"] == kind).cloned().context("no such line");
    let (site, endpoint, response) = (of_kind("site")?, of_kind("endpoint")?, of_kind("response")?);
    let changed = |line: &Value, pointer: &str, value: Value| -> Result<Value> {
        let mut line = line.clone();
        *line.pointer_mut(pointer).context("no such member")? = value;
        Ok(line)
    };
    let text = |lines: &[&Value]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    for (name, line, told) in [
        ("a later form", changed(&site, "/version", json!(99))?, "form 99"),
        ("no name", changed(&site, "/settings/name", json!(""))?, "/name"),
        ("a place that is none", changed(&endpoint, "/url", json!("ftp://x"))?, "/url"),
        ("a time ahead", changed(&response, "/response/created_at", json!("2099-01-01T00:00:00Z"))?, "/created_at"),
        ("a long comment", changed(&response, "/response/comment", json!("x".repeat(6_000)))?, "/comment"),
        ("a gap", json!({ "kind": "end", "records": 99 }), "missing"),
        ("no record", json!({ "kind": "moon" }), "column"),
    ] {
        let (status, report) = world.owner("POST", "demo/backup", text(&[&site, &line])).await?;
        let report: Value = serde_json::from_str(&report)?;
        assert_eq!(
            (status, &report["faults"][0]["line"], &report["complete"]),
            (200, &json!(2), &json!(false)),
            "{name}"
        );
        assert!(report["faults"][0]["detail"].as_str().is_some_and(|detail| detail.contains(told)), "{name}: {report}");
    }
    let odd = changed(&response, "/response/comment", json!("Cold\u{0} soup\u{1b}!"))?;
    let odd = changed(&odd, "/response/id", json!(new_response_id()))?;
    world.owner("POST", "demo/backup", text(&[&odd])).await?;
    let comments: Vec<Value> = world.responses().await?.into_iter().map(|one| one["comment"].clone()).collect();
    assert!(comments.contains(&json!("Cold soup!")), "{comments:?}");
    let (status, problem) = world.owner("POST", "demo/backup", vec![0x1f, 0x8b, 8, 0, 0]).await?;
    assert_eq!((status, problem.contains("malformed_json")), (400, true), "{problem}");
    assert_eq!(world.owner("POST", "demo/responses.csv", "score,comment\n9,Lo\u{0}vely\n").await?.0, 200);
    assert_eq!(world.responses().await?.iter().filter(|one| one["comment"] == "Lovely").count(), 1);
    // A name that is left out names no site.
    for path in ["/survey", "/responses"] {
        assert_eq!(world.owner("GET", path, "").await?.0, 404, "{path}");
    }
    let url = format!("{}/v1/sites/demo", world.url);
    let patch = world.http.patch(url).bearer_auth(OWNER_KEY).header("content-type", "application/merge-patch+json");
    assert_eq!(patch.body(r#"{"keep_days":9}"#).send().await?.status(), 200);
    Ok(())
}
