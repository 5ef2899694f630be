//! Who has a voice in one poll: the register, replayed from the genesis to the notice instant.
//!
//! The register is the set of certified decisions, and each poll names the whole set that it builds
//! on; so the replay looks at nothing else, and every hub comes to the same members. Not here: whether
//! a value is certified, which the caller has checked for each decision it passes.
//! Source: votes.md 6.4, 6.5.

mod apply;

use std::collections::BTreeMap;

use super::effect::Standing;
use super::error::ObjectError;
use super::genesis::Genesis;
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::object::Object;
use super::poll::Poll;
use super::poll::voters::Member;
use super::register::Presence;
use super::result::Outcome;
use super::rules::Rules;
use crate::Instant;
use crate::multikey::PublicKey;
use apply::Hub;

/// One entry of `decisions`, resolved.
#[derive(Debug, Clone, Copy)]
pub enum Decision<'a> {
    /// A certified result.
    Certified(Certified<'a>),
    /// A key rotation or a pause.
    Statement(&'a Object),
}

/// A certified result and the poll it decides.
#[derive(Debug, Clone, Copy)]
pub struct Certified<'a> {
    /// The hash of the poll, which orders decisions that close together.
    pub poll_hash: ObjectHash,
    /// The poll.
    pub poll: &'a Poll,
    /// What it came to.
    pub outcome: Outcome,
    /// The rules that held for it, by its own replay.
    pub rules: &'a Rules,
}

impl Certified<'_> {
    /// From when it binds. Source: votes.md 6.4.
    pub fn effective_at(&self) -> Instant {
        self.poll.closes_at + self.rules.effect_delay
    }
}

/// The register as one poll must see it.
#[derive(Debug, Clone)]
pub struct Register {
    hubs: BTreeMap<HubId, Hub>,
    rules: Rules,
}

/// A member as the register gives it; where it lives is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elector {
    /// Who.
    pub hub: HubId,
    /// Its key.
    pub key: PublicKey,
    /// The delegate's own key.
    pub delegate_key: Option<PublicKey>,
}

/// How one hub stands in the register, whether or not it has a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub hub: HubId,
    /// Its key.
    pub key: PublicKey,
    /// What the network decided.
    pub standing: Standing,
    /// Whether it has a voice now: a member, observed for long enough, and not away.
    pub has_a_voice: bool,
    /// Whether it says that it takes part.
    pub presence: Presence,
}

/// Why a poll does not stand on the register. It is the same everywhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ElectorateError {
    /// A listed decision was not adopted.
    #[error("a listed decision was not adopted")]
    NotAdopted,
    /// A listed decision changes neither the register nor the rules.
    #[error("a listed decision changes neither the register nor the rules")]
    NotOfTheRegister,
    /// A listed decision stands on another genesis.
    #[error("a listed decision is of another network")]
    OtherNetwork,
    /// A listed decision does not bind yet at the notice instant.
    #[error("a listed decision does not bind yet")]
    NotEffective,
    /// A listed object is no decision, rotation or pause.
    #[error("a listed object is neither a decision nor a rotation nor a pause")]
    NotADecision,
    /// Two listed rotations end one key, or two listed pauses have one number.
    #[error("{hub} said two things in one place")]
    Twice {
        /// Who.
        hub: HubId,
    },
    /// A rotation or pause of a hub that the register does not know.
    #[error("{hub} is not in the register")]
    Unknown {
        /// Who.
        hub: HubId,
    },
    /// A rotation or pause that its hub did not sign.
    #[error(transparent)]
    Unproved(#[from] ObjectError),
    /// The members of the poll are not those of the register.
    #[error("the members are not those of the register")]
    Members,
    /// The certifiers of the poll are not those of the rules.
    #[error("the certifiers are not those of the rules")]
    Certifiers,
    /// The poll gives other delays than the rules.
    #[error("the delays are not those of the rules")]
    Delays,
    /// The rules do not let its effect be decided so.
    #[error("the rules do not let this be decided so")]
    Rule,
}

