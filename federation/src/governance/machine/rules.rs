//! Reread, then sign, with a rotating clerk: the rules of votes.md 4.9 (6), by their names there.
//!
//! It is Tendermint of a single height (arXiv 1807.04938, algorithm 1). Its safety rests on the lock
//! and on quorums alone; timers and `soft` only help it end.

use std::collections::BTreeSet;

use super::{Machine, Output, Step, Timers, Turn};
use crate::governance::agreement;
use crate::governance::body::{Body, Slot};
use crate::governance::closing::PollValue;
use crate::governance::error::ObjectError;
use crate::governance::hash::ObjectHash;
use crate::governance::ledger::State;
use crate::governance::object::Object;
use crate::governance::rounds::{Minutes, Reread, Sign, Valid};
use crate::{Instant, Span};

/// From this round on, minutes may omit a seal that this hub holds.
const SOFT_UNTIL: u64 = 2;

/// A value and the round in which it was locked, or became valid.
type InRound = agreement::InRound<ObjectHash>;

/// What a reread says.
enum Answer {
    Nil,
    Value(ObjectHash),
}

impl Machine {
    /// Fires rules until none fires. Each that does fills an own slot, leaves a step, or raises the
    /// round towards one that others have reached, so this ends.
    pub(super) fn fire(&mut self, turn: &mut Turn<'_>) {
        while self.certify(turn)
            || self.acts()
                && (self.start(turn)
                    || self.skip(turn)
                    || self.reread(turn)
                    || self.sign(turn)
                    || self.next(turn))
        {}
    }

    /// All rules but CERT wait for the own seal, and stop at the certificate.
    fn acts(&self) -> bool {
        self.certified.is_none() && self.may_sign() && self.own.contains_key(&Slot::Seal)
    }

    fn enough(&self) -> usize {
        self.poll().numbers().to_sign()
    }

    /// CERT.
    fn certify(&mut self, turn: &mut Turn<'_>) -> bool {
        if self.certified.is_some() {
            return false;
        }
        self.certified = self.certified_value();
        if let Some(value) = self.certified {
            turn.push(Output::Certified(value));
        }
        self.certified.is_some()
    }

    /// A good value with enough signatures of one round.
    pub(super) fn certified_value(&self) -> Option<ObjectHash> {
        let signed = self.votes.signed_by(self.enough());
        let mut values = signed.map(|(_, value)| value);
        values.find(|value| self.ledger.state(*value) == State::Good)
    }

    /// START.
    fn start(&mut self, turn: &mut Turn<'_>) -> bool {
        if self.round.is_some() {
            return false;
        }
        let complete = self.complete_seals().len();
        let grace_over = turn.now() >= self.poll().closes_at + self.poll().grace;
        let is_due =
            complete >= self.enough() && (grace_over || complete == self.poll().numbers().n());
        if is_due {
            self.enter(turn, 0);
        }
        is_due
    }

    /// SKIP: enough others, one of them honest at least, are further.
    fn skip(&mut self, turn: &mut Turn<'_>) -> bool {
        let enough = self.poll().numbers().to_count();
        let reached = self.votes.reached_by(enough, self.opening.me);
        match reached {
            Some(reached) if Some(reached) > self.round => {
                self.enter(turn, reached);
                true
            }
            _ => false,
        }
    }

    /// Enters a round; its clerk proposes what is valid already, or all complete seals.
    fn enter(&mut self, turn: &mut Turn<'_>, round: u64) {
        self.round = Some(round);
        self.step = Step::Propose;
        self.timers = Timers {
            propose: Some(self.timeout(turn.now(), round)),
            ..Timers::default()
        };
        if self.clerks.of_round(round) == Some(self.opening.me) {
            let proposed = self.propose(turn, round);
            report(turn, proposed);
        }
    }

