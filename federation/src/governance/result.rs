//! The result of a poll, as it is signed.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::Fault;
use super::fields::{self, Fields};
use super::members::Members;
use super::question::{OptionId, option_id};

words! {
    /// What a poll came to. Source: votes.md 4.11.
    pub enum Outcome {
        /// It has its effect.
        Adopted = "adopted",
        /// It has none.
        Rejected = "rejected",
        /// Too few took part.
        NoQuorum = "no_quorum",
        /// Equal numbers: nothing changes, and nothing is drawn by lot.
        Tie = "tie",
        /// Too many hubs received it too late.
        VoidNotice = "void_notice",
        /// It did not stand on the register of its time.
        VoidElectorate = "void_electorate",
        /// Its author cancelled it before the close.
        Cancelled = "cancelled",
    }
}

/// The result: what every hub computes alike, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollResult {
    /// What it came to.
    pub outcome: Outcome,
    /// How many have a voice.
    pub electorate: u64,
    /// How many voices are void because the hub signed two ballots of one number.
    pub void: u64,
    /// How many of the named seals report that the poll came late.
    pub late: u64,
    /// How many report the author's cancellation.
    pub cancel: u64,
    /// How many report a register object that the poll lacks.
    pub stale: u64,
    /// The numbers.
    pub counts: Counts,
    /// The best options, a set; none when no ballot chooses. Absent for approval and consent.
    pub winners: Option<Vec<OptionId>>,
}

/// The numbers of a result, by kind of question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counts {
    /// Approval.
    Approval {
        /// For.
        approve: u64,
        /// Against.
        oppose: u64,
        /// Neither.
        abstain: u64,
    },
    /// Consent.
    Consent {
        /// Consents.
        consent: u64,
        /// Objections.
        object: u64,
        /// Neither.
        abstain: u64,
    },
    /// Several options.
    Options {
        /// Abstentions.
        abstain: u64,
        /// All counted ballots, abstentions included.
        participants: u64,
        /// Ballots, or the sum of scores, of each option; empty for rankings.
        options: BTreeMap<OptionId, i64>,
    },
}

impl PollResult {
    /// Reads the result of a value.
    pub(crate) fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:result", |of| {
            let result = Self {
                outcome: of.required_as("ikpa:outcome", |word| Outcome::parse(word.as_str()?))?,
                electorate: of.count("ikpa:electorate")?,
                void: of.count("ikpa:void")?,
                late: of.count("ikpa:late")?,
                cancel: of.count("ikpa:cancel")?,
                stale: of.count("ikpa:stale")?,
                counts: of
                    .required_as("ikpa:counts", |counts| Counts::read(counts.as_object()?))?,
                winners: of.optional_as("ikpa:winners", |ids| fields::set(ids, option_id))?,
            };
            let has_options = matches!(result.counts, Counts::Options { .. });
            if has_options != result.winners.is_some() {
                return Err(Fault::Wrong {
                    field: "ikpa:winners",
                });
            }
            Ok(result)
        })
    }

    /// As it stands in a value.
    pub(crate) fn write(&self) -> Members {
        let members = Members::new()
            .with("ikpa:outcome", self.outcome.as_str())
            .with("ikpa:electorate", self.electorate)
            .with("ikpa:void", self.void)
            .with("ikpa:late", self.late)
            .with("ikpa:cancel", self.cancel)
            .with("ikpa:stale", self.stale)
            .with("ikpa:counts", self.counts.write());
        match &self.winners {
            Some(winners) => members.with_list("ikpa:winners", winners.iter().copied()),
            None => members,
        }
    }

    /// The result as JSON, for readers outside of this crate.
    pub fn to_json(&self) -> Value {
        self.write().into()
    }
}

impl Counts {
    fn read(members: &Map<String, Value>) -> Option<Self> {
        let of = |word: &str| members.get(word).and_then(Value::as_u64);
        let has_three = members.len() == 3;
        if let (true, Some(approve), Some(oppose), Some(abstain)) =
            (has_three, of("approve"), of("oppose"), of("abstain"))
        {
            return Some(Self::Approval {
                approve,
                oppose,
                abstain,
            });
        }
        if let (true, Some(consent), Some(object), Some(abstain)) =
            (has_three, of("consent"), of("object"), of("abstain"))
        {
            return Some(Self::Consent {
                consent,
                object,
                abstain,
            });
        }
        let number =
            |(id, number): (&String, &Value)| Some((OptionId::parse(id)?, number.as_i64()?));
        let options = members
            .iter()
            .filter(|(word, _)| !matches!(word.as_str(), "abstain" | "participants"))
            .map(number)
            .collect::<Option<_>>()?;
        Some(Self::Options {
            abstain: of("abstain")?,
            participants: of("participants")?,
            options,
        })
    }

    pub(super) fn write(&self) -> Members {
        match self {
            Self::Approval {
                approve,
                oppose,
                abstain,
            } => Members::new()
                .with("approve", *approve)
                .with("oppose", *oppose)
                .with("abstain", *abstain),
            Self::Consent {
                consent,
                object,
                abstain,
            } => Members::new()
                .with("consent", *consent)
                .with("object", *object)
                .with("abstain", *abstain),
            Self::Options {
                abstain,
                participants,
                options,
            } => options.iter().fold(
                Members::new()
                    .with("abstain", *abstain)
                    .with("participants", *participants),
                |members, (id, number)| members.with(&id.to_string(), *number),
            ),
        }
    }
}
