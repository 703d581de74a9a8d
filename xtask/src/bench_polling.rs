//! `cargo xtask bench --polling`: what it costs that a thousand open conversations look for news, next to a page view that finds
//! the survey unchanged.

use crate::bench_webhooks::call;
use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use xtask::workerd::{Options, Workerd};
use xtask::{build, setup};

const KEY: &str = "owner-key-of-the-bench-0123456789";
const THREADS: usize = 1_000;
const CONNECTIONS: usize = 16;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);

/// Measures and prints.
pub fn polling() -> Result<()> {
    let built = build::build()?;
    let folder = setup::folder("bench-polling")?;
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    let workerd = Workerd::start(&built, &Options::on(18_791, folder, KEY))?;
    let runtime = tokio::runtime::Runtime::new().context("starting the load")?;
    runtime.block_on(async {
        let client = Client::builder().pool_max_idle_per_host(CONNECTIONS).build()?;
        let site = format!("{}/v1/sites/bench", workerd.url);
        call(&client, "PUT", &site, json!({ "name": "Bench" })).await?;
        let mut mailboxes = Vec::with_capacity(THREADS);
        for number in 0..THREADS {
            let id = format!("0190a5c4-7a1c-7def-8123-{number:012x}");
            let answer = json!({ "id": id, "revision": 1, "score": 2, "comment": "We waited forty minutes.", "lang": "en",
                "page": "https://a.example/", "secret": "00112233445566778899aabbccddeeff" });
            let stored = call(&client, "POST", &format!("{site}/responses"), answer).await?;
            let mailbox = stored.pointer("/thread/mailbox").and_then(Value::as_str).context("no mailbox")?;
            mailboxes.push(format!("{site}/news/{mailbox}"));
        }
        let views = vec![format!("{site}/survey?lang=en")];
        println!("{THREADS} open conversations, {CONNECTIONS} connections, {ROUNDS} rounds of {} s a side", ROUND.as_secs());
        let (mut viewed, mut polled) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            viewed.push(rate(&client, &views).await?);
            polled.push(rate(&client, &mailboxes).await?);
        }
        let median = |mut rates: Vec<f64>| {
            rates.sort_unstable_by(f64::total_cmp);
            rates.get(ROUNDS / 2).copied().unwrap_or_default()
        };
        let (viewed, polled) = (median(viewed), median(polled));
        println!("a page view, survey unchanged  {viewed:>6.0} requests/s");
        println!("a look for news, nothing new   {polled:>6.0} requests/s  costs {:.2} of a page view", viewed / polled);
        println!("Here nothing stands before the Worker: at Cloudflare's edge both are answered from the cache.");
        Ok(())
    })
}

/// Answers a second that nothing is new, of what each of these addresses was found to be before.
async fn rate(client: &Client, urls: &[String]) -> Result<f64> {
    let mut known = Vec::with_capacity(urls.len());
    for url in urls {
        let answer = client.get(url).send().await?;
        let etag = answer.headers().get("etag").context("no etag")?.clone();
        known.push((url.clone(), etag));
    }
    let (known, next, done) = (Arc::new(known), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let from = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let (client, known, next, done) = (client.clone(), Arc::clone(&known), Arc::clone(&next), Arc::clone(&done));
        tasks.push(tokio::spawn(async move {
            while from.elapsed() < ROUND {
                let at = next.fetch_add(1, Ordering::Relaxed) % known.len();
                let (url, etag) = known.get(at).context("no address")?;
                let answer = client.get(url).header("if-none-match", etag).send().await?;
                ensure!(answer.status() == StatusCode::NOT_MODIFIED, "{url} was answered {}", answer.status());
                done.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        }));
    }
    for task in tasks {
        task.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "rates are small")]
    let rate = done.load(Ordering::Relaxed) as f64 / from.elapsed().as_secs_f64();
    Ok(rate)
}
