//! `cargo xtask new-feature NAME`.

use anyhow::Result;

/// What the command is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The feature's folder, in lower case: one plural word of the glossary
    name: String,
}

/// The command.
pub(crate) fn run(arguments: &Arguments) -> Result<bool> {
    anyhow::bail!("not yet: {}", arguments.name)
}
