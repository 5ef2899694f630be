//! The laws of votes.md 5 that concern the core: at every step, and at the end of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use interkpa_federation::governance::accuse::accusations;
use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::bundle::Bundle;
use interkpa_federation::governance::closing::{Cancel, PollValue};
use interkpa_federation::governance::counted::{Counted, NamedList, counted};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::ledger::{Ledger, State};
use interkpa_federation::governance::machine::{Fault, Input, Machine};
use interkpa_federation::governance::numbers::Numbers;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::result::Outcome;
use interkpa_federation::governance::verify::{Verdict, verify};

use super::hub::{Fault as Wrong, Hub};
use super::world::World;
use crate::governance::dice::Dice;

/// What an early round may ask for beyond `f + 1`: minutes that omit a seal are refused in rounds 0 to 2.
const SOFT_ROUNDS: u64 = 3;

impl World {
    /// S9: what a hub sends for a slot is one thing for ever, whatever crashed in between. A restored
    /// hub that says so signs nothing that closing hubs count.
    pub(super) fn check_slot(&mut self, number: usize, object: &Arc<Object>) {
        let hub = &mut self.hubs[number];
        let (Some(_), Some(slot)) = (object.body().hub(), object.body().slot()) else {
            return;
        };
        let before = hub.slots.insert(slot, object.hash());
        let may_repeat = match hub.fault {
            // In an open poll its ballots may collide; T17 is about the rest.
            Some(Wrong::Restored) => matches!(slot, Slot::Ballot(_) | Slot::PollCancel),
            Some(Wrong::RestoredUnnoticed) => true,
            _ => false,
        };
        assert!(
            may_repeat || before.is_none_or(|before| before == object.hash()),
            "S9: hub {number} filled {slot:?} twice"
        );
    }

    /// S6: nobody can prove a fault of a hub whose disk is intact, nor of one that was restored and
    /// says so, in what closing hubs count.
    pub(super) fn check_fault(&self, fault: Fault) {
        let hub = self.hubs.iter().find(|hub| hub.id == fault.hub).unwrap();
        let is_ballot = matches!(fault.slot, Slot::Ballot(_) | Slot::PollCancel);
        let may_be = match hub.fault {
            Some(Wrong::Cheats(_) | Wrong::RestoredUnnoticed) => true,
            Some(Wrong::Restored) => is_ballot,
            Some(Wrong::WildClock) | None => false,
        };
        assert!(may_be, "S6: {fault:?} of {:?}", hub.fault);
    }

    /// The laws, at the end.
    pub(super) fn check(&mut self) {
        assert!(self.all_done(), "L1: rounds {:?}", self.rounds());
        let Some(value) = self.certified else {
            return assert!(self.hubs.iter().all(|hub| !hub.is_honest()), "L1");
        };
        self.check_rounds(value);
        let honest = self.hubs.iter().position(Hub::is_honest).unwrap();
        let ledger = self.hubs[honest].machine().ledger();
        assert_eq!(ledger.state(value), State::Good, "S2");
        let certified = ledger.value(value).unwrap().clone();
        self.check_counted(ledger, &certified);
        self.check_reports(&certified);
        self.check_accusations(honest);
        let drawn = self.dice.below(20);
        match drawn {
            0 => self.check_bundle(honest, value),
            1 => self.check_repetition(honest),
            2 => self.check_return(honest, value),
            3 => self.check_spread(),
            _ => {}
        }
    }

    fn rounds(&self) -> Vec<Option<u64>> {
        let round = |hub: &Hub| hub.machine.as_ref().and_then(Machine::round);
        self.hubs.iter().map(round).collect()
    }

    /// L1: once the network is whole, within `f + 1` rounds, and three more while minutes can be
    /// refused for a seal that they omit.
    fn check_rounds(&self, value: ObjectHash) {
        let may_fail = u64::try_from(Numbers::of(self.hubs.len()).may_fail()).unwrap();
        let signs = self.hubs.iter().filter_map(|hub| hub.machine.as_ref());
        let signs = signs.flat_map(|machine| machine.ledger().objects());
        let round = signs.filter_map(|object| match object.body() {
            Body::Sign(sign) if sign.value == Some(value) => Some(sign.round),
            _ => None,
        });
        let first = round.min().unwrap();
        let healed = self.round_at_healing.unwrap_or(0);
        assert!(
            first <= healed + 1 + may_fail + 1 + SOFT_ROUNDS,
            "L1: certified in round {first}, healed in {healed}"
        );
    }

    /// Honest hubs that sealed.
    fn sealers(&self) -> BTreeSet<usize> {
        let all = self.hubs.iter().enumerate();
        let sealed = all.filter(|(_, hub)| hub.is_honest() && hub.slots.contains_key(&Slot::Seal));
        sealed.map(|(number, _)| number).collect()
    }

