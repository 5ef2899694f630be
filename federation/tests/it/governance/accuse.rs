//! S11: two certified results prove `2Q − n` hubs at fault, and no honest hub is ever accused.

use std::collections::BTreeSet;
use std::sync::Arc;

use interkpa_federation::governance::accuse::{Accusation, Proven, accusations};
use interkpa_federation::governance::body::{Body, Slot};
use interkpa_federation::governance::choice::Word;
use interkpa_federation::governance::closing::{Cancel, Entry, Held, Seal, SealList};
use interkpa_federation::governance::hash::ObjectHash;
use interkpa_federation::governance::hub_id::HubId;
use interkpa_federation::governance::ledger::Verified;
use interkpa_federation::governance::numbers::Numbers;
use interkpa_federation::governance::object::Object;
use interkpa_federation::governance::receipt::Ack;
use interkpa_federation::governance::rounds::{Reread, Sign};

use super::calm::closed;
use super::network::{Network, at, nowhere};

struct Said {
    network: Network,
    poll: Arc<Object>,
    objects: Vec<Verified>,
}

impl Said {
    fn nothing(hubs: u16) -> Self {
        let network = Network::of(hubs);
        let poll = Arc::new(network.poll(network.draft()));
        Self {
            network,
            poll,
            objects: vec![],
        }
    }

    fn add(&mut self, number: usize, body: Body) {
        let object = self.network.signed(number, body);
        let verified = Verified::in_poll(&self.poll, Arc::new(object)).unwrap();
        self.objects.push(verified);
    }

    fn sign(&mut self, number: usize, round: u64, value: Option<ObjectHash>) {
        let sign = Sign {
            hub: self.network.hub(number),
            poll: self.poll.hash(),
            round,
            value,
        };
        self.add(number, Body::Sign(sign));
    }

    fn reread(&mut self, number: usize, round: u64, value: ObjectHash, pol_round: Option<u64>) {
        let reread = Reread {
            hub: self.network.hub(number),
            poll: self.poll.hash(),
            round,
            value: Some(value),
            pol_round,
        };
        self.add(number, Body::Reread(reread));
    }

    fn found(&self) -> BTreeSet<Accusation> {
        accusations(&self.objects)
    }

    fn accused(&self) -> BTreeSet<HubId> {
        self.found().into_iter().map(|found| found.hub).collect()
    }
}

#[test]
fn two_certificates_of_one_round_accuse_all_that_signed_both() {
    let mut said = Said::nothing(4);
    for number in 0..3 {
        said.sign(number, 0, Some(nowhere(1)));
        said.sign(number + 1, 0, Some(nowhere(2)));
    }

    let accused = said.accused();

    let both = [said.network.hub(1), said.network.hub(2)];
    assert_eq!(accused, both.into());
    let numbers = Numbers::of(4);
    assert!(accused.len() >= 2 * numbers.to_sign() - numbers.n());
    let fault = said.found().first().unwrap().fault;
    assert_eq!(fault, Proven::Twice(Slot::Sign(0)));
}

#[test]
fn two_certificates_of_two_rounds_accuse_those_that_forgot_their_lock() {
    let mut said = Said::nothing(4);
    for number in 0..3 {
        said.sign(number, 0, Some(nowhere(1)));
        // Nobody had enough rereads of the other value in between.
        said.reread(number + 1, 1, nowhere(2), None);
        said.sign(number + 1, 1, Some(nowhere(2)));
    }

    let both = [said.network.hub(1), said.network.hub(2)];
    assert_eq!(said.accused(), both.into());
    assert_eq!(said.found().first().unwrap().fault, Proven::Forgot);
}

#[test]
fn a_lock_left_for_rereads_of_its_round_or_later_is_no_fault() {
    let mut said = Said::nothing(4);
    said.sign(0, 1, Some(nowhere(1)));
    said.reread(0, 3, nowhere(2), Some(1));
    said.reread(0, 4, nowhere(1), None);
    // What was reread before it locked is no matter.
    said.reread(0, 0, nowhere(2), None);
    said.sign(0, 5, None);

    assert_eq!(said.found(), BTreeSet::new());

    said.reread(0, 6, nowhere(2), Some(0));
    assert_eq!(said.found().len(), 1);
}

#[test]
fn nil_beside_a_value_in_one_slot_is_a_fault() {
    let mut said = Said::nothing(4);
    said.sign(2, 0, None);
    said.sign(2, 0, Some(nowhere(1)));

    assert_eq!(said.accused(), [said.network.hub(2)].into());
}

#[test]
fn a_receipt_binds_the_seal_of_who_gave_it() {
    let mut said = Said::nothing(4);
    let first = said.network.voice(1, &said.poll, Word::Approve);
    let next = said.network.next(1, &first, Word::Oppose);
    let twin = said.network.voice(1, &said.poll, Word::Abstain);
    let of = |hub: usize| said.network.hub(hub);
    let ack = Ack {
        hub: of(0),
        poll: said.poll.hash(),
        received: vec![first.hash()],
        at: at(0),
    };
    let mut pair = [first.hash(), twin.hash()];
    pair.sort();
    let entry = |held| vec![Entry { hub: of(1), held }];
    let cases = [
        (entry(Held::Ballot(first.hash())), false),
        (entry(Held::Ballot(next.hash())), false),
        (entry(Held::Conflict(pair)), false),
        (entry(Held::Ballot(twin.hash())), true),
        (vec![], true),
    ];
    said.add(0, Body::Ack(ack));
    let (receipt, poll) = (said.objects.clone(), Arc::clone(&said.poll));
    for (entries, is_broken) in cases {
        let list = Object::unsigned(Body::SealList(SealList { entries })).unwrap();
        let seal = Seal {
            hub: said.network.hub(0),
            poll: poll.hash(),
            poll_received_at: at(0),
            list: list.hash(),
            cancel: Cancel::NotSeen,
            stale: None,
        };
        said.objects.clone_from(&receipt);
        said.add(0, Body::Seal(seal));
        for object in [&first, &next, &twin, &list] {
            let verified = Verified::in_poll(&poll, Arc::new(object.clone())).unwrap();
            said.objects.push(verified);
        }
        let mut found = said.found();
        // The twin alone accuses its own hub.
        found.retain(|found| found.fault == Proven::BrokeReceipt);
        assert_eq!(!found.is_empty(), is_broken);
        assert!(found.iter().all(|found| found.hub == said.network.hub(0)));
    }
}

#[test]
fn a_calm_vote_accuses_nobody() {
    let network = Network::of(4);
    let poll = Arc::new(network.poll(network.draft()));
    let (objects, _) = closed(&network, &poll, &[0, 1, 2, 3]);
    let objects: Vec<Verified> = objects
        .into_iter()
        .filter_map(|object| Verified::in_poll(&poll, object).ok())
        .collect();

    assert_eq!(accusations(&objects), BTreeSet::new());
}
