//! The commands of the workshop: what every commit and every submission must pass.
//!
//! `cargo xtask check` is fast and for each commit, `cargo xtask test` is everything. Nothing depends
//! on this crate, and no hub runs it: it may read the clock and the environment. It does not contain
//! any rule of the product; those are in `federation` and `server`, with their tests.

mod bench;
mod check;
mod counts;
mod kills;
mod new_feature;
mod out;
mod prepare;
mod process;
mod programs;
mod root;
mod simulate;
mod suites;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The commands of the workshop.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Format, lints and tidy: before each commit
    Check,
    /// Everything, and what it needs is prepared first; ends with `N passed, N failed`
    Test {
        /// Run this suite alone (may be repeated); the run says that it was partial
        #[arg(long, value_name = "SUITE")]
        only: Vec<String>,
    },
    /// Kill two hubs at random moments, more often than the test command does
    Kills(kills::Arguments),
    /// Votes of whole networks under seeds, longer than the test command does (docs/decisions/0009)
    Simulate(simulate::Arguments),
    /// Find or install PostgreSQL, Chromium, Node and its packages, and say which
    Prepare,
    /// The rules of the house that no compiler knows
    Tidy,
    /// Measures the release binary against floors of the same run (docs/performance.md)
    Bench(bench::Arguments),
    /// Write the skeleton of a feature and its one-line registrations
    NewFeature(new_feature::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Check => check::run(),
        Command::Test { only } => test::run(&only),
        Command::Kills(arguments) => kills::run(&arguments),
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Prepare => Ok(prepare::run()),
        Command::Tidy => tidy::run(),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::NewFeature(arguments) => new_feature::run(&arguments),
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
