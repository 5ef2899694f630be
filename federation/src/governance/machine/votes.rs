//! Rereads and signatures, by round and value. Only those of one round and one value add up; a hub
//! that says two things counts once for each.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::governance::body::Body;
use crate::governance::hash::ObjectHash;
use crate::governance::hub_id::HubId;
use crate::governance::rounds::{Reread, Sign};

type Value = Option<ObjectHash>;
type Ballots = BTreeMap<(u64, Value), BTreeSet<HubId>>;

/// What was said in each round.
#[derive(Debug, Clone, Default)]
pub(super) struct Votes {
    rereads: Ballots,
    signs: Ballots,
    /// The largest round in which each hub said anything.
    rounds: BTreeMap<HubId, u64>,
}

impl Votes {
    pub(super) fn reread(&mut self, reread: &Reread) {
        let key = (reread.round, reread.value);
        self.rereads.entry(key).or_default().insert(reread.hub);
    }

    pub(super) fn sign(&mut self, sign: &Sign) {
        let key = (sign.round, sign.value);
        self.signs.entry(key).or_default().insert(sign.hub);
    }

    /// Notes the round of whatever belongs to one.
    pub(super) fn saw(&mut self, body: &Body) {
        let (hub, round) = match body {
            Body::Minutes(minutes) => (minutes.hub, minutes.round),
            Body::Reread(reread) => (reread.hub, reread.round),
            Body::Sign(sign) => (sign.hub, sign.round),
            _ => return,
        };
        let largest = self.rounds.entry(hub).or_insert(round);
        *largest = round.max(*largest);
    }

    pub(super) fn rereads(&self, round: u64, value: Value) -> usize {
        self.rereads.get(&(round, value)).map_or(0, BTreeSet::len)
    }

    pub(super) fn signs(&self, round: u64, value: Value) -> usize {
        self.signs.get(&(round, value)).map_or(0, BTreeSet::len)
    }

    /// How many hubs reread anything in a round.
    pub(super) fn rereaders(&self, round: u64) -> usize {
        hubs_of(&self.rereads, round)
    }

    /// How many hubs signed anything in a round.
    pub(super) fn signers(&self, round: u64) -> usize {
        hubs_of(&self.signs, round)
    }

    /// Values that so many hubs reread, with the round, the largest round first.
    pub(super) fn reread_by(&self, enough: usize) -> impl Iterator<Item = (u64, ObjectHash)> {
        by(&self.rereads, enough)
    }

    /// Values that so many hubs signed in one round.
    pub(super) fn signed_by(&self, enough: usize) -> impl Iterator<Item = (u64, ObjectHash)> {
        by(&self.signs, enough)
    }

    /// The largest round that so many hubs beside `me` have reached.
    pub(super) fn reached_by(&self, enough: usize, me: HubId) -> Option<u64> {
        let others = self.rounds.iter().filter(|(hub, _)| **hub != me);
        let mut rounds: Vec<u64> = others.map(|(_, round)| *round).collect();
        rounds.sort_unstable_by_key(|round| Reverse(*round));
        rounds.get(enough.checked_sub(1)?).copied()
    }
}

fn hubs_of(ballots: &Ballots, round: u64) -> usize {
    let of_round = ballots
        .range((round, None)..)
        .take_while(|((r, _), _)| *r == round);
    let hubs: BTreeSet<&HubId> = of_round.flat_map(|(_, hubs)| hubs).collect();
    hubs.len()
}

fn by(ballots: &Ballots, enough: usize) -> impl Iterator<Item = (u64, ObjectHash)> {
    let found = ballots
        .iter()
        .rev()
        .filter(move |(_, hubs)| hubs.len() >= enough);
    found.filter_map(|((round, value), _)| Some((*round, (*value)?)))
}
