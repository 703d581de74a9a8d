//! `cargo xtask bench --scale`: how far one object for a site goes, and one Worker for many sites. What it prints is what
//! ARCHITECTURE.md reckons with.

use crate::bench::KEY;
use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use xtask::build::Built;
use xtask::workerd::{Options, Workerd};
use xtask::{build, setup};

const PORT: u16 = 18_792;
const SITES: usize = 1_000;
const CONNECTIONS: usize = 16;
const ROUNDS: usize = 15;
/// Rows that one statement makes, so that no journal grows without end.
const AT_ONCE: i64 = 100_000;

/// Measures with up to so many responses in one site.
pub fn scale(rows: i64) -> Result<()> {
    let built = build::build()?;
    let folder = setup::folder("bench-scale")?;
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the load")?;
    runtime.block_on(async {
        let client = Client::builder().pool_max_idle_per_host(CONNECTIONS).build()?;
        many_sites(&built, &folder.join("sites"), &client).await?;
        let mut there = 0;
        for target in [10_000, 100_000, 1_000_000, 10_000_000].into_iter().filter(|target| *target <= rows) {
            one_site(&built, &folder.join("rows"), &client, there, target).await?;
            there = target;
        }
        Ok(())
    })
}

async fn many_sites(built: &Built, data: &Path, client: &Client) -> Result<()> {
    let workerd = Workerd::start(built, &Options::on(PORT, data.to_owned(), KEY))?;
    let from = Instant::now();
    for number in 0..SITES {
        make_site(client, &format!("{}/v1/sites/site-{number}", workerd.url)).await?;
    }
    println!("{SITES} sites made in {:.1} s", from.elapsed().as_secs_f32());
    let from = Instant::now();
    for number in 0..SITES {
        submit(client, &format!("{}/v1/sites/site-{number}", workerd.url), number).await?;
    }
    let seconds = from.elapsed().as_secs_f32();
    println!("an answer to each of them in {seconds:.1} s, one after the other; {} MB resident", resident(&workerd)?);
    Ok(())
}

async fn one_site(built: &Built, data: &Path, client: &Client, there: i64, target: i64) -> Result<()> {
    let options = Options::on(PORT, data.to_owned(), KEY);
    if there == 0 {
        let workerd = Workerd::start(built, &options)?;
        make_site(client, &format!("{}/v1/sites/bench", workerd.url)).await?;
        submit(client, &format!("{}/v1/sites/bench", workerd.url), 0).await?;
    }
    let from = Instant::now();
    let file = fill(data, there, target)?;
    let size = fs::metadata(&file)?.len();
    println!("\n{target} responses, {} MB, made in {:.0} s", size / 1_000_000, from.elapsed().as_secs_f32());
    let workerd = Workerd::start(built, &options)?;
    let site = format!("{}/v1/sites/bench", workerd.url);
    for (name, path) in [
        ("first read after a start", "/responses?limit=50"),
        ("newest 50", "/responses?limit=50"),
        ("detractors that speak", "/responses?limit=50&band=detractor&has_comment=true"),
        ("by a word that few use", "/responses?limit=50&q=zebrasoup"),
        ("by reference", "/responses?reference=7ZZZ-ZZZZ"),
        ("NPS of all", "/metrics"),
        ("NPS by day of a month", "/metrics?by=day&since=2026-11-01"),
        ("NPS by theme", "/metrics?by=theme"),
    ] {
        let rounds = if name.starts_with("first") { 1 } else { 3 };
        let mut best = Duration::MAX;
        for _ in 0..rounds {
            let from = Instant::now();
            let answer = client.get(format!("{site}{path}")).bearer_auth(KEY).send().await?;
            ensure!(answer.status().is_success(), "{path} was answered {}: {}", answer.status(), answer.text().await?);
            answer.bytes().await?;
            best = best.min(from.elapsed());
        }
        println!("  {name:<26} {:>9.1} ms", best.as_secs_f32() * 1e3);
    }
    let mut taken = Vec::new();
    for number in 0..ROUNDS {
        let from = Instant::now();
        submit(client, &site, usize::try_from(target).unwrap_or(0) + number).await?;
        taken.push(from.elapsed());
    }
    taken.sort_unstable();
    println!("  {:<26} {:>9.1} ms", "an answer", taken.get(ROUNDS / 2).map_or(0.0, Duration::as_secs_f32) * 1e3);
    Ok(())
}

/// Makes responses as SQL does, a hundred times faster than by the API: one in two with a comment, over a year.
fn fill(data: &Path, there: i64, target: i64) -> Result<PathBuf> {
    let file = database(&data.join("objects"))?.context("the site's database is not there")?;
    let sql = rusqlite::Connection::open(&file)?;
    sql.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")?;
    let mut from = there;
    while from < target {
        let to = target.min(from + AT_ONCE);
        sql.execute(
            "WITH RECURSIVE numbers (n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2 - 1)
             INSERT INTO responses (id, revision, score, comment, page, lang, visitor, heard, acknowledgement,
                 created_at, updated_at, completed_at, listened_revision)
             SELECT printf('019a0000-0000-7000-8000-%012x', n * 7919 + 1), 1, n * 31 % 11,
                 CASE WHEN n % 2 THEN 'The staff were friendly but we waited ' || n || ' minutes for a table' END,
                 'https://shop.example/page-' || (n % 200), 'en', NULL,
                 CASE WHEN n % 2 THEN '{\"language\":\"en\",\"informative\":true,\"overall\":\"mixed\",\"themes\":[{\"id\":\"waiting\",'
                     || '\"polarity\":\"negative\",\"confidence\":0.9,\"quote\":\"we waited\"}],\"topics\":[],\"suggestions\":[],'
                     || '\"intents\":[],\"people\":[],\"amounts\":[]}' END,
                 acknowledgement, 1764000000000 + n * 31536000000 / ?3, 1764000000000 + n * 31536000000 / ?3,
                 1764000000000 + n * 31536000000 / ?3, 1
             FROM numbers, (SELECT acknowledgement FROM responses LIMIT 1)",
            rusqlite::params![from, to, target.max(1)],
        )?;
        from = to;
    }
    sql.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(file)
}

/// The file of the only site there is.
fn database(folder: &Path) -> Result<Option<PathBuf>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = database(&path)? {
                return Ok(Some(found));
            }
        } else if path.extension().is_some_and(|extension| extension == "sqlite") {
            let sql = rusqlite::Connection::open(&path)?;
            if sql.prepare("SELECT 1 FROM responses").is_ok() {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

async fn make_site(client: &Client, site: &str) -> Result<()> {
    let made = client.put(site).bearer_auth(KEY).json(&json!({ "name": "Bench" })).send().await?;
    ensure!(made.status().is_success(), "creating a site failed: {}", made.status());
    Ok(())
}

async fn submit(client: &Client, site: &str, number: usize) -> Result<()> {
    let id = format!("019b0000-0000-7def-8123-{number:012x}");
    let body = json!({ "id": id, "revision": 1, "score": 7, "page": "https://a.example/", "lang": "en" });
    let answer = client.post(format!("{site}/responses")).bearer_auth(KEY).json(&body).send().await?;
    ensure!(answer.status().is_success(), "a submit was answered {}", answer.status());
    answer.bytes().await?;
    Ok(())
}

/// Memory of workerd, in MB.
fn resident(workerd: &Workerd) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", workerd.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1_024)
}
