//! `interkpa tally`: any list of ballots, counted as a poll of the network is.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use interkpa_federation::governance::recount::{LIMITS, Recount};

use super::Ended;
use super::verify::read;
use crate::command::out;

/// Counts a list of ballots: JSON in, JSON out, with the winners.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Tally {
    /// The list, or `-` for standard input.
    file: PathBuf,
}

const EXAMPLE: &str = r#"Example:
  {"method": "ranked", "options": ["a", "b"],
   "ballots": [{"count": 8, "choice": [["b"], ["a"]]}, {"choice": "abstain"}]}
Methods: approval, consent, single, multiple, ranked, score. A ranking is a list of groups of equals."#;

impl Tally {
    pub(super) fn run(self) -> anyhow::Result<Ended> {
        let bytes = read(&self.file, LIMITS.bytes_max)?;
        let recount = Recount::parse(&bytes)
            .with_context(|| format!("{} cannot be counted", self.file.display()))?;
        out::line(recount.result());
        Ok(Ended::Well)
    }
}
