//! Every order of events of reread and sign, in small networks: no two results are ever certified.
//!
//! The model decides with the functions of the machine ([`lock`], [`follows`]) and lets everything else
//! happen: any delay, any time-out at any moment, a cheating clerk in every round who proposes any
//! value to anyone, cheaters who said whatever makes a quorum. What is proved of it holds of the
//! machine, which does less. Between hubs that follow the rules only the number of rereads and
//! signatures matters, so hubs are interchangeable and counts above the quorum are all alike.
//!
//! The same search finds two results as soon as a rule is left out, or one cheater more is let in.

use std::collections::HashSet;

use interkpa_federation::governance::agreement::{InRound, follows, lock};
use interkpa_federation::governance::numbers::Numbers;

use super::figures::{asked, say};

/// Set by `cargo xtask simulate --exhaustive`.
const WHOLE: &str = "INTERKPA_EXHAUSTIVE";

/// Most hubs that follow the rules, rounds, and values that the model has room for.
const HUBS_MAX: usize = 6;
const ROUNDS_MAX: usize = 4;
const VALUES_MAX: usize = 3;

/// What is searched.
#[derive(Clone, Copy, Debug)]
struct Search {
    hubs: usize,
    cheaters: usize,
    rounds: usize,
    values: usize,
    rule: Rule,
}

/// The rules, or the rules with one left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// As they are.
    Whole,
    /// A signature locks nothing.
    NoLock,
    /// Minutes with any earlier round unlock, also a round before the lock.
    AnyValidRound,
    /// `2f + 1` rereads and signatures are enough.
    SmallQuorum,
}

/// Where one hub stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Hub {
    round: usize,
    has_reread: bool,
    lock: Option<(usize, usize)>,
}

/// All hubs that follow the rules, sorted, and how many said what.
#[derive(Clone, Debug)]
struct State {
    hubs: Vec<Hub>,
    rereads: [[u8; VALUES_MAX]; ROUNDS_MAX],
    signs: [[u8; VALUES_MAX]; ROUNDS_MAX],
}

/// How a search ended.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// All states, none with two results.
    Agreement { states: usize },
    /// Two values with enough signatures.
    Split,
}

impl Search {
    const fn of(hubs: usize, cheaters: usize) -> Self {
        Self {
            hubs,
            cheaters,
            rounds: 3,
            values: 2,
            rule: Rule::Whole,
        }
    }

    const fn without(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    /// How many hubs that follow the rules must say a thing, with all cheaters beside them.
    fn needed(&self) -> u8 {
        let numbers = Numbers::of(self.hubs);
        let quorum = if self.rule == Rule::SmallQuorum {
            numbers.to_guarantee()
        } else {
            numbers.to_sign()
        };
        u8::try_from(quorum.saturating_sub(self.cheaters)).unwrap()
    }

    fn run(&self) -> Found {
        assert!(self.rounds <= ROUNDS_MAX && self.values <= VALUES_MAX);
        let hub = Hub {
            round: 0,
            has_reread: false,
            lock: None,
        };
        let first = State {
            hubs: vec![hub; self.hubs - self.cheaters],
            rereads: Default::default(),
            signs: Default::default(),
        };
        assert!(first.hubs.len() <= HUBS_MAX);
        let mut seen = HashSet::from([first.key()]);
        let mut open = vec![first];
        while let Some(state) = open.pop() {
            if self.is_split(&state) {
                say(&format!("exhaustive: {self:?}: two results"));
                return Found::Split;
            }
            self.each_next(&state, &mut |next| {
                if seen.insert(next.key()) {
                    open.push(next);
                }
            });
        }
        say(&format!(
            "exhaustive: {self:?}: {} states, one result",
            seen.len()
        ));
        Found::Agreement { states: seen.len() }
    }

    fn is_split(&self, state: &State) -> bool {
        let certified = |value: usize| {
            let mut rounds = state.signs[..self.rounds].iter();
            rounds.any(|signs| signs[value] >= self.needed())
        };
        (0..self.values).filter(|value| certified(*value)).count() > 1
    }

    fn each_next(&self, state: &State, each: &mut impl FnMut(State)) {
        for (at, hub) in state.hubs.iter().enumerate() {
            let is_twin = at > 0 && state.hubs[at - 1] == *hub;
            if hub.round == self.rounds || is_twin {
                continue;
            }
            if hub.has_reread {
                self.sign(state, at, each);
            } else {
                self.reread(state, at, each);
            }
        }
    }

    /// Nil, whenever time is up; a value, when a clerk proposed it and the lock lets the hub follow.
    fn reread(&self, state: &State, at: usize, each: &mut impl FnMut(State)) {
        each(state.with(at, |hub| hub.has_reread = true));
        let hub = state.hubs[at];
        for value in 0..self.values {
            let earlier = (0..hub.round).filter(|p| state.rereads[*p][value] >= self.needed());
            let mut proposals = std::iter::once(None).chain(earlier.map(Some));
            if proposals.any(|reread_in| self.follows(hub, value, reread_in)) {
                let mut next = state.with(at, |hub| hub.has_reread = true);
                raise(&mut next.rereads[hub.round][value], self.needed());
                each(next);
            }
        }
    }

    fn follows(&self, hub: Hub, value: usize, reread_in: Option<usize>) -> bool {
        let held = hub.lock.map(in_round);
        let reread_in = reread_in.map(wide);
        match self.rule {
            Rule::NoLock => follows(None, value, reread_in),
            Rule::AnyValidRound => follows(held, value, reread_in.map(|_| u64::MAX)),
            Rule::Whole | Rule::SmallQuorum => follows(held, value, reread_in),
        }
    }

    /// Nil, whenever time is up; a value that enough hubs reread in this round. Then the next round.
    fn sign(&self, state: &State, at: usize, each: &mut impl FnMut(State)) {
        each(state.with(at, Hub::enter_next));
        let round = state.hubs[at].round;
        for value in 0..self.values {
            if state.rereads[round][value] >= self.needed() {
                let mut next = state.with(at, |hub| {
                    hub.lock_on(value);
                    hub.enter_next();
                });
                raise(&mut next.signs[round][value], self.needed());
                each(next);
            }
        }
    }
}

impl Hub {
    fn enter_next(&mut self) {
        self.round += 1;
        self.has_reread = false;
    }

