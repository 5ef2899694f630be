//! One hub: its machine, and the disk that survives a crash.

use std::collections::BTreeMap;
use std::sync::Arc;

use interkpa_federation::governance::body::Slot;
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::machine::{Arrival, Machine, Opening, Stored};
use interkpa_federation::governance::object::Object;
use interkpa_federation::{Instant, Span};

/// A row of the disk, in the order of writing.
#[derive(Clone)]
enum Row {
    Object(Verified),
    OnTime(ObjectHash),
}

/// What one hub has on disk.
#[derive(Default)]
pub(super) struct Disk {
    rows: Vec<Row>,
}

impl Disk {
    /// The rows in the order of writing, as a machine opens them.
    pub(super) fn stored(&self) -> Vec<Stored> {
        let mut stored: Vec<Stored> = vec![];
        let mut at: BTreeMap<ObjectHash, usize> = BTreeMap::new();
        for row in &self.rows {
            match row {
                Row::Object(object) => {
                    at.insert(object.object().hash(), stored.len());
                    stored.push(Stored {
                        object: object.clone(),
                        arrival: Arrival::Other,
                    });
                }
                Row::OnTime(hash) => stored[at[hash]].arrival = Arrival::OnTime,
            }
        }
        stored
    }

    pub(super) fn keep(&mut self, object: Verified) {
        self.rows.push(Row::Object(object));
    }

    pub(super) fn on_time(&mut self, hash: ObjectHash) {
        self.rows.push(Row::OnTime(hash));
    }

    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The disk as an old backup had it.
    pub(super) fn roll_back(&mut self, rows: usize) {
        self.rows.truncate(rows);
    }
}

/// What is wrong with a hub; at most `f` hubs have any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It says what it wants: a set of tricks, by bits.
    Cheats(u64),
    /// Its clock is days off.
    WildClock,
    /// Its disk becomes an old backup, and its operator says so.
    Restored,
    /// Its disk becomes an old backup, and nobody noticed.
    RestoredUnnoticed,
}

pub(super) struct Hub {
    pub(super) id: HubId,
    /// None until it has received the poll.
    pub(super) machine: Option<Machine>,
    pub(super) opening: Opening,
    pub(super) disk: Disk,
    pub(super) fault: Option<Fault>,
    /// How far its clock is off.
    pub(super) skew: Span,
    /// Down until then.
    pub(super) up_at: Option<Instant>,
    pub(super) certified: Option<ObjectHash>,
    /// What it sent for each slot: one thing, ever (S9).
    pub(super) slots: BTreeMap<Slot, ObjectHash>,
    /// When it is to be called though nothing comes, in the world’s time.
    pub(super) wake: Option<Instant>,
    /// What it holds, in one number: two hubs that hold the same need not compare.
    pub(super) digest: u64,
}

impl Hub {
    pub(super) fn is_honest(&self) -> bool {
        self.fault.is_none()
    }

    pub(super) fn tricks(&self) -> u64 {
        match self.fault {
            Some(Fault::Cheats(tricks)) => tricks,
            _ => 0,
        }
    }

    pub(super) fn machine(&self) -> &Machine {
        self.machine.as_ref().unwrap()
    }

    /// What it holds that another does not.
    pub(super) fn lacking_at(&self, other: &Self) -> Vec<Arc<Object>> {
        let (Some(own), Some(theirs)) = (&self.machine, &other.machine) else {
            return vec![];
        };
        let mut held = theirs.ledger().objects().peekable();
        let mut lacking = vec![];
        // Both are in the order of the hashes.
        for object in own.ledger().objects() {
            while held.next_if(|other| other.hash() < object.hash()).is_some() {}
            if held
                .peek()
                .is_none_or(|other| other.hash() != object.hash())
            {
                lacking.push(Arc::clone(object));
            }
        }
        lacking
    }

    /// Starts again from its disk.
    pub(super) fn restart(&mut self) {
        self.up_at = None;
        if self.machine.is_some() {
            let machine = Machine::open(self.opening.clone(), self.disk.stored()).unwrap();
            let held = machine.ledger().objects().map(|object| object.hash());
            self.digest = held.fold(0, |digest, hash| digest ^ part(hash));
            self.machine = Some(machine);
        }
    }
}

/// What one object adds to a digest.
pub(super) fn part(hash: ObjectHash) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_be_bytes(bytes)
}
