//! The main job under Cloudflare's own `wrangler dev`, with the widget's files as static assets, in every wrangler that an owner
//! may have.

use anyhow::{Context as _, Result};
use heard_tests::{OWNER_KEY, Program, free_port, new_response_id, until_within};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;
use xtask::build;
use xtask::receiver::Receiver;
use xtask::wrangler::Wrangler;

/// It bundles before it answers, beside another test on a machine of two cores.
const STARTS_WITHIN: Duration = Duration::from_secs(90);

#[tokio::test]
async fn the_main_job_runs_under_wrangler_dev_with_the_files_as_assets() -> Result<()> {
    for wrangler in Wrangler::all()? {
        main_job(&wrangler).await.with_context(|| format!("{wrangler:?}"))?;
    }
    Ok(())
}

async fn main_job(wrangler: &Wrangler) -> Result<()> {
    let built = build::built()?;
    let data = TempDir::new()?;
    let (port, inspector) = (free_port()?.to_string(), free_port()?.to_string());
    let mut dev = wrangler.command();
    dev.args(["dev", "--local", "--env=", "--ip", "127.0.0.1", "--port", &port, "--inspector-port", &inspector]);
    dev.args(["--show-interactive-dev-session=false", "--persist-to"]).arg(data.path());
    dev.args(["--var", &format!("HEARD_OWNER_KEY:{OWNER_KEY}"), "--var", "HEARD_DEVELOPMENT:1"]);
    let _dev = Program::start(dev)?;
    let url = format!("http://127.0.0.1:{port}");
    let http = reqwest::Client::new();
    until_within(STARTS_WITHIN, "wrangler dev answers", async || {
        Ok(http.get(format!("{url}/heard.js")).send().await.ok().filter(|answer| answer.status() == 200).map(drop))
    })
    .await?;

    let list = std::fs::read_to_string(built.widget.join("assets.tsv"))?;
    for line in list.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [path, content_type, cache, _, file] = fields.as_slice() else {
            anyhow::bail!("a line without five fields")
        };
        let answer = http.get(format!("{url}{path}")).header("accept-encoding", "identity").send().await?;
        let headers = answer.headers().clone();
        assert_eq!(headers["cache-control"], *cache, "{path}");
        assert_eq!(headers["access-control-allow-origin"], "*", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        let essence = content_type.split(';').next().unwrap_or_default();
        assert!(headers["content-type"].to_str()?.starts_with(essence), "{path}: {headers:?}");
        assert!(answer.bytes().await? == std::fs::read(built.widget.join(file))?, "{path}");
    }

    let site = format!("{url}/v1/sites/demo");
    let put = http.put(&site).bearer_auth(OWNER_KEY).json(&json!({ "name": "Corner Café" }));
    put.send().await?.error_for_status()?;
    let mut receiver = Receiver::start().await?;
    let added = http.post(format!("{site}/endpoints")).bearer_auth(OWNER_KEY).json(&json!({ "url": receiver.url }));
    let added: Value = added.send().await?.error_for_status()?.json().await?;
    receiver.trust(added["secret"].as_str().context("no secret")?);
    let survey: Value = http.get(format!("{site}/survey?lang=de")).send().await?.json().await?;
    assert_eq!(survey["lang"], "de");
    let body = json!({ "id": new_response_id(), "revision": 1, "score": 2, "comment": "The soup was cold",
        "page": "https://cafe.example/", "lang": "en" });
    let sent = http.post(format!("{site}/responses")).bearer_auth(OWNER_KEY).json(&body).send().await?;
    let sent: Value = sent.error_for_status()?.json().await?;
    assert!(sent["acknowledgement"]["text"].as_str().is_some_and(|text| !text.is_empty()), "{sent}");
    for _ in 0..2 {
        let received = receiver.received.recv().await.context("no webhook")?;
        assert!(received.verified, "{received:?}");
    }
    let csv = http.get(format!("{site}/responses.csv")).bearer_auth(OWNER_KEY).send().await?.text().await?;
    assert!(csv.contains("The soup was cold"), "{csv}");
    Ok(())
}