    /// S3, S4, S5 and S6: what 2f + 1 honest hubs held counts, what none held does not, and no honest
    /// hub is shown as having voted twice.
    fn check_counted(&self, ledger: &Ledger, value: &PollValue) {
        let numbers = ledger.poll().numbers();
        let found = counted_by(ledger, value);
        let sealers = self.sealers();
        let holders = |hash: &ObjectHash| {
            let hubs = self.on_time.get(hash);
            hubs.map_or(0, |hubs| hubs.intersection(&sealers).count())
        };
        let held_anywhere = |hash: &ObjectHash| {
            let hubs = self.on_time.get(hash);
            hubs.is_some_and(|hubs| hubs.iter().any(|hub| self.hubs[*hub].is_honest()))
        };
        for (voter, counted) in &found {
            let number = self.hubs.iter().position(|hub| hub.id == *voter);
            let hub = &self.hubs[number.expect("S5: a stranger's ballot counts")];
            match counted {
                Counted::Ballot(hash) => {
                    assert_eq!(ledger.ballot(*hash).unwrap().hub, *voter, "S5");
                    assert!(held_anywhere(hash), "S4: nobody honest held {hash}");
                }
                Counted::VoidDouble => {
                    let may_double = !matches!(hub.fault, None | Some(Wrong::WildClock));
                    assert!(may_double, "S6: {number:?} is shown as double");
                }
            }
        }
        for hub in self.hubs.iter().filter(|hub| hub.is_honest()) {
            for (slot, hash) in &hub.slots {
                let Slot::Ballot(seq) = slot else { continue };
                if holders(hash) >= numbers.to_guarantee() {
                    let counted = match found.get(&hub.id) {
                        Some(Counted::Ballot(counted)) => ledger.ballot(*counted).unwrap(),
                        other => panic!("S3: {other:?} of {} instead of ballot {seq}", hub.id),
                    };
                    assert!(counted.place.seq() >= *seq, "S3: an older ballot counts");
                }
            }
        }
    }

    /// S6, S11: nothing that any hub holds accuses a hub whose disk is intact.
    fn check_accusations(&self, hub: usize) {
        let objects = self.hubs[hub].disk.stored();
        for accusation in accusations(objects.iter().map(|stored| &stored.object)) {
            let accused = self.hubs.iter().find(|hub| hub.id == accusation.hub);
            let fault = accused.unwrap().fault;
            let may_be = !matches!(fault, None | Some(Wrong::WildClock));
            assert!(may_be, "S11: {accusation:?} of {fault:?}");
        }
    }

    /// S12: each report takes effect when 2f + 1 honest hubs make it, and never by liars alone.
    fn check_reports(&self, value: &PollValue) {
        let numbers = Numbers::of(self.hubs.len());
        let to_count = u64::try_from(numbers.to_count()).unwrap();
        let sealers = self.sealers();
        let notice_at = self.hubs[0].opening.poll.body();
        let Body::Poll(poll) = notice_at else {
            panic!("a poll")
        };
        let honest = |reports: &dyn Fn(&Hub) -> bool| {
            let hubs = sealers.iter().map(|hub| &self.hubs[*hub]);
            hubs.filter(|hub| reports(hub)).count()
        };
        let seal_of = |hub: &Hub| hub.machine().ledger().seal(hub.slots[&Slot::Seal]).cloned();
        let counts = [
            (
                "late",
                value.result.late,
                honest(&|hub| hub.opening.poll_received_at > poll.notice_at()),
            ),
            (
                "cancel",
                value.result.cancel,
                honest(&|hub| seal_of(hub).unwrap().cancel == Cancel::Seen),
            ),
            (
                "stale",
                value.result.stale,
                honest(&|hub| hub.opening.stale.is_some()),
            ),
        ];
        for (report, named, honest) in counts {
            assert!(
                named < to_count || honest > 0,
                "S12: liars alone reported {report}"
            );
            assert!(
                honest < numbers.to_guarantee() || named >= to_count,
                "S12: {honest} honest hubs reported {report}, {named} are named"
            );
        }
        let voids = [
            (Outcome::VoidNotice, value.result.late),
            (Outcome::Cancelled, value.result.cancel),
            (Outcome::VoidElectorate, value.result.stale),
        ];
        for (outcome, named) in voids {
            assert!(
                value.result.outcome != outcome || named >= to_count,
                "S12: {outcome:?} by {named}"
            );
        }
    }

