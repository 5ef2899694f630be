//! Builds the hub and its benchmark as they are released, and runs the one on the other.
//!
//! The benchmark is a crate of its own (`xtask/bench`), so that the workshop stays quick to build.

use anyhow::Result;
use clap::Args;

use crate::process::{cargo, words};
use crate::root;

/// What the benchmark is told; `cargo xtask bench -- --help` lists it.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Profile to build with; figures of any but `release` mean nothing.
    #[arg(long, default_value = "release")]
    profile: String,
    /// --quick, --only NAME, --publications N, --runs N, --json FILE
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

/// Builds and measures; false when something that must hold does not.
///
/// # Errors
/// When it does not compile or cannot be started.
pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    let profile = &arguments.profile;
    // Two builds: together, cargo would give the hub the features of both.
    for package in ["interkpa-server", "interkpa-bench"] {
        let mut build = cargo(&[
            "build",
            "--locked",
            "--profile",
            profile,
            "--package",
            package,
        ]);
        if !build.args(["--bins"]).status()?.success() {
            anyhow::bail!("`{}` failed", words(&build));
        }
    }
    let folder = match profile.as_str() {
        "dev" => "debug",
        other => other,
    };
    let built = root::path("target").join(folder);
    let mut bench = std::process::Command::new(built.join("interkpa-bench"));
    bench
        .current_dir(root::folder())
        .arg("--binary")
        .arg(built.join("interkpa"))
        .args(&arguments.rest);
    Ok(bench.status()?.success())
}
