//! `cargo xtask`: everything there is to run in this repository.

mod bench;
mod bench_cold;
mod bench_listening;
mod bench_polling;
mod bench_scale;
mod bench_webhooks;
mod demo;
mod deploy;
mod listen;
mod size;
mod test;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run and prove Heard")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what building needs: the wasm32 target and the pinned npm tools
    Setup,
    /// Build the widget and the Worker
    Build,
    /// Run the whole story on this machine: workerd, a demo page, a receiver that prints webhooks
    Demo {
        /// Port to serve on
        #[arg(long, default_value_t = 8787)]
        port: u16,
        /// Folder that keeps the answers
        #[arg(long, default_value = ".heard")]
        data: PathBuf,
        /// Forget what earlier runs stored
        #[arg(long)]
        fresh: bool,
        /// Begin without the sample: a year of answers at a café that is made up
        #[arg(long)]
        empty: bool,
    },
    /// Prove everything: format, lints, native tests, builds, end-to-end tests, sizes, deployability
    Test {
        /// Run only the end-to-end tests whose names contain this
        filter: Option<String>,
    },
    /// Print what a page loads, and fail when it is over budget
    Size {
        /// Write the table into widget/SIZE.md
        #[arg(long)]
        write: bool,
    },
    /// Show what is heard in a comment and how it is answered
    Listen {
        /// The comment
        comment: String,
        /// The score it came with
        #[arg(long)]
        score: Option<u8>,
        /// Themes to listen for, by their labels
        #[arg(long, value_delimiter = ',', default_value = "staff,price,food,waiting,delivery,quality,app")]
        themes: Vec<String>,
    },
    /// Measure the submit route next to a plain JavaScript Worker
    Bench {
        /// Seconds for each side of each round
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Beside an earlier build: the folder that holds its index.js and index_bg.wasm
        #[arg(long)]
        against: Option<PathBuf>,
        /// Measure what listening costs, by the length of the comment, instead
        #[arg(long)]
        listening: bool,
        /// Measure what the first request to a fresh isolate costs, instead
        #[arg(long)]
        cold: bool,
        /// Measure how far one object for a site goes, with up to so many responses, instead
        #[arg(long)]
        scale: Option<i64>,
        /// Measure what endpoints cost and how a backlog drains, instead
        #[arg(long)]
        webhooks: bool,
        /// Measure what open conversations cost that look for news, instead
        #[arg(long)]
        polling: bool,
    },
    /// Pack what goes live without Rust: an archive, and the package behind `npm create heard`
    Release,
    /// Leave this version's Worker in tests/releases, for later releases to be tested beside
    Fixture,
    /// Build and hand over to wrangler; what follows `--` goes to wrangler
    Deploy {
        /// Check only: bundle as for Cloudflare, upload nothing
        #[arg(long)]
        dry_run: bool,
        /// For wrangler
        #[arg(last = true)]
        wrangler: Vec<String>,
    },
}

fn main() -> ExitCode {
    match carry_out() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out() -> Result<()> {
    match Arguments::parse().task {
        Task::Setup => xtask::setup::wasm_toolchain().and_then(|_| xtask::setup::npm("")).map(drop),
        Task::Build => xtask::build::build().map(drop),
        Task::Demo { port, data, fresh, empty } => demo::demo(port, &data, fresh, empty),
        Task::Test { filter } => test::test(filter.as_deref()),
        Task::Size { write } => xtask::build::build().and_then(|built| size::size(&built, write)),
        Task::Listen { comment, score, themes } => listen::listen(&comment, score, &themes),
        Task::Bench { scale: Some(rows), .. } => bench_scale::scale(rows),
        Task::Bench { cold: true, .. } => bench_cold::cold(),
        Task::Bench { listening: true, .. } => bench_listening::listening(),
        Task::Bench { webhooks: true, .. } => bench_webhooks::webhooks(),
        Task::Bench { polling: true, .. } => bench_polling::polling(),
        Task::Bench { seconds, against, .. } => bench::bench(seconds, against.as_deref()),
        Task::Release => {
            let archives = xtask::archive::pack(&xtask::build::build()?, env!("CARGO_PKG_VERSION"))?;
            println!("{}\n{}", archives.archive.display(), archives.package.display());
            Ok(())
        }
        Task::Fixture => {
            xtask::build::build().and_then(|built| xtask::release::leave_fixture(&built, env!("CARGO_PKG_VERSION")))
        }
        Task::Deploy { dry_run, wrangler } => deploy::deploy(dry_run, &wrangler),
    }
}
