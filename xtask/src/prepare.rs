//! What the tests need besides Rust: found, or installed where that may be done, or named exactly.
//!
//! | part | looked for | else |
//! |---|---|---|
//! | PostgreSQL | `INTERKPA_POSTGRES_BIN`, the path, `/usr/lib/postgresql/*/bin`, `pg_config` | Debian's package, as root |
//! | Chromium | `INTERKPA_CHROMIUM`, the path | Debian's package, as root |
//! | Node 22 | `INTERKPA_NODE`, `target/test/node` | the npm package pinned in `xtask/node` |
//! | Node's packages | `node_modules` made from the lock file as it is now | `npm ci`, no install script is run |
//! | Python | `python3` in the path, 3.10 or later, with `venv` | – |
//! | Python's packages | a `venv` under `target/` made from the requirements as they are now | `pip`, wheels pinned by hash |
//!
//! There is no switch to do without a part: a suite that lacks one fails and says what is missing.

mod apt;
mod chromium;
mod machine;
mod node;
mod postgres;
mod python;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

use crate::out;
use machine::Machine;

/// A part of the ground that a suite stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A PostgreSQL of our own; its address is in `INTERKPA_TEST_POSTGRES_URL`.
    Postgres,
    /// A browser; its program is in `INTERKPA_CHROMIUM`.
    Chromium,
    /// Node 22 and the packages of every lock file; its program is in `INTERKPA_NODE`.
    Node,
    /// Python with the packages of the second verifier; its program is in `INTERKPA_PYTHON`.
    Python,
}

impl Need {
    const ALL: [Self; 4] = [Self::Postgres, Self::Chromium, Self::Node, Self::Python];

    fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Chromium => "Chromium",
            Self::Node => "Node",
            Self::Python => "Python",
        }
    }
}

/// Where a part comes from, decided before anything is done.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// It is there.
    Use(PathBuf),
    /// It is absent, and this Debian package brings it.
    Install(&'static str),
    /// It is absent and cannot be brought: this is what a person has to do.
    Missing(String),
}

/// The ground as prepared. What was started ends when this value is dropped, whatever happened.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    missing: BTreeMap<Need, String>,
    variables: Vec<(&'static str, OsString)>,
    postgres: Option<postgres::Postgres>,
}

impl Prepared {
    /// A ground where this program stands for Node and this part is missing.
    #[cfg(test)]
    pub(crate) fn example(node: &str, missing: Option<(Need, &str)>) -> Self {
        Self {
            missing: missing
                .map(|(need, why)| (need, why.to_owned()))
                .into_iter()
                .collect(),
            variables: vec![("INTERKPA_NODE", node.into())],
            ..Self::default()
        }
    }

    /// Why a suite with these needs cannot run.
    pub(crate) fn missing(&self, needs: &[Need]) -> Option<&str> {
        needs
            .iter()
            .find_map(|need| self.missing.get(need))
            .map(String::as_str)
    }

    /// The variables that tell suites where the parts are.
    pub(crate) fn variables(&self) -> &[(&'static str, OsString)] {
        &self.variables
    }

    fn add(&mut self, need: Need, machine: &Machine) {
        let begun = Instant::now();
        match self.try_add(need, machine) {
            Ok(found) => {
                let spent = out::duration(begun.elapsed());
                out::line(&format!("{:<11} {found} ({spent})", need.name()));
            }
            Err(error) => {
                let text = format!("{} is missing: {error:#}", need.name());
                out::line(&text);
                self.missing.insert(need, text);
            }
        }
    }

    fn try_add(&mut self, need: Need, machine: &Machine) -> Result<String> {
        match need {
            Need::Postgres => {
                let folder = apt::obtain(machine, postgres::find::plan)?;
                let postgres = postgres::Postgres::start(&folder, machine)?;
                let found = format!("{} at {}", folder.display(), postgres.url());
                self.variables
                    .push(("INTERKPA_TEST_POSTGRES_URL", postgres.url().into()));
                self.postgres = Some(postgres);
                Ok(found)
            }
            Need::Chromium => {
                let program = apt::obtain(machine, chromium::plan)?;
                let found = program.display().to_string();
                self.variables.push(("INTERKPA_CHROMIUM", program.into()));
                Ok(found)
            }
            Need::Node => {
                let (program, folders) = node::obtain(machine)?;
                let found = format!("{}, packages of {folders} lock files", program.display());
                self.variables.push(("INTERKPA_NODE", program.into()));
                Ok(found)
            }
            Need::Python => {
                let program = python::obtain(machine)?;
                let found = program.display().to_string();
                self.variables.push(("INTERKPA_PYTHON", program.into()));
                Ok(found)
            }
        }
    }
}

/// Prepares these parts, and remembers which are missing.
pub(crate) fn prepare(needs: &[Need]) -> Prepared {
    let mut prepared = Prepared::default();
    let mut needs = needs.to_vec();
    needs.sort_unstable();
    needs.dedup();
    if needs.is_empty() {
        return prepared;
    }
    out::title("what the suites need");
    let machine = Machine::here();
    for need in needs {
        prepared.add(need, &machine);
    }
    prepared
}

/// The command: everything is prepared, said, and stopped again.
pub(crate) fn run() -> bool {
    let prepared = prepare(&Need::ALL);
    prepared.missing.is_empty()
}
