//! Python with the packages of the second verifier, in an environment of its own under `target/`. Only
//! wheels of the pinned hashes are installed: no code of a package runs while it is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};

use super::machine::Machine;
use crate::{process, root};

/// The oldest Python whose wheels are pinned, as its minor version.
const MINOR_MIN: u32 = 10;
/// An installation that takes longer has lost its registry.
const INSTALL_MAX: Duration = Duration::from_mins(10);
/// The pinned packages.
const REQUIREMENTS: &str = "federation/tests/second-verifier/requirements.txt";
/// The file that says from which requirements the environment was made.
const STAMP: &str = ".made-from";

/// The program of the environment.
///
/// # Errors
/// When Python, its `venv` or a package is missing.
pub(super) fn obtain(machine: &Machine) -> Result<PathBuf> {
    let folder = root::ground().join("python");
    let program = folder.join("bin/python");
    let requirements = root::path(REQUIREMENTS);
    let pinned = fs::read(&requirements).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let wanted = format!("{:x}", Sha256::digest(&pinned));
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(program);
    }
    let mut make = Command::new(python(machine)?);
    make.args(["-m", "venv", "--clear"]).arg(&folder);
    run(make, "python3 -m venv")?;
    let mut install = Command::new(&program);
    install.args([
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--only-binary=:all:",
    ]);
    install
        .args(["--disable-pip-version-check", "-r"])
        .arg(requirements);
    run(install, "pip install")?;
    fs::write(stamp, wanted)?;
    Ok(program)
}

fn run(command: Command, name: &str) -> Result<()> {
    let log = root::ground().join("logs").join("python.log");
    let finished = process::logged(command, Path::new(&log), INSTALL_MAX)?;
    if !finished.success {
        bail!(
            "`{name}` failed: {}",
            process::tail(finished.output.trim(), 8)
        );
    }
    Ok(())
}

/// The machine's Python, new enough.
fn python(machine: &Machine) -> Result<PathBuf> {
    let python = machine.find("python3").ok_or_else(|| {
        anyhow!(
            "python3 is not in the path: {}",
            machine.advice("python3-venv")
        )
    })?;
    let mut command = Command::new(&python);
    command.arg("--version");
    let version = process::captured(command)?;
    match minor(&version) {
        Some(MINOR_MIN..) => Ok(python),
        _ => bail!(
            "python3 is {}, it must be 3.{MINOR_MIN} or later",
            version.trim()
        ),
    }
}

/// `11` of `Python 3.11.7`.
fn minor(version: &str) -> Option<u32> {
    let version = version.trim().strip_prefix("Python 3.")?;
    version.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::machine::tests::bare;

    #[test]
    fn without_python_it_is_python_that_is_named() {
        let error = python(&bare("no-python", &[])).unwrap_err();

        assert!(error.to_string().contains("python3 is not in"), "{error}");
    }

    #[test]
    fn the_minor_version_is_read() {
        assert_eq!(minor("Python 3.11.7\n"), Some(11));
        assert_eq!(minor("Python 2.7.18"), None);
    }

    #[test]
    fn every_package_is_pinned_with_a_hash() {
        let text = fs::read_to_string(root::path(REQUIREMENTS)).unwrap();
        let packages: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with([' ', '#']) && !line.is_empty())
            .collect();

        assert!(packages.len() >= 2);
        assert!(
            packages
                .iter()
                .all(|line| line.contains("==") && line.ends_with('\\'))
        );
    }
}
