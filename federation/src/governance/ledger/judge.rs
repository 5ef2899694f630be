//! Whether an object is good, given what it names. Sources: votes.md 4.5, 4.9 (2).

use std::collections::BTreeSet;

use super::{Ledger, State};
use crate::governance::ballot::Ballot;
use crate::governance::body::Body;
use crate::governance::closing::{Entry, Held, PollValue, SealList};
use crate::governance::hash::ObjectHash;
use crate::governance::result::PollResult;
use crate::governance::value::{NamedSeal, result_of};

/// What can be said of an object now.
pub(super) enum Judgement {
    /// Good, with all that it names.
    Good,
    /// It can never become good.
    Bad,
    /// Something that it names is not there, or waits.
    Wait { on: ObjectHash },
}

/// What an object names, and what is therefore kept beyond any limit when it comes.
pub(super) fn named(body: &Body) -> Box<dyn Iterator<Item = ObjectHash> + '_> {
    match body {
        Body::Ballot(ballot) => Box::new(ballot.place.prev().into_iter()),
        Body::Seal(seal) => Box::new(std::iter::once(seal.list)),
        Body::SealList(list) => Box::new(
            list.entries
                .iter()
                .flat_map(|entry| entry.held.ballots())
                .copied(),
        ),
        Body::Value(value) => Box::new(value.seals.iter().copied()),
        Body::Minutes(minutes) => {
            let rereads = minutes.valid.iter().flat_map(|valid| &valid.rereads);
            Box::new(std::iter::once(minutes.value).chain(rereads.copied()))
        }
        Body::Reread(reread) => Box::new(reread.value.into_iter()),
        Body::Sign(sign) => Box::new(sign.value.into_iter()),
        _ => Box::new(std::iter::empty()),
    }
}

/// What several named things make of what names them: one that is bad settles it, whatever else is
/// still awaited (votes.md 4.15: wrong before incomplete).
fn worst(needed: impl Iterator<Item = Option<Judgement>>) -> Option<Judgement> {
    let mut waits = None;
    for judgement in needed.flatten() {
        if matches!(judgement, Judgement::Bad) {
            return Some(judgement);
        }
        waits = waits.or(Some(judgement));
    }
    waits
}

impl Ledger {
    pub(super) fn judge(&self, hash: ObjectHash) -> Judgement {
        match self.get(hash).map(|object| object.body()) {
            None => Judgement::Wait { on: hash },
            Some(Body::Ballot(ballot)) => self.judge_ballot(ballot),
            Some(Body::SealList(list)) => self.judge_list(list),
            Some(Body::Seal(seal)) => self
                .needed(seal.list, |list| self.list(list).is_some())
                .unwrap_or(Judgement::Good),
            Some(Body::Value(value)) => self.judge_value(value),
            Some(_) => Judgement::Good,
        }
    }

    /// What something named makes of what names it: nothing when it is good and fits.
    fn needed(&self, hash: ObjectHash, fits: impl Fn(ObjectHash) -> bool) -> Option<Judgement> {
        match self.state(hash) {
            State::Absent | State::Waiting => Some(Judgement::Wait { on: hash }),
            State::Good if fits(hash) => None,
            State::Good | State::Bad => Some(Judgement::Bad),
        }
    }

    /// The whole chain is held and valid, down to the first.
    fn judge_ballot(&self, ballot: &Ballot) -> Judgement {
        let follows = |prev| {
            self.ballot(prev).is_some_and(|before| {
                before.hub == ballot.hub && before.place.seq() + 1 == ballot.place.seq()
            })
        };
        let prev = ballot.place.prev();
        prev.and_then(|prev| self.needed(prev, follows))
            .unwrap_or(Judgement::Good)
    }

    /// Each entry names good ballots of its hub; a conflict names two of one number.
    fn judge_list(&self, list: &SealList) -> Judgement {
        let of_hub = |entry: &Entry, hash| {
            let ballot = self.ballot(hash);
            ballot.is_some_and(|ballot| ballot.hub == entry.hub)
        };
        let of_one_number = |entry: &Entry| {
            let Held::Conflict(pair) = entry.held else {
                return true;
            };
            match pair.map(|hash| self.ballot(hash).map(|ballot| ballot.place.seq())) {
                [Some(one), Some(other)] => one == other,
                _ => true,
            }
        };
        let needed = list.entries.iter().flat_map(|entry| {
            let ballots = entry.held.ballots().iter();
            let ballots = ballots.map(|hash| self.needed(*hash, |hash| of_hub(entry, hash)));
            ballots.chain((!of_one_number(entry)).then_some(Some(Judgement::Bad)))
        });
        worst(needed).unwrap_or(Judgement::Good)
    }

    /// Enough good seals of different hubs, and the result that follows from them.
    fn judge_value(&self, value: &PollValue) -> Judgement {
        let is_seal = |hash| self.seal(hash).is_some();
        let needed = value.seals.iter().map(|hash| self.needed(*hash, is_seal));
        if let Some(judgement) = worst(needed) {
            return judgement;
        }
        let hubs = value.seals.iter().filter_map(|seal| self.seal(*seal));
        let hubs: BTreeSet<_> = hubs.map(|seal| seal.hub).collect();
        let are_enough = hubs.len() >= self.poll().numbers().to_sign();
        let is_right = self.result_of(&value.seals).as_ref() == Some(&value.result);
        if hubs.len() == value.seals.len() && are_enough && is_right {
            Judgement::Good
        } else {
            Judgement::Bad
        }
    }

    /// The result by those seals; none while one of them or its list is not held.
    pub(crate) fn result_of(&self, seals: &[ObjectHash]) -> Option<PollResult> {
        let named = seals.iter().map(|hash| {
            let seal = self.seal(*hash)?;
            let list = self.list(seal.list)?;
            Some(NamedSeal { seal, list })
        });
        let named: Vec<NamedSeal<'_>> = named.collect::<Option<_>>()?;
        Some(result_of(self.poll(), &named, |hash| self.ballot(hash)))
    }
}
