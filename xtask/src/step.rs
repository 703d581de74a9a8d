//! Running other programs, with progress for people.

use anyhow::{Context as _, Result, bail};
use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Says what is being done, does it, and says how long it took.
///
/// # Errors
/// What `act` failed with.
pub fn step<T>(what: &str, act: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("  ▸ {what}");
    let from = Instant::now();
    let result = act()?;
    let took = from.elapsed();
    if took.as_secs() >= 1 {
        eprintln!("    done in {:.1} s", took.as_secs_f32());
    }
    Ok(result)
}

/// Runs a program to its end, its output shown.
///
/// # Errors
/// When it cannot be started or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let name = shown(command);
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("starting {name}"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Runs a program to its end and gives what it printed.
///
/// # Errors
/// When it cannot be started or fails; the error holds what it printed to standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let name = shown(command);
    let done = command.stdin(Stdio::null()).output().with_context(|| format!("starting {name}"))?;
    if !done.status.success() {
        bail!("{name} failed ({}): {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

/// Whether a program is on the PATH and answers `--version`.
#[must_use]
pub fn has(program: impl AsRef<OsStr>) -> bool {
    let asked = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

fn shown(command: &Command) -> String {
    let args: Vec<_> = command.get_args().take(4).map(OsStr::to_string_lossy).collect();
    format!("`{} {}`", command.get_program().to_string_lossy(), args.join(" "))
}
