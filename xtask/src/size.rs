//! `cargo xtask size`: bytes are a feature.

use anyhow::{Result, bail};
use std::fs;
use xtask::build::Built;
use xtask::packing::{brotli, gzip};
use xtask::root;

/// Most brotli bytes each file may have, and all a page loads together. The Worker counts gzip, as Cloudflare does.
const BUDGET: &[(&str, usize)] = &[
    ("loader.js", 2_500),
    ("first.js", 3_520),
    ("answering.js", 5_400),
    ("widget.js", 3_620),
    ("widget.wasm", 48_750),
];
/// Most brotli bytes of what pages load for whom said something here, and where there is news.
const WITH_NEWS: &[(&str, usize)] = &[("news.js", 850), ("conversation.js", 7_400)];
/// The same of what pages load whose owner set more than a delay, and of what only owners and their developers load.
const ON_DEMAND: &[(&str, usize)] =
    &[("targeting.js", 3_900), ("why.js", 3_400), ("preview.js", 2_300), ("tab.js", 1_200), ("questions.js", 1_300)];
/// Most brotli bytes of the desk's files: what an owner's browser loads once, and its words in one language.
const DESK: &[(&str, usize)] = &[
    ("desk.html", 700),
    ("shell.js", 800),
    ("desk.js", 6_000),
    ("desk.wasm", 397_500),
    ("desk.css", 4_500),
    ("de.json", 13_300),
];
/// Our own: Cloudflare takes 64 MiB, but each deploy uploads it, and a cold isolate pays for what it touches.
const WORKER_GZIP_BUDGET: usize = 7_300_000;

/// Prints the table, writes it when asked, and fails when something is over budget.
pub fn size(built: &Built, write: bool) -> Result<()> {
    let mut table = String::from("| file | raw | gzip | brotli | budget |\n|---|---:|---:|---:|---:|\n");
    let mut over = Vec::new();
    let mut total = [0_usize; 4];
    let mut row = |name: &str, budget: usize| -> Result<[usize; 4]> {
        let folder = if DESK.iter().any(|(file, _)| *file == name) { &built.desk } else { &built.widget };
        let raw = fs::read(folder.join(name))?;
        let sizes @ [raw, gzip, brotli, _] = [raw.len(), gzip(&raw)?.len(), brotli(&raw)?.len(), budget];
        table.push_str(&format!("| {name} | {raw} | {gzip} | {brotli} | {budget} |\n"));
        if brotli > budget {
            over.push(format!("{name} has {brotli} brotli bytes of at most {budget}"));
        }
        Ok(sizes)
    };
    for (name, budget) in BUDGET {
        for (sum, size) in total.iter_mut().zip(row(name, *budget)?) {
            *sum += size;
        }
    }
    for (name, budget) in WITH_NEWS {
        row(name, *budget)?;
    }
    for (name, budget) in ON_DEMAND {
        row(name, *budget)?;
    }
    for (name, budget) in DESK {
        row(name, *budget)?;
    }
    let [raw, gzipped, brotlied, budget] = total;
    table.push_str(&format!("| **all that an asked page loads** | {raw} | {gzipped} | {brotlied} | {budget} |\n"));
    let worker = [fs::read(built.worker.join("index.js"))?, fs::read(built.worker.join("index_bg.wasm"))?].concat();
    let worker_gzip = gzip(&worker)?.len();
    let row = [worker.len(), worker_gzip, brotli(&worker)?.len()].map(|size| size.to_string()).join(" | ");
    table.push_str(&format!("| the Worker (budget in gzip) | {row} | {WORKER_GZIP_BUDGET} |\n"));
    if worker_gzip > WORKER_GZIP_BUDGET {
        over.push(format!("the Worker has {worker_gzip} gzip bytes of at most {WORKER_GZIP_BUDGET}"));
    }
    println!("{table}");
    if write {
        let text = format!(
            "# What a page loads\n\nBytes, written by `cargo xtask size --write`. A page that is not asked pays for `loader.js` alone; the question is there and can be answered with `first.js` and a survey of about 1 kB, and no program: that takes over while the customer reads. `news.js` is for browsers that have answered, and `conversation.js` for pages with news. `targeting.js` is for sites whose owners set more than a delay, and for visitors that the page knows; `questions.js` is for owners' own questions; `why.js` and `preview.js` are for developers. `desk.*` and a language are what an owner loads, and no page.\n\n{table}"
        );
        fs::write(root().join("widget/SIZE.md"), text)?;
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join("; "));
    }
    Ok(())
}
