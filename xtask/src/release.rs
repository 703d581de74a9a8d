//! What a release leaves for those that come: its Worker, to be run beside theirs in the tests.

use crate::build::Built;
use crate::packing::{brotli, unpacked};
use crate::root;
use crate::static_files::HASHED;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::Path;

const FILES: [&str; 2] = ["index.js", "index_bg.wasm"];

/// Packs the built Worker into `tests/releases/VERSION`. What listening has learnt is blanked: the fixture is there for
/// what releases store and say to each other, and would be four times as large.
///
/// # Errors
/// When this version has left its fixture already: one is never changed.
pub fn leave_fixture(built: &Built, version: &str) -> Result<()> {
    let folder = root().join("tests/releases").join(version);
    if folder.exists() {
        bail!("{version} has left its fixture: a release is made once, so raise the version in Cargo.toml");
    }
    fs::create_dir_all(&folder)?;
    for name in FILES {
        let mut bytes = fs::read(built.worker.join(name)).with_context(|| format!("reading {name}"))?;
        if name.ends_with(".wasm") {
            blank_models(&mut bytes)?;
        }
        let packed = brotli(&bytes)?;
        println!("{version}/{name}: {} bytes, {} packed", bytes.len(), packed.len());
        fs::write(folder.join(format!("{name}.br")), packed)?;
    }
    leave_widget(built)
}

/// Unpacks what a release left in `folder` into `into`.
///
/// # Errors
/// When a file is missing or damaged.
pub fn unpack(folder: &Path, into: &Path) -> Result<()> {
    for name in FILES {
        fs::write(into.join(name), unpacked(&folder.join(format!("{name}.br")))?)?;
    }
    Ok(())
}

/// Keeps the widget's files for the loaders that browsers have when the next release is deployed.
fn leave_widget(built: &Built) -> Result<()> {
    let before = root().join("widget/before");
    fs::remove_dir_all(&before)?;
    let list = fs::read_to_string(built.widget.join("assets.tsv"))?;
    for name in HASHED {
        let line = list.lines().find(|line| line.ends_with(&format!("\t{name}")));
        let hash = line.and_then(|line| line.split('/').nth(2)).context("a file without an address")?;
        fs::create_dir_all(before.join(hash))?;
        fs::copy(built.widget.join(format!("{name}.br")), before.join(hash).join(format!("{name}.br")))?;
    }
    Ok(())
}

/// Pieces of a model that are looked for: the optimiser parts data where it is zero.
const PIECE: usize = 512;

fn blank_models(wasm: &mut [u8]) -> Result<()> {
    let models = root().join("edge/listen/model");
    for entry in fs::read_dir(&models)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "bin") {
            continue;
        }
        let model = fs::read(&path)?;
        // From where one piece lies in the Worker, the next ones follow.
        let mut place = None;
        for piece in model.chunks_exact(PIECE) {
            let follows = place.filter(|at: &usize| wasm.get(*at..at + PIECE).is_some_and(|there| there == piece));
            let is_blank = piece.iter().all(|byte| *byte == 0);
            let at = follows.or_else(|| (!is_blank).then(|| find(wasm, piece)).flatten());
            if let Some(there) = at.and_then(|at| wasm.get_mut(at..at + PIECE)) {
                there.fill(0);
            }
            place = at.map(|at| at + PIECE);
        }
    }
    Ok(())
}

fn find(bytes: &[u8], piece: &[u8]) -> Option<usize> {
    let first = *piece.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        let at = from + at;
        if bytes.get(at..at + piece.len())? == piece {
            return Some(at);
        }
        from = at + 1;
    }
    None
}
