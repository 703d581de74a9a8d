//! `cargo xtask demo`, as a stranger runs it.

use anyhow::Result;
use heard_tests::{Program, free_port, new_response_id, until};
use nix::sys::signal::Signal;
use serde_json::json;
use std::process::Command;

struct Demo {
    program: Program,
    url: String,
}

impl Demo {
    async fn start(data: &std::path::Path, more: &[&str]) -> Result<Self> {
        let port = free_port()?.to_string();
        // The very program that runs these tests, and that `cargo xtask` runs.
        let mut command = Command::new(xtask::target().join("debug/xtask"));
        command.args(["demo", "--port", &port, "--data"]).arg(data).args(more);
        let mut demo = Self { program: Program::start(command)?, url: format!("http://127.0.0.1:{port}") };
        demo.program.says("Open this page").await?;
        Ok(demo)
    }

    async fn stop(self, signal: Signal) -> Result<()> {
        self.program.stop(signal).await?;
        let url = self.url;
        until("nothing listens any more", async || Ok(reqwest::get(&url).await.is_err().then_some(()))).await
    }
}

#[tokio::test]
async fn it_tells_the_whole_story_and_leaves_nothing_running() -> Result<()> {
    let data = tempfile::TempDir::new()?;
    let mut demo = Demo::start(data.path(), &["--empty"]).await?;
    assert!(reqwest::get(format!("{}/", demo.url)).await?.text().await?.contains("data-site=\"demo\""));
    let id = new_response_id();
    let body = json!({ "id": id, "revision": 1, "score": 2, "comment": "Cold soup", "page": "https://a.example/", "lang": "en" });
    let url = format!("{}/v1/sites/demo/responses", demo.url);
    let http = reqwest::Client::new();
    let key = std::fs::read_to_string(data.path().join("owner-key"))?;
    let request = http.post(&url).bearer_auth(key.trim()).header("content-type", "text/plain").body(body.to_string());
    request.send().await?.error_for_status()?;
    let first = demo.program.says("──").await?;
    assert!(first.contains("signature verified"), "{first}");
    demo.program.says("Cold soup").await?;
    // In the middle of the printing of a webhook, which once lost the signal.
    demo.stop(Signal::SIGINT).await?;

    // Started again it still knows the answer, and starting fresh it does not.
    let key = std::fs::read_to_string(data.path().join("owner-key"))?;
    for (more, known) in [(&["--empty"][..], 1), (&["--empty", "--fresh"], 0)] {
        let demo = Demo::start(data.path(), more).await?;
        let key = if known == 1 { key.clone() } else { std::fs::read_to_string(data.path().join("owner-key"))? };
        let url = format!("{}/v1/sites/demo/responses", demo.url);
        let page: serde_json::Value = http.get(url).bearer_auth(key).send().await?.json().await?;
        assert_eq!(page["responses"].as_array().map(Vec::len), Some(known));
        demo.stop(Signal::SIGTERM).await?;
    }
    Ok(())
}

#[tokio::test]
async fn it_opens_with_a_year_of_answers_and_two_people() -> Result<()> {
    let data = tempfile::TempDir::new()?;
    let demo = Demo::start(data.path(), &[]).await?;
    let key = std::fs::read_to_string(data.path().join("owner-key"))?;
    let ask = async |path: &str| -> Result<serde_json::Value> {
        let url = format!("{}/v1/sites/demo{path}", demo.url);
        Ok(reqwest::Client::new().get(url).bearer_auth(key.trim()).send().await?.json().await?)
    };
    let total = ask("/metrics").await?["total"].clone();
    assert!(total["responses"].as_u64().is_some_and(|answers| answers > 400), "{total}");
    assert!(total["nps"].as_f64().is_some_and(|nps| (10.0..80.0).contains(&nps)), "{total}");
    assert_eq!(ask("/people").await?["people"].as_array().map(Vec::len), Some(2));
    let closing = ask("/cases/metrics").await?;
    assert!(
        closing["settled"].as_u64() > Some(5) && closing["opened"].as_u64() > closing["settled"].as_u64(),
        "{closing}"
    );
    let month = ask("/metrics?by=theme").await?;
    assert!(month["groups"].as_array().is_some_and(|themes| themes.len() == 4), "{month}");
    demo.stop(Signal::SIGTERM).await
}
