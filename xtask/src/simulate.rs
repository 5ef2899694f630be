//! `cargo xtask simulate`: whole networks of votes under seeds, at length; the proof of the agreement
//! by exhaustion; a failing seed again.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::prepare::{self, Need};
use crate::process::cargo;
use crate::{check, out, process};

/// A run that takes longer is ended, and has failed.
const LONGEST: Duration = Duration::from_hours(6);
/// How much of a failing run is shown; its log has the rest.
const SHOWN_LINES_MAX: usize = 60;

/// How large, and which seeds.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many hubs vote.
    #[arg(long, default_value_t = 7)]
    hubs: u16,
    /// How many seeds.
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first seed; a failing run names its own.
    #[arg(long)]
    seed: Option<u64>,
    /// Instead: every order of events of the agreement, with all rounds and values.
    #[arg(long)]
    exhaustive: bool,
    /// Instead: so many bundles, each recounted by both verifiers.
    #[arg(long, value_name = "N", conflicts_with = "exhaustive")]
    bundles: Option<u64>,
}

/// The command; prints the figures of the run.
///
/// # Errors
/// When there is nothing to run, or Python is missing for what needs it.
pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    if arguments.seeds == 0 {
        bail!("at least one seed");
    }
    let needs: &[Need] = if arguments.bundles.is_some() {
        &[Need::Python]
    } else {
        &[]
    };
    let prepared = prepare::prepare(needs);
    if let Some(missing) = prepared.missing(needs) {
        bail!("{missing}");
    }
    let (target, tests) = if arguments.bundles.is_some() {
        ("--test=second-verifier", "two_verifiers")
    } else if arguments.exhaustive {
        ("--test=it", "governance::agreement")
    } else {
        ("--test=it", "governance::simulation")
    };
    let mut command = cargo(&[
        "test",
        "--quiet",
        "--package",
        "interkpa-federation",
        target,
    ]);
    command.args(["--", "--nocapture", tests]);
    command.envs(prepared.variables().iter().map(|(key, value)| (key, value)));
    if let Some(bundles) = arguments.bundles {
        command.env("INTERKPA_RECOUNT_BUNDLES", bundles.to_string());
    } else if arguments.exhaustive {
        command.env("INTERKPA_EXHAUSTIVE", "1");
    } else {
        command
            .env("INTERKPA_SIMULATE_HUBS", arguments.hubs.to_string())
            .env("INTERKPA_SIMULATE_SEEDS", arguments.seeds.to_string());
    }
    if let Some(seed) = arguments.seed {
        command.env("INTERKPA_SIMULATE_SEED", seed.to_string());
    }
    let log = check::log("simulate");
    out::line(&format!("{} …", log.display()));
    let begun = Instant::now();
    let finished = process::logged(command, &log, LONGEST)?;
    for line in finished.output.lines().filter(|line| is_figure(line)) {
        out::line(line);
    }
    if !finished.success {
        out::line(&process::tail(&finished.output, SHOWN_LINES_MAX));
    }
    out::line(&out::duration(begun.elapsed()));
    Ok(finished.success)
}

fn is_figure(line: &str) -> bool {
    ["simulation: ", "messages: ", "exhaustive: ", "recount: "]
        .iter()
        .any(|figure| line.contains(figure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_the_words_of_the_test_program() {
        assert!(is_figure("simulation: 7 hubs, 10 seeds, 0 violations"));
        assert!(is_figure("..messages: 15 hubs, each per vote: 71 pushed"));
        assert!(!is_figure("running 3 tests"));
    }
}
