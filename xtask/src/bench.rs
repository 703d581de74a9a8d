//! `cargo xtask bench`: submits a second, next to a JavaScript Worker that only inserts into the same kind of object.
//!
//! Both run in workerd on this machine, take turns in short rounds, and are compared as a ratio: absolute numbers
//! drift with the machine.

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use xtask::workerd::{COMPATIBILITY_DATE, Options, Workerd};
use xtask::{build, setup};

const CONNECTIONS: usize = 16;
const ROUNDS: usize = 3;
pub(crate) const KEY: &str = "owner-key-of-the-bench-0123456789";

/// The least a Worker can do: one insert in one object, written by hand.
const BASELINE: &str = r#"
import { DurableObject } from "cloudflare:workers";
export class Site extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS responses (id TEXT PRIMARY KEY, body TEXT)");
  }
  insert(id, body) {
    this.ctx.storage.sql.exec("INSERT OR REPLACE INTO responses VALUES (?, ?)", id, body);
    return "{}";
  }
}
export class Directory extends DurableObject {}
export default {
  async fetch(request, env) {
    const body = await request.text();
    const answer = await env.SITE.get(env.SITE.idFromName("bench")).insert(JSON.parse(body).id, body);
    return new Response(answer, { headers: { "content-type": "application/json" } });
  },
};
"#;

/// Measures for `seconds` each side of each round, and prints the ratio; beside an earlier build's Worker where `against`
/// names its folder.
pub fn bench(seconds: u64, against: Option<&Path>) -> Result<()> {
    let built = build::build()?;
    let folder = setup::folder("bench")?;
    fs::remove_dir_all(&folder)?;
    let baseline = baseline(&folder.join("baseline"))?;
    let options = |port, name: &str| Options::on(port, folder.join(name), KEY);
    let ours = Workerd::start(&built, &options(18_787, "ours"))?;
    let theirs_built = build::Built { worker: baseline, widget: built.widget.clone(), desk: built.desk.clone() };
    let theirs = Workerd::start(&theirs_built, &options(18_788, "theirs"))?;
    let before = against.map(|worker| {
        let built = build::Built { worker: worker.to_owned(), widget: built.widget.clone(), desk: built.desk.clone() };
        Workerd::start(&built, &options(18_786, "before"))
    });
    let before = before.transpose()?;
    let runtime = tokio::runtime::Runtime::new().context("starting the load")?;
    runtime.block_on(async {
        let client = Client::builder().pool_max_idle_per_host(CONNECTIONS).build()?;
        let comment = "The staff were friendly but we waited forty minutes for a table.";
        // The baseline first: all others are told as a part of it.
        let mut sides = vec![("JavaScript insert".to_owned(), theirs.url.clone(), Some(comment))];
        for (build, worker) in [("", Some(&ours)), (", build before", before.as_ref())] {
            let Some(worker) = worker else { continue };
            let site = format!("{}/v1/sites/bench", worker.url);
            let made = client.put(&site).bearer_auth(KEY).json(&json!({ "name": "Bench" })).send().await?;
            ensure!(made.status().is_success(), "creating the bench site failed: {}", made.status());
            sides.push((format!("score only{build}"), format!("{site}/responses"), None));
            sides.push((format!("with a comment{build}"), format!("{site}/responses"), Some(comment)));
        }
        println!("workerd {COMPATIBILITY_DATE}, {CONNECTIONS} connections, {ROUNDS} rounds of {seconds} s a side");
        let mut rates = vec![Vec::new(); sides.len()];
        for _ in 0..ROUNDS {
            for ((_, url, comment), rates) in sides.iter().zip(&mut rates) {
                rates.push(rate(&client, url, *comment, Duration::from_secs(seconds)).await?);
            }
        }
        let mut baseline = None;
        for ((name, ..), mut rates) in sides.iter().zip(rates) {
            rates.sort_unstable();
            let median = rates.get(ROUNDS / 2).copied().unwrap_or(0);
            let baseline = *baseline.get_or_insert(median);
            #[expect(clippy::cast_precision_loss, reason = "rates are small")]
            let ratio = median as f64 / baseline as f64;
            println!("{name:<30} {median:>6} requests/s  {ratio:.2} of the baseline");
        }
        Ok(())
    })
}

/// Writes the baseline down as a Worker of ours would be.
pub(crate) fn baseline(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("index.js"), BASELINE)?;
    // It has no wasm; the same configuration wants a second module, so it gets the smallest there is.
    fs::write(folder.join("index_bg.wasm"), b"\0asm\x01\0\0\0")?;
    Ok(folder.to_owned())
}

async fn rate(client: &Client, url: &str, comment: Option<&'static str>, time: Duration) -> Result<u64> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let done = Arc::new(AtomicU64::new(0));
    let from = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (client, url, done) = (client.clone(), url.to_owned(), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            while from.elapsed() < time {
                let id = format!("0190a5c4-7a1c-7def-8123-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed));
                let mut body =
                    json!({ "id": id, "revision": 1, "score": 7, "page": "https://a.example/", "lang": "en" });
                if let (Some(comment), Some(fields)) = (comment, body.as_object_mut()) {
                    fields.insert("comment".into(), comment.into());
                }
                let request =
                    client.post(&url).bearer_auth(KEY).header("content-type", "text/plain").body(body.to_string());
                let answer = request.send().await?;
                ensure!(answer.status().is_success(), "a submit was answered {}", answer.status());
                answer.bytes().await?;
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    Ok(done.load(Ordering::Relaxed) * 1_000 / u64::try_from(from.elapsed().as_millis()).unwrap_or(1))
}