    /// S2: the bundle of any hub, in any order and with repetitions, is recounted to the same result.
    fn check_bundle(&mut self, hub: usize, value: ObjectHash) {
        let ledger = self.hubs[hub].machine().ledger();
        let mut objects: Vec<&Object> = ledger.objects().map(|object| &**object).collect();
        objects.extend([&*self.poll, &self.network.genesis]);
        let mut json = Bundle::write(self.poll.hash(), objects);
        let exact = verify(&read(&json), None);
        assert_eq!(exact.verdict(), Verdict::Valid, "S2: {:?}", exact.findings);
        assert_eq!(exact.certified.as_ref().unwrap().0, value, "S2");
        let items = json["objects"].as_array_mut().unwrap();
        shuffle(items, &mut self.dice);
        let copies = items[..items.len() / 2].to_vec();
        items.extend(copies);
        let mixed = verify(&read(&json), None);
        assert_eq!(
            exact.to_json().to_string(),
            mixed.to_json().to_string(),
            "S2"
        );
    }

    /// S8: what came already changes nothing, and the order of storing does not either.
    fn check_repetition(&mut self, hub: usize) {
        let mut stored = self.hubs[hub].disk.stored();
        let clock = self.clock(hub);
        let key = self.network.keys[hub].clone();
        let mut machine = self.hubs[hub].machine().clone();
        for again in &stored {
            let outputs = machine.step(clock, Input::Received(again.object.clone()), &key);
            assert_eq!(outputs, [], "S8: a repetition did something");
        }
        shuffle(&mut stored, &mut self.dice);
        let opening = self.hubs[hub].opening.clone();
        let reopened = Machine::open(opening, stored).unwrap();
        assert_eq!(reopened.certified(), machine.certified(), "S8");
        let states = |machine: &Machine| -> Vec<State> {
            let hashes = machine.ledger().objects().map(|object| object.hash());
            hashes.map(|hash| machine.ledger().state(hash)).collect()
        };
        assert_eq!(states(&reopened), states(&machine), "S8");
    }

    /// L2: a hub that returns with nothing gets the certificate from any one honest hub.
    fn check_return(&mut self, hub: usize, value: ObjectHash) {
        let returning = (hub + 1) % self.hubs.len();
        let clock = self.clock(hub);
        let key = self.network.keys[returning].clone();
        let mut opening = self.hubs[returning].opening.clone();
        opening.restored_at = Some(clock);
        let mut machine = Machine::open(opening, []).unwrap();
        let held: Vec<Arc<Object>> = self.hubs[hub]
            .machine()
            .ledger()
            .objects()
            .cloned()
            .collect();
        for _ in 0..6 {
            for object in &held {
                let object = self.verified(object);
                machine.step(clock, Input::Received(object), &key);
            }
        }
        assert_eq!(machine.certified(), Some(value), "L2");
    }

    /// L3: what one honest hub has of an honest hub, all have.
    fn check_spread(&mut self) {
        self.settle();
        let honest: BTreeSet<HubId> = self
            .hubs
            .iter()
            .filter(|hub| hub.is_honest())
            .map(|hub| hub.id)
            .collect();
        let held = |hub: &Hub| -> BTreeSet<ObjectHash> {
            let objects = hub.machine().ledger().objects();
            let of_honest = objects.filter(|object| {
                let hub = object.body().hub();
                hub.is_some_and(|hub| honest.contains(&hub))
            });
            of_honest.map(|object| object.hash()).collect()
        };
        let sets: Vec<BTreeSet<ObjectHash>> = self
            .hubs
            .iter()
            .filter(|hub| hub.is_honest())
            .map(held)
            .collect();
        let all: BTreeSet<ObjectHash> = sets.iter().flatten().copied().collect();
        for set in &sets {
            let missing: Vec<_> = all.difference(set).collect();
            assert!(missing.is_empty(), "L3: {} did not arrive", missing.len());
        }
    }
}

fn counted_by(ledger: &Ledger, value: &PollValue) -> BTreeMap<HubId, Counted> {
    let list = |seal: &ObjectHash| ledger.list(ledger.seal(*seal).unwrap().list).unwrap();
    let lists = value.seals.iter().map(|seal| NamedList {
        seals: 1,
        list: list(seal),
    });
    let lists: Vec<NamedList<'_>> = lists.collect();
    let enough = ledger.poll().numbers().to_count();
    counted(&lists, enough, |hash| ledger.ballot(hash))
}

fn read(json: &serde_json::Value) -> Bundle {
    Bundle::parse(json.to_string().as_bytes()).unwrap()
}

fn shuffle<T>(items: &mut [T], dice: &mut Dice) {
    for at in (1..items.len()).rev() {
        items.swap(at, dice.index(at + 1));
    }
}
