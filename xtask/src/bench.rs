//! `cargo xtask bench`: placeholder
use anyhow::Result;
/// x
pub fn bench(_seconds: u64) -> Result<()> { Ok(()) }
