//! Builds what ships: the widget's files, each compressed once, and the Worker that carries them.

use crate::bundling::{Program, esbuild, fingerprint, optimize, program};
use crate::desk;
use crate::setup::{WasmToolchain, esbuild_binary, folder, has_std_sources, hex, npm, wasm_cargo, wasm_toolchain};
use crate::static_files::{self, MODULES};
use crate::step::{run, step};
use crate::{root, target};
use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// Every runtime of Workers has SIMD; listening takes a sixth less time with it. The widget runs in older browsers too.
const WORKER_FLAGS: &str = "-C target-feature=+simd128";

/// What was built.
#[derive(Debug, Clone)]
pub struct Built {
    /// Holds `index.js` and `index_bg.wasm`.
    pub worker: PathBuf,
    /// Holds the widget's files and `assets.tsv`.
    pub widget: PathBuf,
    /// The same of the desk.
    pub desk: PathBuf,
}

/// Builds everything that has changed.
///
/// # Errors
/// When a tool is missing or fails.
pub fn build() -> Result<Built> {
    let toolchain = wasm_toolchain()?;
    npm("")?;
    let compile = |package: &str, embedded: Option<(&Path, &Path)>| {
        // The desk is built as the widget is, and shares what both are made of.
        let profile = if embedded.is_some() { "edge" } else { "widget" };
        step(&format!("compiling {package} to wasm"), || {
            let mut cargo = wasm_cargo(&toolchain);
            cargo.args(["--package", package, "--profile", profile]);
            match embedded {
                Some((widget, desk)) => {
                    cargo
                        .env("HEARD_WIDGET_DIR", widget)
                        .env("HEARD_DESK_DIR", desk)
                        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", WORKER_FLAGS);
                }
                None => smallest(&mut cargo, &toolchain, package),
            }
            run(&mut cargo)
        })?;
        let file = format!("{}.wasm", package.replace('-', "_"));
        Ok::<_, anyhow::Error>(wasm_target(package).join("wasm32-unknown-unknown").join(profile).join(file))
    };
    let widget = widget(&compile("heard-widget", None)?)?;
    let desk = desk::bundle(&compile("heard-desk", None)?)?;
    static_files::lay_out(&[&widget, &desk])?;
    let worker = worker(&compile("heard-edge", Some((&widget, &desk)))?)?;
    Ok(Built { worker, widget, desk })
}

/// Widget and desk have a folder of their own: their standard library is another one.
fn wasm_target(package: &str) -> PathBuf {
    if package == "heard-edge" { target() } else { target().join("widget-std") }
}

/// The standard library is built along, small and without words for panics: a sixth of what a page loads. The page's script
/// goes on by itself after a trap (`widget/first/main.js`).
fn smallest(cargo: &mut Command, toolchain: &WasmToolchain, package: &str) {
    cargo.arg("--target-dir").arg(wasm_target("heard-widget"));
    if !has_std_sources() {
        eprintln!(
            "    without the sources of the standard library (`rustup component add rust-src`) the widget is larger"
        );
        return;
    }
    if *toolchain == WasmToolchain::Installed {
        cargo.args(["-Z", "build-std=std,panic_abort"]);
    }
    // The desk has many views, of which each would be a type of its own, compiled for itself.
    let views = if package == "heard-desk" { " --cfg=erase_components" } else { "" };
    let flags = format!("-Zunstable-options -Cpanic=immediate-abort{views}");
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
        .args(["-Z", "build-std-features=optimize_for_size"]);
}

/// What an earlier build left.
///
/// # Errors
/// When nothing has been built.
pub fn built() -> Result<Built> {
    let built = Built { worker: folder("worker")?, widget: folder("widget")?, desk: folder("desk")? };
    if !built.worker.join("index.js").exists() {
        anyhow::bail!("nothing is built yet: run `cargo xtask build`, or `cargo xtask test`, which does it first");
    }
    Ok(built)
}

