//! One poll on one hub, from its receipt to the certified result: events in, effects out.
//!
//! The same code runs in the server and in the simulator. One call of [`Machine::step`] is one
//! transaction of the driver: it stores what the outputs say, own slots included, and sends only after
//! the commit. All that survives a crash is what was stored; [`Machine::open`] derives the rest.
//! Absent on purpose: gossip and delivery, receipts, and the verification of signatures, which
//! [`Verified`] stands for. Source: votes.md 4.5, 4.7, 4.9.

mod closing;
mod guard;
mod rules;
mod turn;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::agreement::Votes;
use super::ballot::Ballot;
use super::body::{Body, Slot};
use super::clerks::Clerks;
use super::error::ObjectError;
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::ledger::{Ledger, State, Verified};
use super::object::Object;
use super::poll::Poll;
use crate::multikey::SecretKey;
use crate::{Instant, Span};
use guard::Guard;
use turn::Turn;

/// A restored hub signs nothing in polls that close within so long after. Source: votes.md 4.9 (6).
pub const RESTORE_MARGIN: Span = Span::hours(1);

/// What a machine begins with.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The poll, accepted.
    pub poll: Arc<Object>,
    /// This hub.
    pub me: HubId,
    /// The unit of the time-outs, of the rules of the network.
    pub round: Span,
    /// When this hub received the poll.
    pub poll_received_at: Instant,
    /// A register object that the poll should have listed, if this hub knew one when it received it.
    pub stale: Option<ObjectHash>,
    /// When this hub was last restored from a backup.
    pub restored_at: Option<Instant>,
}

/// An object from the store.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The object.
    pub object: Verified,
    /// Whether an [`Output::OnTime`] was stored for it.
    pub arrival: Arrival,
}

/// Whether an object was there, and good, before this hub's own closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was.
    OnTime,
    /// It was not, or it does not matter.
    Other,
}

/// What happens to a machine.
#[derive(Debug, Clone)]
pub enum Input {
    /// Time passed.
    Tick,
    /// An object came.
    Received(Verified),
    /// This hub votes; the ballot is at [`Machine::next_place`].
    Cast(Box<Ballot>),
    /// This hub, the author, takes the poll back.
    Cancel,
}

/// What the driver is to do, in this order, in one transaction; sending follows the commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Store an object that came.
    Keep(Arc<Object>),
    /// Store that it was good before the own closing.
    OnTime(ObjectHash),
    /// Store an own object, in its slot if it has one, then send it to all.
    Emit(Arc<Object>),
    /// Send an own object again.
    Resend(Arc<Object>),
    /// The result is certified: nothing changes it any more.
    Certified(ObjectHash),
    /// One hub signed two different objects for one slot: a proof to keep and to show.
    Fault(Fault),
    /// An own object came that this hub does not know: it was restored from a backup, at this instant.
    Restored(Instant),
    /// The hub's own wish is refused.
    Refused(Refusal),
}

/// Two objects of one hub for one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Who.
    pub hub: HubId,
    /// Which slot.
    pub slot: Slot,
    /// The two.
    pub objects: [ObjectHash; 2],
}

/// Why this hub's own wish is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The poll is closed here.
    #[error("the poll is closed")]
    Closed,
    /// The ballot is not the next of this hub.
    #[error("the ballot is not the next one")]
    NotNext,
    /// It cannot be signed, or others would refuse it.
    #[error(transparent)]
    Invalid(#[from] ObjectError),
}

impl Refusal {
    /// The stable code of the refusal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Closed => "poll_closed",
            Self::NotNext => "ballot_not_next",
            Self::Invalid(error) => error.code(),
        }
    }
}

/// Where a hub stands in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Propose,
    Reread,
    Sign,
}

/// When the waiting of this round ends, once it began.
#[derive(Debug, Clone, Copy, Default)]
struct Timers {
    propose: Option<Instant>,
    reread: Option<Instant>,
    sign: Option<Instant>,
}

