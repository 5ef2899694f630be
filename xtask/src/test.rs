//! `cargo xtask test`: prepares, builds once, runs every suite, and closes with one line.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::counts::{self, Counts};
use crate::prepare::{self, Need, Prepared};
use crate::programs::{Program, Programs};
use crate::suites::{self, How, Suite};
use crate::{check, out, process, root};

/// What the tests of the server are built with.
pub(crate) const FEATURES: &str = "interkpa-server/testing";
/// A test program or script that runs longer is ended, and has failed.
const PROGRAM_MAX: Duration = Duration::from_mins(20);
/// How much of a failing program is shown; its log has the rest.
const SHOWN_LINES_MAX: usize = 150;

/// The command. With `only`, a partial run, which says so and never prints the closing line of a complete one.
///
/// # Errors
/// When a name is of no suite.
pub(crate) fn run(only: &[String]) -> Result<bool> {
    let suites = suites::chosen(only)?;
    let begun = Instant::now();
    let needs: Vec<Need> = suites
        .iter()
        .flat_map(|suite| suite.needs)
        .copied()
        .collect();
    let prepared = prepare::prepare(&needs);
    let mut runner = Runner {
        prepared,
        programs: None,
        sum: Counts::default(),
    };
    out::title("suites");
    for suite in &suites {
        runner.run(suite);
    }
    let sum = runner.sum;
    drop(runner);
    out::line(&format!(
        "\n{} suites in {}",
        suites.len(),
        out::duration(begun.elapsed())
    ));
    out::line(&closing(sum, suites.len(), suites::SUITES.len()));
    Ok(sum.failed == 0 && !sum.nothing())
}

/// The last line. Only a complete run may print the plain one.
fn closing(sum: Counts, run: usize, all: usize) -> String {
    if run == all {
        sum.plain_line()
    } else {
        format!(
            "This was a partial run of {run} of {all} suites: {} tests passed and {} failed.",
            sum.passed, sum.failed
        )
    }
}

/// How one suite went: its counts, and what to show of a failure.
type Went = Result<(Counts, String)>;

struct Runner {
    prepared: Prepared,
    /// A failure is remembered: it is one of each suite that needs them.
    programs: Option<Result<Programs, String>>,
    sum: Counts,
}

impl Runner {
    fn run(&mut self, suite: &Suite) {
        self.build_for(suite);
        let begun = Instant::now();
        let (counts, shown) = match self.try_run(suite) {
            Ok((counts, _)) if counts.nothing() => {
                (Counts::one(false), "this suite ran no test".to_owned())
            }
            Ok(went) => went,
            Err(error) => (Counts::one(false), format!("{error:#}")),
        };
        if !shown.is_empty() {
            out::line(&shown);
        }
        let word = if counts.failed == 0 {
            "ok    "
        } else {
            "FAILED"
        };
        let spent = out::duration(begun.elapsed());
        out::line(&format!(
            "{word} {:<17} {} ({spent})",
            suite.name,
            counts.sentence()
        ));
        self.sum += counts;
    }

    fn try_run(&self, suite: &Suite) -> Went {
        if let Some(missing) = self.prepared.missing(suite.needs) {
            bail!("{missing}");
        }
        match suite.how {
            How::Step(step) => Ok((step(&check::log(suite.name))?, String::new())),
            How::Programs { package, target } => {
                let programs = self.programs()?.of(package, target);
                self.run_programs(suite, &programs)
            }
            How::Node { script } => {
                self.programs()?;
                self.run_script(suite, script)
            }
        }
    }

    /// Builds the test programs once, before the clock of the first suite that needs them begins.
    fn build_for(&mut self, suite: &Suite) {
        if self.programs.is_some() || matches!(suite.how, How::Step(_)) {
            return;
        }
        self.programs = Some(Programs::build().map_err(|error| {
            out::line(&format!("{error:#}"));
            "it was not built, see above".to_owned()
        }));
    }

    fn programs(&self) -> Result<&Programs> {
        match &self.programs {
            Some(Ok(programs)) => Ok(programs),
            Some(Err(why)) => bail!("{why}"),
            None => bail!("nothing was built"),
        }
    }

