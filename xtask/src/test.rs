//! `cargo xtask test`: proves everything.

use crate::{deploy, size};
use anyhow::Result;
use std::process::Command;
use xtask::step::{output, run, step};
use xtask::wrangler::Wrangler;
use xtask::{build, root, setup};

/// Runs all checks, or only the end-to-end tests whose names contain `filter`.
pub fn test(filter: Option<&str>) -> Result<()> {
    if filter.is_none() {
        step("checking the format", || run(cargo().args(["fmt", "--all", "--check"])))?;
        step("linting native code", || {
            run(cargo().args(["clippy", "--quiet", "--locked", "--all-targets", "--", "--deny", "warnings"]))
        })?;
    }
    if filter.is_none() {
        step("reading the documentation of every crate", || {
            let mut doc = cargo();
            doc.args(["doc", "--quiet", "--locked", "--no-deps", "--document-private-items"]);
            doc.args(["--package", "heard-edge", "--package", "heard-site", "--package", "heard-wire"]);
            doc.args(["--package", "heard-listen", "--package", "xtask"]);
            run(doc.env("RUSTDOCFLAGS", "--deny warnings"))
        })?;
        dependencies()?;
    }
    setup::browser()?;
    setup::firefox()?;
    setup::npm("firefox")?;
    setup::receiver_tools()?;
    Wrangler::all()?;
    let built = build::build()?;
    if filter.is_none() {
        // After the build, which has installed the target.
        if setup::wasm_toolchain()? != setup::WasmToolchain::Installed {
            eprintln!("    skipped: linting wasm code, which this toolchain has no standard library for");
        } else {
            let wasm = ["--package", "heard-edge", "--package", "heard-widget", "--package", "heard-desk"];
            let wasm = [&wasm[..], &["--target", "wasm32-unknown-unknown"]].concat();
            step("linting wasm code", || {
                run(cargo().args(["clippy", "--quiet", "--locked"]).args(wasm).args(["--", "--deny", "warnings"]))
            })?;
        }
        // Together: apart, what widget and desk share is compiled twice, with other features.
        step("testing the pure crates, the first view and the words of the desk", || {
            let mut tests = cargo();
            tests.args(["test", "--quiet", "--locked", "--package", "heard-wire", "--package", "heard-listen"]);
            run(tests.args(["--package", "heard-site", "--package", "heard-widget", "--package", "heard-desk"]))
        })?;
        step("weighing what ships", || size::size(&built, false))?;
        step("bundling for Cloudflare, without uploading", || deploy::dry_runs(&built))?;
    }
    step("building the Rust receiver of the examples", || {
        run(cargo().args(["build", "--quiet", "--locked", "--package", "heard-tests", "--examples"]))
    })?;
    step("testing end to end: workerd, Chromium, receivers", || {
        let mut tests = cargo();
        tests.args(["test", "--locked", "--package", "heard-tests"]).args(filter).args(["--", "--test-threads=2"]);
        run(&mut tests)
    })
}

/// Licences, sources and advisories of everything we build with.
fn dependencies() -> Result<()> {
    let deny = setup::cargo_deny()?;
    let check = |what: &[&str]| {
        let mut check = Command::new(&deny);
        check.current_dir(root()).args(["--locked", "--log-level", "error", "check", "--hide-inclusion-graph"]);
        check.args(what);
        check
    };
    step("checking licences and sources of dependencies", || run(&mut check(&["licenses", "bans", "sources"])))?;
    step("checking dependencies for advisories", || match output(&mut check(&["advisories"])) {
        Err(error) if error.to_string().contains("failed to fetch advisory database") => {
            eprintln!("    skipped: the advisory database is out of reach");
            Ok(())
        }
        checked => checked.map(drop),
    })
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}
