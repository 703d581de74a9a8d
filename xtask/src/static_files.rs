//! The widget's files as Cloudflare serves them by itself: a folder, and the headers in a file beside them.

use crate::packing::{brotli, gzip, unpacked};
use crate::root;
use crate::setup::{folder, hex};
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Scripts' type, as the Worker tells it too.
pub const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
/// Of files whose address holds what is in them.
pub const FOREVER: &str = "public, max-age=31536000, immutable";
/// Where the desk's page is.
pub const DESK: &str = "/desk";
/// A day, for which the files that it names are kept beside those of the next release.
pub const LOADER: &str = "public, max-age=86400";

/// The widget's files whose addresses hold what is in them.
pub const HASHED: [&str; 11] = [
    "first.js",
    "answering.js",
    "news.js",
    "conversation.js",
    "targeting.js",
    "why.js",
    "preview.js",
    "tab.js",
    "questions.js",
    "widget.js",
    "widget.wasm",
];
/// The page's modules, each of a folder of its name.
pub const MODULES: [&str; 9] =
    ["first", "answering", "news", "conversation", "targeting", "why", "preview", "tab", "questions"];

/// A file of the widget of the release before, which a loader that a browser still has asks for.
pub struct Before {
    /// As in its address.
    pub path: String,
    /// As the built files are called: without folders.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What the release before has left in `widget/before`.
///
/// # Errors
/// When a file is damaged.
pub fn of_the_release_before() -> Result<Vec<Before>> {
    let mut files = Vec::new();
    for folder in fs::read_dir(root().join("widget/before")).context("reading widget/before")? {
        let folder = folder?;
        let hash = folder.file_name().to_string_lossy().into_owned();
        for file in fs::read_dir(folder.path())? {
            let file = file?.file_name().to_string_lossy().into_owned();
            let name = file.trim_end_matches(".br");
            let bytes = unpacked(&folder.path().join(&file))?;
            files.push(Before { path: format!("/w/{hash}/{name}"), name: format!("{hash}-{name}"), bytes });
        }
    }
    Ok(files)
}

/// Writes files with both encodings of each, and the list of them: address, name, bytes.
///
/// # Errors
/// When a file cannot be written.
pub fn write(out: &Path, files: Vec<(String, String, Vec<u8>)>) -> Result<()> {
    let mut list = String::new();
    for (path, name, bytes) in files {
        let content_type = match name.rsplit('.').next() {
            Some("wasm") => "application/wasm",
            Some("css") => "text/css; charset=utf-8",
            Some("json") => "application/json",
            Some("html") => "text/html; charset=utf-8",
            _ => JAVASCRIPT,
        };
        let cache = match path.as_str() {
            "/heard.js" => LOADER,
            DESK => "no-cache",
            _ => FOREVER,
        };
        let etag = hex(&Sha256::digest(&bytes)).chars().take(20).collect::<String>();
        list.push_str(&format!("{path}\t{content_type}\t{cache}\t\"{etag}\"\t{name}\n"));
        fs::write(out.join(&name), &bytes)?;
        fs::write(out.join(format!("{name}.br")), brotli(&bytes)?)?;
        fs::write(out.join(format!("{name}.gz")), gzip(&bytes)?)?;
    }
    Ok(fs::write(out.join("assets.tsv"), list)?)
}

/// Lays the files that are listed in the `assets.tsv` of some folders out by their addresses, for `[assets]` of `wrangler.toml`.
///
/// # Errors
/// When a file cannot be copied.
pub fn lay_out(built: &[&Path]) -> Result<PathBuf> {
    let out = folder("assets")?;
    fs::remove_dir_all(&out)?;
    for folder in built {
        for line in fs::read_to_string(folder.join("assets.tsv"))?.lines() {
            let mut fields = line.split('\t');
            let (path, name) = (fields.next().unwrap_or_default(), fields.next_back().unwrap_or_default());
            // The Worker serves the page itself, at many addresses and with its policy.
            if path == DESK {
                continue;
            }
            let to = out.join(path.trim_start_matches('/'));
            fs::create_dir_all(to.parent().context("a file without a folder")?)?;
            fs::copy(folder.join(name), to).with_context(|| format!("laying out {path}"))?;
        }
    }
    fs::write(out.join("_headers"), headers())?;
    Ok(out)
}

/// What the Worker says of the same files.
fn headers() -> String {
    let common = "  Access-Control-Allow-Origin: *\n  Cross-Origin-Resource-Policy: cross-origin\n  \
                  X-Content-Type-Options: nosniff\n";
    format!(
        "/heard.js\n  Cache-Control: {LOADER}\n{common}\n/w/*\n  Cache-Control: {FOREVER}\n{common}\n/d/*\n  Cache-Control: {FOREVER}\n{common}"
    )
}
