//! `cargo xtask demo`, as a stranger runs it.

use anyhow::{Context as _, Result, bail};
use heard_tests::{free_port, new_response_id, until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;
use std::process::{Command, Stdio};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

struct Demo {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    url: String,
}

impl Demo {
    async fn start(data: &std::path::Path, more: &[&str]) -> Result<Self> {
        let port = free_port()?.to_string();
        // The very program that runs these tests, and that `cargo xtask` runs.
        let program = xtask::target().join("debug/xtask");
        let mut command = Command::new(program);
        command.args(["demo", "--port", &port, "--data"]).arg(data).args(more);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = tokio::process::Command::from(command).kill_on_drop(true).spawn()?;
        let out = process.stdout.take().context("no output")?;
        let mut demo = Self { process, lines: BufReader::new(out).lines(), url: format!("http://127.0.0.1:{port}") };
        demo.says("Open this page").await?;
        Ok(demo)
    }

    async fn says(&mut self, words: &str) -> Result<String> {
        let wait = std::time::Duration::from_secs(120);
        loop {
            match tokio::time::timeout(wait, self.lines.next_line()).await?? {
                Some(line) if line.contains(words) => return Ok(line),
                Some(_) => {}
                None => bail!("the demo ended without saying {words:?}"),
            }
        }
    }

    async fn stop(mut self, signal: Signal) -> Result<()> {
        let id = i32::try_from(self.process.id().context("the demo is gone")?)?;
        kill(Pid::from_raw(id), signal)?;
        let status = tokio::time::timeout(std::time::Duration::from_secs(10), self.process.wait()).await??;
        assert!(status.success(), "{signal}: {status}");
        let url = self.url.clone();
        until("nothing listens any more", async || Ok(reqwest::get(&url).await.is_err().then_some(()))).await
    }
}

#[tokio::test]
async fn it_tells_the_whole_story_and_leaves_nothing_running() -> Result<()> {
    let data = tempfile::TempDir::new()?;
    let mut demo = Demo::start(data.path(), &[]).await?;
    assert!(reqwest::get(format!("{}/", demo.url)).await?.text().await?.contains("data-site=\"demo\""));
    let id = new_response_id();
    let body = json!({ "id": id, "revision": 1, "score": 2, "comment": "Cold soup", "page": "https://a.example/", "lang": "en" });
    let url = format!("{}/v1/sites/demo/responses", demo.url);
    let http = reqwest::Client::new();
    let key = std::fs::read_to_string(data.path().join("owner-key"))?;
    let request = http.post(&url).bearer_auth(key.trim()).header("content-type", "text/plain").body(body.to_string());
    request.send().await?.error_for_status()?;
    let first = demo.says("──").await?;
    assert!(first.contains("signature verified"), "{first}");
    demo.says("Cold soup").await?;
    // In the middle of the printing of a webhook, which once lost the signal.
    demo.stop(Signal::SIGINT).await?;

    // Started again it still knows the answer, and starting fresh it does not.
    let key = std::fs::read_to_string(data.path().join("owner-key"))?;
    for (more, known) in [(&[][..], 1), (&["--fresh"], 0)] {
        let demo = Demo::start(data.path(), more).await?;
        let key = if known == 1 { key.clone() } else { std::fs::read_to_string(data.path().join("owner-key"))? };
        let url = format!("{}/v1/sites/demo/responses", demo.url);
        let page: serde_json::Value = http.get(url).bearer_auth(key).send().await?.json().await?;
        assert_eq!(page["responses"].as_array().map(Vec::len), Some(known));
        demo.stop(Signal::SIGTERM).await?;
    }
    Ok(())
}
