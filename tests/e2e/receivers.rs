//! The example receivers, as the documentation shows them: each verifies with its language's official library (Go with
//! its standard library) and does its job.

use anyhow::{Context as _, Result, bail};
use heard_tests::{World, free_port, new_response_id, until};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use xtask::{root, setup};

/// A running receiver, registered as an endpoint. Ends when dropped.
struct Running {
    url: String,
    _process: Child,
}

async fn start(world: &World, settings: Value, mut command: Command) -> Result<Running> {
    let port = free_port()?;
    let url = format!("http://127.0.0.1:{port}/");
    let mut endpoint = settings;
    endpoint["url"] = url.as_str().into();
    let added = world.api("POST", "/endpoints", Some(endpoint), 201).await?;
    let secret = added["secret"].as_str().context("no secret")?;
    command.env("PORT", port.to_string()).env("WEBHOOK_SECRET", secret);
    let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().context("starting a receiver")?;
    let mut lines = BufReader::new(process.stdout.take().context("no output")?).lines();
    match lines.next_line().await? {
        Some(line) if line.contains(&url) => Ok(Running { url, _process: process }),
        other => bail!("the receiver said {other:?}"),
    }
}

fn example(name: &str) -> PathBuf {
    root().join("examples/receivers").join(name)
}

/// Submits an unhappy answer, and makes sure that a forged delivery of the same is refused.
async fn unhappy(world: &World, receiver: &Running) -> Result<Value> {
    let forged = json!({ "type": "response.completed", "timestamp": "2026-11-22T09:00:00Z",
        "data": { "response": { "id": "forged", "band": "detractor", "score": 0, "comment": "forged", "page": "", "reference": "" } } });
    let request =
        world.http.post(&receiver.url).header("webhook-id", "evt_1").header("webhook-timestamp", "1700000000");
    let answer = request.header("webhook-signature", "v1,AAAA").json(&forged).send().await?;
    assert_eq!(answer.status(), 401, "a forged delivery was taken");
    let id = new_response_id();
    world.submit(&id, 1, 2, Some("=cold <soup> & rude staff")).await
}

async fn text_in(path: &Path) -> Result<Option<String>> {
    Ok(tokio::fs::read_to_string(path).await.ok().filter(|text| text.ends_with('\n')))
}

#[tokio::test]
async fn rust_replies_from_a_crm() -> Result<()> {
    let mut world = World::start().await?;
    let command = Command::new(xtask::target().join("debug/examples/reply_from_crm"));
    let running = start(&world, json!({ "may_reply": true }), command).await?;
    let submitted = unhappy(&world, &running).await?;
    let id = submitted["response"]["id"].as_str().context("no id")?;
    let told = world.delivery_of("message.created", id).await?;
    let text = told.body["data"]["message"]["text"].as_str().unwrap_or_default();
    assert!(text.contains(submitted["response"]["reference"].as_str().context("no reference")?), "{text}");
    Ok(())
}

#[tokio::test]
async fn typescript_forwards_to_a_chat() -> Result<()> {
    let world = World::start().await?;
    let tools = setup::receiver_tools()?;
    let folder = TempDir::new()?;
    // What `tsx` does: the types are taken away, and nothing else.
    let script = folder.path().join("forward_to_slack.mjs");
    let mut esbuild = Command::new(setup::esbuild_binary()?);
    esbuild.arg(example("forward_to_slack.ts")).arg(format!("--outfile={}", script.display())).arg("--log-level=error");
    assert!(esbuild.status().await?.success());
    std::os::unix::fs::symlink(&tools.node_modules, folder.path().join("node_modules"))?;
    let chat = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
    let chat_url = format!("http://{}/", chat.local_addr()?);
    let app = axum::Router::new().fallback(async move |body: String| {
        let _ = sender.send(body);
    });
    tokio::spawn(async move { axum::serve(chat, app).await });
    let mut command = Command::new("node");
    command.arg(&script).env("SLACK_URL", chat_url);
    let running = start(&world, json!({}), command).await?;
    unhappy(&world, &running).await?;
    let said: Value = serde_json::from_str(&received.recv().await.context("nothing was forwarded")?)?;
    let text = said["text"].as_str().unwrap_or_default();
    assert!(text.starts_with("*2/10* =cold &lt;soup&gt; &amp; rude staff"), "{text}");
    Ok(())
}

#[tokio::test]
async fn python_opens_a_ticket() -> Result<()> {
    let world = World::start().await?;
    let tools = setup::receiver_tools()?;
    let folder = TempDir::new()?;
    let mut command = Command::new(tools.python);
    command.arg(example("ticket_for_detractors.py")).env("TICKETS", folder.path());
    let running = start(&world, json!({ "filter": { "bands": ["detractor"] } }), command).await?;
    let submitted = unhappy(&world, &running).await?;
    let id = submitted["response"]["id"].as_str().context("no id")?;
    let path = folder.path().join(format!("{id}.txt"));
    let ticket = until("a ticket is opened", async || text_in(&path).await).await?;
    assert!(ticket.contains("Score:     2") && ticket.contains("=cold <soup> & rude staff"), "{ticket}");
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 1);
    Ok(())
}

#[tokio::test]
async fn go_writes_a_row() -> Result<()> {
    let world = World::start().await?;
    setup::receiver_tools()?;
    let folder = TempDir::new()?;
    let (binary, rows) = (folder.path().join("receiver"), folder.path().join("rows.csv"));
    let mut build = Command::new("go");
    build.args(["build", "-o"]).arg(&binary).arg(example("row_in_spreadsheet.go"));
    build.env("GOCACHE", xtask::target().join("heard/go")).env("GOTOOLCHAIN", "local").env("GO111MODULE", "off");
    assert!(build.status().await?.success());
    let mut command = Command::new(binary);
    command.env("ROWS", &rows);
    let running = start(&world, json!({}), command).await?;
    unhappy(&world, &running).await?;
    let row = until("a row is written", async || text_in(&rows).await).await?;
    assert!(row.contains(",2,'=cold <soup> & rude staff,https://cafe.example/"), "{row}");
    Ok(())
}