    fn propose(&mut self, turn: &mut Turn<'_>, round: u64) -> Result<(), ObjectError> {
        if self.own.contains_key(&Slot::Minutes(round)) {
            return Ok(());
        }
        let minutes = |value, valid| {
            Body::Minutes(Minutes {
                hub: self.opening.me,
                poll: self.opening.poll.hash(),
                round,
                value,
                valid,
            })
        };
        if let Some(valid) = self.valid().filter(|valid| valid.round < round) {
            let again = minutes(valid.value, Some(self.rereads_of(valid)));
            return self.emit(turn, again);
        }
        let Some(value) = self.fresh_value()? else {
            return Ok(());
        };
        let fresh = minutes(value.hash(), None);
        self.emit(turn, fresh)?;
        self.put_unsigned(turn, value);
        Ok(())
    }

    /// The value of all complete seals, one of each hub: the first received. None while they are too
    /// few, which happens to a clerk that skipped rounds: it stays silent.
    fn fresh_value(&self) -> Result<Option<Object>, ObjectError> {
        let mut seals: Vec<ObjectHash> = self.complete_seals().into_values().collect();
        seals.sort();
        let result = self.ledger.result_of(&seals);
        result
            .filter(|_| seals.len() >= self.enough())
            .map(|result| {
                let poll = self.opening.poll.hash();
                let value = PollValue {
                    poll,
                    seals: seals.clone(),
                    result,
                };
                Object::unsigned(Body::Value(Box::new(value)))
            })
            .transpose()
    }

    /// So many rereads of one round and value as others need to see.
    fn rereads_of(&self, valid: InRound) -> Valid {
        let mut hubs = BTreeSet::new();
        let rereads = self
            .ledger
            .objects()
            .filter_map(|object| match object.body() {
                Body::Reread(reread)
                    if (reread.round, reread.value) == (valid.round, Some(valid.value))
                        && hubs.insert(reread.hub) =>
                {
                    Some(object.hash())
                }
                _ => None,
            });
        Valid {
            round: valid.round,
            rereads: rereads.take(self.enough()).collect(),
        }
    }

    /// REREAD.
    fn reread(&mut self, turn: &mut Turn<'_>) -> bool {
        let (Some(round), Step::Propose) = (self.round, self.step) else {
            return false;
        };
        let deadline = self.timeout(turn.now(), round);
        let is_over = turn.now() >= *self.timers.propose.get_or_insert(deadline);
        let value = match self.judged(round) {
            Some(Answer::Value(value)) => Some(value),
            Some(Answer::Nil) => None,
            None if is_over => None,
            None => return false,
        };
        let pol_round = value.and_then(|value| {
            let mut rounds = self.votes.reread_by(self.enough());
            rounds.find_map(|(p, v)| (v == value && p < round).then_some(p))
        });
        let reread = Body::Reread(Reread {
            hub: self.opening.me,
            poll: self.opening.poll.hash(),
            round,
            value,
            pol_round,
        });
        self.step = Step::Reread;
        let said = self.emit(turn, reread);
        report(turn, said);
        true
    }

    /// What this hub answers to the first minutes of the round that it can judge; nothing while it can
    /// judge none.
    fn judged(&self, round: u64) -> Option<Answer> {
        let minutes = self.minutes.get(&round)?;
        minutes.iter().find_map(|hash| {
            let Body::Minutes(minutes) = self.ledger.get(*hash)?.body() else {
                return None;
            };
            match self.ledger.state(minutes.value) {
                State::Good if self.accepts(minutes)? => Some(Answer::Value(minutes.value)),
                State::Good | State::Bad => Some(Answer::Nil),
                State::Absent | State::Waiting => None,
            }
        })
    }

    /// Whether lock and seals let this hub follow minutes with a good value; nothing while the rereads
    /// that they rest on are not held.
    fn accepts(&self, minutes: &Minutes) -> Option<bool> {
        let value = minutes.value;
        let follows = |reread_in| agreement::follows(self.lock(), value, reread_in);
        match &minutes.valid {
            None => Some(follows(None) && self.is_soft(minutes)),
            Some(valid) if self.votes.rereads(valid.round, Some(value)) >= self.enough() => {
                Some(follows(Some(valid.round)))
            }
            Some(_) => None,
        }
    }

