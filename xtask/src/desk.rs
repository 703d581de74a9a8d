//! The desk's files: the program, the page that starts it, its style, and its words in each language.

use crate::bundling::{Program, esbuild, fingerprint, minify, program};
use crate::root;
use crate::setup::{folder, hex};
use crate::static_files::{self, DESK};
use crate::step::step;
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// From the compiled desk to files fit to serve.
pub(crate) fn bundle(wasm: &Path) -> Result<PathBuf> {
    let out = folder("desk")?;
    let (shell, locales) = (read_all("desk/shell")?, read_all("desk/locales")?);
    let stamp = out.join("stamp");
    let mut inputs = vec![fs::read(wasm)?, include_bytes!("desk.rs").to_vec()];
    inputs.extend(shell.iter().chain(&locales).map(|(_, bytes)| bytes.clone()));
    let made_from = fingerprint(&inputs.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    if fs::read_to_string(&stamp).is_ok_and(|made| made == made_from) {
        return Ok(out);
    }
    step("shrinking the desk", || {
        let work = folder("desk-work")?;
        for (name, bytes) in &shell {
            fs::write(work.join(name), bytes)?;
        }
        let Program { wasm, glue } = program(wasm, "program", &work)?;
        let style = esbuild(&work.join("style.css"), &["--minify"])?;
        let script = minify(&work.join("shell.js"), Some("--format=esm"))?;
        let page = fs::read(work.join("index.html"))?;
        let locales: Vec<(String, Vec<u8>)> =
            locales.into_iter().map(|(name, bytes)| Ok((name, compact(&bytes)?))).collect::<Result<_>>()?;
        let mut made_of = [&wasm[..], &glue, &style, &script, &page].concat();
        locales.iter().for_each(|(_, bytes)| made_of.extend_from_slice(bytes));
        let hash = hex(&Sha256::digest(made_of)).chars().take(16).collect::<String>();
        let path = |name: &str| format!("/d/{hash}/{name}");
        let languages: serde_json::Map<String, serde_json::Value> =
            locales.iter().map(|(name, _)| (name.trim_end_matches(".json").to_owned(), path(name).into())).collect();
        let placed = |text: Vec<u8>| -> Result<Vec<u8>> {
            let text = String::from_utf8(text)?
                .replace("__GLUE__", &path("desk.js"))
                .replace("__WASM__", &path("desk.wasm"))
                .replace("__STYLE__", &path("desk.css"))
                .replace("__SHELL__", &path("shell.js"))
                .replace("__LANGUAGES__", &serde_json::to_string(&languages)?);
            Ok(text.into_bytes())
        };
        let mut files = vec![
            (DESK.to_owned(), "desk.html".to_owned(), placed(page)?),
            (path("shell.js"), "shell.js".to_owned(), placed(script)?),
            (path("desk.js"), "desk.js".to_owned(), glue),
            (path("desk.wasm"), "desk.wasm".to_owned(), wasm),
            (path("desk.css"), "desk.css".to_owned(), style),
        ];
        files.extend(locales.into_iter().map(|(name, bytes)| (path(&name), name, bytes)));
        static_files::write(&out, files)?;
        fs::write(&stamp, &made_from)?;
        Ok(())
    })?;
    Ok(out)
}

/// JSON without blanks.
fn compact(json: &[u8]) -> Result<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_slice(json).context("reading the words of a language")?;
    Ok(serde_json::to_vec(&value)?)
}

/// Each file of a folder, by name.
fn read_all(path: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for file in fs::read_dir(root().join(path)).with_context(|| format!("reading {path}"))? {
        let file = file?;
        found.push((file.file_name().to_string_lossy().into_owned(), fs::read(file.path())?));
    }
    found.sort();
    Ok(found)
}
