//! `cargo xtask test`: proves everything.

use crate::{deploy, size};
use anyhow::Result;
use std::process::Command;
use xtask::step::{run, step};
use xtask::{build, root, setup};

/// Runs all checks, or only the end-to-end tests whose names contain `filter`.
pub fn test(filter: Option<&str>) -> Result<()> {
    if filter.is_none() {
        step("checking the format", || run(cargo().args(["fmt", "--all", "--check"])))?;
        step("linting native code", || {
            run(cargo().args(["clippy", "--quiet", "--locked", "--all-targets", "--", "--deny", "warnings"]))
        })?;
    }
    setup::browser()?;
    setup::receiver_tools()?;
    let built = build::build()?;
    if filter.is_none() {
        // After the build, which has installed the target.
        if setup::wasm_toolchain()? == setup::WasmToolchain::Installed {
            let wasm = ["--package", "heard-edge", "--package", "heard-widget", "--target", "wasm32-unknown-unknown"];
            step("linting wasm code", || {
                run(cargo().args(["clippy", "--quiet", "--locked"]).args(wasm).args(["--", "--deny", "warnings"]))
            })?;
        }
        let pure = ["--package", "heard-wire", "--package", "heard-listen", "--package", "heard-site"];
        step("testing the pure crates", || run(cargo().args(["test", "--quiet", "--locked"]).args(pure)))?;
        step("weighing what ships", || size::size(&built, false))?;
        step("bundling for Cloudflare, without uploading", || deploy::dry_run(&built))?;
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

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}
