//! Debian's packages, for a part that is missing and that we may install.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Result, bail};

use super::Plan;
use super::machine::Machine;
use crate::{out, process, root};

/// An installation that takes longer has lost its mirror.
const INSTALL_MAX: Duration = Duration::from_mins(10);

/// Finds the part, after installing it where the plan says so.
///
/// # Errors
/// When it is missing and cannot be brought, or is still not there after its package was installed.
pub(super) fn obtain(machine: &Machine, plan: fn(&Machine) -> Plan) -> Result<PathBuf> {
    match plan(machine) {
        Plan::Use(found) => Ok(found),
        Plan::Missing(why) => bail!(why),
        Plan::Install(package) => {
            install(package)?;
            match plan(machine) {
                Plan::Use(found) => Ok(found),
                _ => bail!("Debian's package `{package}` was installed, but did not bring it"),
            }
        }
    }
}

fn install(package: &str) -> Result<()> {
    static LISTS_ARE_FRESH: AtomicBool = AtomicBool::new(false);
    out::line(&format!("installing Debian's package {package} …"));
    if !LISTS_ARE_FRESH.swap(true, Ordering::Relaxed) {
        apt_get(&["update"])?;
    }
    apt_get(&["install", "--yes", "--no-install-recommends", package])
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    let words = process::words(&command);
    let log = root::ground().join("logs").join("apt-get.log");
    let finished = process::logged(command, &log, INSTALL_MAX)?;
    if !finished.success {
        bail!(
            "`{words}` failed: {}",
            process::tail(finished.output.trim(), 8)
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_brought_is_named() {
        let error = obtain(&Machine::default(), |_| {
            Plan::Missing("no such part".into())
        });

        assert_eq!(error.unwrap_err().to_string(), "no such part");
    }
}
