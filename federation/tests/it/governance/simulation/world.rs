//! Hubs, their clocks and what happens to them, from votes before the close to the last certificate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use interkpa_federation::governance::ballot::Ballot;
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::machine::{Input, Machine, Opening, Output, Refusal};
use interkpa_federation::governance::numbers::Numbers;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::poll::voters::Certifiers;
use interkpa_federation::{Instant, Span};

use super::cheat;
use super::hub::{Disk, Fault, Hub, part};
use super::net::{Agenda, Mail, Weather};
use crate::governance::dice::Dice;
use crate::governance::network::{Network, at, closes_at, nowhere};

/// The unit of the time-outs.
const ROUND: Span = Span::minutes(30);
/// How long before the close a run begins.
const BEFORE: Span = Span::hours(6);
/// How many others a hub compares with each time.
const COMPARED: usize = 3;
/// Up to so many electors, each object goes to all at once. Source: votes.md 4.7.
const PUSHED_TO_ALL: usize = 50;

/// How long objects may still travel once all are done, crashed hubs included.
const SETTLING: Span = Span::hours(3);

/// When everybody must be done.
fn ends_at() -> Instant {
    closes_at() + Span::days(40)
}

/// What a run is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) hubs: u16,
    pub(super) seed: u64,
    /// How many cheat or were restored; drawn up to `f` otherwise.
    pub(super) faulty: Option<usize>,
    /// No fault at all, to count messages.
    pub(super) calm: bool,
    /// So many hubs in a hundred crash at the close and come back some hours later.
    pub(super) crashed_percent: u64,
    pub(super) driver: Driver,
}

/// How the driver of each machine works; only the first is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Driver {
    /// What is sent was stored before, in its slot (S9); a restore is noted (T17).
    Right,
    /// It sends what it is about to store: no write-ahead slot.
    SendsFirst,
    /// It does not tell the machine that the disk is an old backup, and asks nobody.
    ForgetsRestores,
}

/// Something that a hub, or fate, does at an instant.
enum Act {
    Cast(usize, Word),
    Cancel,
    PollArrives(usize),
    RollBack(usize),
    Crash(usize, Span),
    Cheat(usize),
}

/// How many messages a run took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traffic {
    /// Objects pushed on creation.
    pub(super) pushed: u64,
    /// Comparisons of two hubs: two messages each when they hold the same, four else.
    pub(super) compared: u64,
    /// Objects pulled.
    pub(super) pulled: u64,
}

pub(super) struct World {
    pub(super) run: Run,
    pub(super) network: Arc<Network>,
    pub(super) poll: Arc<Object>,
    /// Another poll of the same network: what is signed for it must count nowhere here.
    pub(super) other_poll: Arc<Object>,
    pub(super) hubs: Vec<Hub>,
    pub(super) dice: Dice,
    pub(super) weather: Weather,
    mail: Mail,
    agenda: Agenda<Act>,
    pub(super) now: Instant,
    wakes: BTreeSet<(Instant, usize)>,
    gossip_at: Instant,
    /// At which hubs each ballot, or the cancellation, was on time.
    pub(super) on_time: BTreeMap<ObjectHash, BTreeSet<usize>>,
    /// The certified value, at whichever hub first.
    pub(super) certified: Option<ObjectHash>,
    /// The largest round of an honest hub when the network healed.
    pub(super) round_at_healing: Option<u64>,
    /// Each object is verified once, and remembered by its hash; one run in a hundred forgets.
    verified: BTreeMap<ObjectHash, Verified>,
    pub(super) traffic: Traffic,
    story: Vec<(Instant, usize, &'static str)>,
}

impl World {
    pub(super) fn new(run: Run, ground: &Ground) -> Self {
        let hubs = usize::from(run.hubs);
        let mut dice = Dice::of(run.seed);
        let weather = if run.calm {
            Weather::calm()
        } else {
            Weather::draw(&mut dice)
        };
        let mut world = Self {
            run,
            network: Arc::clone(&ground.network),
            poll: Arc::clone(&ground.poll),
            other_poll: Arc::clone(&ground.other_poll),
            hubs: (0..hubs).map(|number| hub(ground, number)).collect(),
            dice,
            weather,
            mail: Mail::default(),
            agenda: Agenda::default(),
            now: closes_at() - BEFORE,
            wakes: BTreeSet::new(),
            gossip_at: closes_at() - BEFORE,
            on_time: BTreeMap::new(),
            certified: None,
            round_at_healing: None,
            verified: BTreeMap::new(),
            traffic: Traffic::default(),
            story: vec![],
        };
        world.draw_faults();
        world.draw_hubs();
        world.draw_agenda();
        world
    }

