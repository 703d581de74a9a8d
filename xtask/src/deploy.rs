//! `cargo xtask deploy`: builds, and hands over to the pinned wrangler.

use anyhow::{Context as _, Result, bail};
use std::process::Command;
use xtask::build::{self, Built, gzip};
use xtask::step::{output, run};
use xtask::{root, setup};

/// Cloudflare's limit for a Worker on the free plan, in gzip bytes.
const FREE_PLAN_GZIP: usize = 3_000_000;
const SECRET: &str = "HEARD_OWNER_KEY";

/// Builds and deploys, or with `dry_run` only bundles. A Worker without an owner key is not deployed.
pub fn deploy(dry_run: bool, extra: &[String]) -> Result<()> {
    let built = build::build()?;
    if dry_run {
        return self::dry_run(&built);
    }
    let secrets = output(wrangler()?.args(["secret", "list", "--format", "json"]));
    // A first deployment has no Worker to list the secrets of, so the key is put first and creates it.
    if !secrets.is_ok_and(|list| list.contains(SECRET)) {
        bail!(
            "there is no owner key yet: run `openssl rand -hex 32 | tee owner-key.txt | npx wrangler@4.86.0 secret put {SECRET}` \
             in this folder, keep the printed key, and deploy again"
        );
    }
    run(wrangler()?.arg("deploy").args(extra))
}

/// Bundles as for Cloudflare, uploads nothing, and checks the size.
pub fn dry_run(built: &Built) -> Result<()> {
    let out = setup::folder("dry-run")?;
    run(wrangler()?.args(["deploy", "--dry-run", "--outdir"]).arg(&out))?;
    let mut bundle = Vec::new();
    for file in ["index.js", "index_bg.wasm"] {
        bundle.extend(std::fs::read(built.worker.join(file)).context("reading the bundle")?);
    }
    let size = gzip(&bundle)?.len();
    if size > FREE_PLAN_GZIP {
        bail!("the Worker has {size} gzip bytes, more than the free plan's {FREE_PLAN_GZIP}");
    }
    println!("    the Worker has {size} gzip bytes of the free plan's {FREE_PLAN_GZIP}");
    Ok(())
}

fn wrangler() -> Result<Command> {
    let program = setup::npm("deploy")?.join("wrangler/bin/wrangler.js");
    let mut wrangler = Command::new("node");
    wrangler.current_dir(root()).arg(program).env("WRANGLER_SEND_METRICS", "false");
    Ok(wrangler)
}
