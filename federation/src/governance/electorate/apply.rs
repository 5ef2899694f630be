//! What each decision and each statement does to the register. Source: votes.md 6.5, « replay ».

use std::collections::{BTreeMap, BTreeSet};

use super::{Certified, ElectorateError, Entry, Register};
use crate::Instant;
use crate::governance::body::Body;
use crate::governance::effect::hubs::NewKeys;
use crate::governance::effect::{Effect, Payload, Standing};
use crate::governance::genesis::{Founder, Genesis};
use crate::governance::hub_id::HubId;
use crate::governance::object::Object;
use crate::governance::poll::Poll;
use crate::governance::register::{KeyRotation, Pause, Presence};
use crate::multikey::PublicKey;

/// One hub of the register.
#[derive(Debug, Clone)]
pub(super) struct Hub {
    pub(super) key: PublicKey,
    pub(super) delegate_key: Option<PublicKey>,
    recovery_key: PublicKey,
    /// Every key that it had, the present one included: none of them comes back.
    keys: Vec<PublicKey>,
    standing: Standing,
    /// Whether its time of observation is over.
    observed: Observation,
    presence: Presence,
}

/// Where an admitted hub stands in its time of observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Observation {
    Running,
    Over,
}

impl Hub {
    fn new(key: PublicKey, recovery_key: PublicKey, observed: Observation) -> Self {
        Self {
            key,
            delegate_key: None,
            recovery_key,
            keys: vec![key],
            standing: Standing::Member,
            observed,
            presence: Presence::Back,
        }
    }

    /// A member whose observation is over and who is not away.
    pub(super) fn has_a_voice(&self) -> bool {
        self.standing == Standing::Member
            && self.observed == Observation::Over
            && self.presence == Presence::Back
    }

    /// How it stands.
    pub(super) fn entry(&self, hub: HubId) -> Entry {
        Entry {
            hub,
            key: self.key,
            standing: self.standing,
            has_a_voice: self.has_a_voice(),
            presence: self.presence,
        }
    }

    fn take(&mut self, key: PublicKey) {
        self.key = key;
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }
}

/// The payload of a poll that the register takes over.
fn payload(poll: &Poll) -> Option<&Payload> {
    match &poll.effect {
        Some(Effect::Change { payload, .. }) => Some(payload),
        _ => None,
    }
}

/// Whether the effect of the poll is one of the register or of the rules.
pub(super) fn changes_the_register(poll: &Poll) -> bool {
    matches!(
        payload(poll),
        Some(Payload::Admit(_) | Payload::Suspend { .. } | Payload::Keys(_) | Payload::Rules(_))
    )
}

impl Register {
    /// Founders have a voice at once.
    pub(super) fn of(genesis: &Genesis) -> Self {
        let hub = |founder: &Founder| {
            let mut hub = Hub::new(founder.key, founder.recovery_key, Observation::Over);
            hub.delegate_key = founder.delegate_key;
            (founder.hub(), hub)
        };
        Self {
            hubs: genesis.founders.iter().map(hub).collect(),
            rules: genesis.rules.clone(),
        }
    }

    /// One certified decision; the caller passes them in the order of their closes.
    ///
    /// An admission gives a voice once the time of observation is over too, by the rules of its own
    /// poll. What touches an unknown hub, or admits a known one, does nothing.
    pub(super) fn decide(&mut self, decision: &Certified<'_>, notice_at: Instant) {
        match payload(decision.poll) {
            Some(Payload::Admit(admission)) => {
                let voice_at = decision.effective_at() + decision.rules.observation;
                let observed = if voice_at <= notice_at {
                    Observation::Over
                } else {
                    Observation::Running
                };
                self.hubs.entry(admission.hub()).or_insert_with(|| {
                    let mut hub = Hub::new(admission.key, admission.recovery_key, observed);
                    hub.delegate_key = admission.delegate_key;
                    hub
                });
            }
            Some(Payload::Suspend { hub, standing }) => {
                if let Some(hub) = self.hubs.get_mut(hub) {
                    hub.standing = *standing;
                }
            }
            Some(Payload::Keys(keys)) => self.give_keys(keys),
            Some(Payload::Rules(rules)) => self.rules = (**rules).clone(),
            _ => {}
        }
    }

    /// A key that the decision leaves out stays as it is.
    fn give_keys(&mut self, keys: &NewKeys) {
        if let Some(hub) = self.hubs.get_mut(&keys.hub) {
            hub.take(keys.key);
            hub.recovery_key = keys.recovery_key.unwrap_or(hub.recovery_key);
            hub.delegate_key = keys.delegate_key.or(hub.delegate_key);
        }
    }

    /// Rotations: while one ends the present key of a hub, its new key takes over, unless the hub had
    /// it before. Others do nothing, yet each must be proved.
    pub(super) fn rotate(&mut self, statements: &[&Object]) -> Result<(), ElectorateError> {
        let mut listed: BTreeMap<HubId, Vec<&KeyRotation>> = BTreeMap::new();
        for object in statements {
            let Body::KeyRotation(rotation) = object.body() else {
                continue;
            };
            let hub = rotation.hub;
            let known = self
                .hubs
                .get(&hub)
                .ok_or(ElectorateError::Unknown { hub })?;
            object.verify_rotation(&known.recovery_key)?;
            let of_hub = listed.entry(hub).or_default();
            if of_hub.iter().any(|other| other.old == rotation.old) {
                return Err(ElectorateError::Twice { hub });
            }
            of_hub.push(rotation);
        }
        for (id, rotations) in listed {
            let Some(hub) = self.hubs.get_mut(&id) else {
                continue;
            };
            // No key comes back, so each rotation is used once at most and this ends.
            while let Some(next) = rotations
                .iter()
                .find(|rotation| rotation.old == hub.key && !hub.keys.contains(&rotation.new))
            {
                hub.take(next.new);
            }
        }
        Ok(())
    }

    /// Pauses: of each hub the highest number holds, signed by any key that it had.
    pub(super) fn pause(&mut self, statements: &[&Object]) -> Result<(), ElectorateError> {
        let mut numbers: BTreeSet<(HubId, u64)> = BTreeSet::new();
        let mut highest: BTreeMap<HubId, &Pause> = BTreeMap::new();
        for object in statements {
            let pause = match object.body() {
                Body::Pause(pause) => pause,
                Body::KeyRotation(_) => continue,
                _ => return Err(ElectorateError::NotADecision),
            };
            let hub = pause.hub;
            let known = self
                .hubs
                .get(&hub)
                .ok_or(ElectorateError::Unknown { hub })?;
            if !numbers.insert((hub, pause.seq)) {
                return Err(ElectorateError::Twice { hub });
            }
            object.verify_by_any(hub, &known.keys)?;
            let best = highest.entry(hub).or_insert(pause);
            if pause.seq > best.seq {
                *best = pause;
            }
        }
        for (id, pause) in highest {
            if let Some(hub) = self.hubs.get_mut(&id) {
                hub.presence = pause.presence;
            }
        }
        Ok(())
    }
}
