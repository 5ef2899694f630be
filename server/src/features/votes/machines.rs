//! The machines of the polls under way, remembered between two steps: what they hold is what the
//! rows say, but their timers are in memory alone, and opening one verifies every signature anew.

use std::sync::{Mutex, PoisonError};

use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::machine::Machine;

use crate::bounded::{Bounded, Room};

/// Most machines remembered.
const MACHINES_MAX: usize = 64;

/// Machines by poll, each with the name of the step that it stands at: another process may have made
/// a later one, or a transaction may have been undone.
#[derive(Debug)]
pub struct Machines(Mutex<Bounded<ObjectHash, (String, Machine)>>);

impl Machines {
    /// None.
    pub fn new() -> Self {
        Self(Mutex::new(Bounded::new(MACHINES_MAX)))
    }

    /// The machine of a poll, if it stands at that step; it is forgotten here.
    pub(super) fn take(&self, poll: ObjectHash, step: &str) -> Option<Machine> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (stands_at, machine) = known.remove(&poll)?;
        (stands_at == step).then_some(machine)
    }

    /// A copy of the machine of a poll, if it stands at that step.
    pub(super) fn copy(&self, poll: ObjectHash, step: &str) -> Option<Machine> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (stands_at, machine) = known.get(&poll)?;
        (stands_at == step).then(|| machine.clone())
    }

    /// Remembers a machine at a step.
    pub(super) fn put(&self, poll: ObjectHash, step: String, machine: Machine) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(poll, (step, machine));
    }

    /// How full it is.
    pub fn room(&self) -> Room {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).room()
    }
}

impl Default for Machines {
    fn default() -> Self {
        Self::new()
    }
}