/// One poll on one hub.
#[derive(Debug, Clone)]
pub struct Machine {
    opening: Opening,
    clerks: Clerks,
    ledger: Ledger,
    guard: Guard,
    own: BTreeMap<Slot, ObjectHash>,
    on_time: BTreeSet<ObjectHash>,
    /// Seals in the order in which they came.
    seals: Vec<ObjectHash>,
    /// Minutes by the clerk of their round, in the order in which they came.
    minutes: BTreeMap<u64, Vec<ObjectHash>>,
    votes: Votes<HubId, ObjectHash>,
    /// None before START.
    round: Option<u64>,
    step: Step,
    timers: Timers,
    /// Whose complete seal was held when the grace ended.
    at_grace: Option<BTreeSet<HubId>>,
    certified: Option<ObjectHash>,
}

impl Machine {
    /// A machine as it follows from what was stored, in the order in which it was stored; nothing, at
    /// first.
    ///
    /// # Errors
    /// [`ObjectError`] when the poll is none, or its author did not sign it.
    pub fn open(
        opening: Opening,
        stored: impl IntoIterator<Item = Stored>,
    ) -> Result<Self, ObjectError> {
        let ledger = Ledger::of(Arc::clone(&opening.poll))?;
        let mut machine = Self {
            clerks: Clerks::of(ledger.poll(), opening.poll.hash()),
            ledger,
            opening,
            guard: Guard::default(),
            own: BTreeMap::new(),
            on_time: BTreeSet::new(),
            seals: vec![],
            minutes: BTreeMap::new(),
            votes: Votes::default(),
            round: None,
            step: Step::Propose,
            timers: Timers::default(),
            at_grace: None,
            certified: None,
        };
        for stored in stored {
            machine.recall(stored);
        }
        machine.resume();
        Ok(machine)
    }

    /// Takes one stored object back.
    fn recall(&mut self, stored: Stored) {
        let object = Arc::clone(stored.object.object());
        if stored.arrival == Arrival::OnTime {
            self.on_time.insert(object.hash());
        }
        if object.body().hub() == Some(self.opening.me)
            && let Some(slot) = object.body().slot()
        {
            self.own.insert(slot, object.hash());
        }
        self.index(&object);
        self.ledger.insert(stored.object);
    }

    /// Round and step from the own slots, the largest round first; timers start afresh.
    fn resume(&mut self) {
        let place = |slot: &Slot| match slot {
            Slot::Minutes(round) => Some((*round, Step::Propose)),
            Slot::Reread(round) => Some((*round, Step::Reread)),
            Slot::Sign(round) => Some((*round, Step::Sign)),
            _ => None,
        };
        if let Some((round, step)) = self.own.keys().filter_map(place).max() {
            self.round = Some(round);
            self.step = step;
        }
        self.certified = self.certified_value();
    }

    /// Treats one input at an instant, with the hub's key for this poll.
    pub fn step(&mut self, now: Instant, input: Input, key: &SecretKey) -> Vec<Output> {
        let mut turn = Turn::new(now, key);
        // The seal comes before any other input (votes.md 4.9 (1)).
        self.close(&mut turn);
        self.note_grace(now);
        match input {
            Input::Tick => {}
            Input::Received(verified) => self.receive(&mut turn, verified),
            Input::Cast(ballot) => self.cast(&mut turn, *ballot),
            Input::Cancel => self.cancel(&mut turn),
        }
        self.fire(&mut turn);
        turn.into_outputs()
    }

    /// When to call again though nothing comes; none while only others can move it.
    pub fn wake_at(&self) -> Option<Instant> {
        if self.certified.is_some() || !self.may_sign() {
            return None;
        }
        let closes_at = self.poll().closes_at;
        if !self.own.contains_key(&Slot::Seal) {
            return Some(closes_at);
        }
        let timer = match self.step {
            // Past the grace only a missing seal can start the closing.
            _ if self.round.is_none() && self.at_grace.is_some() => None,
            _ if self.round.is_none() => Some(closes_at + self.poll().grace),
            Step::Propose => self.timers.propose,
            Step::Reread => self.timers.reread,
            Step::Sign => None,
        };
        timer.into_iter().chain(self.timers.sign).min()
    }

