//! The counting rule for every way in which up to seven hubs can have held a voter’s ballots, `f` of
//! them lying, and for every set of seals that minutes can name: S3, S4 and S6.
//!
//! The rule is the one of the machine, [`counted`]. The same enumeration finds a violation as soon as a
//! part of the rule is left out, which is done by what it is given: fewer seals as enough, ballots cut
//! off from those before them, numbers that are all alike or turned round.

use std::collections::BTreeMap;

use interkpa_federation::governance::ballot::{Ballot, Place, SEQ_MAX};
use interkpa_federation::governance::choice::{Choice, Word};
use interkpa_federation::governance::closing::{Entry, Held, SealList};
use interkpa_federation::governance::counted::{Counted, NamedList, counted};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::numbers::Numbers;

use super::network::{Network, nowhere};

/// Largest network.
const HUBS_MAX: usize = 7;
/// What a hub can list of the voter: nothing, or one of four other things.
const STATES: usize = 5;

/// The rule, or the rule with a part left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Whole,
    /// One seal is enough, a liar’s too.
    NoThreshold,
    /// A ballot supports nothing that came before it.
    NoChain,
    /// All ballots of a hub are of one number.
    NoNumber,
    /// The lowest number counts.
    LowestNumber,
}

/// One voter’s ballots, and what hubs list of them.
struct Case {
    ballots: BTreeMap<ObjectHash, Ballot>,
    lists: [SealList; STATES],
}

/// How many hubs list each of the five.
type Split = [usize; STATES];

impl Case {
    /// An honest voter: a chain of three, and a hub that lists a later one held those before it.
    fn chain(rule: Rule) -> Self {
        Self::of(rule, [&[], &[1], &[2], &[3], &[]])
    }

    /// A voter that signed two ballots of one number.
    fn double(rule: Rule) -> Self {
        Self::of(rule, [&[], &[1], &[4], &[1, 4], &[2]])
    }

    fn of(rule: Rule, held: [&[u8]; STATES]) -> Self {
        let network = Network::of(1);
        let poll = network.poll(network.draft());
        let ballot = network.ballot(0, &poll, Choice::Word(Word::Approve));
        let placed = [(1, 1), (2, 2), (3, 3), (4, 1)].map(|(name, seq)| {
            let place = place(rule, seq);
            let ballot = Ballot {
                place,
                ..ballot.clone()
            };
            (nowhere(name), ballot)
        });
        let lists = held.map(|names| {
            let held = match names {
                [] => return SealList::default(),
                [one] => Held::Ballot(nowhere(*one)),
                [one, other] => Held::Conflict([nowhere(*one), nowhere(*other)]),
                _ => panic!("one ballot or two"),
            };
            let hub = network.hub(0);
            SealList {
                entries: vec![Entry { hub, held }],
            }
        });
        Self {
            ballots: placed.into(),
            lists,
        }
    }

    fn counted(&self, rule: Rule, numbers: Numbers, seals: Split) -> Option<Counted> {
        let named = self.lists.iter().zip(seals);
        let named: Vec<NamedList<'_>> = named
            .map(|(list, seals)| NamedList { seals, list })
            .collect();
        let enough = if rule == Rule::NoThreshold {
            1
        } else {
            numbers.to_count()
        };
        let found = counted(&named, enough, |hash| self.ballots.get(&hash));
        assert!(found.len() <= 1, "S5");
        found.into_values().next()
    }
}

/// Where the ballot of a number stands, as the rule sees it.
fn place(rule: Rule, seq: u8) -> Place {
    let before = nowhere(seq - 1);
    match rule {
        _ if seq == 1 && rule != Rule::LowestNumber => Place::FIRST,
        Rule::Whole | Rule::NoThreshold => Place::after(seq - 1, before).unwrap(),
        Rule::NoChain => Place::after(seq - 1, nowhere(99)).unwrap(),
        Rule::NoNumber => Place::after(0x0f, before).unwrap(),
        Rule::LowestNumber => Place::after(SEQ_MAX - 1 - seq, before).unwrap(),
    }
}