    pub(super) fn story(&self) -> &[(Instant, usize, &'static str)] {
        &self.story
    }

    fn draw_faults(&mut self) {
        let may_fail = Numbers::of(self.hubs.len()).may_fail();
        let faulty = match self.run.faulty {
            Some(faulty) => faulty,
            // Mostly the bound.
            None if self.dice.percent(70) => may_fail,
            None => self.dice.index(may_fail + 1),
        };
        for hub in self.dice.some(faulty, self.hubs.len()) {
            let fault = match self.dice.below(10) {
                0 => Fault::WildClock,
                1 => Fault::Restored,
                2 => Fault::RestoredUnnoticed,
                _ => Fault::Cheats(self.dice.below(u64::MAX)),
            };
            self.hubs[hub].fault = Some(fault);
        }
    }

    /// Clocks, what each knows of the register, and when the poll came.
    fn draw_hubs(&mut self) {
        let (late_often, stale_often) = match self.dice.below(8) {
            _ if self.run.calm => (0, 0),
            0 => (60, 0),
            1 => (20, 60),
            2 => (10, 10),
            _ => (0, 0),
        };
        for number in 0..self.hubs.len() {
            let skew = Span::seconds(i64::try_from(self.dice.below(601)).unwrap() - 300);
            let far = Span::days(if self.dice.percent(50) { 10 } else { -10 });
            let arrives_at = self
                .dice
                .percent(late_often)
                .then(|| self.dice.instant(self.now, 9 * 3_600));
            let is_stale = self.dice.percent(stale_often);
            let hub = &mut self.hubs[number];
            hub.skew = match hub.fault {
                Some(Fault::WildClock) => far,
                _ if self.run.calm => Span::seconds(0),
                _ => skew,
            };
            hub.opening.stale = is_stale.then(|| nowhere(7));
            match arrives_at {
                Some(arrives_at) => self.agenda.note(arrives_at, Act::PollArrives(number)),
                None => self.open(number, at(0)),
            }
        }
    }

    /// Each hub votes, some twice, some at the last moment; the rest is fate.
    fn draw_agenda(&mut self) {
        const LAST: u64 = 6 * 3_600 - 1;
        for hub in 0..self.hubs.len() {
            for _ in 0..=self.dice.below(if self.run.calm { 1 } else { 3 }) {
                let words = [Word::Approve, Word::Oppose, Word::Abstain];
                let word = *self.dice.pick(&words);
                let votes_at = if self.dice.percent(30) {
                    closes_at() - self.dice.span(600)
                } else {
                    self.dice.instant(self.now, LAST)
                };
                self.agenda.note(votes_at, Act::Cast(hub, word));
            }
            self.draw_fate(hub);
        }
        if !self.run.calm && self.dice.percent(15) {
            let cancels_at = closes_at() - self.dice.span(7_200);
            self.agenda.note(cancels_at, Act::Cancel);
        }
    }

    fn draw_fate(&mut self, hub: usize) {
        match self.hubs[hub].fault {
            Some(Fault::Restored | Fault::RestoredUnnoticed) => {
                let rolls_at = self.dice.instant(self.now, 10 * 3_600);
                self.agenda.note(rolls_at, Act::RollBack(hub));
            }
            Some(Fault::Cheats(_)) => {
                for _ in 0..3 {
                    let cheats_at = self.dice.instant(closes_at() - Span::hours(2), 4 * 3_600);
                    self.agenda.note(cheats_at, Act::Cheat(hub));
                }
            }
            _ => {}
        }
        if self.dice.percent(self.run.crashed_percent) {
            let down = self.dice.span(10 * 3_600);
            let crashes_at = closes_at() - Span::hours(1) + self.dice.span(7_200);
            self.agenda.note(crashes_at, Act::Crash(hub, down));
        }
    }

    fn open(&mut self, number: usize, received_at: Instant) {
        let hub = &mut self.hubs[number];
        hub.opening.poll_received_at = received_at;
        hub.machine = Some(Machine::open(hub.opening.clone(), []).unwrap());
        self.note_wake(number);
    }

    /// Lets time and mail pass until every honest hub is done.
    pub(super) fn run(&mut self) {
        while self.now < ends_at() && !self.all_done() {
            self.advance();
        }
    }

    /// Lets everything arrive that honest hubs exchange once the network is whole.
    pub(super) fn settle(&mut self) {
        let ends_at = self.now.max(self.weather.heals_at) + SETTLING;
        while self.now < ends_at {
            self.advance();
        }
    }

    /// The next thing that happens.
    fn advance(&mut self) {
        let times = [
            Some(self.gossip_at),
            self.wakes.first().map(|(at, _)| *at),
            self.mail.next_at(),
            self.agenda.next_at(),
        ];
        self.now = self.now.max(times.into_iter().flatten().min().unwrap());
        self.note_healing();
        if let Some(act) = self.agenda.take_due(self.now) {
            self.act(act);
        } else if let Some((to, object)) = self.mail.take_due(self.now) {
            self.give(to, Input::Received(object));
        } else if self.gossip_at <= self.now {
            self.gossip();
            self.gossip_at = self.now + self.weather.gossip_every(self.now);
        } else if let Some((_, hub)) = self.wakes.pop_first() {
            self.hubs[hub].wake = None;
            self.give(hub, Input::Tick);
        }
    }

    fn note_healing(&mut self) {
        if self.round_at_healing.is_none() && self.weather.has_healed(self.now) {
            let machines = self.hubs.iter().filter(|hub| hub.is_honest());
            let rounds = machines.filter_map(|hub| hub.machine.as_ref()?.round());
            self.round_at_healing = Some(rounds.max().unwrap_or(0));
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Cast(hub, word) => self.cast(hub, word),
            Act::Cancel => self.give(0, Input::Cancel),
            Act::PollArrives(hub) => {
                let clock = self.clock(hub);
                self.open(hub, clock);
                self.give(hub, Input::Tick);
            }
            Act::RollBack(hub) => self.roll_back(hub),
            Act::Crash(hub, down) => self.crash(hub, down),
            Act::Cheat(hub) => cheat::act(self, hub),
        }
    }

    fn cast(&mut self, number: usize, word: Word) {
        let Some(machine) = &self.hubs[number].machine else {
            return;
        };
        if let Some(place) = machine.next_place() {
            let ballot = self.network.ballot(number, &self.poll, Choice::Word(word));
            self.give(number, Input::Cast(Box::new(Ballot { place, ..ballot })));
        }
    }

    pub(super) fn clock(&self, hub: usize) -> Instant {
        self.now + self.hubs[hub].skew
    }

    fn note_wake(&mut self, number: usize) {
        let now = self.now;
        let hub = &mut self.hubs[number];
        if let Some(before) = hub.wake.take() {
            self.wakes.remove(&(before, number));
        }
        let by_machine = hub.machine.as_ref().and_then(Machine::wake_at);
        let wake = hub.up_at.or_else(|| by_machine.map(|at| at - hub.skew));
        // A clock that stands still would be called for ever.
        hub.wake = wake.map(|at| at.max(now + Span::milliseconds(1)));
        self.wakes.extend(hub.wake.map(|at| (at, number)));
    }

    /// One step of one hub: stores what it says, then sends; it may crash before the commit, or after
    /// any of what it sends.
    pub(super) fn give(&mut self, number: usize, input: Input) {
        if let Some(up_at) = self.hubs[number].up_at {
            if self.now < up_at {
                return self.note_wake(number);
            }
            self.hubs[number].restart();
            self.story.push((self.now, number, "restarts"));
            if self.run.driver != Driver::ForgetsRestores {
                self.ask_for_own(number);
            }
        }
        self.step(number, input);
        self.note_wake(number);
    }

    fn step(&mut self, number: usize, input: Input) {
        let clock = self.clock(number);
        let key = &self.network.keys[number];
        let Some(machine) = &mut self.hubs[number].machine else {
            return;
        };
        let outputs = machine.step(clock, input, key);
        let may_crash = !outputs.is_empty() && !self.weather.has_healed(self.now);
        let crashes = may_crash && self.dice.percent(self.weather.crash_percent);
        if crashes && self.dice.percent(50) {
            if self.run.driver == Driver::SendsFirst {
                self.send_unstored(number, &outputs);
            }
            // Before the commit: nothing of this step was stored, nothing left.
            let down = self.dice.span(7_200);
            return self.crash(number, down);
        }
        let leaving = self.commit(number, outputs);
        let sent = if crashes {
            self.dice.index(leaving.len() + 1)
        } else {
            leaving.len()
        };
        for object in &leaving[..sent] {
            self.publish(number, object);
        }
        if crashes {
            let down = self.dice.span(7_200);
            self.crash(number, down);
        }
    }

    fn send_unstored(&mut self, number: usize, outputs: &[Output]) {
        for output in outputs {
            if let Output::Emit(object) = output {
                self.check_slot(number, object);
                self.publish(number, object);
            }
        }
    }

    fn crash(&mut self, number: usize, down: Span) {
        self.story.push((self.now, number, "crashes"));
        self.hubs[number].up_at = Some(self.now + down);
        self.note_wake(number);
    }

    /// The disk becomes what an old backup held.
    fn roll_back(&mut self, number: usize) {
        self.story
            .push((self.now, number, "is restored from a backup"));
        let clock = self.clock(number);
        let rows = self.dice.index(self.hubs[number].disk.len() + 1);
        let hub = &mut self.hubs[number];
        hub.disk.roll_back(rows);
        let is_noted = self.run.driver != Driver::ForgetsRestores;
        if hub.fault == Some(Fault::Restored) && is_noted {
            hub.opening.restored_at = Some(clock);
        }
        hub.up_at = Some(self.now);
        self.note_wake(number);
    }

    /// At each start a hub asks others for its own objects: one that it does not know is a restore.
    fn ask_for_own(&mut self, number: usize) {
        let asked = Numbers::of(self.hubs.len()).to_count();
        for other in self.dice.some(asked, self.hubs.len()) {
            if other == number || self.hubs[other].up_at.is_some() {
                continue;
            }
            let me = self.hubs[number].id;
            let lacking = self.hubs[other].lacking_at(&self.hubs[number]);
            for object in lacking {
                if object.body().hub() == Some(me) {
                    let object = self.verified(&object);
                    self.step(number, Input::Received(object));
                }
            }
        }
    }

    /// The transaction, with the laws that hold at every moment: a slot is filled once (S9), a result
    /// stays (S13) and is the same everywhere (S1), no honest hub is accused (S6).
    fn commit(&mut self, number: usize, outputs: Vec<Output>) -> Vec<Arc<Object>> {
        let mut leaving = vec![];
        for output in outputs {
            match output {
                Output::Keep(object) => self.keep(number, &object),
                Output::OnTime(hash) => {
                    self.hubs[number].disk.on_time(hash);
                    self.on_time.entry(hash).or_default().insert(number);
                }
                Output::Emit(object) => {
                    self.check_slot(number, &object);
                    self.keep(number, &object);
                    leaving.push(object);
                }
                Output::Resend(object) => leaving.push(object),
                Output::Certified(value) => self.note_certified(number, value),
                Output::Fault(fault) => self.check_fault(fault),
                Output::Restored(at) => {
                    let hub = &mut self.hubs[number];
                    assert!(!hub.is_honest(), "an intact disk forgot something");
                    hub.opening.restored_at = Some(at);
                }
                // A vote after the close, or by a clock that is past it.
                Output::Refused(Refusal::Closed) => {}
                Output::Refused(refusal) => panic!("hub {number}: {refusal}"),
            }
        }
        leaving
    }

    fn keep(&mut self, number: usize, object: &Arc<Object>) {
        let verified = self.verified(object);
        let hub = &mut self.hubs[number];
        hub.digest ^= part(object.hash());
        hub.disk.keep(verified);
    }

    fn note_certified(&mut self, number: usize, value: ObjectHash) {
        self.story.push((self.now, number, "certifies"));
        let first = *self.certified.get_or_insert(value);
        assert_eq!(first, value, "S1: two certified values");
        let before = self.hubs[number].certified.replace(value);
        assert!(
            before.is_none_or(|before| before == value),
            "S13: a result was replaced"
        );
    }

    /// Push: to all, or in large networks to some and the author.
    fn publish(&mut self, from: usize, object: &Arc<Object>) {
        if !self.hubs[from].is_honest() && cheat::instead(self, from, object) {
            return;
        }
        let hubs = self.hubs.len();
        let to: Vec<usize> = if hubs <= PUSHED_TO_ALL {
            (0..hubs).collect()
        } else {
            let mut some = self.dice.some(hubs.isqrt() + 1, hubs);
            some.push(0);
            some
        };
        for to in to {
            self.post(from, to, object);
        }
    }

    /// Each object is verified once; hubs share what was found.
    pub(super) fn verified(&mut self, object: &Arc<Object>) -> Verified {
        let poll = &self.poll;
        let verify = || Verified::in_poll(poll, Arc::clone(object)).unwrap();
        if self.run.seed % 100 == 99 {
            return verify();
        }
        self.verified
            .entry(object.hash())
            .or_insert_with(verify)
            .clone()
    }

    /// What the network makes of one pushed message.
    pub(super) fn post(&mut self, from: usize, to: usize, object: &Arc<Object>) {
        if from == to || self.weather.cuts(self.now, from, to, self.hubs.len()) {
            return;
        }
        self.traffic.pushed += 1;
        for _ in 0..self.weather.copies(&mut self.dice, self.now) {
            let verified = self.verified(object);
            let arrives_at = self.now + self.weather.delay(&mut self.dice, self.now);
            self.mail.note(arrives_at, (to, verified));
        }
    }

    /// Each hub compares with some others, and pulls what it lacks.
    fn gossip(&mut self) {
        let hubs = self.hubs.len();
        for to in 0..hubs {
            for from in self.dice.some(COMPARED, hubs) {
                let silent = !self.hubs[from].is_honest() && self.dice.percent(50);
                let is_down = [from, to].iter().any(|hub| self.hubs[*hub].up_at.is_some());
                let cut = self.weather.cuts(self.now, from, to, hubs)
                    || self.weather.cuts(self.now, to, from, hubs);
                if from == to || silent || is_down || cut {
                    continue;
                }
                if self.weather.exchanges(&mut self.dice, self.now) {
                    self.pull(from, to);
                }
            }
        }
    }

    fn pull(&mut self, from: usize, to: usize) {
        self.traffic.compared += 2;
        if self.hubs[from].digest == self.hubs[to].digest {
            return;
        }
        self.traffic.compared += 2;
        for object in self.hubs[from].lacking_at(&self.hubs[to]) {
            self.traffic.pulled += 1;
            let verified = self.verified(&object);
            let arrives_at = self.now + self.dice.span(30);
            self.mail.note(arrives_at, (to, verified));
        }
    }

    pub(super) fn all_done(&self) -> bool {
        self.hubs
            .iter()
            .all(|hub| !hub.is_honest() || hub.certified.is_some())
    }
}

/// A network and its polls, the same in every run of one size.
pub(super) struct Ground {
    network: Arc<Network>,
    poll: Arc<Object>,
    other_poll: Arc<Object>,
}

impl Ground {
    pub(super) fn of(hubs: u16) -> Self {
        Self::certified_by(hubs, Certifiers::All)
    }