    /// The lock that follows from the own signatures: the one before, and this.
    fn lock_on(&mut self, value: usize) {
        let before = self.lock.map(|(round, value)| (wide(round), Some(value)));
        let signs = before.into_iter().chain([(wide(self.round), Some(value))]);
        self.lock = lock(signs).map(|lock| (usize::try_from(lock.round).unwrap(), lock.value));
    }

    /// In seven bits.
    fn key(self) -> u128 {
        let lock = self
            .lock
            .map_or(0, |(round, value)| 1 + round * VALUES_MAX + value);
        let parts = (self.round * 2 + usize::from(self.has_reread)) * 16 + lock;
        u128::try_from(parts).unwrap()
    }
}

impl State {
    fn with(&self, at: usize, change: impl FnOnce(&mut Hub)) -> Self {
        let mut next = self.clone();
        change(&mut next.hubs[at]);
        next.hubs.sort_unstable();
        next
    }

    /// The whole state in one number.
    fn key(&self) -> u128 {
        let hubs = self.hubs.iter().fold(0, |key, hub| key << 8 | hub.key());
        let counts = self.rereads.iter().chain(&self.signs).flatten();
        counts.fold(hubs, |key, count| key << 2 | u128::from(*count))
    }
}

/// Counts above what is needed are alike; so are all below four.
fn raise(count: &mut u8, needed: u8) {
    *count = (*count + 1).min(needed).min(3);
}

fn wide(round: usize) -> u64 {
    u64::try_from(round).unwrap()
}

fn in_round((round, value): (usize, usize)) -> InRound<usize> {
    InRound {
        round: wide(round),
        value,
    }
}

fn is_whole() -> bool {
    asked(WHOLE).is_some()
}

fn agrees(search: Search) {
    let found = search.run();
    assert!(matches!(found, Found::Agreement { .. }), "{search:?}");
}

/// `2Q − n − 1` cheaters, which is more than may cheat for a vote to end.
#[test]
fn no_order_of_events_certifies_two_results() {
    for (hubs, cheaters) in [
        (3, 0),
        (3, 1),
        (3, 2),
        (4, 0),
        (4, 1),
        (5, 1),
        (5, 2),
        (6, 3),
    ] {
        assert!(cheaters <= Numbers::of(hubs).cheaters_held());
        agrees(Search::of(hubs, cheaters));
    }
    let three_values = Search {
        values: 3,
        ..Search::of(4, 1)
    };
    agrees(three_values);
    if is_whole() {
        for (hubs, cheaters) in [(4, 1), (5, 2)] {
            agrees(Search {
                rounds: 4,
                ..Search::of(hubs, cheaters)
            });
        }
    }
}

#[test]
fn one_cheater_more_than_is_held_certifies_two_results() {
    for (hubs, cheaters) in [(3, 3), (4, 2), (5, 3), (6, 4)] {
        assert!(cheaters > Numbers::of(hubs).cheaters_held());
        assert_eq!(Search::of(hubs, cheaters).run(), Found::Split);
    }
}

#[test]
fn without_the_lock_one_cheater_among_four_certifies_two_results() {
    let search = Search::of(4, 1).without(Rule::NoLock);

    assert_eq!(search.run(), Found::Split);
}

#[test]
fn a_lock_that_any_earlier_round_opens_certifies_two_results() {
    let search = Search::of(4, 1).without(Rule::AnyValidRound);

    assert_eq!(search.run(), Found::Split);
}

#[test]
fn a_quorum_of_twice_the_cheaters_and_one_certifies_two_results_among_five() {
    let search = Search::of(5, 1).without(Rule::SmallQuorum);

    assert_eq!(search.run(), Found::Split);
}
