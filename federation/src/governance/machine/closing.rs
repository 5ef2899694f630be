//! Before and at the close: the own ballot, the cancellation, the one seal. Source: votes.md 4.5,
//! 4.9 (1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Machine, Output, Refusal, Turn};
use crate::Instant;
use crate::governance::ballot::{Ballot, Place};
use crate::governance::body::{Body, Slot};
use crate::governance::closing::{Cancel, Entry, Held, Seal, SealList};
use crate::governance::error::ObjectError;
use crate::governance::hash::ObjectHash;
use crate::governance::hub_id::HubId;
use crate::governance::ledger::{State, Verified};
use crate::governance::object::Object;
use crate::governance::receipt::PollCancel;

impl Machine {
    /// Where the next ballot of this hub stands: after its highest known one, its own store or another
    /// hub's; none when it has cast all that it may.
    pub fn next_place(&self) -> Option<Place> {
        let me = self.opening.me;
        let own = self
            .ledger
            .objects()
            .filter_map(|object| match object.body() {
                Body::Ballot(ballot) if ballot.hub == me => {
                    Some((ballot.place.seq(), object.hash()))
                }
                _ => None,
            });
        match own.max() {
            Some((seq, hash)) => Place::after(seq, hash),
            None => Some(Place::FIRST),
        }
    }

    /// The own ballot: at its place, before the close, and such that others take it in.
    pub(super) fn cast(&mut self, turn: &mut Turn<'_>, ballot: Ballot) {
        let refusal = if !self.is_open(turn.now()) {
            Some(Refusal::Closed)
        } else if self.next_place() != Some(ballot.place) {
            Some(Refusal::NotNext)
        } else {
            self.emit(turn, Body::Ballot(Box::new(ballot)))
                .err()
                .map(Refusal::Invalid)
        };
        if let Some(refusal) = refusal {
            turn.push(Output::Refused(refusal));
        }
    }

    /// The own cancellation, by the author, before the close.
    pub(super) fn cancel(&mut self, turn: &mut Turn<'_>) {
        let cancel = Body::PollCancel(PollCancel {
            hub: self.opening.me,
            poll: self.opening.poll.hash(),
        });
        let refusal = if self.is_open(turn.now()) {
            self.emit(turn, cancel).err().map(Refusal::Invalid)
        } else {
            Some(Refusal::Closed)
        };
        if let Some(refusal) = refusal {
            turn.push(Output::Refused(refusal));
        }
    }

    /// Fills an own slot, once ever: what stands there already is sent again.
    ///
    /// # Errors
    /// When the object cannot be written, or others would refuse it.
    pub(super) fn emit(&mut self, turn: &mut Turn<'_>, body: Body) -> Result<(), ObjectError> {
        let slot = body.slot();
        let filled = slot.and_then(|slot| self.own.get(&slot));
        if let Some(object) = filled.and_then(|hash| self.ledger.get(*hash)) {
            turn.push(Output::Resend(Arc::clone(object)));
            return Ok(());
        }
        let object = Object::sign(body, &[turn.signatory(self.opening.me)])?;
        let verified = Verified::in_poll(&self.opening.poll, Arc::new(object))?;
        if let Some(slot) = slot {
            self.own.insert(slot, verified.object().hash());
        }
        turn.push(Output::Emit(Arc::clone(verified.object())));
        self.take(turn, verified);
        Ok(())
    }

    /// Stores and sends something that nobody signs: a list, a value. It follows what names it, for
    /// others keep it only then.
    pub(super) fn put_unsigned(&mut self, turn: &mut Turn<'_>, object: Object) {
        if self.ledger.state(object.hash()) == State::Absent {
            let object = Arc::new(object);
            turn.push(Output::Emit(Arc::clone(&object)));
            self.take(turn, Verified::own(object));
        }
    }

    /// The seal, at the own closing time, once ever, and none once a result is certified.
    pub(super) fn close(&mut self, turn: &mut Turn<'_>) {
        let is_due = turn.now() >= self.poll().closes_at
            && !self.own.contains_key(&Slot::Seal)
            && self.certified.is_none()
            && self.may_sign();
        if !is_due {
            return;
        }
        if let Err(refusal) = self.seal(turn) {
            turn.push(Output::Refused(refusal.into()));
        }
    }

    fn seal(&mut self, turn: &mut Turn<'_>) -> Result<(), ObjectError> {
        let list = Object::unsigned(Body::SealList(self.list_on_time()))?;
        let seal = Seal {
            hub: self.opening.me,
            poll: self.opening.poll.hash(),
            poll_received_at: self.opening.poll_received_at,
            list: list.hash(),
            cancel: self.cancel_on_time(),
            stale: self.opening.stale,
        };
        self.emit(turn, Body::Seal(seal))?;
        self.put_unsigned(turn, list);
        Ok(())
    }

    /// For each voter the on-time ballot of the highest number, or the two smallest that share it.
    fn list_on_time(&self) -> SealList {
        let mut held: BTreeMap<HubId, (u8, BTreeSet<ObjectHash>)> = BTreeMap::new();
        for hash in &self.on_time {
            let Some(ballot) = self.ledger.ballot(*hash) else {
                continue;
            };
            let seq = ballot.place.seq();
            let best = held.entry(ballot.hub).or_default();
            if seq > best.0 {
                *best = (seq, BTreeSet::new());
            }
            if seq == best.0 {
                best.1.insert(*hash);
            }
        }
        let entry = |(hub, (_, hashes)): (HubId, (u8, BTreeSet<ObjectHash>))| {
            let mut hashes = hashes.into_iter();
            let held = match (hashes.next()?, hashes.next()) {
                (one, Some(other)) => Held::Conflict([one, other]),
                (one, None) => Held::Ballot(one),
            };
            Some(Entry { hub, held })
        };
        SealList {
            entries: held.into_iter().filter_map(entry).collect(),
        }
    }

    fn cancel_on_time(&self) -> Cancel {
        let is_cancel = |hash: &ObjectHash| {
            let object = self.ledger.get(*hash);
            object.is_some_and(|object| matches!(object.body(), Body::PollCancel(_)))
        };
        if self.on_time.iter().any(is_cancel) {
            Cancel::Seen
        } else {
            Cancel::NotSeen
        }
    }

    /// Whose complete seal this hub held when the grace ended, once that is past.
    pub(super) fn note_grace(&mut self, now: Instant) {
        if self.at_grace.is_none() && now >= self.poll().closes_at + self.poll().grace {
            self.at_grace = Some(self.complete_seals().into_keys().collect());
        }
    }

    /// The complete seals, of each hub the first that came.
    pub(super) fn complete_seals(&self) -> BTreeMap<HubId, ObjectHash> {
        let mut found = BTreeMap::new();
        for hash in &self.seals {
            if let Some(seal) = self.ledger.seal(*hash)
                && self.ledger.state(*hash) == State::Good
            {
                found.entry(seal.hub).or_insert(*hash);
            }
        }
        found
    }
}