impl ElectorateError {
    /// The stable code of the refusal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAdopted => "decision_not_adopted",
            Self::NotOfTheRegister => "decision_not_of_the_register",
            Self::OtherNetwork => "decision_of_another_network",
            Self::NotEffective => "decision_not_effective",
            Self::NotADecision => "not_a_decision",
            Self::Twice { .. } => "statement_twice",
            Self::Unknown { .. } => "hub_unknown",
            Self::Unproved(error) => error.code(),
            Self::Members => "members_not_of_the_register",
            Self::Certifiers => "certifiers_not_of_the_rules",
            Self::Delays => "delays_not_of_the_rules",
            Self::Rule => "rule_not_allowed",
        }
    }
}

/// Replays the register for one poll from the decisions that it lists, in any order.
///
/// # Errors
/// [`ElectorateError`] names what makes the poll invalid.
pub fn replay(
    poll: &Poll,
    genesis: &Genesis,
    decisions: &[Decision<'_>],
) -> Result<Register, ElectorateError> {
    replay_at(
        poll.notice_at(),
        poll.electorate.genesis,
        genesis,
        decisions,
    )
}

/// Replays the register at an instant from decisions that are known by then, in any order: what the
/// next poll builds on.
///
/// # Errors
/// [`ElectorateError`] names what cannot stand together.
pub fn replay_at(
    notice_at: Instant,
    genesis_hash: ObjectHash,
    genesis: &Genesis,
    decisions: &[Decision<'_>],
) -> Result<Register, ElectorateError> {
    let mut certified = vec![];
    let mut statements = vec![];
    for decision in decisions {
        match decision {
            Decision::Certified(decision) => {
                check_decision(decision, genesis_hash, notice_at)?;
                certified.push(*decision);
            }
            Decision::Statement(object) => statements.push(*object),
        }
    }
    certified.sort_by_key(|decision| (decision.poll.closes_at, decision.poll_hash));
    let mut register = Register::of(genesis);
    for decision in certified {
        register.decide(&decision, notice_at);
    }
    register.rotate(&statements)?;
    register.pause(&statements)?;
    Ok(register)
}

/// A listed decision was adopted, is of this network, changes the register, and binds already.
fn check_decision(
    decision: &Certified<'_>,
    genesis: ObjectHash,
    notice_at: Instant,
) -> Result<(), ElectorateError> {
    if decision.outcome != Outcome::Adopted {
        return Err(ElectorateError::NotAdopted);
    }
    if decision.poll.electorate.genesis != genesis {
        return Err(ElectorateError::OtherNetwork);
    }
    if !apply::changes_the_register(decision.poll) {
        return Err(ElectorateError::NotOfTheRegister);
    }
    if decision.effective_at() > notice_at {
        return Err(ElectorateError::NotEffective);
    }
    Ok(())
}

impl Register {
    /// Who has a voice, by hub id.
    pub fn electors(&self) -> Vec<Elector> {
        let voices = self.hubs.iter().filter(|(_, hub)| hub.has_a_voice());
        voices
            .map(|(id, hub)| Elector {
                hub: *id,
                key: hub.key,
                delegate_key: hub.delegate_key,
            })
            .collect()
    }

    /// Every hub that it ever knew, by hub id.
    pub fn entries(&self) -> Vec<Entry> {
        self.hubs.iter().map(|(id, hub)| hub.entry(*id)).collect()
    }

    /// The rules in force.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether the poll says what the register and its rules say. Source: votes.md 4.4.
    ///
    /// # Errors
    /// [`ElectorateError`] names what differs.
    pub fn check(&self, poll: &Poll) -> Result<(), ElectorateError> {
        let same = |member: &Member, elector: &Elector| {
            member.hub == elector.hub
                && member.key == elector.key
                && member.delegate_key == elector.delegate_key
        };
        let (members, electors) = (&poll.electorate.members, self.electors());
        if members.len() != electors.len()
            || !members.iter().zip(&electors).all(|(m, e)| same(m, e))
        {
            return Err(ElectorateError::Members);
        }
        if self.rules.certifiers(members) != poll.certifiers {
            return Err(ElectorateError::Certifiers);
        }
        if self.rules.grace != poll.grace || self.rules.min_notice != poll.min_notice {
            return Err(ElectorateError::Delays);
        }
        let (effect, kind) = (poll.effect.as_ref(), poll.question.kind());
        if !self.rules.allow(effect, kind, &poll.rule, poll.convocation) {
            return Err(ElectorateError::Rule);
        }
        Ok(())
    }
}