    /// The poll.
    pub const fn poll(&self) -> &Poll {
        self.ledger.poll()
    }

    /// What is held.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The certified value.
    pub const fn certified(&self) -> Option<ObjectHash> {
        self.certified
    }

    /// The round this hub is in; none before it starts to close.
    pub const fn round(&self) -> Option<u64> {
        self.round
    }

    /// What to pull from others.
    pub const fn wanted(&self) -> &BTreeSet<ObjectHash> {
        self.ledger.wanted()
    }

    /// Whether this hub seals and signs here: it certifies, and no restored backup may make it say a
    /// second thing. Source: votes.md 4.9 (6), T17.
    pub fn may_sign(&self) -> bool {
        let restored = self
            .opening
            .restored_at
            .is_some_and(|restored_at| self.poll().closes_at <= restored_at + RESTORE_MARGIN);
        self.poll().certifies(self.opening.me) && !restored
    }

    /// What came: kept if the guard lets it, and what it makes good is marked.
    fn receive(&mut self, turn: &mut Turn<'_>, verified: Verified) {
        let object = Arc::clone(verified.object());
        if self.ledger.state(object.hash()) != State::Absent {
            return;
        }
        let horizon = self.round.unwrap_or(0);
        if !self
            .guard
            .lets_in(&verified, horizon, &self.clerks, self.ledger.wanted())
        {
            return;
        }
        let is_own = object.body().hub() == Some(self.opening.me);
        if is_own
            && object
                .body()
                .slot()
                .is_some_and(|slot| !self.own.contains_key(&slot))
        {
            self.remember_own(turn, &object);
        }
        turn.push(Output::Keep(object));
        self.take(turn, verified);
    }

    /// An own object that this hub does not know: it was restored, and its past is with the others.
    fn remember_own(&mut self, turn: &mut Turn<'_>, object: &Object) {
        if let Some(slot) = object.body().slot() {
            self.own.insert(slot, object.hash());
        }
        self.opening.restored_at = Some(turn.now());
        turn.push(Output::Restored(turn.now()));
    }

    /// Takes an object in and marks what became good before the own closing.
    fn take(&mut self, turn: &mut Turn<'_>, verified: Verified) {
        let object = Arc::clone(verified.object());
        self.index(&object);
        if let Some(fault) = self.guard.fault(&object) {
            turn.push(Output::Fault(fault));
        }
        for hash in self.ledger.insert(verified) {
            if self.is_open(turn.now()) && self.matters_on_time(hash) {
                self.on_time.insert(hash);
                turn.push(Output::OnTime(hash));
            }
        }
    }

    /// Whether this hub has not closed yet: by its own clock, and by its own seal.
    fn is_open(&self, now: Instant) -> bool {
        now < self.poll().closes_at && !self.own.contains_key(&Slot::Seal)
    }

    fn matters_on_time(&self, hash: ObjectHash) -> bool {
        let is_kind = self
            .ledger
            .get(hash)
            .is_some_and(|object| matches!(object.body(), Body::Ballot(_) | Body::PollCancel(_)));
        is_kind && self.ledger.state(hash) == State::Good
    }

    /// Puts an object where the rules look for it.
    fn index(&mut self, object: &Object) {
        let hash = object.hash();
        self.guard.count(object);
        match object.body() {
            Body::Seal(_) => self.seals.push(hash),
            Body::Minutes(minutes) => {
                self.votes.saw(minutes.hub, minutes.round);
                if self.clerks.of_round(minutes.round) == Some(minutes.hub) {
                    self.minutes.entry(minutes.round).or_default().push(hash);
                }
            }
            Body::Reread(reread) => self.votes.reread(reread.hub, reread.round, reread.value),
            Body::Sign(sign) => self.votes.sign(sign.hub, sign.round, sign.value),
            _ => {}
        }
    }
}
