//! The example receivers, as the documentation shows them: each verifies with its language's official library (Go with
//! its standard library) and does its job.

use anyhow::{Context as _, Result, bail};
use heard_tests::{OWNER_KEY, World, free_port, new_response_id, until};
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
    command.env("PORT", port.to_string());
    for (variable, member) in [("WEBHOOK_SECRET", "secret"), ("WEBHOOK_PUBLIC_KEY", "public_key")] {
        if let Some(value) = added[member].as_str() {
            command.env(variable, value);
        }
    }
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

/// What `tsx` does: the types are taken away, and nothing else.
async fn without_types(name: &str, folder: &Path) -> Result<PathBuf> {
    let script = folder.join(name).with_extension("mjs");
    let mut esbuild = Command::new(setup::esbuild_binary()?);
    esbuild.arg(example(name).with_extension("ts")).arg(format!("--outfile={}", script.display()));
    assert!(esbuild.arg("--log-level=error").status().await?.success());
    Ok(script)
}

#[tokio::test]
async fn typescript_verifies_with_a_public_key_alone_and_erases_what_is_erased() -> Result<()> {
    let world = World::start().await?;
    let folder = TempDir::new()?;
    let script = without_types("archive_signed_v1a", folder.path()).await?;
    let events = folder.path().join("events");
    let mut command = Command::new("node");
    command.arg(&script).env("EVENTS", &events);
    let running = start(&world, json!({ "signature": "v1a" }), command).await?;
    let submitted = unhappy(&world, &running).await?;
    let id = submitted["response"]["id"].as_str().context("no id")?;
    let kept = events.join(id);
    let count = async |wanted: usize| {
        let found = std::fs::read_dir(&kept).map(|entries| entries.count()).unwrap_or(0);
        Ok((found == wanted).then_some(()))
    };
    // The score, the words, and the case that they became.
    until("all events are kept", async || count(3).await).await?;
    world.http.delete(format!("{}/v1/sites/demo/responses/{id}", world.url)).bearer_auth(OWNER_KEY).send().await?;
    until("they are erased", async || count(0).await).await?;
    Ok(())
}

#[tokio::test]
async fn typescript_forwards_to_a_chat() -> Result<()> {
    let world = World::start().await?;
    let tools = setup::receiver_tools()?;
    let folder = TempDir::new()?;
    let script = without_types("forward_to_slack", folder.path()).await?;
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
