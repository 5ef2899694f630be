//! The result that follows from the seals that a value names.

use std::collections::BTreeMap;

use super::ballot::Ballot;
use super::closing::{Seal, SealList};
use super::counted::{Counted, NamedList, counted, reports};
use super::hash::ObjectHash;
use super::poll::Poll;
use super::result::PollResult;
use super::tally::{Voice, tally};

/// A seal and its list.
#[derive(Debug, Clone, Copy)]
pub struct NamedSeal<'a> {
    /// The seal.
    pub seal: &'a Seal,
    /// The ballots it lists.
    pub list: &'a SealList,
}

/// The result of a poll by those seals: [`counted`], then [`tally`]. The same in servers and in the
/// verifier. Source: votes.md 4.9 (2).
pub fn result_of<'b>(
    poll: &Poll,
    seals: &[NamedSeal<'_>],
    ballot: impl Fn(ObjectHash) -> Option<&'b Ballot>,
) -> PollResult {
    let mut lists: BTreeMap<ObjectHash, NamedList<'_>> = BTreeMap::new();
    for named in seals {
        let list = lists.entry(named.seal.list).or_insert(NamedList {
            seals: 0,
            list: named.list,
        });
        list.seals += 1;
    }
    let lists: Vec<NamedList<'_>> = lists.into_values().collect();
    let counted = counted(&lists, poll.numbers().to_count(), &ballot);
    let voices: Vec<Voice<'_>> = counted
        .values()
        .filter_map(|voice| match voice {
            Counted::Ballot(hash) => ballot(*hash),
            Counted::VoidDouble => None,
        })
        .map(|ballot| Voice {
            count: 1,
            choice: &ballot.choice,
        })
        .collect();
    let void = counted
        .values()
        .filter(|voice| **voice == Counted::VoidDouble);
    let void = u64::try_from(void.count()).unwrap_or(u64::MAX);
    let reports = reports(poll, seals.iter().map(|named| named.seal));
    tally(poll, &voices, void, reports)
}
