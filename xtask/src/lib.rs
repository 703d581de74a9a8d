//! Building, running and measuring Heard: what `cargo xtask` and the end-to-end tests share.

pub mod archive;
pub mod build;
mod bundling;
mod desk;
pub mod packing;
pub mod receiver;
pub mod release;
pub mod sample;
pub mod setup;
pub mod static_files;
pub mod step;
pub mod workerd;
pub mod wrangler;

use std::path::PathBuf;

/// The workspace's root.
#[must_use]
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or(here.clone(), PathBuf::from)
}

/// Where everything built goes; `CARGO_TARGET_DIR` is honoured.
#[must_use]
pub fn target() -> PathBuf {
    // A relative one is relative to where cargo was started; build scripts run elsewhere.
    let set = std::env::var_os("CARGO_TARGET_DIR").and_then(|dir| std::path::absolute(dir).ok());
    set.unwrap_or_else(|| root().join("target"))
}
