//! What goes live without Rust: an archive of everything built, and the package behind `npm create heard`.

use crate::build::Built;
use crate::step::{run, step};
use crate::workerd::template;
use crate::{root, setup};
use anyhow::{Context as _, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a release leaves for owners.
#[derive(Debug, Clone)]
pub struct Archives {
    /// The release, to be unpacked and served or deployed.
    pub archive: PathBuf,
    /// The npm package.
    pub package: PathBuf,
}

/// Files of `edge/live` that go into the archive as they are, but for the versions that they name.
const FILES: [(&str, &str); 9] = [
    ("heard.mjs", "heard.mjs"),
    ("package.json", "package.json"),
    ("dev.vars.example", ".dev.vars.example"),
    ("heard.service", "heard.service"),
    ("Containerfile", "Containerfile"),
    ("dockerignore", ".dockerignore"),
    ("Caddyfile", "Caddyfile"),
    ("nginx.conf", "nginx.conf"),
    ("README.md", "README.md"),
];

/// Packs what is built.
///
/// # Errors
/// When a file or a tool is missing.
pub fn pack(built: &Built, version: &str) -> Result<Archives> {
    step("packing the release", || {
        let out = setup::folder("release")?;
        fs::remove_dir_all(&out)?;
        let name = format!("heard-{version}");
        let folder = out.join(&name);
        lay_out(built, &folder, version)?;
        let archive = out.join(format!("{name}.tar.gz"));
        run(Command::new("tar").current_dir(&out).args(["--create", "--gzip", "--file"]).arg(&archive).arg(&name))?;

        let create = out.join("create-heard");
        fs::create_dir_all(&create)?;
        let live = root().join("edge/live");
        fs::copy(live.join("create.mjs"), create.join("create.mjs"))?;
        fs::write(create.join("package.json"), filled(&live.join("create-package.json"), version)?)?;
        run(Command::new("cp").arg("--recursive").arg(&folder).arg(create.join("template")))?;
        run(Command::new("npm")
            .current_dir(&create)
            .args(["pack", "--loglevel=error", "--pack-destination"])
            .arg(&out))?;
        let package = out.join(format!("create-heard-{version}.tgz"));

        let mut sums = String::new();
        for file in [&archive, &package] {
            let sum = setup::hex(&Sha256::digest(fs::read(file)?));
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            sums.push_str(&format!("{sum}  {name}\n"));
        }
        fs::write(out.join("SHA256SUMS"), sums)?;
        Ok(Archives { archive, package })
    })
}

fn lay_out(built: &Built, folder: &Path, version: &str) -> Result<()> {
    fs::create_dir_all(folder.join("worker"))?;
    for file in ["index.js", "index_bg.wasm"] {
        fs::copy(built.worker.join(file), folder.join("worker").join(file)).context("copying the Worker")?;
    }
    run(Command::new("cp").arg("--recursive").arg(setup::folder("assets")?).arg(folder.join("assets")))?;
    for (from, to) in FILES {
        fs::write(folder.join(to), filled(&root().join("edge/live").join(from), version)?)?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(licence), folder.join(licence))?;
    }
    let wrangler = fs::read_to_string(root().join("wrangler.toml")).context("reading wrangler.toml")?;
    let wrangler = wrangler
        .replace("target/heard/worker/index.js", "worker/index.js")
        .replace("target/heard/assets", "assets")
        .replace(
            "`cargo xtask deploy` builds what is named here and hands over to wrangler.",
            "`node heard.mjs deploy` hands it over to wrangler.",
        )
        .replace("`cargo xtask deploy -- --env staging`", "`node heard.mjs deploy --env staging --site ...`")
        .replace(
            "# Built by `cargo xtask build`; wrangler must not bundle it again.",
            "# Built already; wrangler must not bundle it again.",
        );
    fs::write(folder.join("wrangler.toml"), wrangler)?;
    fs::write(folder.join("workerd.capnp"), template()?)?;
    Ok(())
}

/// A file with the versions that it names.
fn filled(path: &Path, version: &str) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let pinned = |folder: &str, name: &str| -> Result<String> {
        let text = fs::read_to_string(root().join("xtask/tools").join(folder).join("package.json"))?;
        let package: Value = serde_json::from_str(&text)?;
        let version = package.get("dependencies").and_then(|all| all.get(name)).and_then(Value::as_str);
        Ok(version.with_context(|| format!("no {name} is pinned"))?.to_owned())
    };
    let (wrangler, workerd) = (pinned("deploy", "wrangler")?, pinned("", "workerd")?);
    Ok(text.replace("@VERSION@", version).replace("@WRANGLER@", &wrangler).replace("@WORKERD@", &workerd))
}