    /// In early rounds, fresh minutes name a seal of every hub whose complete seal this hub held when
    /// the grace ended; before that end, of every hub whose complete seal it holds (T27).
    fn is_soft(&self, minutes: &Minutes) -> bool {
        if minutes.round > SOFT_UNTIL {
            return true;
        }
        let Some(value) = self.ledger.value(minutes.value) else {
            return false;
        };
        let named = value
            .seals
            .iter()
            .filter_map(|seal| self.ledger.seal(*seal));
        let named: BTreeSet<_> = named.map(|seal| seal.hub).collect();
        match &self.at_grace {
            Some(held) => held.is_subset(&named),
            None => self.complete_seals().keys().all(|hub| named.contains(hub)),
        }
    }

    /// SIGN. The signature is the lock.
    fn sign(&mut self, turn: &mut Turn<'_>) -> bool {
        let (Some(round), Step::Reread) = (self.round, self.step) else {
            return false;
        };
        let enough = self.enough();
        let reread = self
            .votes
            .reread_by(enough)
            .find(|(r, value)| *r == round && self.ledger.state(*value) == State::Good);
        if let Some((_, value)) = reread {
            return self.put_signature(turn, round, Some(value));
        }
        if self.votes.rereads(round, None) >= enough {
            return self.put_signature(turn, round, None);
        }
        if self.votes.rereaders(round) >= enough {
            let deadline = self.timeout(turn.now(), round);
            if turn.now() >= *self.timers.reread.get_or_insert(deadline) {
                return self.put_signature(turn, round, None);
            }
        }
        false
    }

    fn put_signature(
        &mut self,
        turn: &mut Turn<'_>,
        round: u64,
        value: Option<ObjectHash>,
    ) -> bool {
        let sign = Body::Sign(Sign {
            hub: self.opening.me,
            poll: self.opening.poll.hash(),
            round,
            value,
        });
        self.step = Step::Sign;
        let said = self.emit(turn, sign);
        report(turn, said);
        true
    }

    /// NEXT.
    fn next(&mut self, turn: &mut Turn<'_>) -> bool {
        let Some(round) = self.round else {
            return false;
        };
        let enough = self.enough();
        let ends_at_once = self.step == Step::Sign && self.votes.signs(round, None) >= enough;
        let is_over = self.votes.signers(round) >= enough && {
            let deadline = self.timeout(turn.now(), round);
            turn.now() >= *self.timers.sign.get_or_insert(deadline)
        };
        if ends_at_once || is_over {
            self.enter(turn, round.saturating_add(1));
        }
        ends_at_once || is_over
    }

    /// The own signature of the largest round that is no nil.
    fn lock(&self) -> Option<InRound> {
        let signs = self.own.iter().filter_map(|(slot, hash)| {
            let Slot::Sign(round) = slot else { return None };
            let Body::Sign(sign) = self.ledger.get(*hash)?.body() else {
                return None;
            };
            Some((*round, sign.value))
        });
        agreement::lock(signs)
    }

    /// The good value of the largest round in which enough hubs reread it.
    fn valid(&self) -> Option<InRound> {
        let mut reread = self.votes.reread_by(self.enough());
        reread
            .find(|(_, value)| self.ledger.state(*value) == State::Good)
            .map(|(round, value)| InRound { round, value })
    }

    /// When a waiting that begins now ends: `T(r) = (r + 1) · roundMs`.
    fn timeout(&self, now: Instant, round: u64) -> Instant {
        let factor = i64::try_from(round).unwrap_or(i64::MAX).saturating_add(1);
        let unit = self.opening.round.as_milliseconds();
        now + Span::milliseconds(unit.saturating_mul(factor))
    }
}

/// An own object that cannot be written is no silence: the driver shows it.
fn report(turn: &mut Turn<'_>, said: Result<(), ObjectError>) {
    if let Err(refusal) = said {
        turn.push(Output::Refused(refusal.into()));
    }
}
