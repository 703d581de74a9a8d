//! `cargo xtask deploy`: builds, and hands over to the pinned wrangler.

use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use xtask::build::{self, Built};
use xtask::step::{output, run};
use xtask::wrangler::Wrangler;
use xtask::{root, setup};

/// Cloudflare's limit for a Worker, on any plan, in bytes as they are.
const LIMIT: usize = 64 * 1024 * 1024;
const SECRET: &str = "HEARD_OWNER_KEY";

/// Builds and deploys, or with `dry_run` only bundles. A Worker that has no owner key yet is given one.
pub fn deploy(dry_run: bool, extra: &[String]) -> Result<()> {
    let built = build::build()?;
    if dry_run {
        return self::dry_run(&built, extra);
    }
    let which = which_worker(extra);
    let extra = &with_environment(extra);
    let listed = output(wrangler()?.args(["secret", "list", "--format", "json"]).args(&which));
    let has_key = match listed {
        Ok(list) => list.contains(&format!("\"{SECRET}\"")),
        // No Worker yet means no secrets yet.
        Err(error) if error.to_string().contains("not found") || error.to_string().contains("does not exist") => false,
        Err(error) => return Err(error.context("asking wrangler which secrets are set")),
    };
    let mut deploy = wrangler()?;
    deploy.arg("deploy").arg(built.worker.join("index.js")).args(extra);
    // Code, tables and key go up in one step, so that no Worker is ever open without one.
    let key = if has_key { None } else { Some(owner_key(&which)?) };
    if let Some((file, secrets)) = &key {
        eprintln!("    the owner key is in {}: keep it, whoever has it reads every answer", file.display());
        deploy.arg("--secrets-file").arg(secrets);
    }
    // Its questions are for the person at the terminal.
    let status = deploy.status().context("starting wrangler");
    if let Some((_, secrets)) = &key {
        fs::remove_file(secrets).context("removing the file of secrets")?;
    }
    let status = status?;
    if !status.success() {
        bail!("wrangler could not deploy ({status})");
    }
    Ok(())
}

/// The arguments that say which Worker is meant; wrangler wants them for its secrets, too.
fn which_worker(extra: &[String]) -> Vec<String> {
    let mut which = Vec::new();
    let mut rest = extra.iter();
    while let Some(argument) = rest.next() {
        let name = argument.split('=').next().unwrap_or_default();
        if matches!(name, "--env" | "-e" | "--name") {
            which.push(argument.clone());
            if !argument.contains('=') {
                which.extend(rest.next().cloned());
            }
        }
    }
    which
}

/// Without an environment the top of `wrangler.toml` is meant, which wrangler wants to be told.
fn with_environment(extra: &[String]) -> Vec<String> {
    let is_told = extra.iter().any(|argument| matches!(argument.split('=').next(), Some("--env" | "-e")));
    extra.iter().cloned().chain((!is_told).then(|| "--env=".to_owned())).collect()
}

/// A key of this Worker's own, in a file that is kept, and in one for wrangler.
fn owner_key(which: &[String]) -> Result<(PathBuf, PathBuf)> {
    let of = which.last().map(|name| name.rsplit('=').next().unwrap_or_default());
    let file = root().join(of.map_or_else(|| "owner-key.txt".to_owned(), |name| format!("owner-key-{name}.txt")));
    if !file.exists() {
        let mut random = [0_u8; 32];
        let mut source = fs::File::open("/dev/urandom").context("drawing a random owner key")?;
        std::io::Read::read_exact(&mut source, &mut random)?;
        write_secret(&file, &setup::hex(&random))?;
    }
    let key = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let secrets = setup::folder("deploy")?.join("secrets.json");
    // What a run left that was broken off.
    let _ = fs::remove_file(&secrets);
    write_secret(&secrets, &serde_json::json!({ SECRET: key.trim() }).to_string())?;
    Ok((file, secrets))
}

/// Only for the one who runs this.
fn write_secret(path: &Path, text: &str) -> Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes()).with_context(|| format!("writing {}", path.display()))
}

/// Bundles as for Cloudflare, uploads nothing, and checks the size.
pub fn dry_run(built: &Built, extra: &[String]) -> Result<()> {
    bundle(built, wrangler()?, extra)
}

/// The same for every wrangler that an owner may have, and for every Worker of `wrangler.toml`.
pub fn dry_runs(built: &Built) -> Result<()> {
    for wrangler in Wrangler::all()? {
        for extra in [&[][..], &["--env".to_owned(), "staging".to_owned()]] {
            bundle(built, wrangler.command(), extra)?;
        }
    }
    Ok(())
}

fn bundle(built: &Built, mut wrangler: Command, extra: &[String]) -> Result<()> {
    let out = setup::folder("dry-run")?;
    run(wrangler
        .arg("deploy")
        .arg(built.worker.join("index.js"))
        .args(["--dry-run", "--outdir"])
        .arg(&out)
        .args(with_environment(extra)))?;
    let mut bundle = Vec::new();
    for file in ["index.js", "index_bg.wasm"] {
        bundle.extend(std::fs::read(built.worker.join(file)).context("reading the bundle")?);
    }
    let size = bundle.len();
    if size > LIMIT {
        bail!("the Worker has {size} bytes, more than Cloudflare's {LIMIT}");
    }
    println!("    the Worker has {size} bytes of Cloudflare's {LIMIT}");
    Ok(())
}

/// The newest wrangler for the Node.js there is.
fn wrangler() -> Result<Command> {
    let wrangler = Wrangler::of_this_machine()?;
    if wrangler.is_old {
        eprintln!(
            "    this Node.js takes an older wrangler, which does not turn the cache at the edge on: better have 22"
        );
    }
    Ok(wrangler.command())
}