    fn run_programs(&self, suite: &Suite, programs: &[Program]) -> Went {
        let mut sum = Counts::default();
        let mut shown = String::new();
        for program in programs {
            let mut command = Command::new(&program.file);
            command
                .current_dir(&program.folder)
                .env("CARGO_MANIFEST_DIR", &program.folder);
            self.with_variables(suite, &mut command);
            let name = format!("{}-{}", suite.name, program.target);
            let finished = process::logged(command, &check::log(&name), PROGRAM_MAX)?;
            let counts = at_least_one_failure(counts::of_rust(&finished.output), finished.success);
            if counts.failed > 0 {
                shown.push_str(&process::tail(&finished.output, SHOWN_LINES_MAX));
            }
            sum += counts;
        }
        Ok((sum, shown))
    }

    fn run_script(&self, suite: &Suite, script: &str) -> Went {
        let node = self.variable("INTERKPA_NODE").unwrap_or("node".as_ref());
        let mut command = Command::new(node);
        command.arg(script).current_dir(root::folder());
        self.with_variables(suite, &mut command);
        let finished = process::logged(command, &check::log(suite.name), PROGRAM_MAX)?;
        let counts = at_least_one_failure(counts::of_plain(&finished.output), finished.success);
        let shown = if counts.failed > 0 {
            process::tail(&finished.output, SHOWN_LINES_MAX)
        } else {
            String::new()
        };
        Ok((counts, shown))
    }

    fn variable(&self, name: &str) -> Option<&std::ffi::OsStr> {
        let mut all = self.prepared.variables().iter();
        all.find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_os_str())
    }

    fn with_variables(&self, suite: &Suite, command: &mut Command) {
        command.envs(
            self.prepared
                .variables()
                .iter()
                .map(|(key, value)| (key, value)),
        );
        let hub = self
            .programs()
            .ok()
            .and_then(|programs| programs.hub.as_ref());
        command.envs(hub.map(|hub| ("INTERKPA_BIN", hub)));
        command.envs(suite.variable);
    }
}

/// A program that failed without saying which test did has one failure.
fn at_least_one_failure(mut counts: Counts, success: bool) -> Counts {
    if !success && counts.failed == 0 {
        counts.failed = 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: Counts = Counts {
        passed: 12,
        failed: 0,
    };

    #[test]
    fn a_complete_run_closes_with_the_plain_line() {
        assert_eq!(closing(SUM, 9, 9), "12 passed, 0 failed");
    }

    #[test]
    fn a_partial_run_never_closes_with_the_plain_line() {
        let line = closing(SUM, 1, 9);

        assert!(line.contains("partial"));
        assert!(counts::of_plain(&line).nothing());
    }

    #[test]
    fn a_program_that_crashes_has_a_failure_whatever_it_printed() {
        assert_eq!(
            at_least_one_failure(SUM, false),
            Counts {
                passed: 12,
                failed: 1
            }
        );
    }

    fn sum_of(prepared: Prepared, how: How) -> Counts {
        let programs = Some(Ok(Programs::default()));
        let mut runner = Runner {
            prepared,
            programs,
            sum: Counts::default(),
        };
        let suite = Suite {
            name: "example",
            how,
            needs: &[Need::Node],
            variable: None,
        };
        runner.run(&suite);
        runner.sum
    }

    /// A script for the shell, which stands for Node.
    fn script(name: &str, text: &str) -> How {
        let file = root::ground().join("scripts").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        How::Node {
            script: file.display().to_string().leak(),
        }
    }

    #[test]
    fn a_script_is_counted_by_its_last_plain_line() {
        let how = script("counts", "echo journey; echo '3 passed, 1 failed'; exit 1");

        let sum = sum_of(Prepared::example("sh", None), how);

        assert_eq!(
            sum,
            Counts {
                passed: 3,
                failed: 1
            }
        );
    }

    #[test]
    fn a_suite_that_runs_no_test_has_failed() {
        let silent = sum_of(
            Prepared::example("sh", None),
            script("silent", "echo all fine"),
        );
        let no_program = How::Programs {
            package: "interkpa-nothing",
            target: None,
        };

        assert_eq!(silent, Counts::one(false));
        assert_eq!(sum_of(Prepared::default(), no_program), Counts::one(false));
        assert_eq!(
            sum_of(Prepared::default(), How::Step(|_| Ok(Counts::default()))),
            Counts::one(false)
        );
    }

    #[test]
    fn a_suite_whose_ground_is_missing_has_failed_and_does_not_run() {
        let prepared = Prepared::example("sh", Some((Need::Node, "npm is not in the path")));

        assert_eq!(
            sum_of(prepared, script("never", "echo '3 passed, 0 failed'")),
            Counts::one(false)
        );
    }
}
