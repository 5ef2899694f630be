//! The decisions of reread and sign on which safety rests: the lock, and when it may be left.
//!
//! Pure, and the same in the machine and in the model that the tests exhaust. Source: votes.md 4.9 (6),
//! after algorithm 1 of arXiv 1807.04938. Absent on purpose: clocks, stores and signatures; what only
//! helps a vote to end (timers, `soft`) is in [`super::machine`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A value and the round in which it was locked, or became valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InRound<V> {
    /// The round.
    pub round: u64,
    /// The value.
    pub value: V,
}

/// The lock of a hub: its own signature of the largest round that is no nil.
pub fn lock<V>(own_signs: impl IntoIterator<Item = (u64, Option<V>)>) -> Option<InRound<V>> {
    let signs = own_signs.into_iter();
    let signs = signs.filter_map(|(round, value)| value.map(|value| InRound { round, value }));
    signs.max_by_key(|lock| lock.round)
}

/// Whether a hub with this lock may reread a good value.
///
/// Fresh minutes are for hubs without a lock, or locked on that value. Minutes that rest on enough
/// rereads of an earlier round are also for hubs locked no later than that round: whoever certifies in
/// between would need them.
pub fn follows<V: PartialEq>(lock: Option<InRound<V>>, value: V, reread_in: Option<u64>) -> bool {
    lock.is_none_or(|lock| {
        lock.value == value || reread_in.is_some_and(|round| lock.round <= round)
    })
}

type Said<H, V> = BTreeMap<(u64, Option<V>), BTreeSet<H>>;

/// Rereads and signatures, by round and value. Only those of one round and one value add up; a hub
/// that says two things counts once for each.
#[derive(Debug, Clone)]
pub struct Votes<H, V> {
    rereads: Said<H, V>,
    signs: Said<H, V>,
    /// The largest round in which each hub said anything.
    rounds: BTreeMap<H, u64>,
}

impl<H, V> Default for Votes<H, V> {
    fn default() -> Self {
        Self {
            rereads: BTreeMap::new(),
            signs: BTreeMap::new(),
            rounds: BTreeMap::new(),
        }
    }
}

impl<H: Ord + Copy, V: Ord + Copy> Votes<H, V> {
    /// A hub reread a value, or nil.
    pub fn reread(&mut self, hub: H, round: u64, value: Option<V>) {
        self.saw(hub, round);
        self.rereads.entry((round, value)).or_default().insert(hub);
    }

    /// A hub signed a value, or nil.
    pub fn sign(&mut self, hub: H, round: u64, value: Option<V>) {
        self.saw(hub, round);
        self.signs.entry((round, value)).or_default().insert(hub);
    }

    /// A hub said something of that round.
    pub fn saw(&mut self, hub: H, round: u64) {
        let largest = self.rounds.entry(hub).or_insert(round);
        *largest = round.max(*largest);
    }

    /// How many hubs reread that value, or nil, in a round.
    pub fn rereads(&self, round: u64, value: Option<V>) -> usize {
        self.rereads.get(&(round, value)).map_or(0, BTreeSet::len)
    }

    /// How many hubs signed that value, or nil, in a round.
    pub fn signs(&self, round: u64, value: Option<V>) -> usize {
        self.signs.get(&(round, value)).map_or(0, BTreeSet::len)
    }

    /// How many hubs reread anything in a round.
    pub fn rereaders(&self, round: u64) -> usize {
        hubs_of(&self.rereads, round)
    }

    /// How many hubs signed anything in a round.
    pub fn signers(&self, round: u64) -> usize {
        hubs_of(&self.signs, round)
    }

    /// Values that so many hubs reread, with the round, the largest round first.
    pub fn reread_by(&self, enough: usize) -> impl Iterator<Item = (u64, V)> {
        by(&self.rereads, enough)
    }

    /// Values that so many hubs signed in one round, the largest round first.
    pub fn signed_by(&self, enough: usize) -> impl Iterator<Item = (u64, V)> {
        by(&self.signs, enough)
    }

    /// The largest round that so many hubs beside `me` have reached.
    pub fn reached_by(&self, enough: usize, me: H) -> Option<u64> {
        let others = self.rounds.iter().filter(|(hub, _)| **hub != me);
        let mut rounds: Vec<u64> = others.map(|(_, round)| *round).collect();
        rounds.sort_unstable_by_key(|round| Reverse(*round));
        rounds.get(enough.checked_sub(1)?).copied()
    }
}

fn hubs_of<H: Ord, V: Ord>(said: &Said<H, V>, round: u64) -> usize {
    let of_round = said
        .range((round, None)..)
        .take_while(|((r, _), _)| *r == round);
    let hubs: BTreeSet<&H> = of_round.flat_map(|(_, hubs)| hubs).collect();
    hubs.len()
}

fn by<H, V: Copy>(said: &Said<H, V>, enough: usize) -> impl Iterator<Item = (u64, V)> {
    let found = said
        .iter()
        .rev()
        .filter(move |(_, hubs)| hubs.len() >= enough);
    found.filter_map(|((round, value), _)| Some((*round, (*value)?)))
}
