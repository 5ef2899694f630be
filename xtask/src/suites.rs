//! The suites of `cargo xtask test`. Adding one is one line in [`SUITES`]; none may be skipped.
//!
//! A suite's programs get `INTERKPA_TEST_DATABASE` (`sqlite`, `postgres`), `INTERKPA_TEST_POSTGRES_URL` (for
//! administrators), `INTERKPA_NODE`, `INTERKPA_CHROMIUM` as far as it needs them, and `INTERKPA_BIN`: the hub's
//! binary, built with the feature `testing`.

use anyhow::Result;

use crate::check::{self, Step};
use crate::prepare::Need;

const FEDERATION: &str = "interkpa-federation";
const WEB: &str = "interkpa-web";
const SERVER: &str = "interkpa-server";
const DATABASE: &str = "INTERKPA_TEST_DATABASE";

/// All of them, in the order in which they run: what fails soonest comes first.
///
/// - `Suite::step`: one of our own checks.
/// - `Suite::package`: every test program of a crate, but those that a `Suite::target` names.
/// - `Suite::target`: one file of a crate's `tests/`, by its name in `Cargo.toml`.
/// - `Suite::node`: a script that prints `N passed, N failed` alone on a line.
pub(crate) const SUITES: &[Suite] = &[
    Suite::step("format", check::format),
    Suite::step("tidy", check::tidy),
    Suite::step("lints", check::lints),
    Suite::step("documentation", check::documentation),
    Suite::package("xtask", "xtask"),
    Suite::package("bench", "interkpa-bench"),
    Suite::package("federation", FEDERATION),
    Suite::target("second-verifier", FEDERATION, "second-verifier").needing(&[Need::Python]),
    Suite::package("web", WEB),
    Suite::package("server-sqlite", SERVER).with(DATABASE, "sqlite"),
    Suite::package("server-postgres", SERVER)
        .with(DATABASE, "postgres")
        .needing(&[Need::Postgres]),
    Suite::target("hostile-sqlite", SERVER, "hostile").with(DATABASE, "sqlite"),
    Suite::target("hostile-postgres", SERVER, "hostile")
        .with(DATABASE, "postgres")
        .needing(&[Need::Postgres]),
    Suite::target("kills", SERVER, "kills").needing(&[Need::Postgres]),
    Suite::node("fedify", "server/tests/peers/fedify/run.js").needing(&[Need::Node]),
    Suite::node("browser", "web/e2e/browser.mjs").needing(&[Need::Node, Need::Chromium]),
];

/// A set of tests that is counted together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suite {
    /// One word, for `--only` and the log.
    pub(crate) name: &'static str,
    pub(crate) how: How,
    /// What must be prepared first.
    pub(crate) needs: &'static [Need],
    /// A setting of its own.
    pub(crate) variable: Option<(&'static str, &'static str)>,
}

/// How a suite runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum How {
    /// A function of ours, which writes the log named to it.
    Step(Step),
    /// Test programs of a crate: the one of this name, or all that no other suite names.
    Programs {
        package: &'static str,
        target: Option<&'static str>,
    },
    /// A script run by Node from the root of the repository.
    Node { script: &'static str },
}

impl Suite {
    const fn new(name: &'static str, how: How) -> Self {
        Self {
            name,
            how,
            needs: &[],
            variable: None,
        }
    }

    const fn step(name: &'static str, step: Step) -> Self {
        Self::new(name, How::Step(step))
    }

    const fn package(name: &'static str, package: &'static str) -> Self {
        Self::new(
            name,
            How::Programs {
                package,
                target: None,
            },
        )
    }

    const fn target(name: &'static str, package: &'static str, target: &'static str) -> Self {
        Self::new(
            name,
            How::Programs {
                package,
                target: Some(target),
            },
        )
    }

    const fn node(name: &'static str, script: &'static str) -> Self {
        Self::new(name, How::Node { script })
    }

    const fn needing(mut self, needs: &'static [Need]) -> Self {
        self.needs = needs;
        self
    }

    const fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variable = Some((name, value));
        self
    }
}

/// Whether a suite names this test program alone, so that the suite of its crate leaves it out.
pub(crate) fn is_named(package: &str, target: &str) -> bool {
    SUITES.iter().any(|suite| {
        matches!(suite.how, How::Programs { package: of, target: Some(named) }
            if of == package && named == target)
    })
}

/// Whether a suite runs the test programs of this crate.
pub(crate) fn runs(package: &str) -> bool {
    SUITES.iter().any(
        |suite| matches!(suite.how, How::Programs { package: of, target: None } if of == package),
    )
}

/// The suites of these names, or all.
///
/// # Errors
/// When a name is of no suite; the message lists them.
pub(crate) fn chosen(only: &[String]) -> Result<Vec<&'static Suite>> {
    for name in only {
        anyhow::ensure!(
            SUITES.iter().any(|suite| suite.name == name),
            "no suite {name}; there are: {}",
            SUITES
                .iter()
                .map(|suite| suite.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let wanted = |suite: &&Suite| only.is_empty() || only.iter().any(|name| name == suite.name);
    Ok(SUITES.iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_suite_is_refused_with_the_list() {
        let error = chosen(&["speed".into()]).unwrap_err().to_string();

        assert!(
            error.contains("no suite speed") && error.contains("server-postgres"),
            "{error}"
        );
    }

    #[test]
    fn without_a_choice_every_suite_runs() {
        assert_eq!(chosen(&[]).unwrap().len(), SUITES.len());
        assert_eq!(chosen(&["web".into()]).unwrap().len(), 1);
    }

    #[test]
    fn a_crate_without_a_suite_is_noticed() {
        assert!(runs("interkpa-federation"));
        assert!(!runs("interkpa-forgotten"));
    }

    #[test]
    fn names_are_unique() {
        for suite in SUITES {
            assert_eq!(
                SUITES
                    .iter()
                    .filter(|other| other.name == suite.name)
                    .count(),
                1
            );
        }
    }

    #[test]
    fn the_tests_of_the_server_run_on_both_databases() {
        let databases: Vec<&str> = SUITES
            .iter()
            .filter(|suite| {
                matches!(
                    suite.how,
                    How::Programs {
                        package: SERVER,
                        target: None
                    }
                )
            })
            .filter_map(|suite| suite.variable.map(|(_, value)| value))
            .collect();

        assert_eq!(databases, ["sqlite", "postgres"]);
    }
}
