//! The checks that run no test: format, lints, tidy, documentation.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::counts::{self, Counts};
use crate::process::{cargo, logged, tail};
use crate::{out, root, tidy};

/// A cold build of all dependencies stays below this on two cores.
const COMMAND_MAX: Duration = Duration::from_hours(1);
/// How much of a failing command is shown; the log has the rest.
const SHOWN_LINES_MAX: usize = 150;

/// A check: it writes the log named to it.
pub(crate) type Step = fn(&Path) -> Result<Counts>;

/// The command: the checks that are fast enough for each commit.
pub(crate) fn run() -> Result<bool> {
    let steps: [(&str, Step); 3] = [("format", format), ("tidy", tidy), ("lints", lints)];
    let mut failed = 0;
    for (name, step) in steps {
        let begun = Instant::now();
        let counts = step(&log(name))?;
        let word = if counts.failed == 0 { "ok" } else { "FAILED" };
        out::line(&format!(
            "{name:<10} {word} ({})",
            out::duration(begun.elapsed())
        ));
        failed += counts.failed;
    }
    Ok(failed == 0)
}

/// Where the output of a suite is kept.
pub(crate) fn log(name: &str) -> std::path::PathBuf {
    root::ground().join("logs").join(format!("{name}.log"))
}

/// Every file is as rustfmt writes it.
pub(crate) fn format(log: &Path) -> Result<Counts> {
    one(cargo(&["fmt", "--all", "--check"]), log)
}

/// No lint of rustc or clippy, in any target, with any feature.
pub(crate) fn lints(log: &Path) -> Result<Counts> {
    let arguments = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--locked",
    ];
    one(
        cargo(&[&arguments[..], &["--", "-D", "warnings"]].concat()),
        log,
    )
}

/// The rules of the house; each counts.
pub(crate) fn tidy(_: &Path) -> Result<Counts> {
    tidy::counted()
}

/// The documentation builds without a warning, and its examples run.
pub(crate) fn documentation(log: &Path) -> Result<Counts> {
    let mut build = cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--all-features",
        "--locked",
    ]);
    build.env("RUSTDOCFLAGS", "-D warnings");
    let mut counts = one(build, log)?;
    let mut examples = cargo(&["test", "--workspace", "--doc", "--locked"]);
    examples.args(["--features", crate::test::FEATURES]);
    let finished = logged(examples, &log.with_extension("examples.log"), COMMAND_MAX)?;
    let mut run = counts::of_rust(&finished.output);
    if !finished.success && run.failed == 0 {
        run.failed = 1;
    }
    if run.failed > 0 {
        out::line(&tail(&finished.output, SHOWN_LINES_MAX));
    }
    counts += run;
    Ok(counts)
}

/// A command that is one check, shown when it fails.
fn one(command: Command, log: &Path) -> Result<Counts> {
    let finished = logged(command, log, COMMAND_MAX)?;
    if !finished.success {
        out::line(&tail(&finished.output, SHOWN_LINES_MAX));
    }
    Ok(Counts::one(finished.success))
}
