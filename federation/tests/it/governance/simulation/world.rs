//! Hubs, their stores, their clocks, and the laws that are checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use interkpa_federation::governance::ballot::Ballot;
use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::{State, Verified};
use interkpa_federation::governance::machine::{Arrival, Input, Machine, Opening, Output, Stored};
use interkpa_federation::governance::object::Object;
use interkpa_federation::{Instant, Span};

use super::cheat;
use super::net::{Dice, Mail, Weather, delay};
use crate::governance::network::{Network, at, closes_at};

/// The unit of the time-outs.
const ROUND: Span = Span::minutes(30);
/// How often hubs compare what they hold.
const GOSSIP: Span = Span::minutes(10);
/// When the network heals: from then on messages arrive, soon.
fn heals_at() -> Instant {
    closes_at() + Span::hours(12)
}
/// When everybody must be done.
fn ends_at() -> Instant {
    closes_at() + Span::days(20)
}

/// What one hub has on disk.
#[derive(Default)]
struct Disk {
    stored: Vec<(Arc<Object>, Arrival)>,
    slots: BTreeMap<Slot, ObjectHash>,
}

pub(super) struct Hub {
    pub(super) machine: Machine,
    opening: Opening,
    disk: Disk,
    /// How far its clock is off.
    skew: Span,
    up_at: Option<Instant>,
}

pub(super) struct World {
    pub(super) network: Network,
    pub(super) poll: Arc<Object>,
    pub(super) hubs: Vec<Hub>,
    cheaters: BTreeSet<usize>,
    pub(super) dice: Dice,
    weather: Weather,
    mail: Mail,
    pub(super) now: Instant,
    seed: u64,
    /// At which honest hubs each ballot was on time.
    on_time: BTreeMap<ObjectHash, BTreeSet<usize>>,
    certified: BTreeMap<usize, ObjectHash>,
    verified: BTreeMap<ObjectHash, Verified>,
    story: Vec<String>,
}

impl World {
    pub(super) fn new(hubs: u8, cheaters: usize, seed: u64, weather: Weather) -> Self {
        let mut dice = Dice::of(seed);
        let network = Network::of(hubs);
        let poll = Arc::new(network.poll(network.draft()));
        let open = |number: usize| {
            let opening = Opening {
                poll: Arc::clone(&poll),
                me: network.hub(number),
                round: ROUND,
                poll_received_at: at(0),
                stale: None,
                restored_at: None,
            };
            let skew = i64::try_from(number).unwrap() * 40 - 300;
            Hub {
                machine: Machine::open(opening.clone(), []).unwrap(),
                opening,
                disk: Disk::default(),
                skew: Span::seconds(skew.clamp(-300, 300)),
                up_at: None,
            }
        };
        let all: Vec<Hub> = (0..usize::from(hubs)).map(open).collect();
        let mut chosen = BTreeSet::new();
        while chosen.len() < cheaters {
            chosen.insert(usize::try_from(dice.below(u64::from(hubs))).unwrap());
        }
        Self {
            network,
            poll,
            hubs: all,
            cheaters: chosen,
            dice,
            weather,
            mail: Mail::default(),
            now: closes_at() - Span::hours(6),
            seed,
            on_time: BTreeMap::new(),
            certified: BTreeMap::new(),
            verified: BTreeMap::new(),
            story: vec![],
        }
    }

    pub(super) fn is_cheater(&self, hub: usize) -> bool {
        self.cheaters.contains(&hub)
    }

    pub(super) fn story(&self) -> &[String] {
        &self.story
    }

    fn healed(&self) -> bool {
        self.now >= heals_at()
    }

    /// Votes, then lets time and mail pass until every honest hub is done.
    pub(super) fn run(&mut self) {
        self.vote();
        let mut gossip_at = self.now;
        while self.now < ends_at() && !self.all_done() {
            let wake = (0..self.hubs.len())
                .filter_map(|hub| self.wakes_at(hub))
                .min();
            let next = [Some(gossip_at), wake, self.mail.next_at()]
                .into_iter()
                .flatten()
                .min();
            self.now = self.now.max(next.unwrap());
            if self.mail.next_at().is_some_and(|at| at <= self.now) {
                let (to, object) = self.mail.arrive().unwrap();
                self.give(to, Input::Received(object));
            } else if gossip_at <= self.now {
                self.gossip();
                gossip_at = self.now + GOSSIP;
            } else {
                for hub in 0..self.hubs.len() {
                    if self.wakes_at(hub).is_some_and(|at| at <= self.now) {
                        self.give(hub, Input::Tick);
                    }
                }
            }
        }
    }

