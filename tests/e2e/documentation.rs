//! The OpenAPI document against the running Worker, and the page made of it.

use anyhow::{Context as _, Result};
use heard_tests::{Browser, OWNER_KEY, World, new_response_id};
use serde_json::{Value, json};

#[tokio::test]
async fn every_documented_operation_is_there_and_answers_as_documented() -> Result<()> {
    let world = World::start().await?;
    let document: Value = world.http.get(format!("{}/v1/openapi.json", world.url)).send().await?.json().await?;
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().context("no paths")?;
    assert!(paths.len() >= 18);
    // What erases the site comes last.
    let (last, first): (Vec<_>, Vec<_>) = paths.iter().partition(|(path, _)| path.as_str() == "/v1/sites/{site}");
    for (path, operations) in first.into_iter().chain(last) {
        let filled = path
            .replace("{site}", "demo")
            .replace("{endpoint}", "ep_00000000000000000000000000000000")
            .replace("{event}", "evt_00000000000000000000000000000000")
            .replace("{response}", "0190a5c4-7a1c-7def-8123-000000000000")
            .replace("{prefix}", "hk_000000000000");
        let url = format!("{}{filled}", world.url);
        let operations = operations.as_object().context("no operations")?;
        for (method, operation) in operations.iter().rev() {
            let request = world.http.request(method.to_uppercase().parse()?, &url);
            let owned = operation.get("security").is_some_and(|needs| needs != &json!([{}, { "key": [] }]));
            // Without a key, with the owner's, and with a body that says nothing.
            for (key, body) in [(None, None), (Some(OWNER_KEY), None), (Some(OWNER_KEY), Some(json!({})))] {
                let mut request = request.try_clone().context("a request that cannot be repeated")?;
                request = if let Some(key) = key { request.bearer_auth(key) } else { request };
                request = if let Some(body) = body { request.json(&body) } else { request };
                let answer = request.send().await?;
                let status = answer.status().as_u16();
                assert!(operation["responses"].get(status.to_string()).is_some(), "{method} {path} answered {status}");
                assert!((status < 500 || status == 501) && status != 405, "{method} {path} answered {status}");
                assert!(!owned || key.is_some() || status == 401, "{method} {path} needs no key: {status}");
                if status >= 400 {
                    let problem: Value = answer.json().await?;
                    let told = operation["responses"][status.to_string()]["description"].as_str().unwrap_or_default();
                    let code = problem["code"].as_str().context("no code")?;
                    assert!(told.contains(code), "{method} {path}: {code} is not in {told}");
                }
            }
        }
        // What is not documented is not there.
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if !operations.contains_key(&method.to_lowercase()) {
                let status = world.http.request(method.parse()?, &url).bearer_auth(OWNER_KEY).send().await?.status();
                assert_eq!(status, 405, "{method} {path} is not documented");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_fuzzer_finds_no_failure_and_nothing_undocumented() -> Result<()> {
    let world = World::start().await?;
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("Rude staff")).await?;
    let added = world.api("POST", "/endpoints", Some(json!({ "url": "https://crm.invalid.example/" })), 201).await?;
    let endpoint = added["id"].as_str().context("no endpoint")?;
    let folder = tempfile::TempDir::new()?;
    let config = format!(
        "[parameters]\n\"path.site\" = \"demo\"\n\"path.endpoint\" = {endpoint:?}\n\"path.response\" = {id:?}\n"
    );
    std::fs::write(folder.path().join("schemathesis.toml"), config)?;
    let python = xtask::setup::receiver_tools()?.python;
    let mut fuzzer = tokio::process::Command::new(python);
    fuzzer.current_dir(folder.path()).args(["-m", "schemathesis.cli", "run"]);
    fuzzer.arg(format!("{}/v1/openapi.json", world.url)).args(["--url", &world.url]);
    fuzzer.args([
        "-H",
        &format!("Authorization: Bearer {OWNER_KEY}"),
        "--phases",
        "coverage,fuzzing",
        "--seed",
        "2026",
        "--max-examples",
        "20",
        // There would be nothing left to ask for.
        "--exclude-operation-id",
        "eraseSite",
        // What no runtime but Cloudflare's does, and a body of lines, which the fuzzer cannot write.
        "--exclude-operation-id",
        "restoreSite",
        "--exclude-operation-id",
        "importSite",
    ]);
    // Authentication and methods have tests of their own above.
    fuzzer.args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance"]);
    fuzzer.args(["--checks", "response_schema_conformance,negative_data_rejection"]);
    let ended = fuzzer.output().await?;
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
    Ok(())
}

#[tokio::test]
async fn references_lead_somewhere() -> Result<()> {
    let world = World::start().await?;
    let document: Value = world.http.get(format!("{}/v1/openapi.json", world.url)).send().await?.json().await?;
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference} is missing");
    }
    Ok(())
}

#[tokio::test]
async fn the_page_reads_without_a_script_and_its_links_lead_somewhere() -> Result<()> {
    let world = World::start().await?;
    let browser = Browser::open().await?;
    browser.visit(&format!("{}/docs", world.url)).await?;
    assert_eq!(browser.script("return document.scripts.length").await?, 0);
    let missing = "return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))\
        .filter(id => !document.getElementById(id))";
    assert_eq!(browser.script(missing).await?, json!([]));
    let text = browser.script("return document.documentElement.textContent").await?;
    let text = text.as_str().context("no text")?;
    for shown in [
        "standardwebhooks::Webhook",
        "from standardwebhooks import",
        "hmac.Equal",
        "webhook.verify(body",
        "endpoint.disabled",
    ] {
        assert!(text.contains(shown), "{shown}");
    }
    let wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth";
    browser.become_phone(360, 740).await?;
    assert_eq!(browser.script(wide).await?, false);
    browser.picture("docs-phone").await
}
