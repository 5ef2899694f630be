//! The benchmark: the release binary of a hub as a process, measured against floors of the same run.
//!
//! `cargo xtask bench` builds and runs it; docs/performance.md says what is measured. It contacts
//! loopback only, and what it measures has no branch for it. Absolute rates depend on the machine and
//! on what else it does: read the ratios, the CPU per request and the counts.

mod client;
mod floor;
mod histogram;
mod hub;
mod keys;
mod network;
mod numbers;
mod out;
mod phases;
mod reasons;
mod report;
mod requests;
mod rows;
mod seed;
mod usage;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures a hub.
#[derive(Debug, Parser)]
#[command(name = "interkpa-bench")]
struct Arguments {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// A floor, as a process of its own.
    #[command(subcommand)]
    Floor(floor::Floor),
}

/// What is measured, and how long.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// The binary of the hub.
    #[arg(long, default_value = "target/release/interkpa")]
    binary: PathBuf,
    /// Folder for the data of the run; what is in it is removed.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// About a minute: small sizes, one run of each.
    #[arg(long)]
    quick: bool,
    /// Measure this phase alone (may be repeated): start, inbox, deliver, pages, growth, memory, crash.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Publications in the large database.
    #[arg(long)]
    publications: Option<u64>,
    /// Repetitions; the median counts.
    #[arg(long)]
    runs: Option<usize>,
    /// Write the figures as JSON to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Some(Command::Floor(floor)) => floor.serve().map(|()| true),
        None => measure(&arguments.options),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            out::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<bool> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(phases::all(options))
}
