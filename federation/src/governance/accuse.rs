//! Who is proved at fault by what was signed: two objects for one slot, a lock that was left without a
//! reason, a receipt that a seal breaks.
//!
//! Two certified results of one poll always accuse `2Q − n` hubs, from the certificates alone when both
//! are of one round, else with the rereads that honest hubs keep. No honest hub with an intact disk is
//! ever accused. Source: votes.md 5, S11.

use std::collections::{BTreeMap, BTreeSet};

use super::ballot::Ballot;
use super::body::{Body, Slot};
use super::closing::{Held, SealList};
use super::hash::ObjectHash;
use super::hub_id::HubId;
use super::ledger::Verified;

/// A proof that one hub broke the rules, which convinces whoever holds the two objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Accusation {
    /// Who.
    pub hub: HubId,
    /// What they did.
    pub fault: Proven,
    /// The two objects.
    pub objects: [ObjectHash; 2],
}

/// What two objects of one hub prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proven {
    /// Two different objects fill one slot.
    Twice(Slot),
    /// It signed one value and later reread another, without naming rereads that would have freed it.
    Forgot,
    /// It gave a receipt for a ballot, and its seal names neither that, nor a higher number, nor a
    /// conflict. Source: votes.md 4.6.
    BrokeReceipt,
}

/// Every fault that these objects of one poll prove, in an order that does not depend on theirs.
pub fn accusations<'v>(objects: impl IntoIterator<Item = &'v Verified>) -> BTreeSet<Accusation> {
    let objects: Vec<&Verified> = objects.into_iter().collect();
    let mut found = broken_receipts(&objects);
    let mut by_slot: BTreeMap<(HubId, Slot), BTreeSet<ObjectHash>> = BTreeMap::new();
    let mut signs = BTreeSet::new();
    let mut rereads = BTreeSet::new();
    for verified in objects {
        let (body, hash) = (verified.object().body(), verified.object().hash());
        if let (Some(hub), Some(slot)) = (body.hub(), body.slot()) {
            by_slot.entry((hub, slot)).or_default().insert(hash);
        }
        match body {
            Body::Sign(sign) => {
                signs.extend(sign.value.map(|value| (sign.hub, sign.round, value, hash)));
            }
            Body::Reread(reread) => {
                rereads.extend(
                    reread
                        .value
                        .map(|value| (reread.hub, reread.round, value, reread.pol_round, hash)),
                );
            }
            _ => {}
        }
    }
    for ((hub, slot), hashes) in by_slot {
        let mut hashes = hashes.into_iter();
        if let (Some(one), Some(other)) = (hashes.next(), hashes.next()) {
            found.insert(Accusation {
                hub,
                fault: Proven::Twice(slot),
                objects: [one, other],
            });
        }
    }
    for (hub, locked_in, value, sign) in signs {
        let forgot = rereads.iter().filter(|(by, round, other, pol_round, _)| {
            let is_free = pol_round.is_some_and(|pol_round| pol_round >= locked_in);
            *by == hub && *round > locked_in && *other != value && !is_free
        });
        found.extend(forgot.map(|(_, _, _, _, reread)| Accusation {
            hub,
            fault: Proven::Forgot,
            objects: [sign, *reread],
        }));
    }
    found
}

/// Receipts that the seal of the same hub breaks, as far as its list and the ballots are there.
fn broken_receipts(objects: &[&Verified]) -> BTreeSet<Accusation> {
    let by_hash: BTreeMap<ObjectHash, &Body> = objects
        .iter()
        .map(|verified| (verified.object().hash(), verified.object().body()))
        .collect();
    let ballot = |hash: &ObjectHash| match by_hash.get(hash) {
        Some(Body::Ballot(ballot)) => Some(&**ballot),
        _ => None,
    };
    let mut found = BTreeSet::new();
    for (ack_hash, body) in &by_hash {
        let Body::Ack(ack) = body else { continue };
        for (seal_hash, body) in &by_hash {
            let Body::Seal(seal) = body else { continue };
            let Some(Body::SealList(list)) = by_hash.get(&seal.list) else {
                continue;
            };
            let is_broken = |received: &ObjectHash| {
                ballot(received).is_some_and(|promised| breaks(list, *received, promised, ballot))
            };
            if seal.hub == ack.hub && ack.received.iter().any(is_broken) {
                found.insert(Accusation {
                    hub: ack.hub,
                    fault: Proven::BrokeReceipt,
                    objects: [*ack_hash, *seal_hash],
                });
            }
        }
    }
    found
}

/// Whether a list has no entry for the voter, or one other ballot of a number that is not higher.
fn breaks<'b>(
    list: &SealList,
    received: ObjectHash,
    promised: &Ballot,
    ballot: impl Fn(&ObjectHash) -> Option<&'b Ballot>,
) -> bool {
    let entry = list.entries.iter().find(|entry| entry.hub == promised.hub);
    match entry.map(|entry| entry.held) {
        None => true,
        Some(Held::Conflict(_)) => false,
        Some(Held::Ballot(named)) => {
            named != received
                && ballot(&named).is_some_and(|named| named.place.seq() <= promised.place.seq())
        }
    }
}
