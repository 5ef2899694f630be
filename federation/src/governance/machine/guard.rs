//! What is kept of what comes unasked, so that junk costs little and no proof is lost. Source:
//! votes.md 4.7.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use crate::governance::body::{Body, Slot};
use crate::governance::clerks::Clerks;
use crate::governance::hash::ObjectHash;
use crate::governance::hub_id::HubId;
use crate::governance::ledger::Verified;
use crate::governance::object::Object;

/// So many different objects of one slot are kept unasked: the second is the proof of a fault.
const PER_SLOT_MAX: usize = 2;
/// How far beyond the own round objects are kept one by one.
const ROUNDS_AHEAD_MAX: u64 = 8;

/// What was kept of each hub and slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    kept: BTreeMap<(HubId, Slot), Vec<ObjectHash>>,
    /// The largest round beyond the horizon kept of each hub.
    far: BTreeMap<HubId, u64>,
}

impl Guard {
    /// Whether to keep an object. What something held names is always kept.
    pub(super) fn lets_in(
        &mut self,
        verified: &Verified,
        round: u64,
        clerks: &Clerks,
        wanted: &BTreeSet<ObjectHash>,
    ) -> bool {
        let object = verified.object();
        if wanted.contains(&object.hash()) {
            return true;
        }
        let is_of_use = match object.body() {
            Body::Ballot(_) | Body::Seal(_) | Body::PollCancel(_) => true,
            Body::Minutes(minutes) => {
                clerks.of_round(minutes.round) == Some(minutes.hub)
                    && self.is_near(minutes.hub, minutes.round, round)
            }
            Body::Reread(reread) => self.is_near(reread.hub, reread.round, round),
            Body::Sign(sign) => self.is_near(sign.hub, sign.round, round),
            // Lists and values come when they are named; the rest is no matter of this machine.
            _ => false,
        };
        is_of_use
            && self
                .of_slot(object)
                .is_none_or(|kept| kept.len() < PER_SLOT_MAX)
    }

    /// Within the horizon, or the highest that this hub has sent from beyond it.
    fn is_near(&mut self, hub: HubId, round: u64, own: u64) -> bool {
        if round <= own.saturating_add(ROUNDS_AHEAD_MAX) {
            return true;
        }
        let highest = self.far.entry(hub).or_insert(0);
        let is_higher = round > *highest;
        *highest = round.max(*highest);
        is_higher
    }

    /// Counts an object that is kept.
    pub(super) fn count(&mut self, object: &Object) {
        if let (Some(hub), Some(slot)) = (object.body().hub(), object.body().slot()) {
            let kept = self.kept.entry((hub, slot)).or_default();
            if !kept.contains(&object.hash()) {
                kept.push(object.hash());
            }
        }
    }

    /// The fault that this object, just counted, proves with the one before it.
    pub(super) fn fault(&self, object: &Object) -> Option<Fault> {
        let (hub, slot) = (object.body().hub()?, object.body().slot()?);
        match self.of_slot(object)?.as_slice() {
            [one, other] => {
                let mut objects = [*one, *other];
                objects.sort();
                Some(Fault { hub, slot, objects })
            }
            _ => None,
        }
    }

    fn of_slot(&self, object: &Object) -> Option<&Vec<ObjectHash>> {
        self.kept
            .get(&(object.body().hub()?, object.body().slot()?))
    }
}
