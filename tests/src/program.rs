use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

/// How long a program may take for what is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that runs while a test does, as the leader of a group of its own, so that nothing it started is left behind.
#[derive(Debug)]
pub struct Program {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    group: Pid,
}

impl Program {
    /// Starts it.
    pub fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut command = tokio::process::Command::from(command);
        let mut process = command.process_group(0).spawn()?;
        let group = Pid::from_raw(i32::try_from(process.id().context("it is gone at once")?)?);
        let out = process.stdout.take().context("no output")?;
        Ok(Self { process, lines: BufReader::new(out).lines(), group })
    }

    /// The next line that holds these words.
    pub async fn says(&mut self, words: &str) -> Result<String> {
        loop {
            match tokio::time::timeout(PATIENCE, self.lines.next_line()).await?? {
                Some(line) if line.contains(words) => return Ok(line),
                Some(_) => {}
                None => bail!("the program ended without saying {words:?}"),
            }
        }
    }

    /// Ends it with a signal; it must end well.
    pub async fn stop(mut self, signal: Signal) -> Result<()> {
        nix::sys::signal::kill(self.group, signal)?;
        let status = tokio::time::timeout(Duration::from_secs(10), self.process.wait()).await??;
        assert!(status.success(), "{signal}: {status}");
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Whoever has ended already is fine.
        let _ = killpg(self.group, Signal::SIGKILL);
    }
}