    /// Each hub votes before the close, some twice, some so late that few receive it.
    fn vote(&mut self) {
        for hub in 0..self.hubs.len() {
            for _ in 0..=self.dice.below(2) {
                let word = *self
                    .dice
                    .pick(&[Word::Approve, Word::Oppose, Word::Abstain]);
                let place = self.hubs[hub].machine.next_place().unwrap();
                let ballot = self.network.ballot(hub, &self.poll, Choice::Word(word));
                self.give(hub, Input::Cast(Box::new(Ballot { place, ..ballot })));
            }
        }
        if self.dice.percent(50) {
            self.now = closes_at() - Span::minutes(8);
        }
        cheat::votes(self);
    }

    fn clock(&self, hub: usize) -> Instant {
        self.now + self.hubs[hub].skew
    }

    /// In the world’s time.
    fn wakes_at(&self, hub: usize) -> Option<Instant> {
        let hub = &self.hubs[hub];
        match hub.up_at {
            Some(up_at) => Some(up_at),
            None => hub.machine.wake_at().map(|at| at - hub.skew),
        }
    }

    /// One step of one hub: stores what it says, then sends; it may crash in between.
    fn give(&mut self, number: usize, input: Input) {
        if let Some(up_at) = self.hubs[number].up_at {
            if self.now < up_at {
                return;
            }
            self.restart(number);
        }
        let clock = self.clock(number);
        let key = self.network.keys[number].clone();
        let outputs = self.hubs[number].machine.step(clock, input, &key);
        let crashes = !self.healed() && self.dice.percent(self.weather.crash_percent);
        if crashes && self.dice.percent(50) {
            // Before the commit: nothing of this step was stored, nothing left.
            return self.crash(number);
        }
        let leaving = self.store(number, outputs);
        if crashes {
            return self.crash(number);
        }
        for object in leaving {
            self.publish(number, &object);
        }
    }

    fn crash(&mut self, number: usize) {
        self.story.push(format!("{} {number} crashes", self.now));
        self.hubs[number].up_at = Some(self.now + delay(&mut self.dice, 7_200));
    }

    fn restart(&mut self, number: usize) {
        let poll = Arc::clone(&self.poll);
        let hub = &mut self.hubs[number];
        let stored = hub.disk.stored.iter().map(|(object, arrival)| Stored {
            object: Verified::in_poll(&poll, Arc::clone(object)).unwrap(),
            arrival: *arrival,
        });
        hub.machine = Machine::open(hub.opening.clone(), stored).unwrap();
        hub.up_at = None;
    }

    /// The transaction, with the laws of storage: a slot is filled once (S9), a result stays (S13).
    fn store(&mut self, number: usize, outputs: Vec<Output>) -> Vec<Arc<Object>> {
        let mut leaving = vec![];
        for output in outputs {
            let disk = &mut self.hubs[number].disk;
            match output {
                Output::Keep(object) => disk.stored.push((object, Arrival::Other)),
                Output::OnTime(hash) => {
                    let row = disk
                        .stored
                        .iter_mut()
                        .find(|(object, _)| object.hash() == hash);
                    row.unwrap().1 = Arrival::OnTime;
                    self.on_time.entry(hash).or_default().insert(number);
                }
                Output::Emit(object) => {
                    if let (Some(_), Some(slot)) = (object.body().hub(), object.body().slot()) {
                        let before = disk.slots.insert(slot, object.hash());
                        assert_eq!(before, None, "S9 seed {}: {slot:?}", self.seed);
                    }
                    disk.stored.push((Arc::clone(&object), Arrival::Other));
                    leaving.push(object);
                }
                Output::Resend(object) => leaving.push(object),
                Output::Certified(value) => {
                    self.story
                        .push(format!("{} {number} certifies {value}", self.now));
                    let before = self.certified.insert(number, value);
                    assert!(
                        before.is_none_or(|before| before == value),
                        "S13 seed {}",
                        self.seed
                    );
                }
                Output::Fault(fault) => {
                    let by = (0..self.hubs.len()).find(|hub| self.network.hub(*hub) == fault.hub);
                    assert!(
                        self.is_cheater(by.unwrap()),
                        "S6 seed {}: {fault:?}",
                        self.seed
                    );
                }
                Output::Restored(_) => assert!(self.is_cheater(number), "seed {}", self.seed),
                Output::Refused(refusal) => panic!("seed {}: {refusal}", self.seed),
            }
        }
        leaving
    }

    fn publish(&mut self, from: usize, object: &Arc<Object>) {
        let mut objects = vec![Arc::clone(object)];
        if self.is_cheater(from) {
            objects.extend(cheat::beside(self, from, object));
        }
        for (number, object) in objects.iter().enumerate() {
            for to in 0..self.hubs.len() {
                let is_for =
                    objects.len() == 1 || to % objects.len() == number || self.dice.percent(30);
                if to != from && is_for {
                    self.post(to, object);
                }
            }
        }
    }

