//! Any list of ballots as JSON, and its result as JSON: what `interkpa tally` reads and prints.
//!
//! ```json
//! {"method": "ranked", "options": ["Ancienne", "Nouvelle"],
//!  "ballots": [{"count": 8, "choice": [["Nouvelle"], ["Ancienne"]]}, {"choice": "abstain"}]}
//! ```
//!
//! For a school, a checker, a doubt. The count is [`super::tally::judge`], the same as in a poll;
//! names of options are free, and nothing is signed.

mod read;
mod write;

use serde_json::Value;

use super::choice::Choice;
use super::error::Fault;
use super::question::Question;
use super::rule::Rule;
use super::tally::{Ask, Voice, judge};
use crate::json::{JsonLimits, strict_json};

/// What a list of ballots may cost to read: 16 MiB, 1 000 000 values.
pub const LIMITS: JsonLimits = JsonLimits {
    bytes_max: 16 * 1_048_576,
    depth_max: 8,
    values_max: 1_000_000,
    name_bytes_max: 256,
};

/// Most ballots in all, so that sums of scores stay integers that every reader keeps.
pub const BALLOTS_MAX: u64 = 1_000_000_000_000;

/// A list of ballots, understood.
#[derive(Debug, Clone)]
pub struct Recount {
    question: Question,
    rule: Rule,
    /// How many have a voice; without it, those who answer.
    electorate: Option<u64>,
    ballots: Vec<(u64, Choice)>,
}

/// Why a list of ballots is not counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecountError {
    /// The list is not of the form described here.
    #[error(transparent)]
    Form(#[from] Fault),
    /// One ballot does not answer the question; ballots count from 1.
    #[error("ballot {number} does not answer the question")]
    Ballot {
        /// Which one.
        number: usize,
    },
    /// More ballots than [`BALLOTS_MAX`].
    #[error("more than {BALLOTS_MAX} ballots")]
    TooMany,
}

impl RecountError {
    /// The stable code of the refusal. Source: security.md §8.1.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Form(Fault::Json(_)) => "bad_json",
            Self::Form(_) => "tally_invalid",
            Self::Ballot { .. } => "ballot_invalid",
            Self::TooMany => "too_long",
        }
    }
}

impl Recount {
    /// Reads a list of ballots.
    ///
    /// # Errors
    /// [`RecountError`] names the first rule broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, RecountError> {
        let value = strict_json(bytes, LIMITS).map_err(Fault::from)?;
        Self::from_json(&value)
    }

    /// Reads a list of ballots from JSON.
    ///
    /// # Errors
    /// As [`Recount::parse`].
    pub fn from_json(value: &Value) -> Result<Self, RecountError> {
        let (recount, ballots) = read::list(value)?;
        recount.with_ballots(ballots)
    }

    /// The result, with `outcome`, `counts` and `winners` always; rankings also have the whole `order`
    /// and the numbers it stands on.
    pub fn result(&self) -> Value {
        let voices: Vec<Voice<'_>> = self
            .ballots
            .iter()
            .map(|(count, choice)| Voice {
                count: *count,
                choice,
            })
            .collect();
        let answered = voices.iter().map(|voice| voice.count).sum();
        let electorate = self.electorate.unwrap_or(answered);
        let ask = Ask {
            question: &self.question,
            rule: &self.rule,
            electorate,
        };
        write::result(self, electorate, &judge(ask, &voices))
    }
}