    /// A network whose first 31 hubs certify for all. Source: votes.md 4.14.
    pub(super) fn with_committee(hubs: u16) -> Self {
        let network = Network::large(hubs);
        let committee = (0..31).map(|number| network.hub(number));
        Self::certified_by(hubs, Certifiers::Committee(committee.collect()))
    }

    fn certified_by(hubs: u16, certifiers: Certifiers) -> Self {
        let network = if hubs > 100 {
            Network::large(hubs)
        } else {
            Network::of(hubs)
        };
        let mut draft = network.draft();
        draft.certifiers = certifiers;
        let mut other = draft.clone();
        let poll = network.poll(draft);
        other.title = "Un autre vote".to_owned();
        let other_poll = network.poll(other);
        Self {
            network: Arc::new(network),
            poll: Arc::new(poll),
            other_poll: Arc::new(other_poll),
        }
    }
}

fn hub(ground: &Ground, number: usize) -> Hub {
    let id = ground.network.hub(number);
    Hub {
        id,
        machine: None,
        opening: Opening {
            poll: Arc::clone(&ground.poll),
            me: id,
            round: ROUND,
            poll_received_at: at(0),
            stale: None,
            restored_at: None,
        },
        disk: Disk::default(),
        fault: None,
        skew: Span::seconds(0),
        up_at: None,
        certified: None,
        slots: BTreeMap::new(),
        wake: None,
        digest: 0,
    }
}
