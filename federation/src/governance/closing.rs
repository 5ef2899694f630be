//! What each hub held when the poll closed, and what the minutes make of it.

use serde_json::{Map, Value};

use super::ballot::pair;
use super::error::Fault;
use super::fields::{self, Fields};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::members::{self, Members};
use super::result::PollResult;
use crate::Instant;

/// The one statement in which a hub lists the ballots that it held at its own closing time.
/// Source: votes.md 4.3, 4.9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Who states it.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
    /// When that hub received the poll.
    pub poll_received_at: Instant,
    /// The hash of its [`SealList`]; equal lists are one object.
    pub list: ObjectHash,
    /// Whether it held the author's cancellation before its closing.
    pub cancel: Cancel,
    /// A register object that the poll should have listed. Any hash is let in: only its presence counts.
    pub stale: Option<ObjectHash>,
}

/// Whether a cancellation was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// Held before the closing.
    Seen,
    /// Not held then.
    NotSeen,
}

/// The ballots that a seal lists, by hub. Unsigned: the seal names its hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealList {
    /// At most one entry for a hub, by hub id.
    pub entries: Vec<Entry>,
}

/// What one voter's ballot was, to the hub that seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The voter.
    pub hub: HubId,
    /// What was on time.
    pub held: Held,
}

/// The on-time ballot of the highest number, or two of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// One ballot.
    Ballot(ObjectHash),
    /// Two ballots of one number, in the order of their hashes.
    Conflict([ObjectHash; 2]),
}

/// What is signed: which seals are named, and the result that follows from them. Its hash names
/// the certified decision everywhere. Source: votes.md 4.9, 4.10.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollValue {
    /// Of which poll.
    pub poll: ObjectHash,
    /// The seals named, a set.
    pub seals: Vec<ObjectHash>,
    /// The result.
    pub result: PollResult,
}

impl Seal {
    /// Reads the members of a seal.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let seen = |value: &Value| value.as_bool()?.then_some(Cancel::Seen);
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            poll_received_at: fields.time("ikpa:pollReceivedAt")?,
            list: fields.hash("ikpa:listSha256")?,
            cancel: fields
                .optional_as("ikpa:cancelSeen", seen)?
                .unwrap_or(Cancel::NotSeen),
            stale: fields.optional_as("ikpa:stale", fields::hash)?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with("ikpa:pollReceivedAt", members::time(self.poll_received_at))
            .with("ikpa:listSha256", self.list)
            .with_some(
                "ikpa:cancelSeen",
                (self.cancel == Cancel::Seen).then_some(true),
            )
            .with_some("ikpa:stale", self.stale)
            .into_map()
    }
}

impl SealList {
    /// Reads the members of a list.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        const FIELD: &str = "ikpa:entries";
        let entries = fields.list(FIELD, Entry::read)?;
        if !entries.is_sorted_by(|one, next| one.hub < next.hub) {
            return Err(Fault::Wrong { field: FIELD });
        }
        Ok(Self { entries })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        let entries = self.entries.iter().map(Entry::write);
        Members::new().with_list("ikpa:entries", entries).into_map()
    }
}

impl Held {
    /// The ballots named: one or two.
    pub fn ballots(&self) -> &[ObjectHash] {
        match self {
            Self::Ballot(ballot) => std::slice::from_ref(ballot),
            Self::Conflict(pair) => pair,
        }
    }
}

impl Entry {
    fn read(value: &Value) -> Result<Self, Fault> {
        Fields::whole(value, "ikpa:entries", |of| {
            let hub = of.hub("ikpa:hub")?;
            let ballot = of.optional_as("ikpa:ballot", fields::hash)?;
            let conflict = of.optional_as("ikpa:conflict", pair)?;
            let held = match (ballot, conflict) {
                (Some(ballot), None) => Held::Ballot(ballot),
                (None, Some(pair)) => Held::Conflict(pair),
                (None, None) => {
                    return Err(Fault::Missing {
                        field: "ikpa:ballot",
                    });
                }
                (Some(_), Some(_)) => {
                    return Err(Fault::Wrong {
                        field: "ikpa:conflict",
                    });
                }
            };
            Ok(Self { hub, held })
        })
    }

    fn write(&self) -> Members {
        let members = Members::new().with("ikpa:hub", self.hub);
        match self.held {
            Held::Ballot(ballot) => members.with("ikpa:ballot", ballot),
            Held::Conflict(pair) => members.with_list("ikpa:conflict", pair),
        }
    }
}

impl PollValue {
    /// Reads the members of a value.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            poll: fields.hash("ikpa:poll")?,
            seals: fields.hashes("ikpa:seals")?,
            result: PollResult::read(fields.required("ikpa:result")?)?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:poll", self.poll)
            .with_list("ikpa:seals", self.seals.iter().copied())
            .with("ikpa:result", self.result.write())
            .into_map()
    }
}
