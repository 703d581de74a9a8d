//! `cargo xtask bench --webhooks`: what endpoints cost a submit, and how a backlog of ten thousand events drains.

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use xtask::workerd::{Options, Workerd};
use xtask::{build, setup};

const KEY: &str = "owner-key-of-the-bench-0123456789";
const SUBMITS: usize = 1_000;
const BACKLOG: usize = 10_000;

struct Counts {
    received: AtomicUsize,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

/// Measures and prints.
pub fn webhooks() -> Result<()> {
    let built = build::build()?;
    let folder = setup::folder("bench-webhooks")?;
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    let options = Options::on(18_790, folder, KEY);
    let workerd = Workerd::start(&built, &options)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the load")?;
    runtime.block_on(async {
        let client = Client::new();
        let (receiver, counts) = receiver().await?;
        println!("median of {SUBMITS} submits one after another, by endpoints that take every event:");
        let mut none = 0.0;
        for endpoints in [0, 1, 10] {
            let site = format!("{}/v1/sites/with-{endpoints}", workerd.url);
            call(&client, "PUT", &site, json!({ "name": "Bench" })).await?;
            for _ in 0..endpoints {
                call(&client, "POST", &format!("{site}/endpoints"), json!({ "url": receiver })).await?;
            }
            let (median, _) = submits(&client, &site, SUBMITS).await?;
            none = if endpoints == 0 { median } else { none };
            println!("  {endpoints:>2} endpoints  {median:.2} ms  {:.2} of none", median / none);
        }
        drain(&client, &workerd, &receiver, &counts).await
    })
}

/// Queues a backlog while the endpoint is switched off, starts it again, and watches.
async fn drain(client: &Client, workerd: &Workerd, receiver: &str, counts: &Counts) -> Result<()> {
    let site = format!("{}/v1/sites/backlog", workerd.url);
    call(client, "PUT", &site, json!({ "name": "Bench" })).await?;
    let endpoint = call(client, "POST", &format!("{site}/endpoints"), json!({ "url": receiver })).await?;
    let endpoint = format!("{site}/endpoints/{}", endpoint.get("id").and_then(Value::as_str).unwrap_or_default());
    call(client, "PATCH", &endpoint, json!({ "enabled": false })).await?;
    let (idle, _) = submits(client, &site, BACKLOG).await?;
    let before = memory(workerd.id());
    counts.received.store(0, Ordering::Relaxed);
    counts.most_under_way.store(0, Ordering::Relaxed);
    call(client, "PATCH", &endpoint, json!({ "enabled": true })).await?;
    let from = Instant::now();
    let mut since = Value::from("2020-01-01T00:00:00Z");
    let mut queued = 0;
    while !since.is_null() {
        let replay = json!({ "since": since, "only_failed": true });
        let answer = call(client, "POST", &format!("{endpoint}/replay"), replay).await?;
        queued += answer.get("queued").and_then(Value::as_u64).unwrap_or(0);
        since = answer.get("next_since").cloned().unwrap_or_default();
    }
    let queueing = from.elapsed();
    // Submits go on meanwhile; their events join the line.
    let (busy, worst) = submits(client, &site, 300).await?;
    let all = usize::try_from(queued)? + 300;
    while counts.received.load(Ordering::Relaxed) < all {
        ensure!(from.elapsed() < Duration::from_secs(600), "the backlog did not drain within ten minutes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = from.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let rate = all as f64 / took;
    println!(
        "{queued} events queued again in {:.1} s and delivered in {took:.1} s: {rate:.0} a second",
        queueing.as_secs_f64()
    );
    println!("  at most {} requests under way", counts.most_under_way.load(Ordering::Relaxed));
    println!("  submits meanwhile: median {busy:.2} ms, 99th percentile {worst:.2} ms (idle median {idle:.2} ms)");
    println!("  memory of workerd: {before} MB before, {} MB after", memory(workerd.id()));
    Ok(())
}

pub(crate) async fn call(client: &Client, method: &str, url: &str, body: Value) -> Result<Value> {
    let answer = client.request(method.parse()?, url).bearer_auth(KEY).json(&body).send().await?;
    let status = answer.status();
    let body: Value = answer.json().await?;
    ensure!(status.is_success(), "{method} {url}: {status} {body}");
    Ok(body)
}

/// Median and 99th percentile of submits one after another, in milliseconds.
async fn submits(client: &Client, site: &str, count: usize) -> Result<(f64, f64)> {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let url = format!("{site}/responses");
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let id = format!("0190a5c4-7a1c-7def-8123-{:012x}", NEXT.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "id": id, "revision": 1, "score": 7, "page": "https://a.example/", "lang": "en" });
        let from = Instant::now();
        let answer = client.post(&url).bearer_auth(KEY).header("content-type", "text/plain").body(body.to_string());
        let answer = answer.send().await?;
        ensure!(answer.status().is_success(), "a submit was answered {}", answer.status());
        answer.bytes().await?;
        times.push(from.elapsed());
    }
    times.sort_unstable();
    let at = |percent: usize| times.get(count * percent / 100).map_or(0.0, |time| time.as_secs_f64() * 1_000.0);
    Ok((at(50), at(99)))
}

/// A receiver that counts.
async fn receiver() -> Result<(String, Arc<Counts>)> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let counts = Arc::new(Counts {
        received: AtomicUsize::new(0),
        under_way: AtomicUsize::new(0),
        most_under_way: AtomicUsize::new(0),
    });
    let shared = Arc::clone(&counts);
    let app = axum::Router::new().fallback(async move |_: axum::body::Bytes| {
        let under_way = shared.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        shared.most_under_way.fetch_max(under_way, Ordering::Relaxed);
        shared.received.fetch_add(1, Ordering::Relaxed);
        shared.under_way.fetch_sub(1, Ordering::Relaxed);
        axum::http::StatusCode::NO_CONTENT
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok((url, counts))
}

/// Resident memory of a process in MB, where the system tells.
fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).map_or(0, |kib| kib / 1_024)
}
