//! The owner reads answers back, newest first, page by page.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, World, new_response_id};
use heard_wire::Timestamp;
use serde_json::{Value, json};

#[tokio::test]
async fn pages_follow_one_another_without_gaps_or_repeats() -> Result<()> {
    let world = World::start().await?;
    let mut ids = Vec::new();
    for score in 0..=10 {
        let id = new_response_id();
        world.submit(&id, 1, score, None).await?;
        ids.push(id);
    }
    ids.reverse();
    let mut read = Vec::new();
    let mut cursor = String::new();
    loop {
        let url = format!("{}/v1/sites/demo/responses?limit=4{cursor}", world.url);
        let page: Value = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.json().await?;
        let responses = page["responses"].as_array().cloned().unwrap_or_default();
        assert!(responses.len() <= 4);
        read.extend(responses.iter().map(|response| response["id"].as_str().unwrap_or_default().to_owned()));
        // An answer that comes in meanwhile moves no page.
        world.submit(&new_response_id(), 1, 0, None).await?;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(read, ids);
    Ok(())
}

/// A site with themes and five answers.
async fn answered() -> Result<World> {
    let world = World::start().await?;
    let themes = json!([{ "id": "food", "label": "food", "phrases": ["soup", "cake"] },
        { "id": "waiting", "label": "waiting", "phrases": ["waited", "queue"] }]);
    world.configure("demo", json!({ "name": "Corner Café", "themes": themes })).await?;
    for (score, comment) in [
        (10, Some("The cake was delicious")),
        (9, None),
        (7, Some("Crème brûlée was fine")),
        (2, Some("=SUM(A1) cold soup, and we waited an hour")),
        (0, None),
    ] {
        world.submit(&new_response_id(), 1, score, comment).await?;
    }
    Ok(world)
}

#[tokio::test]
async fn responses_are_found_by_what_they_are_and_say() -> Result<()> {
    let world = answered().await?;
    for (query, scores) in [
        ("band=detractor", &[0, 2][..]),
        ("band=promoter&has_comment=true", &[10]),
        ("score=7", &[7]),
        ("theme=food", &[2, 10]),
        ("has_comment=false", &[0, 9]),
        ("q=soup", &[2]),
        ("q=SOUP%20cold", &[2]),
        ("q=deli", &[10]),
        ("q=creme%20brulee", &[7]),
        ("q=%22%20OR%20%2a", &[]),
        ("q=cake%20NOT%20delicious", &[]),
        ("lang=en", &[0, 2, 7, 9, 10]),
        ("lang=de", &[]),
        ("page=https://cafe.example/", &[0, 2, 7, 9, 10]),
        ("page=https://cafe.*&band=passive", &[7]),
        ("page=https://c_fe.*", &[]),
        ("since=2020-01-01T00:00:00Z&until=2021-01-01T00:00:00Z", &[]),
    ] {
        let page = world.api("GET", &format!("/responses?{query}"), None, 200).await?;
        let found = page["responses"].as_array().cloned().unwrap_or_default();
        let mut found: Vec<i64> = found.iter().filter_map(|response| response["score"].as_i64()).collect();
        found.sort_unstable();
        assert_eq!(found, scores, "{query}");
    }
    for query in ["score=11", "band=fans", "since=yesterday", "q=%3f", "colour=red", "limit=5&limit=6"] {
        let problem = world.api("GET", &format!("/responses?{query}"), None, 400).await?;
        assert_eq!(problem["code"], "invalid_parameter", "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn metrics_add_up_with_an_honest_interval() -> Result<()> {
    let world = answered().await?;
    let metrics = world.api("GET", "/metrics?by=theme", None, 200).await?;
    let total = &metrics["total"];
    assert_eq!([&total["responses"], &total["promoters"], &total["passives"], &total["detractors"]], [5, 2, 1, 2]);
    assert_eq!(
        (total["nps"].as_f64(), total["comments"].as_u64(), total["completed"].as_u64()),
        (Some(0.0), Some(3), Some(3))
    );
    assert!(total["nps_low"].as_f64() < Some(-40.0) && total["nps_high"].as_f64() > Some(40.0), "{total}");
    let groups: Vec<_> = metrics["groups"].as_array().into_iter().flatten().collect();
    let counts: Vec<_> = groups.iter().map(|group| (group["key"].as_str(), group["responses"].as_u64())).collect();
    assert_eq!(counts, [(Some("food"), Some(2)), (Some("waiting"), Some(1))]);
    for by in ["day", "week", "page", "language"] {
        let metrics = world.api("GET", &format!("/metrics?by={by}&band=promoter"), None, 200).await?;
        assert_eq!(metrics["groups"][0]["responses"], 2, "{by}: {metrics}");
        assert_eq!(metrics["groups"][0]["nps"], 100.0);
    }
    world.api("GET", "/metrics?by=moon", None, 400).await?;
    Ok(())
}

#[tokio::test]
async fn everything_is_exported_as_it_stands() -> Result<()> {
    let world = answered().await?;
    let get = async |path: &str| {
        let url = format!("{}/v1/sites/demo/{path}", world.url);
        let answer = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.error_for_status()?;
        Ok::<_, anyhow::Error>(answer.text().await?)
    };
    // More than the export holds at a time.
    for _ in 0..1_100 {
        world.submit(&new_response_id(), 1, 8, None).await?;
    }
    let lines: Vec<Value> =
        get("responses.ndjson").await?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(lines.len(), 1_105);
    let mut ids: Vec<&str> = lines.iter().filter_map(|line| line["id"].as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1_105);
    let csv = get("responses.csv?band=detractor").await?;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(
        csv.starts_with("id,reference,") && csv.contains("\"'=SUM(A1) cold soup") && csv.contains("waiting negative"),
        "{csv}"
    );
    Ok(())
}

#[tokio::test]
async fn an_export_of_many_holds_few_in_memory() -> Result<()> {
    const ROWS: i64 = 300_000;
    let mut world = World::start().await?;
    world.submit(&new_response_id(), 1, 8, Some("The cake was delicious and the staff were kind")).await?;
    world.kill()?;
    // As many answers as years would bring, written where workerd keeps them.
    for database in world.databases()? {
        let sql = rusqlite::Connection::open(database)?;
        if sql.prepare("SELECT 1 FROM responses").is_ok() {
            sql.execute(
                "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
                 INSERT INTO responses (id, revision, score, comment, page, lang, visitor, heard, acknowledgement,
                     created_at, updated_at, completed_at, listened_revision)
                 SELECT printf('0190a5c4-7a1c-7def-9%03x-%012x', n % 4096, n), revision, n % 11, comment, page, lang,
                     visitor, heard, acknowledgement, created_at + n, updated_at, completed_at, listened_revision
                 FROM n, responses WHERE responses.id LIKE '0190a5c4-7a1c-7def-8%'",
                [ROWS],
            )?;
        }
    }
    world.restart()?;
    let first = world.api("GET", "/responses?limit=1", None, 200).await?;
    let newest: Timestamp = serde_json::from_value(first["responses"][0]["created_at"].clone())?;
    let third = newest.plus_millis(-ROWS * 2 / 3);
    let before = world.memory()?;
    let (rows, held_for_third) = exported(&world, &format!("?until={third}")).await?;
    assert!((ROWS / 3..=ROWS / 3 + 1).contains(&rows), "{rows}");
    let (rows, held_for_all) = exported(&world, "").await?;
    assert_eq!(rows, ROWS + 1);
    // Three times as many rows, and what a runtime holds before it cleans up.
    let (third, all) = (held_for_third.saturating_sub(before), held_for_all.saturating_sub(before));
    println!("{third} bytes held for a third, {all} for all");
    assert!(all < 2 * third.max(50_000_000), "{third} bytes held for a third, {all} for all");
    Ok(())
}

/// Exports as a client does that keeps nothing: how many rows came, and the most that workerd held meanwhile.
async fn exported(world: &World, query: &str) -> Result<(i64, u64)> {
    let url = format!("{}/v1/sites/demo/responses.ndjson{query}", world.url);
    let mut answer = world.http.get(url).bearer_auth(OWNER_KEY).send().await?.error_for_status()?;
    let (mut rows, mut most) = (0, 0);
    while let Some(chunk) = answer.chunk().await? {
        rows += chunk.iter().filter(|byte| **byte == b'\n').count() as i64;
        most = most.max(world.memory()?);
    }
    Ok((rows, most))
}

#[tokio::test]
async fn all_answers_of_one_visitor_are_read_page_by_page() -> Result<()> {
    let world = World::start().await?;
    for visitor in ["Zoë/7 x", "Zoë/7 x", "other", "Zoë/7 x"] {
        let body = json!({ "id": new_response_id(), "revision": 1, "score": 9, "page": "https://cafe.example/",
            "lang": "en", "visitor": visitor });
        assert_eq!(world.post(body.to_string()).await?.status(), 200);
    }
    let path = "/visitors/Zo%C3%AB%2F7%20x/responses";
    let first = world.api("GET", &format!("{path}?limit=2"), None, 200).await?;
    let cursor = first["next_cursor"].as_str().context("no second page")?;
    let rest = world.api("GET", &format!("{path}?limit=2&cursor={cursor}"), None, 200).await?;
    let read = |page: &Value| page["responses"].as_array().cloned().unwrap_or_default();
    let all = [read(&first), read(&rest)].concat();
    assert_eq!((all.len(), rest["next_cursor"].is_null()), (3, true));
    assert!(all.iter().all(|response| response["visitor"] == "Zoë/7 x"));
    assert!(read(&world.api("GET", "/visitors/nobody/responses", None, 200).await?).is_empty());
    world.api("GET", &format!("{path}?cursor=x"), None, 400).await?;
    world.api("GET", &format!("/visitors/{}/responses", "x".repeat(201)), None, 404).await?;
    Ok(())
}

#[tokio::test]
async fn r11_long_comments_that_an_earlier_release_let_in_are_exported() -> Result<()> {
    let mut world = World::start().await?;
    world.submit(&new_response_id(), 1, 8, Some("cake")).await?;
    world.kill()?;
    for database in world.databases()? {
        let sql = rusqlite::Connection::open(database)?;
        if sql.prepare("SELECT 1 FROM responses").is_ok() {
            sql.execute(
                "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 240)
                 INSERT INTO responses (id, revision, score, comment, page, lang, visitor, heard, acknowledgement,
                     created_at, updated_at, completed_at, listened_revision)
                 SELECT printf('0190a5c4-7a1c-7def-9000-%012x', n), revision, score, ?, page, lang,
                     visitor, heard, acknowledgement, created_at + n, updated_at, completed_at, listened_revision
                 FROM n, responses WHERE responses.id LIKE '0190a5c4-7a1c-7def-8%'",
                ["👨🏽‍👩🏽‍👧🏽‍👦🏽".repeat(5_000)],
            )?;
        }
    }
    world.restart()?;
    for path in ["responses.ndjson", "responses.csv"] {
        let url = format!("{}/v1/sites/demo/{path}", world.url);
        let answer = world.http.get(url).bearer_auth(OWNER_KEY).send().await?;
        assert_eq!(answer.status(), 200, "{path}");
        let lines = answer.text().await?.lines().count();
        assert_eq!(lines, if path.ends_with("csv") { 242 } else { 241 }, "{path}");
    }
    let page = world.api("GET", "/responses?limit=100", None, 200).await?;
    assert!(page["next_cursor"].is_string() && page.to_string().len() < 2_000_000);
    Ok(())
}
