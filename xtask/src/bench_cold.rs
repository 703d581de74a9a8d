//! `cargo xtask bench --cold`: what the first request to a fresh isolate costs in CPU, above what a Worker costs that does
//! nothing but insert. On a small site nearly every request meets a fresh isolate.

use crate::bench::{KEY, baseline};
use anyhow::{Context as _, Result, ensure};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};
use xtask::workerd::{Options, Workerd};
use xtask::{build, setup};

const STARTS: usize = 20;
const PORT: u16 = 18_791;
const COMMENT: &str = "The staff were friendly but we waited forty minutes for a table.";

/// A request that meets a fresh isolate, and what it may cost above the baseline, in milliseconds.
const REQUESTS: [(&str, u64); 3] = [("survey", 5), ("score", 5), ("comment", 25)];

/// Measures and prints.
pub fn cold() -> Result<()> {
    let built = build::build()?;
    let folder = setup::folder("bench-cold")?;
    fs::remove_dir_all(&folder)?;
    let empty = build::Built {
        worker: baseline(&folder.join("empty-worker"))?,
        widget: built.widget.clone(),
        desk: built.desk.clone(),
    };
    let client = Client::new();
    let nothing = median(&empty, &folder.join("empty"), |url| post(&client, url, None))?;
    println!("CPU of workerd's main thread for the first request after a start, median of {STARTS}");
    println!("{:<34} {:>6.1} ms", "a Worker that inserts", millis(nothing));
    for (name, built, data) in [("its start", &empty, "empty"), ("the start of Heard", &built, "started")] {
        println!("{name:<34} {:>6.1} ms", millis(start(built, &folder.join(data))?));
    }
    let mut over = Vec::new();
    for (themes, name) in [(0, "no themes"), (8, "8 themes"), (60, "60 themes of 60 phrases")] {
        let data = folder.join(format!("themes-{themes}"));
        make_site(&built, &data, &client, themes)?;
        for (request, budget) in REQUESTS {
            let site = |url: &str| format!("{url}/v1/sites/bench");
            let taken = median(&built, &data, |url| match request {
                "survey" => read(&client, &format!("{}/survey?lang=en", site(url))),
                "score" => post(&client, &format!("{}/responses", site(url)), None),
                _ => post(&client, &format!("{}/responses", site(url)), Some(COMMENT)),
            })?;
            let own = taken.saturating_sub(nothing);
            println!("{:<34} {:>6.1} ms, of at most {budget}", format!("{request}, {name}"), millis(own));
            if own > budget * 1_000_000 {
                over.push(format!("{request}, {name}"));
            }
        }
    }
    if !over.is_empty() {
        println!("over what they may cost: {}", over.join("; "));
    }
    Ok(())
}

/// CPU in nanoseconds that a request takes, of fresh starts on the same data.
fn median(built: &build::Built, data: &Path, request: impl Fn(&str) -> Result<()>) -> Result<u64> {
    of_starts(built, data, |workerd| {
        let before = at_rest(workerd.id())?;
        request(&workerd.url)?;
        Ok(cpu(workerd.id())?.saturating_sub(before))
    })
}

/// CPU in nanoseconds until the first request can come; the runtime's own start is in it.
fn start(built: &build::Built, data: &Path) -> Result<u64> {
    of_starts(built, data, |workerd| at_rest(workerd.id()))
}

/// The median of what is measured of fresh starts.
fn of_starts(built: &build::Built, data: &Path, measure: impl Fn(&Workerd) -> Result<u64>) -> Result<u64> {
    let mut taken = Vec::new();
    for _ in 0..STARTS {
        let options = Options { at_the_edge: true, ..Options::on(PORT, data.to_owned(), KEY) };
        taken.push(measure(&Workerd::start(built, &options)?)?);
    }
    taken.sort_unstable();
    taken.get(STARTS / 2).copied().context("no start")
}

/// The same when what belongs to the start is over: the main thread has not run for a while.
fn at_rest(process: u32) -> Result<u64> {
    let mut before = cpu(process)?;
    loop {
        std::thread::sleep(Duration::from_millis(60));
        let now = cpu(process)?;
        if now == before {
            return Ok(now);
        }
        before = now;
    }
}

/// Nanoseconds that the main thread has run.
fn cpu(process: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/task/{process}/schedstat")).context("reading schedstat")?;
    text.split_whitespace().next().and_then(|first| first.parse().ok()).context("schedstat without a number")
}

#[expect(clippy::cast_precision_loss, reason = "a few milliseconds fit")]
fn millis(nanos: u64) -> f64 {
    nanos as f64 / 1e6
}

fn make_site(built: &build::Built, data: &Path, client: &Client, themes: usize) -> Result<()> {
    let words = ["queue", "till", "parking", "lift", "heating", "receipt", "voucher", "basket", "trolley", "sofa"];
    let word = |number: usize| words.get(number % words.len()).copied().unwrap_or_default();
    let phrases = |theme: usize| -> Vec<String> {
        (0..60).map(|phrase| format!("{} {}{}", word(theme), word(phrase / 10), word(phrase + theme))).collect()
    };
    let theme = |number: usize| {
        let phrases = if themes > 8 { phrases(number) } else { vec![word(number).to_owned()] };
        json!({ "id": format!("theme-{number}"), "label": format!("{} {number}", word(number)), "phrases": phrases })
    };
    let settings = json!({ "name": "Bench", "themes": (0..themes).map(theme).collect::<Vec<Value>>() });
    let workerd = Workerd::start(built, &Options::on(PORT, data.to_owned(), KEY))?;
    let made = client.put(format!("{}/v1/sites/bench", workerd.url)).bearer_auth(KEY).json(&settings).send()?;
    let status = made.status();
    ensure!(status.is_success(), "creating the site failed: {status} {}", made.text()?);
    Ok(())
}

fn read(client: &Client, url: &str) -> Result<()> {
    let answer = client.get(url).send()?;
    ensure!(answer.status().is_success(), "{url} was answered {}", answer.status());
    answer.bytes()?;
    Ok(())
}

fn post(client: &Client, url: &str, comment: Option<&str>) -> Result<()> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_micros() & 0xffff_ffff_ffff;
    let id = format!("0190a5c4-7a1c-7def-8123-{now:012x}");
    let mut body = json!({ "id": id, "revision": 1, "score": 3, "page": "https://a.example/", "lang": "en" });
    if let (Some(comment), Some(fields)) = (comment, body.as_object_mut()) {
        fields.insert("comment".into(), comment.into());
        fields.insert("revision".into(), 2.into());
    }
    let request = client.post(url).bearer_auth(KEY).header("content-type", "text/plain").body(body.to_string());
    let answer = request.send()?;
    ensure!(answer.status().is_success(), "a submit was answered {}", answer.status());
    answer.bytes()?;
    Ok(())
}