/// From the compiled widget to files fit to serve.
fn widget(wasm: &Path) -> Result<PathBuf> {
    let out = folder("widget")?;
    let scripts = scripts()?;
    let stamp = out.join("stamp");
    let before = static_files::of_the_release_before()?;
    let mut inputs = vec![fs::read(wasm)?];
    inputs.extend(scripts.iter().map(|(_, bytes)| bytes.clone()));
    inputs.extend(before.iter().map(|file| file.bytes.clone()));
    let made_from = fingerprint(&inputs.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    if fs::read_to_string(&stamp).is_ok_and(|made| made == made_from) {
        return Ok(out);
    }
    step("shrinking the widget", || {
        let work = folder("widget-work")?;
        let Program { wasm: small, glue } = program(wasm, "widget", &work)?;
        for (name, bytes) in &scripts {
            let path = work.join(name);
            fs::create_dir_all(path.parent().context("a script without a folder")?)?;
            fs::write(path, bytes)?;
        }
        let css = work.join("first/style.css");
        let small_css = esbuild(&css, &["--minify"])?;
        fs::write(&css, small_css)?;
        for module in ["answering", "conversation", "preview", "tab", "questions"] {
            let css = work.join(module).join("style.css");
            let small_css = esbuild(&css, &["--minify"])?;
            fs::write(&css, small_css)?;
        }
        let loader = script(&work.join("loader/main.js"), "iife")?;
        let modules = MODULES.iter().map(|name| script(&work.join(name).join("main.js"), "esm"));
        let modules = modules.collect::<Result<Vec<_>>>()?;
        let mut made_of = [small.as_slice(), &glue].concat();
        modules.iter().for_each(|module| made_of.extend_from_slice(module.as_bytes()));
        let hash = hex(&Sha256::digest(made_of)).chars().take(16).collect::<String>();
        let path = |name: &str| format!("/w/{hash}/{name}");
        // A module is named by the others as `__NAME__`.
        let placed = |script: &str| {
            let named = MODULES.iter().map(|name| (format!("__{}__", name.to_uppercase()), format!("{name}.js")));
            let program = [("__WASM__", "widget.wasm"), ("__GLUE__", "widget.js")]
                .map(|(mark, name)| (mark.to_owned(), name.to_owned()));
            // The loader names several.
            let folder = std::iter::once(("__PARTS__".to_owned(), String::new()));
            named
                .chain(program)
                .chain(folder)
                .fold(script.to_owned(), |script, (mark, name)| script.replace(&mark, &path(&name)))
                .into_bytes()
        };
        let mut files = vec![
            ("/heard.js".to_owned(), "loader.js".to_owned(), placed(&loader)),
            (path("widget.js"), "widget.js".to_owned(), glue),
            (path("widget.wasm"), "widget.wasm".to_owned(), small),
        ];
        for (name, module) in MODULES.iter().zip(&modules) {
            files.push((path(&format!("{name}.js")), format!("{name}.js"), placed(module)));
        }
        files.extend(before.into_iter().map(|file| (file.path, file.name, file.bytes)));
        static_files::write(&out, files)?;
        fs::write(&stamp, &made_from)?;
        Ok(())
    })?;
    Ok(out)
}

/// From the compiled Worker to the two modules the runtime loads.
fn worker(wasm: &Path) -> Result<PathBuf> {
    let out = folder("worker")?;
    let source = |name: &str| fs::read(root().join("edge/src").join(name)).with_context(|| format!("reading {name}"));
    let (shim, rehearsal) = (source("shim.js")?, source("rehearsal.js")?);
    let stamp = out.join("stamp");
    let made_from = fingerprint(&[&fs::read(wasm)?, &shim, &rehearsal])?;
    if fs::read_to_string(&stamp).is_ok_and(|made| made == made_from) {
        return Ok(out);
    }
    step("bundling the Worker", || {
        let work = folder("worker-work")?;
        Bindgen::new()
            .input_path(wasm)
            .out_name("index")
            .module(true)?
            .typescript(false)
            .remove_name_section(true)
            .reset_state_function(true)
            .force_enable_abort_handler(true)
            .generate(&work)?;
        fs::write(
            out.join("index_bg.wasm"),
            optimize(&work.join("index_bg.wasm"), &["-O2", "--enable-exception-handling", "--enable-simd"])?,
        )?;
        fs::write(work.join("shim.js"), &shim)?;
        fs::write(work.join("rehearsal.js"), &rehearsal)?;
        run(Command::new(esbuild_binary()?).current_dir(&work).args([
            "shim.js",
            "--bundle",
            "--format=esm",
            "--minify",
            "--log-level=warning",
            "--external:./index_bg.wasm",
            "--external:cloudflare:*",
            &format!("--outfile={}", out.join("index.js").display()),
        ]))?;
        // Runtimes instantiate an imported module by themselves; source-phase imports are not in all of them yet.
        let script = out.join("index.js");
        fs::write(&script, fs::read_to_string(&script)?.replace("import source ", "import "))?;
        fs::write(&stamp, &made_from)?;
        Ok(())
    })?;
    Ok(out)
}

/// One of the page's scripts with all that it imports, in words that browsers of 2018 know.
fn script(main: &Path, format: &str) -> Result<String> {
    let format = format!("--format={format}");
    let old = ["--target=es2018", "--supported:dynamic-import=true", "--loader:.css=text"];
    Ok(String::from_utf8(esbuild(main, &[&["--bundle", "--minify", &format], &old[..]].concat())?)?)
}

/// What the page's scripts are made of: each file's path below `widget/`, and what is in it.
fn scripts() -> Result<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for folder in ["loader"].into_iter().chain(MODULES) {
        let path = root().join("widget").join(folder);
        for file in fs::read_dir(&path).with_context(|| format!("reading {}", path.display()))? {
            let file = file?;
            found.push((format!("{folder}/{}", file.file_name().to_string_lossy()), fs::read(file.path())?));
        }
    }
    found.sort();
    Ok(found)
}
