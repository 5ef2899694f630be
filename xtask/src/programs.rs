//! The test programs of the workspace, built by one command, so that every suite and both databases run
//! the same ones and no dependency is built twice with other features.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::process::{self, cargo};
use crate::{check, out, suites, test};

/// How much of the compiler's words is shown; the log has the rest.
const SHOWN_LINES_MAX: usize = 100;

/// A program that runs tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Program {
    /// The crate whose tests it runs.
    pub(crate) package: String,
    /// The name of its target: the crate's for unit tests, the file's for those under `tests/`.
    pub(crate) target: String,
    pub(crate) file: PathBuf,
    /// The crate's folder: tests run there.
    pub(crate) folder: PathBuf,
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    all: Vec<Program>,
    /// The hub's binary.
    pub(crate) hub: Option<PathBuf>,
}

impl Programs {
    /// Builds them; what the compiler says is in the log `build`.
    ///
    /// # Errors
    /// When something does not compile.
    pub(crate) fn build() -> Result<Self> {
        let mut command = cargo(&["test", "--workspace", "--no-run", "--locked"]);
        command.args(["--features", test::FEATURES]);
        command.args(["--message-format", "json-render-diagnostics"]);
        let log = check::log("build");
        out::line(&format!("building the test programs ({}) …", log.display()));
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let begun = Instant::now();
        let output = command
            .stderr(File::create(&log)?)
            .output()
            .context("cannot start cargo")?;
        if !output.status.success() {
            let said = fs::read_to_string(&log)?;
            bail!(
                "the tests do not compile:\n{}",
                process::tail(&said, SHOWN_LINES_MAX)
            );
        }
        out::line(&format!("built in {}", out::duration(begun.elapsed())));
        let programs = Self::read(&String::from_utf8_lossy(&output.stdout))?;
        for program in &programs.all {
            if !suites::runs(&program.package) {
                bail!(
                    "no suite runs the tests of {}: add a line to SUITES",
                    program.package
                );
            }
        }
        Ok(programs)
    }

    fn read(messages: &str) -> Result<Self> {
        let mut programs = Self::default();
        for line in messages.lines() {
            let message: Message = serde_json::from_str(line).context("a message of cargo")?;
            let (Some(file), Some(target)) = (message.executable, message.target) else {
                continue;
            };
            if !message.profile.is_some_and(|profile| profile.test) {
                if target.name == "interkpa" {
                    programs.hub = Some(file);
                }
                continue;
            }
            let manifest = message.manifest_path.unwrap_or_default();
            let folder = manifest.parent().unwrap_or(Path::new("")).to_path_buf();
            let package = package_name(&message.package_id);
            programs.all.push(Program {
                package,
                target: target.name,
                file,
                folder,
            });
        }
        Ok(programs)
    }

    /// The program of this name, or those of the crate that no other suite names.
    pub(crate) fn of(&self, package: &str, target: Option<&str>) -> Vec<Program> {
        let is_of = |program: &&Program| {
            program.package == package
                && match target {
                    Some(target) => program.target == target,
                    None => !suites::is_named(package, &program.target),
                }
        };
        self.all.iter().filter(is_of).cloned().collect()
    }
}

/// What we read of a line of cargo's `--message-format json`.
#[derive(Debug, Deserialize)]
struct Message {
    #[serde(default)]
    package_id: String,
    manifest_path: Option<PathBuf>,
    target: Option<Target>,
    profile: Option<Profile>,
    executable: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Profile {
    test: bool,
}

/// The name in `path+file:///…/web#interkpa-web@0.1.0`, or in `path+file:///…/xtask#0.1.0`.
fn package_name(id: &str) -> String {
    let (place, rest) = id.split_once('#').unwrap_or((id, ""));
    match rest.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => place.rsplit('/').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: &str = concat!(
        r#"{"reason":"compiler-artifact","package_id":"path+file:///r/web#interkpa-web@0.1.0","manifest_path":"/r/web/Cargo.toml","target":{"name":"it"},"profile":{"test":true},"executable":"/r/target/debug/deps/it-1"}"#,
        "\n",
        r#"{"reason":"compiler-artifact","package_id":"path+file:///r/server#interkpa-server@0.1.0","manifest_path":"/r/server/Cargo.toml","target":{"name":"interkpa"},"profile":{"test":false},"executable":"/r/target/debug/interkpa"}"#,
        "\n",
        r#"{"reason":"compiler-artifact","package_id":"registry+x#serde@1.0.0","manifest_path":"/s","target":{"name":"serde"},"profile":{"test":false},"executable":null}"#,
        "\n",
        r#"{"reason":"build-finished","success":true}"#,
    );

    #[test]
    fn test_programs_and_the_hub_are_told_apart() {
        let programs = Programs::read(MESSAGES).unwrap();

        assert_eq!(programs.hub, Some("/r/target/debug/interkpa".into()));
        assert_eq!(
            programs.of("interkpa-web", None),
            [Program {
                package: "interkpa-web".into(),
                target: "it".into(),
                file: "/r/target/debug/deps/it-1".into(),
                folder: "/r/web".into(),
            }]
        );
        assert!(programs.of("interkpa-server", None).is_empty());
    }

    #[test]
    fn the_name_of_a_package_is_read_in_both_forms() {
        assert_eq!(
            package_name("path+file:///r/web#interkpa-web@0.1.0"),
            "interkpa-web"
        );
        assert_eq!(package_name("path+file:///r/xtask#0.1.0"), "xtask");
    }
}
