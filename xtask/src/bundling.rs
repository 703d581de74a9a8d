//! From what compilers leave to what browsers and the runtime load: wasm-bindgen, Binaryen and esbuild.

use crate::root;
use crate::setup::{esbuild_binary, hex, npm};
use crate::step::run;
use anyhow::Result;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

/// A program for browsers, as small as it gets.
pub(crate) struct Program {
    /// The program.
    pub(crate) wasm: Vec<u8>,
    /// What browsers start it with.
    pub(crate) glue: Vec<u8>,
}

/// From compiled leptos to files fit to serve.
pub(crate) fn program(wasm: &Path, name: &str, work: &Path) -> Result<Program> {
    let mut bound = Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    // leptos brings streams along for server functions, which no page calls.
    let exports = &mut bound.wasm_mut().exports;
    let unused: Vec<_> =
        exports.iter().filter(|export| export.name.contains("intounderlying")).map(|export| export.id()).collect();
    for id in unused {
        exports.delete(id);
    }
    bound.emit(work)?;
    let glue = work.join(format!("{name}.js"));
    fs::write(&glue, without_streams(&fs::read_to_string(&glue)?))?;
    Ok(Program {
        wasm: optimize(&work.join(format!("{name}_bg.wasm")), &["-Oz"])?,
        glue: minify(&glue, Some("--format=esm"))?,
    })
}

/// The glue without the classes of what was taken out of the wasm.
fn without_streams(glue: &str) -> String {
    let mut kept = String::with_capacity(glue.len());
    let mut in_class = false;
    for line in glue.lines() {
        in_class |= line.starts_with("export class IntoUnderlying");
        let is_disposal = line.starts_with("if (Symbol.dispose) IntoUnderlying");
        if !in_class && !is_disposal {
            kept.push_str(line);
            kept.push('\n');
        }
        in_class &= line != "}";
    }
    kept
}

/// What a build was made from: its inputs, this program and the pinned tools.
pub(crate) fn fingerprint(inputs: &[&[u8]]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update(Sha256::digest(input));
    }
    hash.update(include_bytes!("build.rs"));
    hash.update(include_bytes!("bundling.rs"));
    hash.update(fs::read(root().join("xtask/tools/package-lock.json"))?);
    Ok(hex(&hash.finalize()))
}

/// What rustc's wasm32 target emits; every browser of the last three years and workerd have it, and nothing newer.
/// The Worker needs exceptions too: that is how it notices a trap.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Binaryen's passes.
pub(crate) fn optimize(wasm: &Path, how: &[&str]) -> Result<Vec<u8>> {
    let out = wasm.with_extension("opt.wasm");
    let program = npm("")?.join("binaryen/bin/wasm-opt");
    run(Command::new("node").arg(program).arg(wasm).args(how).args(WASM_FEATURES).arg("-o").arg(&out))?;
    Ok(fs::read(out)?)
}

/// A script without what browsers do not need.
pub(crate) fn minify(script: &Path, format: Option<&str>) -> Result<Vec<u8>> {
    esbuild(script, &[&["--minify", "--target=es2022"], format.as_slice()].concat())
}

/// Whatever esbuild is asked for.
pub(crate) fn esbuild(file: &Path, how: &[&str]) -> Result<Vec<u8>> {
    let out = file.with_extension("min");
    let mut esbuild = Command::new(esbuild_binary()?);
    esbuild.arg(file).args(how).arg("--log-level=warning").arg(format!("--outfile={}", out.display()));
    run(&mut esbuild)?;
    Ok(fs::read(out)?)
}
