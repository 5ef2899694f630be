//! Receipts and other statements that change no count.

use serde_json::{Map, Value};

use super::error::Fault;
use super::fields::Fields;
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::members::{self, Members};
use crate::Instant;

/// « Je les tiens, valides, avant ma clôture ; mon relevé les nommera. » Evidence, never needed to
/// count. Source: votes.md 4.6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ack {
    /// Who says so.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
    /// The ballots, a set.
    pub received: Vec<ObjectHash>,
    /// When.
    pub at: Instant,
}

/// What a hub holds for a poll, in one hash, so that two hubs see at once whether they differ.
/// Source: votes.md 4.3, 4.7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Who says so.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
    /// How many objects.
    pub count: u64,
    /// The hash of the canonical list of their hashes.
    pub digest: ObjectHash,
}

/// The author takes the poll back. It holds when enough named seals carry it. Source: votes.md 4.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollCancel {
    /// The author.
    pub hub: HubId,
    /// Of which poll.
    pub poll: ObjectHash,
}

/// A reservation shown beside a result for ever. It never changes it. Source: votes.md 4.12.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// Who.
    pub hub: HubId,
    /// Of which certified value.
    pub value: ObjectHash,
    /// On which ground.
    pub ground: String,
    /// By what it is shown.
    pub evidence: String,
}

impl Ack {
    /// Reads the members of a receipt.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            received: fields.hashes("ikpa:received")?,
            at: fields.time("ikpa:at")?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with_list("ikpa:received", self.received.iter().copied())
            .with("ikpa:at", members::time(self.at))
            .into_map()
    }
}

impl Digest {
    /// Reads the members of a digest.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
            count: fields.count("ikpa:count")?,
            digest: fields.hash("ikpa:digest")?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .with("ikpa:count", self.count)
            .with("ikpa:digest", self.digest)
            .into_map()
    }
}

impl PollCancel {
    /// Reads the members of a cancellation.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            poll: fields.hash("ikpa:poll")?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:poll", self.poll)
            .into_map()
    }
}

impl Dispute {
    /// Reads the members of a reservation.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            hub: fields.hub("ikpa:hub")?,
            value: fields.hash("ikpa:valueHash")?,
            ground: fields.text("ikpa:ground")?,
            evidence: fields.text("ikpa:evidence")?,
        })
    }

    /// Its members.
    pub(crate) fn write(&self) -> Map<String, Value> {
        Members::new()
            .with("ikpa:hub", self.hub)
            .with("ikpa:valueHash", self.value)
            .with("ikpa:ground", self.ground.as_str())
            .with("ikpa:evidence", self.evidence.as_str())
            .into_map()
    }
}
