//! `cargo xtask bench --listening`: what listening costs inside workerd, by the length of the comment.
//!
//! The runtime stops its clocks while code runs, so the time is taken from outside: the same request with a comment in
//! English, which is listened to, and with one as long in Finnish, which is only recognised. They take turns; the
//! difference of the two is what listening took.

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};
use xtask::workerd::{Options, Workerd};
use xtask::{build, root, setup};

const KEY: &str = "owner-key-of-the-bench-0123456789";
const LENGTHS: [usize; 6] = [50, 150, 500, 1_000, 2_500, 5_000];
const TURNS: usize = 300;
const WARM_UP: usize = 50;

const ENGLISH: &str = "The assistant at the till was friendly and helpful, but we waited forty minutes for the parcel. \
    Prices are fair. The app froze twice when I tried to pay, and nobody answered the phone. You should add a second till. ";
const FINNISH: &str = "Myyjä kassalla oli ystävällinen ja avulias, mutta odotimme pakettia neljäkymmentä minuuttia. \
    Hinnat ovat kohdallaan. Sovellus jäätyi kahdesti, kun yritin maksaa, eikä kukaan vastannut puhelimeen. ";

/// Prints a line for each length.
pub fn listening() -> Result<()> {
    let built = build::build()?;
    let folder = setup::folder("bench-listening")?;
    fs::remove_dir_all(&folder)?;
    fs::create_dir_all(&folder)?;
    let options = Options::on(18_789, folder, KEY);
    let workerd = Workerd::start(&built, &options)?;
    let runtime = tokio::runtime::Runtime::new().context("starting the load")?;
    runtime.block_on(async {
        let client = Client::new();
        let site = format!("{}/v1/sites/bench", workerd.url);
        let themes: Value = serde_json::from_str(&fs::read_to_string(root().join("examples/themes/retail.json"))?)?;
        let settings = json!({ "name": "Bench", "themes": themes });
        let made = client.put(&site).bearer_auth(KEY).json(&settings).send().await?;
        ensure!(made.status().is_success(), "creating the bench site failed: {}", made.status());
        let url = format!("{site}/responses");
        let mut count = 0;
        let cold = submit(&client, &url, &mut count, ENGLISH).await?;
        println!("the first comment of a fresh isolate: {:.1} ms, all told", millis(cold));
        println!(
            "{:>10} {:>16} {:>16} {:>14} {:>14}",
            "characters", "English ms", "Finnish ms", "listening ms", "worst ms"
        );
        for length in LENGTHS {
            let (english, german) = (of_length(ENGLISH, length), of_length(FINNISH, length));
            let (mut heard, mut passed) = (Vec::new(), Vec::new());
            for turn in 0..TURNS + WARM_UP {
                let with = submit(&client, &url, &mut count, &english).await?;
                let without = submit(&client, &url, &mut count, &german).await?;
                if turn >= WARM_UP {
                    heard.push(with);
                    passed.push(without);
                }
            }
            heard.sort_unstable();
            passed.sort_unstable();
            let (with, without) = (at(&heard, 50), at(&passed, 50));
            println!(
                "{length:>10} {:>16.2} {:>16.2} {:>14.2} {:>14.2}",
                millis(with),
                millis(without),
                millis(with) - millis(without),
                millis(at(&heard, 99)) - millis(without),
            );
        }
        println!("medians of {TURNS}; worst is the 99th percentile in English against the median in Finnish");
        Ok(())
    })
}

async fn submit(client: &Client, url: &str, count: &mut u64, comment: &str) -> Result<Duration> {
    *count += 1;
    let id = format!("0190a5c4-7a1c-7def-8123-{count:012x}");
    let body =
        json!({ "id": id, "revision": 1, "score": 7, "page": "https://a.example/", "lang": "en", "comment": comment });
    let body = body.to_string();
    let from = Instant::now();
    let answer = client.post(url).bearer_auth(KEY).header("content-type", "text/plain").body(body).send().await?;
    ensure!(answer.status().is_success(), "a submit was answered {}", answer.status());
    answer.bytes().await?;
    Ok(from.elapsed())
}

fn of_length(text: &str, length: usize) -> String {
    text.chars().cycle().take(length).collect()
}

fn at(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
