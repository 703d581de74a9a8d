//! `cargo xtask demo`: the whole story on one machine.

use anyhow::{Context as _, Result, bail};
use reqwest::Client;
use serde_json::{Value, json};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use xtask::receiver::{Received, Receiver};
use xtask::workerd::{Options, Workerd};
use xtask::{build, root, sample, setup};

const SITE: &str = "demo";
/// Between two looks at whether workerd still runs.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Builds, serves and prints webhooks until Ctrl-C.
pub fn demo(port: u16, data: &Path, fresh: bool, empty: bool) -> Result<()> {
    eprintln!("Heard demo");
    let built = build::build()?;
    if fresh && data.exists() {
        // Only what a demo wrote: never a folder that was merely named.
        if !data.join("owner-key").exists() {
            bail!("{} was not made by the demo, so --fresh leaves it alone: choose another --data", data.display());
        }
        fs::remove_dir_all(data).with_context(|| format!("removing {}", data.display()))?;
    }
    fs::create_dir_all(data).with_context(|| format!("creating {}", data.display()))?;
    let owner_key = owner_key(data)?;
    let pages = Some(root().join("examples/pages"));
    let options = Options { pages, ..Options::on(port, data.to_owned(), &owner_key) };
    let mut workerd = Workerd::start(&built, &options)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the receiver's runtime")?;
    runtime.block_on(async {
        let mut receiver = Receiver::start().await?;
        create_site(&workerd.url, &owner_key, &receiver, empty).await?;
        // Listening from here on: a signal that comes while a webhook is printed is not lost.
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        print_welcome(&workerd.url, &owner_key);
        loop {
            tokio::select! {
                received = receiver.received.recv() => if let Some(received) = received { print_received(&received) },
                () = tokio::time::sleep(LOOK_EVERY) => if let Some(status) = workerd.ended() {
                    bail!("workerd ended by itself ({status}): start the demo again, the answers are kept");
                },
                _ = interrupt.recv() => break,
                _ = terminate.recv() => break,
                _ = hang_up.recv() => break,
            }
        }
        Ok::<_, anyhow::Error>(())
    })?;
    drop(workerd);
    eprintln!("\nStopped. Answers are kept in {}; --fresh forgets them.", data.display());
    Ok(())
}

/// The key this data folder was first served with.
fn owner_key(data: &Path) -> Result<String> {
    let path = data.join("owner-key");
    if let Ok(key) = fs::read_to_string(&path) {
        return Ok(key.trim().to_owned());
    }
    let mut random = [0_u8; 24];
    let mut source = fs::File::open("/dev/urandom").context("drawing a random owner key")?;
    std::io::Read::read_exact(&mut source, &mut random)?;
    let key = format!("heard_{}", setup::hex(&random));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(key.as_bytes())?;
    Ok(key)
}

async fn create_site(url: &str, owner_key: &str, receiver: &Receiver, empty: bool) -> Result<()> {
    let client = Client::new();
    let settings = json!({
        "name": "Corner Café",
        "time_zone": "Europe/Berlin",
        "ask": { "delay_seconds": 1, "again_after_days": 90 },
        "promise": { "answered_by": "Maria", "within": { "number": 2, "unit": "working_days" } },
        "themes": [
            { "id": "food", "label": "the food", "phrases": ["food", "meal", "soup", "coffee", "cake", "menu", "taste"] },
            { "id": "staff", "label": "our team", "phrases": ["staff", "waiter", "waitress", "service", "team", "friendly", "rude"] },
            { "id": "waiting", "label": "waiting times", "phrases": ["wait", "waiting", "slow", "queue", "took ages"] },
            { "id": "price", "label": "prices", "phrases": ["price", "expensive", "cheap", "value"] },
        ],
    });
    let site = format!("{url}/v1/sites/{SITE}");
    let written = checked(client.put(&site).bearer_auth(owner_key).json(&settings).send().await?).await?;
    // Earlier runs' receivers are gone, and their ports may be somebody else's by now.
    let listed = checked(client.get(format!("{site}/endpoints")).bearer_auth(owner_key).send().await?).await?;
    for old in listed.get("endpoints").and_then(Value::as_array).into_iter().flatten() {
        let id = old.get("id").and_then(Value::as_str).unwrap_or_default();
        client.delete(format!("{site}/endpoints/{id}")).bearer_auth(owner_key).send().await?.error_for_status()?;
    }
    let answers = checked(client.get(format!("{site}/responses?limit=1")).bearer_auth(owner_key).send().await?).await?;
    if !empty && answers.get("responses").and_then(Value::as_array).is_some_and(Vec::is_empty) {
        eprintln!("    a year of sample answers ...");
        sample::fill(url, owner_key, written.get("settings").unwrap_or(&settings)).await?;
    }
    let endpoint = json!({ "url": receiver.url });
    let added = client.post(format!("{site}/endpoints")).bearer_auth(owner_key).json(&endpoint).send().await?;
    let added = checked(added).await?;
    receiver.trust(added.get("secret").and_then(Value::as_str).unwrap_or_default());
    Ok(())
}

async fn checked(answer: reqwest::Response) -> Result<Value> {
    let status = answer.status();
    let body: Value = answer.json().await?;
    if !status.is_success() {
        bail!("setting up the demo site failed ({status}): {body}");
    }
    Ok(body)
}

fn print_welcome(url: &str, owner_key: &str) {
    println!(
        "
  Open this page and answer the question:   {url}/

  Read and answer at the desk:              {url}/desk/demo
    sign in with the owner key:             {owner_key}

  Read the answers back:
    curl -H 'Authorization: Bearer {owner_key}' {url}/v1/sites/{SITE}/responses

  Put it on a page of your own:
    <script async src=\"{url}/heard.js\" data-site=\"{SITE}\"></script>

  Webhooks are printed below as they arrive. Ctrl-C stops everything.
"
    );
}

fn print_received(received: &Received) {
    let text = |pointer: &str| received.body.pointer(pointer).and_then(Value::as_str).unwrap_or("-").to_owned();
    let mark = if received.verified { "signature verified" } else { "SIGNATURE NOT VERIFIED" };
    println!("── {} ── {mark} ── {}", text("/type"), received.id);
    println!("{}\n", serde_json::to_string_pretty(&received.body).unwrap_or_default());
}
