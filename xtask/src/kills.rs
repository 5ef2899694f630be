//! `cargo xtask kills`: the run of killed hubs of the test command, longer.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::prepare::{self, Need};
use crate::programs::Programs;
use crate::{check, out, process};

/// A run that takes longer is ended, and has failed: a kill costs about a second.
const LONGEST: Duration = Duration::from_hours(1);
/// How much of a failing run is shown; its log has the rest.
const SHOWN_LINES_MAX: usize = 60;

/// How long, and with which choices.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many kills.
    #[arg(long, default_value_t = 200)]
    times: usize,
    /// Repeats the choices of a run, which prints its seed.
    #[arg(long)]
    seed: Option<u64>,
}

/// The command; prints the figures of the run.
///
/// # Errors
/// When PostgreSQL is missing or the tests do not compile.
pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let prepared = prepare::prepare(&[Need::Postgres]);
    if let Some(missing) = prepared.missing(&[Need::Postgres]) {
        bail!("{missing}");
    }
    let programs = Programs::build()?.of("interkpa-server", Some("kills"));
    let program = programs.first().context("the test program `kills`")?;
    let mut command = Command::new(&program.file);
    command
        .args(["--nocapture", "kills::"])
        .current_dir(&program.folder)
        .env("CARGO_MANIFEST_DIR", &program.folder)
        .env("INTERKPA_KILLS", arguments.times.to_string())
        .envs(prepared.variables().iter().map(|(key, value)| (key, value)));
    if let Some(seed) = arguments.seed {
        command.env("INTERKPA_SEED", seed.to_string());
    }
    let log = check::log("kills-long");
    out::line(&format!("{} kills ({}) …", arguments.times, log.display()));
    let finished = process::logged(command, &log, LONGEST)?;
    if finished.success {
        for line in finished.output.lines().filter(|line| is_figure(line)) {
            out::line(line);
        }
    } else {
        out::line(&process::tail(&finished.output, SHOWN_LINES_MAX));
    }
    Ok(finished.success)
}

fn is_figure(line: &str) -> bool {
    line.contains("INTERKPA_SEED=") || line.contains(" kills in ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_and_the_sum_are_the_figures_of_a_run() {
        assert!(is_figure("kills: INTERKPA_SEED=7"));
        assert!(is_figure("200 kills in 180 s, 90 deals"));
        assert!(!is_figure("running 1 test"));
    }
}
