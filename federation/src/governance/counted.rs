//! Which ballots count: what enough hubs say they held in time.

use std::collections::{BTreeMap, BTreeSet};

use super::ballot::Ballot;
use super::closing::{Cancel, Seal, SealList};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::poll::Poll;
use super::tally::Reports;

/// The list of so many named seals: hubs that held the same ballots share one.
#[derive(Debug, Clone, Copy)]
pub struct NamedList<'a> {
    /// How many named seals have it.
    pub seals: usize,
    /// The ballots.
    pub list: &'a SealList,
}

/// What becomes of one hub's voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// This ballot counts.
    Ballot(ObjectHash),
    /// Two ballots of one number are both supported: the voice is void, and the two prove why.
    VoidDouble,
}

/// The ballots that count, at most one for each hub.
///
/// A seal supports each ballot that it lists and all that come before it in its chain, once each. A
/// ballot is kept when at least `enough` seals support it; of a hub's kept ballots the highest number
/// counts, and two of that number void its voice. A hub without a kept ballot does not vote. Nothing
/// else plays a part: no arrival, no date, no receipt, no `resolves`. Source: votes.md 4.9 (3).
pub fn counted<'b>(
    lists: &[NamedList<'_>],
    enough: usize,
    ballot: impl Fn(ObjectHash) -> Option<&'b Ballot>,
) -> BTreeMap<HubId, Counted> {
    let mut support: BTreeMap<ObjectHash, usize> = BTreeMap::new();
    for named in lists {
        for hash in supported(named.list, &ballot) {
            *support.entry(hash).or_default() += named.seals;
        }
    }
    let mut highest: BTreeMap<HubId, (u8, Counted)> = BTreeMap::new();
    let kept = support.into_iter().filter(|(_, seals)| *seals >= enough);
    for (hash, _) in kept {
        let Some(found) = ballot(hash) else { continue };
        let seq = found.place.seq();
        let best = highest
            .entry(found.hub)
            .or_insert((seq, Counted::Ballot(hash)));
        match seq.cmp(&best.0) {
            std::cmp::Ordering::Greater => *best = (seq, Counted::Ballot(hash)),
            std::cmp::Ordering::Equal if best.1 != Counted::Ballot(hash) => {
                best.1 = Counted::VoidDouble;
            }
            _ => {}
        }
    }
    let counted = highest
        .into_iter()
        .map(|(hub, (_, counted))| (hub, counted));
    counted.collect()
}

/// What one list supports: its ballots and their ancestors, each once.
fn supported<'b>(
    list: &SealList,
    ballot: &impl Fn(ObjectHash) -> Option<&'b Ballot>,
) -> BTreeSet<ObjectHash> {
    let mut found = BTreeSet::new();
    let named = list.entries.iter().flat_map(|entry| entry.held.ballots());
    for start in named {
        let mut next = Some(*start);
        while let Some(hash) = next {
            // What was seen already brought its ancestors along.
            let is_new = found.insert(hash);
            let before = ballot(hash).and_then(|ballot| ballot.place.prev());
            next = before.filter(|_| is_new);
        }
    }
    found
}

/// What the named seals report about the poll itself. Source: votes.md 4.4.
pub fn reports<'s>(poll: &Poll, seals: impl IntoIterator<Item = &'s Seal>) -> Reports {
    let mut reports = Reports::default();
    for seal in seals {
        reports.late += u64::from(seal.poll_received_at > poll.notice_at());
        reports.cancel += u64::from(seal.cancel == Cancel::Seen);
        reports.stale += u64::from(seal.stale.is_some());
    }
    reports
}
