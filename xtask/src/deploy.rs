//! `cargo xtask deploy`: builds, and hands over to the pinned wrangler.

use anyhow::{Context as _, Result, bail};
use std::process::Command;
use xtask::build::{self, Built};
use xtask::step::{output, run};
use xtask::{root, setup};

/// Cloudflare's limit for a Worker, on any plan, in bytes as they are.
const LIMIT: usize = 64 * 1024 * 1024;
const SECRET: &str = "HEARD_OWNER_KEY";

/// Builds and deploys, or with `dry_run` only bundles. A Worker without an owner key is not deployed.
pub fn deploy(dry_run: bool, extra: &[String]) -> Result<()> {
    let built = build::build()?;
    if dry_run {
        return self::dry_run(&built);
    }
    let listed = output(wrangler()?.args(["secret", "list", "--format", "json"]));
    match listed {
        Ok(list) if list.contains(SECRET) => {}
        // No Worker yet means no secrets yet: putting the first one creates it.
        Err(error) if !error.to_string().contains("not found") && !error.to_string().contains("does not exist") => {
            return Err(error.context("asking wrangler which secrets are set"));
        }
        _ => bail!(
            "there is no owner key yet: run `(umask 077; openssl rand -hex 32 | tee owner-key.txt | npx wrangler@4.86.0 \
             secret put {SECRET})` in this folder, keep the file, and deploy again"
        ),
    }
    let mut deploy = wrangler()?;
    deploy.arg("deploy").arg(built.worker.join("index.js")).args(extra);
    // Its questions are for the person at the terminal.
    let status = deploy.status().context("starting wrangler")?;
    if !status.success() {
        bail!("wrangler could not deploy ({status})");
    }
    Ok(())
}

/// Bundles as for Cloudflare, uploads nothing, and checks the size.
pub fn dry_run(built: &Built) -> Result<()> {
    let out = setup::folder("dry-run")?;
    run(wrangler()?.arg("deploy").arg(built.worker.join("index.js")).args(["--dry-run", "--outdir"]).arg(&out))?;
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

fn wrangler() -> Result<Command> {
    let program = setup::npm("deploy")?.join("wrangler/bin/wrangler.js");
    let mut wrangler = Command::new("node");
    wrangler.current_dir(root()).arg(program).env("WRANGLER_SEND_METRICS", "false");
    Ok(wrangler)
}