    /// Each object is verified once; hubs share what was found.
    fn verified(&mut self, object: &Arc<Object>) -> Verified {
        let poll = &self.poll;
        let verify = || Verified::in_poll(poll, Arc::clone(object)).unwrap();
        self.verified
            .entry(object.hash())
            .or_insert_with(verify)
            .clone()
    }

    /// What the network makes of one message.
    pub(super) fn post(&mut self, to: usize, object: &Arc<Object>) {
        let verified = self.verified(object);
        let drawn = self.dice.below(100);
        let copies = if self.healed() {
            1
        } else if drawn < self.weather.loss_percent {
            0
        } else if drawn >= 100 - self.weather.repeat_percent {
            2
        } else {
            1
        };
        let longest = if self.healed() {
            30
        } else {
            self.weather.delay_seconds_max
        };
        for _ in 0..copies {
            let arrives_at = self.now + delay(&mut self.dice, longest);
            self.mail.send(arrives_at, to, verified.clone());
        }
    }

    /// Each hub asks one other for what it lacks, and for what it wants.
    fn gossip(&mut self) {
        for to in 0..self.hubs.len() {
            let from =
                usize::try_from(self.dice.below(u64::try_from(self.hubs.len()).unwrap())).unwrap();
            let silent = self.is_cheater(from) && self.dice.percent(50);
            let is_down = [from, to].iter().any(|hub| self.hubs[*hub].up_at.is_some());
            if from == to || silent || is_down {
                continue;
            }
            let held = self.hubs[to].machine.ledger();
            let lacking: Vec<Arc<Object>> = self.hubs[from]
                .machine
                .ledger()
                .objects()
                .filter(|object| held.state(object.hash()) == State::Absent)
                .cloned()
                .collect();
            for object in lacking {
                self.post(to, &object);
            }
        }
    }

    fn honest(&self) -> impl Iterator<Item = usize> {
        (0..self.hubs.len()).filter(|hub| !self.is_cheater(*hub))
    }

    fn all_done(&self) -> bool {
        self.honest()
            .all(|hub| self.hubs[hub].machine.certified().is_some())
    }

    /// The laws, at the end.
    pub(super) fn check(&self) {
        let seed = self.seed;
        let values: BTreeSet<ObjectHash> = self.certified.values().copied().collect();
        assert!(values.len() <= 1, "S1 seed {seed}: two certified values");
        assert!(
            self.all_done(),
            "L1 seed {seed}: rounds {:?}",
            self.honest()
                .map(|h| self.hubs[h].machine.round())
                .collect::<Vec<_>>()
        );
        let value = *values.first().unwrap();
        for hub in self.honest() {
            let ledger = self.hubs[hub].machine.ledger();
            let certified = ledger.value(value).unwrap();
            assert_eq!(ledger.state(value), State::Good, "S2 seed {seed}");
            self.check_inclusion(hub, &certified.seals);
        }
    }

    /// S3, S4 and S6: what 2f + 1 honest hubs held counts, what none held does not, and no honest hub is
    /// shown as having voted twice.
    fn check_inclusion(&self, hub: usize, seals: &[ObjectHash]) {
        use interkpa_federation::governance::counted::{Counted, NamedList, counted};
        let seed = self.seed;
        let ledger = self.hubs[hub].machine.ledger();
        let numbers = ledger.poll().numbers();
        let lists: Vec<NamedList<'_>> = seals
            .iter()
            .map(|seal| NamedList {
                seals: 1,
                list: ledger.list(ledger.seal(*seal).unwrap().list).unwrap(),
            })
            .collect();
        let found = counted(&lists, numbers.to_count(), |hash| ledger.ballot(hash));
        for voter in self.honest() {
            let own = self.hubs[voter].machine.ledger();
            let highest = own
                .objects()
                .filter_map(|object| match object.body() {
                    Body::Ballot(ballot) if ballot.hub == self.network.hub(voter) => {
                        Some((ballot.place.seq(), object.hash()))
                    }
                    _ => None,
                })
                .max();
            let Some((_, highest)) = highest else {
                continue;
            };
            let counted = found.get(&self.network.hub(voter));
            assert_ne!(counted, Some(&Counted::VoidDouble), "S6 seed {seed}");
            let holders = |hash| {
                self.on_time.get(&hash).map_or(0, |hubs| {
                    hubs.iter().filter(|h| !self.is_cheater(**h)).count()
                })
            };
            if holders(highest) >= numbers.to_guarantee() {
                assert_eq!(
                    counted,
                    Some(&Counted::Ballot(highest)),
                    "S3 seed {seed}: voter {voter}"
                );
            }
            if let Some(Counted::Ballot(hash)) = counted {
                assert!(holders(*hash) > 0, "S4 seed {seed}: voter {voter}");
            }
        }
    }
}
