//! The widget's files as Cloudflare serves them by itself: a folder, and the headers in a file beside them.

use crate::packing::unpacked;
use crate::root;
use crate::setup::folder;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Scripts' type, as the Worker tells it too.
pub const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
/// Of files whose address holds what is in them.
pub const FOREVER: &str = "public, max-age=31536000, immutable";
/// A day, for which the files that it names are kept beside those of the next release.
pub const LOADER: &str = "public, max-age=86400";

/// The widget's files whose addresses hold what is in them.
pub const HASHED: [&str; 6] = ["first.js", "answering.js", "news.js", "conversation.js", "widget.js", "widget.wasm"];
/// The page's modules, each of a folder of its name.
pub const MODULES: [&str; 4] = ["first", "answering", "news", "conversation"];

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

/// Lays the files that are listed in `assets.tsv` out by their addresses, for `[assets]` of `wrangler.toml`.
///
/// # Errors
/// When a file cannot be copied.
pub fn lay_out(widget: &Path) -> Result<PathBuf> {
    let out = folder("assets")?;
    fs::remove_dir_all(&out)?;
    for line in fs::read_to_string(widget.join("assets.tsv"))?.lines() {
        let mut fields = line.split('\t');
        let (path, name) = (fields.next().unwrap_or_default(), fields.next_back().unwrap_or_default());
        let to = out.join(path.trim_start_matches('/'));
        fs::create_dir_all(to.parent().context("a file without a folder")?)?;
        fs::copy(widget.join(name), to).with_context(|| format!("laying out {path}"))?;
    }
    fs::write(out.join("_headers"), headers())?;
    Ok(out)
}

/// What the Worker says of the same files.
fn headers() -> String {
    let common = "  Access-Control-Allow-Origin: *\n  Cross-Origin-Resource-Policy: cross-origin\n  \
                  X-Content-Type-Options: nosniff\n";
    format!("/heard.js\n  Cache-Control: {LOADER}\n{common}\n/w/*\n  Cache-Control: {FOREVER}\n{common}")
}