/// Every way in which `n` hubs can have held, `f` can lie, and minutes can name Q seals or more; the
/// first that breaks a law, if any.
fn violation(
    case: &Case,
    rule: Rule,
    law: impl Fn(Numbers, Split, Option<Counted>) -> Result<(), &'static str>,
) -> Option<String> {
    let mut cases = 0_u64;
    for n in 1..=HUBS_MAX {
        let numbers = Numbers::of(n);
        let liars = numbers.may_fail();
        for honest in splits(n - liars) {
            for liars_named in 0..=liars {
                let least = numbers.to_sign() - liars_named;
                for honest_named in least..=n - liars {
                    for kept in below(honest, honest_named) {
                        for lies in splits(liars_named) {
                            cases += 1;
                            let mut seals = kept;
                            for (seals, lies) in seals.iter_mut().zip(lies) {
                                *seals += lies;
                            }
                            let found = case.counted(rule, numbers, seals);
                            if let Err(broken) = law(numbers, honest, found) {
                                return Some(format!(
                                    "{broken}: n = {n}, held {honest:?}, named {kept:?}, lies {lies:?}"
                                ));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(cases > 10_000, "{cases}");
    None
}

/// S3, S4 and S6 for an honest voter with a chain of three.
fn chain_law(numbers: Numbers, held: Split, found: Option<Counted>) -> Result<(), &'static str> {
    let [_, first, second, third, _] = held;
    // Whoever lists a ballot held those before it.
    let holders = [first + second + third, second + third, third];
    let seq = match found {
        None => 0,
        Some(Counted::Ballot(hash)) => usize::from(hash.as_bytes()[0]),
        Some(Counted::VoidDouble) => return Err("S6"),
    };
    for (at, holders) in holders.into_iter().enumerate() {
        if holders >= numbers.to_guarantee() && seq < at + 1 {
            return Err("S3");
        }
        if holders == 0 && seq == at + 1 {
            return Err("S4");
        }
    }
    Ok(())
}

/// S4, T6 and repair for a voter that signed two of one number: void needs honest holders of both.
fn double_law(numbers: Numbers, held: Split, found: Option<Counted>) -> Result<(), &'static str> {
    let [_, one, other, both, repaired] = held;
    let holders = [one + both + repaired, other + both];
    match found {
        Some(Counted::VoidDouble) if holders.contains(&0) => Err("S4: void, one was nowhere"),
        Some(Counted::Ballot(hash)) if hash == nowhere(2) && repaired == 0 => Err("S4"),
        Some(Counted::Ballot(hash)) if hash == nowhere(1) && holders[0] == 0 => Err("S4"),
        Some(Counted::Ballot(hash)) if hash == nowhere(4) && holders[1] == 0 => Err("S4"),
        found
            if repaired >= numbers.to_guarantee() && found != Some(Counted::Ballot(nowhere(2))) =>
        {
            Err("S3: the repair does not count")
        }
        found
            if both >= numbers.to_guarantee()
                && repaired == 0
                && found != Some(Counted::VoidDouble) =>
        {
            Err("T6: a double voter counts")
        }
        _ => Ok(()),
    }
}

fn found_without(rule: Rule) -> String {
    let found = violation(&Case::chain(rule), rule, chain_law);
    found.unwrap_or_else(|| panic!("{rule:?} breaks no law"))
}

#[test]
fn what_enough_hubs_held_counts_and_what_none_held_does_not() {
    let found = violation(&Case::chain(Rule::Whole), Rule::Whole, chain_law);

    assert_eq!(found, None);
}

#[test]
fn two_ballots_of_one_number_are_void_only_where_honest_hubs_held_both() {
    let found = violation(&Case::double(Rule::Whole), Rule::Whole, double_law);

    assert_eq!(found, None);
}

#[test]
fn without_the_threshold_a_liar_brings_in_a_late_ballot() {
    let found = found_without(Rule::NoThreshold);

    assert!(found.starts_with("S4"), "{found}");
}

#[test]
fn without_the_chain_a_ballot_that_enough_held_is_lost() {
    let found = found_without(Rule::NoChain);

    assert!(found.starts_with("S3"), "{found}");
}

#[test]
fn without_the_numbers_an_honest_voter_is_shown_as_double() {
    let found = found_without(Rule::NoNumber);

    assert!(found.starts_with("S6"), "{found}");
}

#[test]
fn with_the_lowest_number_a_changed_voice_does_not_count() {
    let found = found_without(Rule::LowestNumber);

    assert!(found.starts_with("S3"), "{found}");
}

/// Every way to share a number between five.
fn splits(total: usize) -> Vec<Split> {
    fn share(total: usize, at: usize, split: &mut Split, all: &mut Vec<Split>) {
        if at + 1 == STATES {
            split[at] = total;
            all.push(*split);
            return;
        }
        for some in 0..=total {
            split[at] = some;
            share(total - some, at + 1, split, all);
        }
    }
    let mut all = vec![];
    share(total, 0, &mut [0; STATES], &mut all);
    all
}

/// Every choice of `total` among five groups of those sizes.
fn below(sizes: Split, total: usize) -> Vec<Split> {
    let fits = |chosen: &Split| chosen.iter().zip(sizes).all(|(some, all)| *some <= all);
    splits(total).into_iter().filter(fits).collect()
}
