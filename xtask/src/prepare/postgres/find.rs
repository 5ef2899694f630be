//! Where PostgreSQL is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::prepare::Plan;
use crate::prepare::machine::{Machine, is_program};
use crate::process;

const PACKAGE: &str = "postgresql";

/// The folder of PostgreSQL's programs.
pub(in crate::prepare) fn plan(machine: &Machine) -> Plan {
    if let Some(given) = machine.settings.get("INTERKPA_POSTGRES_BIN") {
        return if is_complete(given.as_ref()) {
            Plan::Use(given.into())
        } else {
            let given = given.display();
            Plan::Missing(format!(
                "INTERKPA_POSTGRES_BIN is {given}, without initdb and postgres"
            ))
        };
    }
    match find(machine) {
        Some(folder) => Plan::Use(folder),
        None if machine.may_install() => Plan::Install(PACKAGE),
        None => Plan::Missing(format!(
            "initdb and postgres are neither in the path nor in {}/*/bin: {}, or name their folder in \
             INTERKPA_POSTGRES_BIN",
            machine.postgres_versions.display(),
            machine.advice(PACKAGE)
        )),
    }
}

fn find(machine: &Machine) -> Option<PathBuf> {
    let in_path = machine
        .path
        .iter()
        .find(|folder| is_complete(folder))
        .cloned();
    in_path
        .or_else(|| newest(&machine.postgres_versions))
        .or_else(|| by_configuration(machine))
}

/// The newest of the versions that stand side by side.
fn newest(versions: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(versions).ok()?.filter_map(Result::ok);
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| is_complete(folder))
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder)
}

fn by_configuration(machine: &Machine) -> Option<PathBuf> {
    let mut command = Command::new(machine.find("pg_config")?);
    command.arg("--bindir");
    let folder = PathBuf::from(process::captured(command).ok()?.trim());
    is_complete(&folder).then_some(folder)
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "postgres"]
        .iter()
        .all(|name| is_program(&folder.join(name)))
}
