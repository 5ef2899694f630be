//! One governance object by its type: reading and writing its members.

use serde_json::{Map, Value};

use super::ballot::Ballot;
use super::closing::{PollValue, Seal, SealList};
use super::error::Fault;
use super::fields::Fields;
use super::genesis::Genesis;
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::object::Kind;
use super::poll::Poll;
use super::receipt::{Ack, Digest, Dispute, PollCancel};
use super::register::{KeyRotation, Pause};
use super::rounds::{Minutes, Reread, Sign};

/// What an object says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// The beginning of a network.
    Genesis(Box<Genesis>),
    /// A question.
    Poll(Box<Poll>),
    /// A poll taken back.
    PollCancel(PollCancel),
    /// An answer.
    Ballot(Box<Ballot>),
    /// A receipt.
    Ack(Ack),
    /// What is held, in one hash.
    Digest(Digest),
    /// What was held at the closing.
    Seal(Seal),
    /// The ballots of a seal.
    SealList(SealList),
    /// Seals and result.
    Value(Box<PollValue>),
    /// A value proposed.
    Minutes(Minutes),
    /// A value reread.
    Reread(Reread),
    /// A value signed.
    Sign(Sign),
    /// A reservation.
    Dispute(Dispute),
    /// Another key.
    KeyRotation(Box<KeyRotation>),
    /// Absence or return.
    Pause(Pause),
}

/// A place that one hub may fill once: two different objects in one are a proof of fault, and the
/// driver keeps it unique before anything leaves. Source: votes.md 4.3, S9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// The cancellation of a poll.
    PollCancel,
    /// The ballot of a number.
    Ballot(u8),
    /// The seal of a poll, one ever.
    Seal,
    /// The minutes of a round.
    Minutes(u64),
    /// The reread of a round.
    Reread(u64),
    /// The signature of a round.
    Sign(u64),
    /// The pause of a number; of no poll.
    Pause(u64),
}

impl Body {
    /// Its type.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Genesis(_) => Kind::Genesis,
            Self::Poll(_) => Kind::Poll,
            Self::PollCancel(_) => Kind::PollCancel,
            Self::Ballot(_) => Kind::Ballot,
            Self::Ack(_) => Kind::Ack,
            Self::Digest(_) => Kind::Digest,
            Self::Seal(_) => Kind::Seal,
            Self::SealList(_) => Kind::SealList,
            Self::Value(_) => Kind::Value,
            Self::Minutes(_) => Kind::Minutes,
            Self::Reread(_) => Kind::Reread,
            Self::Sign(_) => Kind::Sign,
            Self::Dispute(_) => Kind::Dispute,
            Self::KeyRotation(_) => Kind::KeyRotation,
            Self::Pause(_) => Kind::Pause,
        }
    }

    /// Who signs it; nobody alone for a genesis, nobody at all for a list and a value.
    pub fn hub(&self) -> Option<HubId> {
        match self {
            Self::Genesis(_) | Self::SealList(_) | Self::Value(_) => None,
            Self::Poll(poll) => Some(poll.author),
            Self::PollCancel(cancel) => Some(cancel.hub),
            Self::Ballot(ballot) => Some(ballot.hub),
            Self::Ack(ack) => Some(ack.hub),
            Self::Digest(digest) => Some(digest.hub),
            Self::Seal(seal) => Some(seal.hub),
            Self::Minutes(minutes) => Some(minutes.hub),
            Self::Reread(reread) => Some(reread.hub),
            Self::Sign(sign) => Some(sign.hub),
            Self::Dispute(dispute) => Some(dispute.hub),
            Self::KeyRotation(rotation) => Some(rotation.hub),
            Self::Pause(pause) => Some(pause.hub),
        }
    }

    /// The poll it belongs to; lists belong to none, for two polls may have equal ones.
    pub fn poll(&self) -> Option<ObjectHash> {
        match self {
            Self::PollCancel(cancel) => Some(cancel.poll),
            Self::Ballot(ballot) => Some(ballot.poll),
            Self::Ack(ack) => Some(ack.poll),
            Self::Digest(digest) => Some(digest.poll),
            Self::Seal(seal) => Some(seal.poll),
            Self::Value(value) => Some(value.poll),
            Self::Minutes(minutes) => Some(minutes.poll),
            Self::Reread(reread) => Some(reread.poll),
            Self::Sign(sign) => Some(sign.poll),
            Self::Genesis(_)
            | Self::Poll(_)
            | Self::SealList(_)
            | Self::Dispute(_)
            | Self::KeyRotation(_)
            | Self::Pause(_) => None,
        }
    }

    /// The place it fills, if its hub may fill it only once.
    pub fn slot(&self) -> Option<Slot> {
        match self {
            Self::PollCancel(_) => Some(Slot::PollCancel),
            Self::Ballot(ballot) => Some(Slot::Ballot(ballot.place.seq())),
            Self::Seal(_) => Some(Slot::Seal),
            Self::Minutes(minutes) => Some(Slot::Minutes(minutes.round)),
            Self::Reread(reread) => Some(Slot::Reread(reread.round)),
            Self::Sign(sign) => Some(Slot::Sign(sign.round)),
            Self::Pause(pause) => Some(Slot::Pause(pause.seq)),
            _ => None,
        }
    }

    /// Reads the members of an object of that type.
    pub(crate) fn read(kind: Kind, fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(match kind {
            Kind::Genesis => Self::Genesis(Box::new(Genesis::read(fields)?)),
            Kind::Poll => Self::Poll(Box::new(Poll::read(fields)?)),
            Kind::PollCancel => Self::PollCancel(PollCancel::read(fields)?),
            Kind::Ballot => Self::Ballot(Box::new(Ballot::read(fields)?)),
            Kind::Ack => Self::Ack(Ack::read(fields)?),
            Kind::Digest => Self::Digest(Digest::read(fields)?),
            Kind::Seal => Self::Seal(Seal::read(fields)?),
            Kind::SealList => Self::SealList(SealList::read(fields)?),
            Kind::Value => Self::Value(Box::new(PollValue::read(fields)?)),
            Kind::Minutes => Self::Minutes(Minutes::read(fields)?),
            Kind::Reread => Self::Reread(Reread::read(fields)?),
            Kind::Sign => Self::Sign(Sign::read(fields)?),
            Kind::Dispute => Self::Dispute(Dispute::read(fields)?),
            Kind::KeyRotation => Self::KeyRotation(Box::new(KeyRotation::read(fields)?)),
            Kind::Pause => Self::Pause(Pause::read(fields)?),
        })
    }

    /// Its members, without context, type and proof.
    pub(crate) fn write(&self) -> Result<Map<String, Value>, Fault> {
        Ok(match self {
            Self::Genesis(genesis) => genesis.write(),
            Self::Poll(poll) => poll.write()?,
            Self::PollCancel(cancel) => cancel.write(),
            Self::Ballot(ballot) => ballot.write(),
            Self::Ack(ack) => ack.write(),
            Self::Digest(digest) => digest.write(),
            Self::Seal(seal) => seal.write(),
            Self::SealList(list) => list.write(),
            Self::Value(value) => value.write(),
            Self::Minutes(minutes) => minutes.write(),
            Self::Reread(reread) => reread.write(),
            Self::Sign(sign) => sign.write(),
            Self::Dispute(dispute) => dispute.write(),
            Self::KeyRotation(rotation) => rotation.write(),
            Self::Pause(pause) => pause.write(),
        })
    }
}
